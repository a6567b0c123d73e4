package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Outcome;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow has to know of its run.
 *
 * @param cluster name of the environment's cluster: its activities' task queue
 * @param agreedPlan hash of the plan that the person saw; {@code null}: none
 * @param onConflict what becomes of fields that somebody else has set
 * @param outcome the run is over already, so; {@code null}: it is not
 * @param onFailure what becomes of it when a step fails for good
 * @param answerWithinSeconds how long a question waits; 0: as long as usual
 */
public record RunOpened(
        String runId,
        String environmentId,
        String cluster,
        @Nullable String agreedPlan,
        OnConflict onConflict,
        @Nullable Outcome outcome,
        OnFailure onFailure,
        int answerWithinSeconds) {
    /** How long a question waits where nothing else is said: a day. */
    public static final int ANSWER_WITHIN_SECONDS = 24 * 60 * 60;

    public RunOpened {
        // Runs of before did not say.
        onConflict = Objects.requireNonNullElse(onConflict, OnConflict.STOP);
        onFailure = Objects.requireNonNullElse(onFailure, OnFailure.STOP);
        answerWithinSeconds = answerWithinSeconds <= 0 ? ANSWER_WITHIN_SECONDS : answerWithinSeconds;
    }

    /** One that nobody looks at. */
    public RunOpened(
            String runId,
            String environmentId,
            String cluster,
            @Nullable String agreedPlan,
            OnConflict onConflict,
            @Nullable Outcome outcome) {
        this(runId, environmentId, cluster, agreedPlan, onConflict, outcome, OnFailure.STOP, 0);
    }
}
