package dev.slipway.workflows.contract;

import io.temporal.activity.ActivityInterface;

/** Images: which are needed, and building those that are missing. */
@ActivityInterface
public interface ImageActivities {
    /** Second part of a plan: each component's image by digest, or the key of the build that will make it. */
    void planImages(PlanCall call);

    /**
     * Builds the component's image, pushes it and reads its digest back from the registry. An image that exists under
     * the build's key is reused, a running build of the same key joined. Heartbeats.
     */
    void build(StepCall call);
}
