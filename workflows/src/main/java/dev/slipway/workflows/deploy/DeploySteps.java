package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.ImageActivities;
import dev.slipway.workflows.contract.KubernetesActivities;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.control.RunControl;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What each step of a deploy does, and what happens when it does not work: an activity's own retries cover moments, then
 * the step waits in sight, with its attempt and its problem, and tries again; then {@link FailedStep} says how it goes on.
 */
final class DeploySteps {
    /** Waits between the attempts of a step whose problem may go away by itself: five minutes in all. */
    static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(3));

    private final RunOpened run;
    private final RunTracker tracker;
    private final RunControl control;
    private final Amendments amendments;
    private final FailedStep failed;
    private final Map<String, Integer> attempts = new LinkedHashMap<>();
    private final ImageActivities builds = ActivityCatalogue.builds();
    private final KubernetesActivities calls;

    DeploySteps(RunOpened run, RunTracker tracker, RunControl control, Amendments amendments, FailedStep failed) {
        this.run = run;
        this.tracker = tracker;
        this.control = control;
        this.amendments = amendments;
        this.failed = failed;
        this.calls = ActivityCatalogue.clusterCalls(run.cluster());
    }

    Promise<Settlement> begin(Step step) {
        if (CancellationScope.current().isCancelRequested()) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        return attempt(step, 1);
    }

    /** @param round counts the attempts since the step began, or began once more */
    private Promise<Settlement> attempt(Step step, int round) {
        int attempt = attempts.merge(step.id(), 1, Integer::sum);
        tracker.attempt(step, attempt);
        return act(step)
                .handle((done, failure) -> failure == null
                        ? Workflow.newPromise(Settlement.DONE)
                        : afterFailure(step, attempt, round, failure))
                .thenCompose(settlement -> settlement);
    }

    private Promise<Void> act(Step step) {
        StepCall call = amendments.call(StepCall.of(run, step));
        KubernetesActivities waits =
                ActivityCatalogue.clusterWaits(run.cluster(), Duration.ofSeconds(call.deadlineSeconds()));
        return switch (step.kind()) {
            case PREPARE -> undisturbed(() -> Async.procedure(calls::prepare, call));
            case BUILD -> Async.procedure(builds::build, call);
            case IMAGES -> Workflow.newPromise((Void) null);
            case START -> built(call, () -> Async.procedure(waits::start, call));
            case DEPLOY -> built(call, () -> Async.procedure(waits::deploy, call));
            case SETTLE -> Async.procedure(waits::settle, call);
            case RESTART -> Async.procedure(waits::restart, call);
            case REMOVE -> Async.procedure(waits::remove, call);
            case CLEAR -> Async.procedure(waits::clear, call);
            case PRUNE -> undisturbed(() -> Async.procedure(calls::prune, call));
        };
    }

    /** Who changed the component's branch in the middle of the run may have made a build necessary that was in no plan before. */
    private Promise<Void> built(StepCall call, Supplier<Promise<Void>> apply) {
        StepCall build = amendments.takeBuild(call);
        return build == null
                ? apply.get()
                : Async.procedure(builds::build, build).thenCompose(nothing -> apply.get());
    }

    /** Short and writing: a cancel waits for it. */
    private static Promise<Void> undisturbed(Supplier<Promise<Void>> writing) {
        CompletablePromise<Void> done = Workflow.newPromise();
        Workflow.newDetachedCancellationScope(() -> done.completeFrom(writing.get()))
                .run();
        return done;
    }

    private Promise<Settlement> afterFailure(Step step, int attempt, int round, RuntimeException failure) {
        if (failure instanceof CanceledFailure) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        List<Problem> problems = ActivityCatalogue.problems(failure);
        if (problems == null) {
            return Workflow.newPromise(Settlement.CANCELLED);
        }
        Problem problem = problems.get(0);
        if (problem.code().remedy() == Remedy.PERSON || round > PAUSES.size()) {
            return Workflow.newPromise(failed.settlement(step, problem));
        }
        tracker.retrying(step, attempt, problem);
        return control.pauseBetween(step, PAUSES.get(round - 1))
                .handle((rung, cancelled) ->
                        cancelled == null ? attempt(step, round + 1) : Workflow.newPromise(Settlement.CANCELLED))
                .thenCompose(settlement -> settlement);
    }
}
