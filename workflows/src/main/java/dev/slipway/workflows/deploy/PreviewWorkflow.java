package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Makes a plan and stops there. Takes no lane; nothing is changed. Workflow id {@code plan/<plan id>}. */
@WorkflowInterface
public interface PreviewWorkflow {
    /** @throws io.temporal.client.WorkflowFailedException with the activity's problems when no plan can be made */
    @WorkflowMethod
    PlanSkeleton preview(PlanCall call, String cluster);
}
