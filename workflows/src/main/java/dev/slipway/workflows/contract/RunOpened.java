package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow has to know of its run.
 *
 * @param cluster name of the environment's cluster: its activities' task queue
 * @param agreedPlan hash of the plan that the person saw; {@code null}: none
 * @param outcome the run is over already, so; {@code null}: it is not
 */
public record RunOpened(
        String runId,
        String environmentId,
        String cluster,
        @Nullable String agreedPlan,
        @Nullable Outcome outcome) {}
