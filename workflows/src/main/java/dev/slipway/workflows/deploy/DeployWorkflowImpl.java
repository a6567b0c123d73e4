package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.control.RunControl;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepGraph;
import dev.slipway.workflows.run.StepKind;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The runbook of a deploy: plan, release, steps as their needs are met, outcome. A run that is ended before its time takes back
 * what its steps have done, unless it is told to leave it.
 */
public final class DeployWorkflowImpl implements DeployWorkflow {
    private static final Map<StepKind, Integer> AT_ONCE = Map.of(
            StepKind.BUILD, 4,
            StepKind.START, 100,
            StepKind.DEPLOY, 100,
            StepKind.RESTART, 100,
            StepKind.REMOVE, 100);

    /** Marks runs that ask, undo and can be told things; those that began before go on as they could then. */
    private static final String CONTROLLED = "controlled";

    private final StoreActivities store = ActivityCatalogue.store();
    private final RunTracker tracker;
    private final RunControl control;
    private List<Step> steps = List.of();
    private Outcome outcome = Outcome.STOPPED;
    private boolean controlled;

    @WorkflowInit
    public DeployWorkflowImpl(String runId) {
        tracker = new RunTracker(runId);
        control = new RunControl(runId, tracker, store);
    }

    @Override
    public Outcome run(String runId) {
        RunOpened run = opened(runId);
        if (run.outcome() != null) {
            return run.outcome();
        }
        controlled = Workflow.getVersion(CONTROLLED, Workflow.DEFAULT_VERSION, 1) == 1;
        var unused =
                CancellationScope.current().getCancellationRequest().thenApply(cancelled -> control.end(Ending.CANCEL));
        CancellationScope work = Workflow.newCancellationScope(() -> outcome = deploy(run));
        control.endable(work);
        work.run();
        if (!control.through() && controlled) {
            outcome = ended(run, Objects.requireNonNull(control.ending()));
        }
        finish(runId);
        return outcome;
    }

    /** Also of a run that was cancelled before it began: it says itself how it ended. */
    private RunOpened opened(String runId) {
        RunOpened[] run = new RunOpened[1];
        undisturbed(() -> run[0] = store.openRun(runId));
        return run[0];
    }

    private Outcome deploy(RunOpened run) {
        PlanSkeleton plan;
        try {
            plan = DeployPlanning.plan(new PlanCall(run.runId(), run.environmentId(), run.onConflict()), run.cluster());
        } catch (ActivityFailure failure) {
            List<Problem> problems = ActivityCatalogue.problems(failure);
            return problems == null ? Outcome.STOPPED : refused(problems);
        } catch (CanceledFailure cancelled) {
            return Outcome.STOPPED;
        }
        if (!plan.problems().isEmpty()) {
            return refused(plan.problems());
        }
        if (run.agreedPlan() != null && !run.agreedPlan().equals(plan.hash())) {
            Problem changed =
                    Problem.of(ProblemCode.RUN_PLAN_CHANGED, "", "agreed", run.agreedPlan(), "now", plan.hash());
            if (!new ChangedPlan(run, control, controlled).mayGoOn(changed)) {
                return refused(List.of(changed));
            }
        }
        if (plan.unchanged()) {
            return Outcome.UNCHANGED;
        }
        steps = plan.steps();
        tracker.planned(steps);
        undisturbed(() -> {
            store.startRun(run.runId());
            store.openRelease(run.runId());
        });
        StepGraph graph = new StepGraph(steps, AT_ONCE);
        control.graph(graph);
        Amendments amendments = new Amendments(run, store);
        OnFailure policy = controlled ? run.onFailure() : OnFailure.STOP;
        FailedStep failed = new FailedStep(run, tracker, control, amendments, policy);
        graph.run(new DeploySteps(run, tracker, control, amendments, failed)::begin, control, tracker);
        if (tracker.allDone()) {
            return Outcome.SUCCEEDED;
        }
        return tracker.anyFailed() ? Outcome.FAILED : Outcome.STOPPED;
    }

    private Outcome refused(List<Problem> problems) {
        tracker.problems(problems);
        return Outcome.REFUSED;
    }

    /** By somebody's word, or by the run's own policy. */
    private Outcome ended(RunOpened run, Ending how) {
        if (!how.undoes()) {
            return Outcome.STOPPED;
        }
        CancellationScope undoing = Workflow.newDetachedCancellationScope(() -> new Undoing(run, tracker).undo(steps));
        control.endable(undoing);
        undoing.run();
        control.over();
        if (tracker.anyLeft()) {
            return Outcome.ROLLBACK_INCOMPLETE;
        }
        return how == Ending.CANCEL ? Outcome.CANCELLED : Outcome.ROLLED_BACK;
    }

    private void finish(String runId) {
        control.recorded();
        tracker.finished(outcome);
        undisturbed(() -> store.finishRun(new RunFinished(runId, outcome, tracker.progress())));
        if (controlled) {
            undisturbed(() -> Workflow.await(Workflow::isEveryHandlerFinished));
        }
    }

    /** What is written is written whole, also for a run that is cancelled in that moment. */
    private static void undisturbed(Runnable writing) {
        Workflow.newDetachedCancellationScope(writing).run();
    }

    @Override
    public Progress progress() {
        return tracker.progress();
    }

    @Override
    public Answer answer(Reply reply) {
        return control.answer(reply);
    }

    @Override
    public void pause(String where) {
        control.pause(where);
    }

    @Override
    public void resume(String where) {
        control.resume(where);
    }

    @Override
    public boolean retryNow(String step) {
        return control.retryNow(step);
    }

    @Override
    public boolean end(Ending how) {
        return control.end(how);
    }
}
