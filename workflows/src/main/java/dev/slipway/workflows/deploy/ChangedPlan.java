package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.control.RunControl;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.Question.Kind;
import dev.slipway.workflows.run.Reply;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;

/** The plan is not the one that was agreed to: who looks at the run is asked once more, others are refused. */
final class ChangedPlan {
    private final RunOpened run;
    private final RunControl control;
    private final boolean controlled;

    ChangedPlan(RunOpened run, RunControl control, boolean controlled) {
        this.run = run;
        this.control = control;
        this.controlled = controlled;
    }

    boolean mayGoOn(Problem changed) {
        if (!controlled || run.onFailure() != OnFailure.ASK) {
            return false;
        }
        Duration within = Duration.ofSeconds(run.answerWithinSeconds());
        long now = Workflow.currentTimeMillis();
        Reply reply = control.ask(
                        new Question(
                                "plan#1",
                                Kind.PLAN_CHANGED,
                                null,
                                List.of(Choice.APPROVE, Choice.REJECT),
                                changed,
                                List.of(),
                                now,
                                now + within.toMillis(),
                                Choice.REJECT,
                                null),
                        within,
                        within.dividedBy(2))
                .get();
        return reply != null && reply.choice() == Choice.APPROVE;
    }
}
