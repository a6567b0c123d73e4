package dev.slipway.web.logs;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked for, as it stands in the address.
 *
 * @param pod empty: all
 * @param container empty: the component's own
 * @param since {@code 90s}, {@code 10m}, {@code 1h}, {@code 2d} or a time with its zone; empty: the last lines
 */
record LogQuery(String pod, String container, boolean previous, String since, String search) {
    private static final Pattern BACK = Pattern.compile("(\\d{1,6})([smhd])");
    private static final int LONGEST_SEARCH = 200;

    LogQuery {
        pod = pod.strip();
        container = container.strip();
        since = since.strip();
        search = search.substring(0, Math.min(LONGEST_SEARCH, search.length()));
    }

    /**
     * The beginning of its second: the times of a log's first lines are no finer in every cluster.
     *
     * @return {@code null}: not asked for
     * @throws ProblemException {@code SLP-REQUEST-INVALID} when it cannot be read
     */
    @Nullable
    Instant from(Instant now) {
        return since.isEmpty() ? null : from(since, now).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant from(String since, Instant now) {
        Matcher back = BACK.matcher(since);
        if (back.matches()) {
            long amount = Long.parseLong(back.group(1));
            return now.minus(
                    switch (back.group(2)) {
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        }
        try {
            return OffsetDateTime.parse(since).toInstant();
        } catch (DateTimeException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.REQUEST_INVALID,
                            "since",
                            "reason",
                            "since: 90s, 10m, 1h, 2d, 2026-01-31T12:00:00Z"),
                    e);
        }
    }
}
