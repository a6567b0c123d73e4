package dev.slipway.activities.kubernetes.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log, or a word about it.
 *
 * @param at by the node's clock; {@code null}: the line has none
 * @param text as it was written, escape sequences included: {@link Ansi} makes it inert
 * @param cut how many bytes of the line were left out at its end
 */
public record LogLine(Kind kind, String pod, @Nullable Instant at, String text, long cut) {
    /** What a line is. */
    public enum Kind {
        /** Somebody wrote it. */
        TEXT,
        /** A container has started while it was followed. */
        BEGINS,
        /** A container has ended while it was followed. */
        ENDS,
        /** Why there is nothing to read; the text is what the cluster says. */
        UNREADABLE,
        /** More pods than are followed at once; the text is how many are left out. */
        LEFT_OUT
    }

    static LogLine note(Kind kind, String pod, @Nullable Instant at, String text) {
        return new LogLine(kind, pod, at, text, 0);
    }
}
