package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.ImageActivities;
import dev.slipway.workflows.contract.KubernetesActivities;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode.Remedy;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepGraph.Settlement;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What each step of a deploy does, and what happens when it does not work: an activity's own retries cover moments, then
 * the step waits in sight, with its attempt and its problem, and tries again.
 */
final class DeploySteps {
    /** Waits between the attempts of a step whose problem may go away by itself: five minutes in all. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(3));

    private final RunOpened run;
    private final RunTracker tracker;
    private final ImageActivities builds = ActivityCatalogue.builds();
    private final KubernetesActivities calls;

    DeploySteps(RunOpened run, RunTracker tracker) {
        this.run = run;
        this.tracker = tracker;
        this.calls = ActivityCatalogue.clusterCalls(run.cluster());
    }

    Promise<Settlement> begin(Step step) {
        if (CancellationScope.current().isCancelRequested()) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        return attempt(step, 1);
    }

    private Promise<Settlement> attempt(Step step, int attempt) {
        tracker.attempt(step, attempt);
        return act(step)
                .handle((done, failure) ->
                        failure == null ? Workflow.newPromise(Settlement.DONE) : afterFailure(step, attempt, failure))
                .thenCompose(settlement -> settlement);
    }

    private Promise<Void> act(Step step) {
        StepCall call = StepCall.of(run, step);
        KubernetesActivities waits =
                ActivityCatalogue.clusterWaits(run.cluster(), Duration.ofSeconds(call.deadlineSeconds()));
        return switch (step.kind()) {
            case PREPARE -> undisturbed(() -> Async.procedure(calls::prepare, call));
            case BUILD -> Async.procedure(builds::build, call);
            case IMAGES -> Workflow.newPromise((Void) null);
            case START -> Async.procedure(waits::start, call);
            case DEPLOY -> Async.procedure(waits::deploy, call);
            case SETTLE -> Async.procedure(waits::settle, call);
            case RESTART -> Async.procedure(waits::restart, call);
            case REMOVE -> Async.procedure(waits::remove, call);
            case CLEAR -> Async.procedure(waits::clear, call);
            case PRUNE -> undisturbed(() -> Async.procedure(calls::prune, call));
        };
    }

    /** Short and writing: a cancel waits for it. */
    private static Promise<Void> undisturbed(Supplier<Promise<Void>> writing) {
        CompletablePromise<Void> done = Workflow.newPromise();
        Workflow.newDetachedCancellationScope(() -> done.completeFrom(writing.get()))
                .run();
        return done;
    }

    private Promise<Settlement> afterFailure(Step step, int attempt, RuntimeException failure) {
        if (failure instanceof CanceledFailure) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        List<Problem> problems = ActivityCatalogue.problems(failure);
        if (problems == null) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        Problem problem = problems.get(0);
        if (problem.code().remedy() == Remedy.PERSON || attempt > PAUSES.size()) {
            return Workflow.newPromise(Settlement.failed(problem));
        }
        tracker.retrying(step, attempt, problem);
        return Workflow.newTimer(PAUSES.get(attempt - 1))
                .handle((rung, cancelled) ->
                        cancelled == null ? attempt(step, attempt + 1) : Workflow.newPromise(Settlement.CANCELLED))
                .thenCompose(settlement -> settlement);
    }
}
