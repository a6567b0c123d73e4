package dev.slipway.workflows.contract;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Step;
import java.util.List;
import java.util.Objects;

/**
 * What a workflow has to know of a plan; the plan itself is in the store.
 *
 * @param unchanged nothing is to be built, written, deleted or waited for
 * @param problems why it must not be carried out, all that was found; none: it may
 */
public record PlanSkeleton(String hash, boolean unchanged, List<Step> steps, List<Problem> problems) {
    public PlanSkeleton {
        steps = List.copyOf(steps);
        // Plans of before have none.
        problems = List.copyOf(Objects.requireNonNullElse(problems, List.of()));
    }

    /** A plan that may be carried out. */
    public PlanSkeleton(String hash, boolean unchanged, List<Step> steps) {
        this(hash, unchanged, steps, List.of());
    }
}
