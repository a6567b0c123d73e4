package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.OnConflict;
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
 */
public record RunOpened(
        String runId,
        String environmentId,
        String cluster,
        @Nullable String agreedPlan,
        OnConflict onConflict,
        @Nullable Outcome outcome) {
    public RunOpened {
        // Runs of before did not say.
        onConflict = Objects.requireNonNullElse(onConflict, OnConflict.STOP);
    }
}
