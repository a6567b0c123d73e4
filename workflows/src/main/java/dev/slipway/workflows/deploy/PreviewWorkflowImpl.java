package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;

public final class PreviewWorkflowImpl implements PreviewWorkflow {
    @Override
    public PlanSkeleton preview(PlanCall call, String cluster) {
        return DeployPlanning.plan(call, cluster);
    }
}
