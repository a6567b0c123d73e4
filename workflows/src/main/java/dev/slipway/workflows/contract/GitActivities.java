package dev.slipway.workflows.contract;

import io.temporal.activity.ActivityInterface;

/** Git, as far as a run needs it. */
@ActivityInterface
public interface GitActivities {
    /**
     * First part of a plan: reads the document at the environment's ref, applies its overrides, checks it, and pins
     * every git source to a commit and a tree. Kept under the plan's id; a repeated call changes nothing.
     *
     * @throws io.temporal.failure.ApplicationFailure type = problem code, details = {@link Problems}
     */
    void pin(PlanCall call);
}
