package dev.slipway.activities.store;

import java.security.SecureRandom;
import java.time.Clock;

/** Ids that sort by time: 9 characters of milliseconds and 9 of chance, lower case, fit for names of objects and URLs. */
public final class Ids {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        return base32(Clock.systemUTC().millis(), 9) + base32(RANDOM.nextLong() >>> 19, 9);
    }

    private static String base32(long value, int length) {
        char[] text = new char[length];
        for (int i = length - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (value & 31));
            value >>>= 5;
        }
        return new String(text);
    }
}
