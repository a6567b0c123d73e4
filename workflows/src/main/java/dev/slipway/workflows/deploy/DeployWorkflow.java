package dev.slipway.workflows.deploy;

import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Reply;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
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

    /**
     * Answers one of its questions. The first answer counts; the same answer of the same person may be repeated.
     *
     * Checked in here, not by a validator: what a validator throws loses its details on the way (Temporal Java SDK 1.38).
     *
     * @return the answer that counts
     * @throws io.temporal.failure.ApplicationFailure {@code SLP-RUN-QUESTION-UNKNOWN}; {@code SLP-RUN-ANSWERED} with who was first
     *     and what they said; {@code SLP-REQUEST-INVALID} for all that is wrong with the reply itself
     */
    @UpdateMethod
    Answer answer(Reply reply);

    /**
     * Nothing new starts; what runs goes on to its end.
     *
     * @param where {@link Progress#EVERYTHING}, or the id of a step: that step and all that need it
     */
    @UpdateMethod
    void pause(String where);

    /** Takes a pause back; {@link Progress#EVERYTHING} takes all of them back. */
    @UpdateMethod
    void resume(String where);

    /** A step that waits for its next attempt makes it now. False when it does not wait. */
    @UpdateMethod
    boolean retryNow(String step);

    /**
     * Ends it before its time.
     *
     * @return false when it is over, or ends in another way already
     */
    @UpdateMethod
    boolean end(Ending how);
}
