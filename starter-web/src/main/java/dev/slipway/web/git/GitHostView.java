package dev.slipway.web.git;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that an ssh server showed.
 *
 * @param host with its port where that is not 22
 * @param type {@code ssh-ed25519}
 * @param state {@code confirmed}; {@code new}: nothing is known of the server; {@code changed}: another key is confirmed for it
 * @param confirmedBy {@code null}: nobody
 */
public record GitHostView(
        String host,
        String type,
        String fingerprint,
        String state,
        Instant seenAt,
        @Nullable Instant confirmedAt,
        @Nullable String confirmedBy) {}
