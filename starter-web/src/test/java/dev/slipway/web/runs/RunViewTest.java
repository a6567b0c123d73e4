package dev.slipway.web.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.runs.RunView.StepShape;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RunViewTest {
    @Test
    @DisplayName("Only what is done or was not needed counts as done, not what failed or was never begun")
    void countsWhatIsDone() {
        assertThat(run("done", "skipped", "failed", "blocked", "cancelled", "running", "pending")
                        .doneSteps())
                .isEqualTo(2);
    }

    private static RunView run(String... states) {
        List<StepShape> steps = java.util.Arrays.stream(states)
                .map(state -> new StepShape(state, "deploy", null, state, 1, null, null, List.of(), List.of(), null))
                .toList();
        return new RunView(
                "r",
                1,
                "deploy",
                Map.of(),
                "dev",
                List.of(),
                "button",
                "ana",
                "finished",
                "stopped",
                Instant.EPOCH,
                null,
                null,
                0,
                null,
                steps,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of());
    }
}
