package dev.slipway.web.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.runs.RunView.StepShape;
import dev.slipway.web.runs.Timeline.Bar;
import dev.slipway.web.runs.Timeline.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    @DisplayName("A bar is where the step worked; pale is the time after the first of its needs until it began")
    void bars() {
        Timeline timeline = Timeline.of(
                List.of(
                        step("build/a", "done", 0, 2_000),
                        step("deploy/db", "done", 0, 6_000),
                        step("deploy/a", "done", 6_000, 10_000, "build/a", "deploy/db")),
                START,
                START.plusSeconds(10));

        assertThat(timeline.milliseconds()).isEqualTo(10_000);
        Row last = timeline.rows().get(2);
        assertThat(last.work()).isEqualTo(new Bar("60.00%", "40.00%"));
        assertThat(last.waiting()).isEqualTo(new Bar("20.00%", "40.00%"));
        assertThat(last.took()).isEqualTo(4_000);
    }

    @Test
    @DisplayName("The critical path leads back from the last end, always to the need that ended last")
    void criticalPath() {
        Timeline timeline = Timeline.of(
                List.of(
                        step("build/a", "done", 0, 2_000),
                        step("deploy/db", "done", 0, 6_000),
                        step("deploy/other", "done", 0, 7_000),
                        step("deploy/a", "running", 6_000, -1, "build/a", "deploy/db"),
                        step("prune", "pending", -1, -1, "deploy/a")),
                START,
                START.plusSeconds(9));

        assertThat(timeline.rows().stream()
                        .filter(Row::critical)
                        .map(row -> row.step().id()))
                .containsExactly("deploy/db", "deploy/a");
        assertThat(timeline.rows().get(4).work()).isNull();
        assertThat(timeline.rows().get(4).took()).isEqualTo(-1);
    }

    @Test
    @DisplayName("Clocks that disagree and steps of no length give bars within the picture")
    void oddTimes() {
        Timeline timeline = Timeline.of(
                List.of(step("a", "done", -500, -400), step("b", "done", 1_000, 1_000)), START, START.plusSeconds(1));

        assertThat(timeline.rows()).allSatisfy(row -> {
            assertThat(number(row.work().x())).isBetween(0.0, 100.0);
            assertThat(number(row.work().x()) + number(row.work().width())).isBetween(0.0, 100.01);
        });
    }

    private static double number(String percent) {
        return Double.parseDouble(percent.replace("%", ""));
    }

    private static StepShape step(String id, String state, long from, long to, String... needs) {
        return new StepShape(id, "deploy", null, state, 1, at(from), at(to), List.of(needs), List.of(), null);
    }

    private static @Nullable Instant at(long milliseconds) {
        return milliseconds == -1 ? null : START.plusMillis(milliseconds);
    }
}
