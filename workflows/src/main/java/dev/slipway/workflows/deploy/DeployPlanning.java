package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;

/** How a deploy's plan is made: the same for a run and for a preview. */
final class DeployPlanning {
    private DeployPlanning() {}

    static PlanSkeleton plan(PlanCall call, String cluster) {
        ActivityCatalogue.git().pin(call);
        ActivityCatalogue.images().planImages(call);
        return ActivityCatalogue.clusterPlanning(cluster).planDeploy(call);
    }
}
