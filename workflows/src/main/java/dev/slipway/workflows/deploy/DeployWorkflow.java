package dev.slipway.workflows.deploy;

import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Brings an environment, or a part of it, to what its document says; a restart, a scaling and a destruction are the
 * same runbook with other plans (ADR 0021, 0028). Workflow id {@code run/<run id>}.
 */
@WorkflowInterface
public interface DeployWorkflow {
    /** Every ending a person expects is a value; a failure of this method is a bug or an ending from outside. */
    @WorkflowMethod
    Outcome run(String runId);

    @QueryMethod
    Progress progress();
}
