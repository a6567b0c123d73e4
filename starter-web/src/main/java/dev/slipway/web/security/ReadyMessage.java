package dev.slipway.web.security;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The one line that a person waits for at start: Slipway is there, and this link opens it. Printed, not logged: it is a secret. */
@Component
final class ReadyMessage {
    private final PersonStore people;
    private final SlipwaySettings settings;
    private volatile int port;

    ReadyMessage(PersonStore people, SlipwaySettings settings) {
        this.people = people;
        this.settings = settings;
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    @EventListener
    void ready(ApplicationReadyEvent event) throws UnknownHostException {
        if (settings.hasRole(Role.WEB)) {
            String address = (settings.tls().isOn() ? "https" : "http") + "://"
                    + host(InetAddress.getByName(settings.address())) + ":" + port;
            if (people.hasAdministrator()) {
                System.out.printf("%nSlipway is ready:%n%n    %s%n%n", address);
            } else {
                System.out.printf(
                        "%nSlipway is ready. Choose the administrator's password by this link, within an hour:%n%n    %s/sign-in/%s%n%n",
                        address, people.link(null, "console", SignInLinkController.VALID));
            }
        } else {
            System.out.printf("%nSlipway is ready: worker, health at port %d%n%n", port);
        }
        System.out.flush();
    }

    private static String host(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return "localhost";
        }
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
