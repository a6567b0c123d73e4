package dev.slipway.workflows.contract;

import io.temporal.activity.ActivityInterface;

/** One cluster; its task queue is {@code cluster/<name>}. */
@ActivityInterface
public interface KubernetesActivities {
    /**
     * Last part of a plan: renders the wishes, compares them with what is there, keeps the plan, gives its steps. Of a
     * restart: what runs; of a destruction: what is there.
     */
    PlanSkeleton planDeploy(PlanCall call);

    /** Namespace, owner annotation, generated secrets, inventory: before anything else is written. Idempotent. */
    void prepare(StepCall call);

    /** Applies the component and returns when a container of the new revision runs. Completed asynchronously. */
    void start(StepCall call);

    /**
     * Applies the component and returns when it is healthy, or its job completed. Completed asynchronously by the
     * cluster's informer. Safe to repeat: server-side apply, and the ledger knows what was applied.
     *
     * @throws io.temporal.failure.ApplicationFailure with the named cause as soon as there is one
     */
    void deploy(StepCall call);

    /**
     * Returns when the document's raw objects are where they were to get, by what they themselves say (ADR 0027). Applies
     * those again that have gone since. Completed asynchronously. Safe to repeat.
     *
     * @throws io.temporal.failure.ApplicationFailure with the named causes as soon as there is one
     */
    void settle(StepCall call);

    /**
     * Replaces the pods of what runs by new ones and returns when the component is healthy. Completed asynchronously. Safe
     * to repeat: a run restarts a component once.
     *
     * @throws io.temporal.failure.ApplicationFailure with the named cause as soon as there is one
     */
    void restart(StepCall call);

    /**
     * Deletes the component's objects, in the foreground, and returns when they and their pods have gone. Volumes stay.
     * Completed asynchronously. Safe to repeat.
     *
     * @throws io.temporal.failure.ApplicationFailure naming what is held, by which finalizer
     */
    void remove(StepCall call);

    /**
     * Deletes what is left of an environment: what belongs to no component, its volumes when the run says so, and the
     * namespace when nothing else is in it. Returns when it has gone. Completed asynchronously. Safe to repeat.
     *
     * @throws io.temporal.failure.ApplicationFailure naming what is held, by which finalizer
     */
    void clear(StepCall call);

    /**
     * Deletes what the inventory says is ours and the document no longer has, but for components with a {@link #remove} step of
     * their own, and returns when it has gone. Safe to repeat.
     */
    void prune(StepCall call);

    /**
     * Takes back what the step of that id has done, as it noted before it did it: the last first. Returns when what goes has
     * gone. Safe to repeat.
     *
     * @return what cannot be taken back, with why
     */
    Undone undo(StepCall call);
}
