package dev.slipway.web.embedded.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a blob are asked for, both ends inclusive.
 *
 * @param partial whether a range was asked for at all; anything but one simple range counts as none (RFC 9110, 14.2)
 */
record ByteRange(long from, long to, boolean partial) {
    private static final Pattern SYNTAX = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** @param size of the whole blob */
    static ByteRange of(@Nullable String header, long size) {
        Matcher range = SYNTAX.matcher(header == null ? "" : header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return new ByteRange(0, size - 1, false);
        }
        if (range.group(1).isEmpty()) {
            return new ByteRange(Math.max(0, size - Long.parseLong(range.group(2))), size - 1, true);
        }
        long to = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        return new ByteRange(Long.parseLong(range.group(1)), to, true);
    }

    boolean satisfiable() {
        return from <= to;
    }

    long length() {
        return to - from + 1;
    }
}
