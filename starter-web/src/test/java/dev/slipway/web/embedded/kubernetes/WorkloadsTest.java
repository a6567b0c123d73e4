package dev.slipway.web.embedded.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class WorkloadsTest {
    private static final Instant READY = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    @DisplayName(
            "at every moment a ready pod is available or there is a time left to wait for: nobody is forgotten between")
    void availableOrTimeLeft() {
        ObjectNode pod = pod();
        for (long millis = 0; millis <= 2_000; millis++) {
            Instant now = READY.plusMillis(millis).minusNanos(1);
            assertThat(Workloads.available(pod, 1, now))
                    .as("%s", now)
                    .isEqualTo(Workloads.untilAvailable(pod, 1, now).isZero()
                            || Workloads.untilAvailable(pod, 1, now).isNegative());
        }
        assertThat(Workloads.available(pod, 1, READY.plusMillis(999))).isFalse();
        assertThat(Workloads.available(pod, 1, READY.plusMillis(1_000))).isTrue();
        assertThat(Workloads.available(pod, 0, READY)).isTrue();
    }

    private static ObjectNode pod() {
        ObjectNode pod = Json.object();
        Json.child(pod, "status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastTransitionTime", READY.toString());
        return pod;
    }
}
