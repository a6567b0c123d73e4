package dev.slipway.web.webhooks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as pages and API show it: never its secret.
 *
 * @param events {@code run.finished}, {@code run.failed}
 * @param application only its runs; {@code null}: those of all
 * @param environment only its runs; {@code null}: those of all
 * @param oldSecretUntil until then the secret before signs too; {@code null}: it does not
 */
public record WebhookView(
        String name,
        String url,
        List<String> events,
        @Nullable String application,
        @Nullable String environment,
        boolean enabled,
        String createdBy,
        @Nullable Instant createdAt,
        @Nullable Instant oldSecretUntil) {
    public WebhookView {
        events = List.copyOf(events);
    }
}
