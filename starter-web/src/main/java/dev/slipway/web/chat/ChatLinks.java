package dev.slipway.web.chat;

import dev.slipway.web.shell.PublicAddress;
import org.springframework.stereotype.Component;

/** Addresses of pages, for messages that are read elsewhere. */
@Component
final class ChatLinks {
    private final PublicAddress address;

    ChatLinks(PublicAddress address) {
        this.address = address;
    }

    String run(String id) {
        return of("/runs/" + id);
    }

    String link(String code) {
        return of("/chat/link/" + code);
    }

    String environment(String name) {
        return of("/environments/" + name);
    }

    /** Commands are taken by processes that serve pages: there is an address. */
    private String of(String path) {
        return address.of(path).orElse(path);
    }
}
