package dev.slipway.activities.kubernetes;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long something has been seen, by a clock that only runs forward: the cluster's clock may differ from this machine's,
 * and this machine's may be set anew at any moment. Not for several threads.
 */
final class Since {
    private final LongSupplier nanoTime;
    private final Map<String, Long> first = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    Since(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Since the first time it was asked for. */
    Duration seen(String what) {
        long now = nanoTime.getAsLong();
        Long before = first.putIfAbsent(what, now);
        return before == null ? Duration.ZERO : Duration.ofNanos(now - before);
    }

    boolean longer(String what, Duration than) {
        return seen(what).compareTo(than) >= 0;
    }

    /** The next time it is asked for is the first. */
    void again(String what) {
        first.remove(what);
    }
}
