package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTimeTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.700Z");

    private final ClusterTime time = new ClusterTime("here", Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    @DisplayName("equal clocks stay equal: whole seconds, and answers that took their time, are no difference")
    void equal() {
        assertThat(time.known()).isFalse();
        time.heard(Instant.parse("2026-11-24T12:00:00Z"), NOON.minusMillis(20), NOON);
        time.heard(Instant.parse("2026-11-24T12:00:00Z"), NOON, NOON.plusSeconds(8));
        time.heard(Instant.parse("2026-11-24T12:00:08Z"), NOON, NOON.plusSeconds(8));

        assertThat(time.now()).isEqualTo(NOON);
        assertThat(time.known()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-600, 600})
    @DisplayName("another clock is known within a second by its first answer, and both ways")
    void differs(long seconds) {
        Instant there = NOON.plusSeconds(seconds);

        time.heard(there.minusMillis(700), NOON.minusMillis(30), NOON.plusMillis(30));

        assertThat(Duration.between(there, time.now()).abs()).isLessThan(Duration.ofSeconds(1));
        assertThat(time.here(time.there(NOON))).isEqualTo(NOON);
        assertThat(time.here()).isEqualTo(NOON);
    }

    @Test
    @DisplayName("a clock that is set is followed; a clock that was set between question and answer is not believed")
    void follows() {
        time.heard(NOON.plusSeconds(600), NOON, NOON);
        time.heard(NOON.plusSeconds(5_000), NOON, NOON.minusSeconds(600));
        assertThat(Duration.between(NOON, time.now())).isBetween(Duration.ofSeconds(599), Duration.ofSeconds(601));

        time.heard(NOON, NOON, NOON);
        assertThat(Duration.between(NOON, time.now()).abs()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
}
