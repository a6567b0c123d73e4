package dev.slipway.activities.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
