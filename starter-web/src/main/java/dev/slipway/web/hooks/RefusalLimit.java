package dev.slipway.web.hooks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what was refused, by whatever a key names, in windows of a minute: an attacker must not fill the disk. Remembers at
 * most a thousand keys.
 */
final class RefusalLimit {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_KEYS = 1_000;

    private final Clock clock;
    private final int most;
    private final Map<String, Count> counts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MOST_KEYS;
        }
    };

    private record Count(Instant since, int number) {}

    /** @param most that are within bounds in a minute */
    RefusalLimit(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    /** Counts one more; whether it is within bounds. */
    synchronized boolean within(String key) {
        Instant now = clock.instant();
        Count count = counts.get(key);
        Count next = count == null || !count.since().plus(WINDOW).isAfter(now)
                ? new Count(now, 1)
                : new Count(count.since(), Math.min(count.number() + 1, most + 1));
        counts.put(key, next);
        return next.number() <= most;
    }
}
