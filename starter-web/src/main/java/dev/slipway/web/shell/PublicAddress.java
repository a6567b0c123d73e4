package dev.slipway.web.shell;

import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Where people reach the pages, for links in what is sent to them: {@code slipway.url}, or made of address and port. */
@Component
public final class PublicAddress {
    private final SlipwaySettings settings;
    private volatile int port;

    PublicAddress(SlipwaySettings settings) {
        this.settings = settings;
        this.port = settings.port();
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    /**
     * A page's whole address.
     *
     * @param path with its slash: {@code /runs/…}
     * @return empty: this process serves no pages, and {@code slipway.url} does not say who does
     */
    public Optional<String> of(String path) {
        if (settings.url() != null) {
            return Optional.of(settings.url() + path);
        }
        return settings.hasRole(Role.WEB) ? Optional.of(local() + path) : Optional.empty();
    }

    /** Of this process, as whoever is at its machine reaches it; no slash at the end. */
    public String local() {
        return (settings.tls().isOn() ? "https" : "http") + "://" + host() + ":" + port;
    }

    /** That this process listens on. */
    public int port() {
        return port;
    }

    private String host() {
        try {
            InetAddress address = InetAddress.getByName(settings.address());
            if (address.isAnyLocalAddress()) {
                return "localhost";
            }
            return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        } catch (UnknownHostException e) {
            return settings.address();
        }
    }
}
