package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.control.RunControl;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.FormField;
import dev.slipway.workflows.run.FormField.Type;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.Question.Kind;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepGraph.Settlement;
import dev.slipway.workflows.run.StepKind;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a run goes on after a step that has failed for good: by the run's policy, or as a person says. */
final class FailedStep {
    /** A reminder goes out when so much of the time for an answer is left, or half of it. */
    private static final Duration REMINDER = Duration.ofHours(1);

    private static final Duration BREATH = Duration.ofSeconds(1);

    private final RunOpened run;
    private final RunTracker tracker;
    private final RunControl control;
    private final Amendments amendments;
    private final OnFailure policy;

    FailedStep(RunOpened run, RunTracker tracker, RunControl control, Amendments amendments, OnFailure policy) {
        this.run = run;
        this.tracker = tracker;
        this.control = control;
        this.amendments = amendments;
        this.policy = policy;
    }

    Settlement settlement(Step step, Problem problem) {
        return switch (policy) {
            case STOP -> Settlement.failed(problem);
            // Not in the moment in which a step ends: a sibling that ends in the same one could no longer be cancelled,
            // which
            // the in-process engine takes for an error of the run.
            case ROLLBACK ->
                Settlement.parked(
                        problem, Workflow.newTimer(BREATH).thenCompose(rung -> ended(Ending.ROLL_BACK, problem)));
            case ASK -> Settlement.parked(problem, asked(step, problem));
        };
    }

    private Promise<Settlement> asked(Step step, Problem problem) {
        Duration within = Duration.ofSeconds(run.answerWithinSeconds());
        Duration reminder = within.compareTo(REMINDER.multipliedBy(2)) > 0 ? REMINDER : within.dividedBy(2);
        long now = Workflow.currentTimeMillis();
        Question question = new Question(
                step.id() + "#" + (tracker.asked(Kind.FAILURE, step.id()) + 1),
                Kind.FAILURE,
                step.id(),
                choices(step),
                problem,
                form(step),
                now,
                now + within.toMillis(),
                Choice.STOP,
                null);
        return control.ask(question, within, within.minus(reminder)).thenCompose(reply -> after(step, problem, reply));
    }

    private Promise<Settlement> after(Step step, Problem problem, @Nullable Reply reply) {
        if (reply == null) {
            // The run ends; this step has failed, and nobody has done anything about it.
            return Workflow.newPromise(Settlement.failed(problem));
        }
        return switch (reply.choice()) {
            case RETRY -> Workflow.newPromise(Settlement.AGAIN);
            case EDIT ->
                amendments.make(step, reply).thenCompose(against -> {
                    if (against == null) {
                        return Workflow.newPromise(Settlement.failed(problem));
                    }
                    return against.isEmpty() ? Workflow.newPromise(Settlement.AGAIN) : asked(step, against.get(0));
                });
            case SKIP -> Workflow.newPromise(Settlement.SKIPPED);
            case ROLL_BACK -> ended(Ending.ROLL_BACK, problem);
            // Nobody answered: siblings go on, as where nobody is asked.
            case STOP ->
                reply.who().isEmpty() ? Workflow.newPromise(Settlement.failed(problem)) : ended(Ending.STOP, problem);
            case APPROVE, REJECT -> throw new IllegalStateException(reply.choice() + " is not offered");
        };
    }

    private Promise<Settlement> ended(Ending how, Problem problem) {
        control.end(how);
        return Workflow.newPromise(Settlement.failed(problem));
    }

    private static List<Choice> choices(Step step) {
        List<Choice> choices = new ArrayList<>(List.of(Choice.RETRY));
        if (editable(step)) {
            choices.add(Choice.EDIT);
        }
        if (step.kind() != StepKind.PREPARE) {
            choices.add(Choice.SKIP);
        }
        choices.add(Choice.ROLL_BACK);
        choices.add(Choice.STOP);
        return choices;
    }

    private static boolean editable(Step step) {
        return step.kind() == StepKind.BUILD || step.kind() == StepKind.START || step.kind() == StepKind.DEPLOY;
    }

    /** What holds now is not said here: the document says it, and some of it is secret. */
    private static List<FormField> form(Step step) {
        return editable(step)
                ? List.of(
                        new FormField("branch", Type.STRING, null),
                        new FormField("image", Type.STRING, null),
                        new FormField("env", Type.ENV, null),
                        new FormField("timeout", Type.DURATION, null))
                : List.of();
    }
}
