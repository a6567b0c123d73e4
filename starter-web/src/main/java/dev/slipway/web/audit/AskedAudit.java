package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditQuery;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody looks for, as they wrote it; {@code null} and blank: all.
 *
 * @param action begins with this
 * @param name of what it was done to
 * @param from a moment, {@code 2026-01-31T12:00:00Z}, or the begin of a day (UTC), {@code 2026-01-31}
 * @param until before this moment, or the end of a day
 * @param after the last row that was shown
 */
record AskedAudit(
        @Nullable String who,
        @Nullable String action,
        @Nullable String name,
        @Nullable String outcome,
        @Nullable String from,
        @Nullable String until,
        @Nullable Long after) {
    boolean filtered() {
        return Stream.of(who, action, name, outcome, from, until).anyMatch(AskedAudit::isGiven);
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} for everything that cannot be meant */
    AuditQuery query() {
        List<Problem> problems = new ArrayList<>();
        AuditOutcome ended = null;
        if (outcome != null && isGiven(outcome)) {
            ended = AuditOutcome.of(outcome).orElse(null);
            if (ended == null) {
                problems.add(invalid("outcome", "outcome is one of begun, allowed, refused, failed"));
            }
        }
        Instant begin = moment("from", from, 0, problems);
        Instant end = moment("until", until, 1, problems);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new AuditQuery(plain(who), plain(action), plain(name), ended, begin, end, after);
    }

    /** The database refuses NUL, and no row holds one. */
    private static @Nullable String plain(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    private static @Nullable Instant moment(String field, @Nullable String text, int days, List<Problem> problems) {
        if (text == null || !isGiven(text)) {
            return null;
        }
        try {
            return text.strip().length() == 10
                    ? LocalDate.parse(text.strip())
                            .plusDays(days)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : Instant.parse(text.strip());
        } catch (DateTimeException notAMoment) {
            problems.add(
                    invalid(field, field + " is a day such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z"));
            return null;
        }
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static Problem invalid(String field, String reason) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", reason);
    }
}
