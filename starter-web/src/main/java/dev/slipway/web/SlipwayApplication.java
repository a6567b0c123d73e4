package dev.slipway.web;

import dev.slipway.web.cli.SlipwayCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/**
 * Starts Slipway: pages, API, worker and, where nothing else is configured, the embedded engines. With a command as its first
 * argument ({@code deploy}, {@code status}, …) it is the command line of a Slipway elsewhere, and nothing is started.
 */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class SlipwayApplication {
    public static void main(String[] arguments) {
        if (SlipwayCommand.isMeant(arguments)) {
            System.exit(SlipwayCommand.run(arguments));
        }
        try {
            SpringApplication.run(SlipwayApplication.class, arguments);
        } catch (Throwable reported) {
            // Told on the console as what, where and fix by the start problem reporter; threads of engines must not
            // keep
            // a process alive that did not start.
            System.exit(1);
        }
    }
}
