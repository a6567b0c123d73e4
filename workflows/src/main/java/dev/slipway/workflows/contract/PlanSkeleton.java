package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Step;
import java.util.List;

/**
 * What a workflow has to know of a plan; the plan itself is in the store.
 *
 * @param unchanged nothing is to be built, written, deleted or waited for
 */
public record PlanSkeleton(String hash, boolean unchanged, List<Step> steps) {
    public PlanSkeleton {
        steps = List.copyOf(steps);
    }
}
