package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.StepGraph;
import dev.slipway.workflows.run.StepKind;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Map;

/** The runbook of a deploy: plan, release, steps as their needs are met, outcome. */
public final class DeployWorkflowImpl implements DeployWorkflow {
    private static final Map<StepKind, Integer> AT_ONCE = Map.of(
            StepKind.BUILD, 4,
            StepKind.START, 100,
            StepKind.DEPLOY, 100,
            StepKind.RESTART, 100,
            StepKind.REMOVE, 100);

    private final StoreActivities store = ActivityCatalogue.store();
    private final RunTracker tracker;

    @WorkflowInit
    public DeployWorkflowImpl(String runId) {
        tracker = new RunTracker(runId);
    }

    @Override
    public Outcome run(String runId) {
        RunOpened run = store.openRun(runId);
        if (run.outcome() != null) {
            return run.outcome();
        }
        Outcome outcome = deploy(run);
        finish(runId, outcome);
        return outcome;
    }

    private Outcome deploy(RunOpened run) {
        PlanSkeleton plan;
        try {
            plan = DeployPlanning.plan(new PlanCall(run.runId(), run.environmentId(), run.onConflict()), run.cluster());
        } catch (ActivityFailure failure) {
            List<Problem> problems = ActivityCatalogue.problems(failure);
            return problems == null ? end(Outcome.STOPPED) : end(Outcome.REFUSED, problems);
        } catch (CanceledFailure cancelled) {
            return end(Outcome.STOPPED);
        }
        if (!plan.problems().isEmpty()) {
            return end(Outcome.REFUSED, plan.problems());
        }
        if (run.agreedPlan() != null && !run.agreedPlan().equals(plan.hash())) {
            return end(
                    Outcome.REFUSED,
                    List.of(Problem.of(
                            ProblemCode.RUN_PLAN_CHANGED, "", "agreed", run.agreedPlan(), "now", plan.hash())));
        }
        if (plan.unchanged()) {
            return end(Outcome.UNCHANGED);
        }
        tracker.planned(plan.steps());
        undisturbed(() -> {
            store.startRun(run.runId());
            store.openRelease(run.runId());
        });
        new StepGraph(plan.steps(), AT_ONCE).run(new DeploySteps(run, tracker)::begin, tracker);
        if (tracker.allDone()) {
            return end(Outcome.SUCCEEDED);
        }
        return end(tracker.anyFailed() ? Outcome.FAILED : Outcome.STOPPED);
    }

    private Outcome end(Outcome outcome) {
        return end(outcome, List.of());
    }

    private Outcome end(Outcome outcome, List<Problem> problems) {
        tracker.finished(outcome, problems);
        return outcome;
    }

    private void finish(String runId, Outcome outcome) {
        undisturbed(() -> store.finishRun(new RunFinished(runId, outcome, tracker.progress())));
    }

    /** What is written is written whole, also for a run that is cancelled in that moment. */
    private static void undisturbed(Runnable writing) {
        Workflow.newDetachedCancellationScope(writing).run();
    }

    @Override
    public Progress progress() {
        return tracker.progress();
    }
}
