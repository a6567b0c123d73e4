package dev.slipway.activities.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How long something has been seen, by this machine's clock: the cluster's may differ. Not for several threads. */
final class Since {
    private final Clock clock;
    private final Map<String, Instant> first = new HashMap<>();

    Since(Clock clock) {
        this.clock = clock;
    }

    /** Since the first time it was asked for. */
    Duration seen(String what) {
        Instant now = clock.instant();
        Instant before = first.putIfAbsent(what, now);
        return before == null ? Duration.ZERO : Duration.between(before, now);
    }

    boolean longer(String what, Duration than) {
        return seen(what).compareTo(than) >= 0;
    }
}
