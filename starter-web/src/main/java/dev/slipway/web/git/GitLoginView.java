package dev.slipway.web.git;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login as pages and API show it: never what it holds.
 *
 * @param kind {@code password} or {@code sshKey}
 * @param username empty for an ssh key
 * @param publicKey of an ssh key, to be given to the git server; {@code null}: it is a password
 */
public record GitLoginView(
        String name,
        String kind,
        String address,
        String username,
        @Nullable String publicKey,
        @Nullable Instant createdAt) {}
