package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a probe was told, out of the node's words: {@code Readiness probe failed: HTTP probe failed with statuscode: 503}.
 *
 * @param probe {@code readiness}, {@code liveness} or {@code startup}
 * @param answer {@code HTTP 503}, {@code connection refused}, {@code no answer in time}, or what the command said
 */
record Probing(String probe, String answer) {
    private static final int LONGEST = 300;
    private static final Pattern UNHEALTHY =
            Pattern.compile("(Readiness|Liveness|Startup) probe (?:failed|errored)[^:]*:?\\s*(.*)", Pattern.DOTALL);
    private static final Pattern KILLED = Pattern.compile("failed (liveness|startup) probe");
    private static final Pattern STATUS = Pattern.compile("statuscode: (\\d+)");
    private static final Pattern LATE = Pattern.compile(
            "context deadline exceeded|i/o timeout|Client\\.Timeout|timed out|probe timeout|DeadlineExceeded");

    static Optional<Probing> of(Event event) {
        Matcher matcher = UNHEALTHY.matcher(Evidence.message(event));
        return Evidence.says(event, "Unhealthy") && matcher.matches()
                ? Optional.of(new Probing(matcher.group(1).toLowerCase(Locale.ROOT), answer(matcher.group(2))))
                : Optional.empty();
    }

    /** Which probe made the node end the container; empty when the event is about something else. */
    static Optional<String> killedBy(Event event) {
        Matcher matcher = KILLED.matcher(Evidence.message(event));
        return Evidence.says(event, "Killing") && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String answer(String told) {
        Matcher status = STATUS.matcher(told);
        if (status.find()) {
            return "HTTP " + status.group(1);
        }
        if (told.contains("connection refused")) {
            return "connection refused";
        }
        if (LATE.matcher(told).find()) {
            return "no answer in time";
        }
        String shown = told.strip();
        if (shown.isEmpty()) {
            return "-";
        }
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }
}
