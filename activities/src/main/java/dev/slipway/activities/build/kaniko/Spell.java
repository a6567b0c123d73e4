package dev.slipway.activities.build.kaniko;

import java.time.Duration;

/** How long something has been so without a break. */
final class Spell {
    private long since;

    /** It is so. @return whether for longer than that */
    boolean lasts(Duration longer) {
        if (since == 0) {
            since = System.nanoTime();
        }
        return System.nanoTime() - since > longer.toNanos();
    }

    void over() {
        since = 0;
    }
}
