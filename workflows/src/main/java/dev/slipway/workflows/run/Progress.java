package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands: states and codes, no bodies. The answer of a run's query, and what is kept after its end.
 *
 * @param revision grows with every change; equal revisions are equal progress
 * @param outcome {@code null} until the run finished
 * @param problems why it was refused or failed as a whole
 * @param questions that it has asked, open and answered, oldest first
 * @param ending somebody or something ends it; {@code null}: it goes its way
 * @param paused ids of the steps that somebody paused, each with all that need it; {@link #EVERYTHING}: the run
 * @param leftovers what it has done and could not undo
 */
public record Progress(
        String runId,
        long revision,
        RunState state,
        @Nullable Outcome outcome,
        List<StepView> steps,
        List<Problem> problems,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Question> questions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Ending ending,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> paused,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Leftover> leftovers) {
    /** In place of a step: the whole run is paused. */
    public static final String EVERYTHING = "run";

    public Progress {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
        // What was kept before runs could ask has none of them.
        questions = List.copyOf(Objects.requireNonNullElse(questions, List.of()));
        paused = List.copyOf(Objects.requireNonNullElse(paused, List.of()));
        leftovers = List.copyOf(Objects.requireNonNullElse(leftovers, List.of()));
    }

    /** Of a run that nobody was asked about. */
    public Progress(
            String runId,
            long revision,
            RunState state,
            @Nullable Outcome outcome,
            List<StepView> steps,
            List<Problem> problems) {
        this(runId, revision, state, outcome, steps, problems, List.of(), null, List.of(), List.of());
    }
}
