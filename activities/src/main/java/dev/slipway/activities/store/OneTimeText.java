package dev.slipway.activities.store;

import dev.slipway.activities.hash.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Random texts that are shown once and stored hashed: sessions, tokens, links. They have 256 random bits, so a fast hash keeps
 * them as well as a slow one would.
 */
final class OneTimeText {
    private static final SecureRandom RANDOM = new SecureRandom();

    private OneTimeText() {}

    /** 43 characters that may stand in an address. */
    static String next() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] hash(String text) {
        return Sha256.of(text);
    }
}
