package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands: states and codes, no bodies. The answer of a run's query, and what is kept after its end.
 *
 * @param revision grows with every change; equal revisions are equal progress
 * @param outcome {@code null} until the run finished
 * @param problems why it was refused or failed as a whole
 */
public record Progress(
        String runId,
        long revision,
        RunState state,
        @Nullable Outcome outcome,
        List<StepView> steps,
        List<Problem> problems) {
    public Progress {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
    }
}
