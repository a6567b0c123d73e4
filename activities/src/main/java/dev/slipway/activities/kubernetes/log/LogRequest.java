package dev.slipway.activities.kubernetes.log;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a component's log is wanted.
 *
 * @param pod {@code null}: all of its pods
 * @param container {@code null}: the component's own, the first of each pod
 * @param previous of the container before the one that runs, which has ended
 * @param since {@code null}: from the beginning, or as far back as {@code tail} reaches
 * @param tail how many of the last lines of each pod; 0: all
 * @param search only lines that have this in them, in any case; empty: all lines
 */
public record LogRequest(
        String namespace,
        String environmentId,
        String component,
        @Nullable String pod,
        @Nullable String container,
        boolean previous,
        @Nullable Instant since,
        int tail,
        String search) {
    public LogRequest {
        search = search.toLowerCase(Locale.ROOT);
    }

    boolean wants(LogLine line) {
        return search.isEmpty()
                || Ansi.plain(line.text()).toLowerCase(Locale.ROOT).contains(search);
    }
}
