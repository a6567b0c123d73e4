package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RestartCountsTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Key KEY = new Key("environment", "web");

    private long minutes;
    private final ClusterTime time = new ClusterTime("here", Clock.fixed(NOON, ZoneOffset.UTC));
    private final RestartCounts restarts = new RestartCounts(() -> TimeUnit.MINUTES.toNanos(minutes), time);

    @Test
    @DisplayName("restarts count for an hour, those of a pod that has gone since too")
    void forAnHour() {
        assertThat(restarts.lastHour(KEY, List.of(pod("a", 0, 30, null)))).isZero();
        minutes = 10;
        assertThat(restarts.lastHour(KEY, List.of(pod("a", 2, 30, null)))).isEqualTo(2);
        minutes = 30;
        assertThat(restarts.lastHour(KEY, List.of(pod("a", 3, 30, null), pod("b", 1, 5, null))))
                .isEqualTo(4);
        minutes = 40;
        assertThat(restarts.lastHour(KEY, List.of())).isEqualTo(4);
        minutes = 71;
        assertThat(restarts.lastHour(KEY, List.of())).isEqualTo(2);
        minutes = 91;
        assertThat(restarts.lastHour(KEY, List.of())).isZero();
    }

    @Test
    @DisplayName(
            "of what was before it was looked at: all of a young pod, of an old one the last restart if it is recent")
    void beforeTheFirstLook() {
        assertThat(restarts.lastHour(KEY, List.of(pod("young", 4, 30, null)))).isEqualTo(4);
        restarts.forget(KEY);
        assertThat(restarts.lastHour(KEY, List.of(pod("old", 400, 90_000, 10)))).isEqualTo(1);
        restarts.forget(KEY);
        assertThat(restarts.lastHour(KEY, List.of(pod("old", 400, 90_000, 61)))).isZero();
        restarts.forget(KEY);
        assertThat(restarts.lastHour(KEY, List.of(pod("odd", 2_000_000_000, 1, null))))
                .isEqualTo(1_000);
    }

    @Test
    @DisplayName("the last hour is the cluster's: its clock is ten minutes behind, or ahead")
    void byTheClustersClock() {
        time.heard(NOON.minusSeconds(600), NOON, NOON);
        assertThat(restarts.lastHour(KEY, List.of(pod("old", 400, 90_000, 65)))).isEqualTo(1);
        restarts.forget(KEY);
        assertThat(restarts.lastHour(KEY, List.of(pod("young", 4, 65, null)))).isEqualTo(4);
        restarts.forget(KEY);

        time.heard(NOON.plusSeconds(600), NOON, NOON);
        assertThat(restarts.lastHour(KEY, List.of(pod("old", 400, 90_000, 55)))).isZero();
        restarts.forget(KEY);
        assertThat(restarts.lastHour(KEY, List.of(pod("old", 400, 90_000, 45)))).isEqualTo(1);
    }

    private static Pod pod(String uid, int restarts, int minutesOld, Integer minutesSinceEnd) {
        return new PodBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withCreationTimestamp(NOON.minusSeconds(60L * minutesOld).toString())
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("web")
                .withRestartCount(restarts)
                .withNewLastState()
                .withNewTerminated()
                .withFinishedAt(
                        minutesSinceEnd == null
                                ? null
                                : NOON.minusSeconds(60L * minutesSinceEnd).toString())
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
