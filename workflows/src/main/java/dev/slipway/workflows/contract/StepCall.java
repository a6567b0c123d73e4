package dev.slipway.workflows.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.workflows.run.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of one run. The same call may arrive more than once (a lost answer, a worker that died): the ledger, keyed by
 * run and step, answers for an effect that is recorded.
 *
 * @param component {@code null} for steps of the environment as a whole
 * @param deadlineSeconds how long the component may take to get where the step waits for, from the step's start
 * @param amended id of the plan that holds for the component instead of the run's own; {@code null}: nobody has changed it
 */
public record StepCall(
        String runId,
        String environmentId,
        String stepId,
        @Nullable String component,
        int deadlineSeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String amended) {
    /** For a step that says nothing: a removal, or one of a plan of before. */
    public static final int DEFAULT_DEADLINE_SECONDS = 600;

    /** By the run's own plan. */
    public StepCall(
            String runId, String environmentId, String stepId, @Nullable String component, int deadlineSeconds) {
        this(runId, environmentId, stepId, component, deadlineSeconds, null);
    }

    /** The plan that holds for the step. */
    @JsonIgnore
    public String planId() {
        return amended == null ? runId : amended;
    }

    /** The same by another plan. */
    public StepCall amended(String planId) {
        return new StepCall(runId, environmentId, stepId, component, deadlineSeconds, planId);
    }

    public static StepCall of(RunOpened run, Step step) {
        int seconds = Objects.requireNonNullElse(step.deadlineSeconds(), DEFAULT_DEADLINE_SECONDS);
        return new StepCall(run.runId(), run.environmentId(), step.id(), step.component(), seconds);
    }
}
