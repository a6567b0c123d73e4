package dev.slipway.web.chat;

import dev.slipway.web.SlipwaySettings;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Addresses of pages, for messages that are read elsewhere. */
@Component
final class ChatLinks {
    private final SlipwaySettings settings;
    private final String url;
    private volatile int port;

    ChatLinks(SlipwaySettings settings, Environment environment) {
        this.settings = settings;
        this.url = environment.getProperty("slipway.url", "").replaceAll("/+$", "");
        this.port = settings.port();
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    String run(String id) {
        return base() + "/runs/" + id;
    }

    String link(String code) {
        return base() + "/chat/link/" + code;
    }

    String environment(String name) {
        return base() + "/environments/" + name;
    }

    private String base() {
        if (!url.isEmpty()) {
            return url;
        }
        String address = settings.address();
        return "http://"
                + (address.contains(":") ? "[" + address + "]" : address.equals("0.0.0.0") ? "localhost" : address)
                + ":" + port;
    }
}
