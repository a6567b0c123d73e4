package dev.slipway.web.security;

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
    private final SignInLinks links;
    private final SlipwaySettings settings;
    private volatile int port;

    ReadyMessage(SignInLinks links, SlipwaySettings settings) {
        this.links = links;
        this.settings = settings;
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    @EventListener
    void ready(ApplicationReadyEvent event) throws UnknownHostException {
        if (settings.hasRole(Role.WEB)) {
            System.out.printf(
                    "%nSlipway is ready. Sign in once with this link, within an hour:%n%n    http://%s:%d/sign-in/%s%n%n",
                    host(InetAddress.getByName(settings.address())), port, links.issue());
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
