package dev.slipway.web.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalThrottleTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final RefusalThrottle throttle = new RefusalThrottle(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    });

    @Test
    @DisplayName("ten of one source get a row, the others are counted, and after a minute there is room again")
    void one() {
        assertThat(IntStream.range(0, 25).filter(i -> throttle.admits("1.2.3.4")))
                .hasSize(10);
        assertThat(throttle.admits("5.6.7.8")).isTrue();
        assertThat(throttle.leftOut()).isZero();

        now.set(now.get().plus(Duration.ofMinutes(1)));

        assertThat(throttle.leftOut()).isEqualTo(15);
        assertThat(throttle.leftOut()).isZero();
        assertThat(throttle.admits("1.2.3.4")).isTrue();
    }

    @Test
    @DisplayName("many sources together get no more than a hundred rows a minute")
    void many() {
        assertThat(IntStream.range(0, 5_000).filter(i -> throttle.admits("address " + i)))
                .hasSize(RefusalThrottle.MOST);
        assertThat(throttle.drain()).isEqualTo(5_000 - RefusalThrottle.MOST);
    }
}
