package dev.slipway.web.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps those who are refused from filling the disk: of each source so many rows a minute, of all together so many; the others
 * are counted, and the counts are written once the minute is over. No refusal is lost but those of the last minute before a
 * crash. Safe for use by many threads.
 */
final class RefusalThrottle {
    static final int MOST_OF_ONE = 10;
    static final int MOST = 100;
    private static final int MOST_SOURCES = 1_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Integer> written = new HashMap<>();
    private Instant since;
    private int all;
    private long left;

    RefusalThrottle(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /** What the minute before left out; zero: nothing, or it is not over yet. */
    synchronized long leftOut() {
        if (clock.instant().isBefore(since.plus(WINDOW))) {
            return 0;
        }
        return drain();
    }

    /** What was left out so far, whether the minute is over or not. */
    synchronized long drain() {
        long counted = left;
        since = clock.instant();
        written.clear();
        all = 0;
        left = 0;
        return counted;
    }

    /** @param source a name or an address; whether its refusal is written as a row of its own */
    synchronized boolean admits(String source) {
        int ofThis = written.getOrDefault(source, 0);
        if (all >= MOST || ofThis >= MOST_OF_ONE || (ofThis == 0 && written.size() >= MOST_SOURCES)) {
            left++;
            return false;
        }
        written.put(source, ofThis + 1);
        all++;
        return true;
    }
}
