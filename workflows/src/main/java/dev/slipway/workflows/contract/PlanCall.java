package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.OnConflict;
import java.util.Objects;

/**
 * One part of planning.
 *
 * @param planId the run's id, or for a preview an id of its own. Each part is kept under it and answered from there when
 *     it is asked again: a plan never resolves a branch anew
 * @param onConflict what becomes of fields that somebody else has set
 */
public record PlanCall(String planId, String environmentId, OnConflict onConflict) {
    public PlanCall {
        // Calls of before did not say.
        onConflict = Objects.requireNonNullElse(onConflict, OnConflict.STOP);
    }
}
