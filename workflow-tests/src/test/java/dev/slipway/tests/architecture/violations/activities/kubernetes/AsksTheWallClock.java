package dev.slipway.tests.architecture.violations.activities.kubernetes;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

final class AsksTheWallClock {
    private final Supplier<Instant> now = Instant::now;

    long age(long millis) {
        return System.currentTimeMillis()
                - millis
                + now.get().getNano()
                + Clock.systemUTC().millis();
    }
}
