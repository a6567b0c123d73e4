package dev.slipway.activities.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A password, token or key. It prints {@code ***}, so that a record which holds one can be logged. It has no JSON form on
 * purpose: Jackson sees no property and refuses.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Found by Spring's binder, which turns settings into secrets. */
    public static Secret valueOf(String value) {
        return new Secret(value);
    }

    /** The value in clear: call it where it leaves the program, nowhere else. */
    public String reveal() {
        return value;
    }

    /** Compares in constant time. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(bytes(value), bytes(candidate));
    }

    public boolean isBlank() {
        return value.isBlank();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return Secret.class.hashCode(); // nothing about the value leaks into a printed identity
    }

    @Override
    public String toString() {
        return "***";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
