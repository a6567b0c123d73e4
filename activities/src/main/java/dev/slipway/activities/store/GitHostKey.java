package dev.slipway.activities.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that an ssh server showed.
 *
 * @param key as in a known_hosts file: type, a blank, base64
 * @param fingerprint {@code SHA256:…}, as {@code ssh-keygen -l} prints it
 * @param confirmedAt {@code null}: nobody has, and Slipway does not talk to a server that shows it
 */
public record GitHostKey(
        String host,
        int port,
        String key,
        String fingerprint,
        Instant seenAt,
        @Nullable Instant confirmedAt,
        @Nullable String confirmedBy) {
    /** {@code ssh-ed25519}. */
    public String type() {
        return key.substring(0, key.indexOf(' '));
    }
}
