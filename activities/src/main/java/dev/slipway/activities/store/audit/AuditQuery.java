package dev.slipway.activities.store.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for; {@code null} and blank: all.
 *
 * @param who exactly this name
 * @param action begins with this, {@code environment.}
 * @param name of the subject, exactly
 * @param outcome {@code begun} finds what was begun and has no other row
 * @param from this moment on
 * @param until before this moment
 * @param before older than this row
 */
public record AuditQuery(
        @Nullable String who,
        @Nullable String action,
        @Nullable String name,
        @Nullable AuditOutcome outcome,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Long before) {
    public static final AuditQuery ALL = new AuditQuery(null, null, null, null, null, null, null);

    public AuditQuery {
        who = blankToNull(who);
        action = blankToNull(action);
        name = blankToNull(name);
    }

    public AuditQuery before(long row) {
        return new AuditQuery(who, action, name, outcome, from, until, row);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
