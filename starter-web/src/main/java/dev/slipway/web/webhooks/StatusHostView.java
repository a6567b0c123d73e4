package dev.slipway.web.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A git server that is told of commits, as pages and API show it: never its token.
 *
 * @param provider {@code github}, {@code gitlab}, {@code gitea}
 * @param api of its API
 */
public record StatusHostView(
        String name,
        String provider,
        String address,
        String api,
        String createdBy,
        @Nullable Instant createdAt) {}
