package dev.slipway.web.hooks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose webhooks are understood, with the headers that each documents. */
enum Provider {
    GITHUB(List.of("X-GitHub-Event"), List.of("X-GitHub-Delivery")),
    /** {@code webhook-id} comes with a signing token and is the only one of them that is signed. */
    GITLAB(List.of("X-Gitlab-Event"), List.of("webhook-id", "Idempotency-Key", "X-Gitlab-Event-UUID")),
    GITEA(List.of("X-Gitea-Event"), List.of("X-Gitea-Delivery")),
    FORGEJO(List.of("X-Forgejo-Event", "X-Gitea-Event"), List.of("X-Forgejo-Delivery", "X-Gitea-Delivery")),
    /** Gives its deliveries no id: what is sent stands for itself. */
    GITEE(List.of("X-Gitee-Event"), List.of());

    private final List<String> event;
    private final List<String> delivery;

    Provider(List<String> event, List<String> delivery) {
        this.event = event;
        this.delivery = delivery;
    }

    /** The word of addresses, pages and store. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Provider> of(String word) {
        return Arrays.stream(values())
                .filter(known -> known.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Provider::word).toList();
    }

    /** What happened, in the provider's word; empty: it does not say. */
    String event(Headers headers) {
        return headers.first(event);
    }

    /** How the provider names this delivery; empty: it does not. */
    String delivery(Headers headers) {
        return headers.first(delivery);
    }
}
