package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.KubernetesActivities;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.contract.Undone;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemCode.Remedy;
import dev.slipway.workflows.run.Leftover;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepGraph;
import dev.slipway.workflows.run.StepGraph.Gate;
import dev.slipway.workflows.run.StepGraph.Settlement;
import dev.slipway.workflows.run.StepKind;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes back what the steps of a run have done: each after those that needed it, and as many at once as that allows. What
 * cannot be taken back is listed; it keeps nothing else.
 */
final class Undoing {
    private static final int AT_ONCE = 20;

    private final RunOpened run;
    private final RunTracker tracker;
    private final KubernetesActivities cluster;

    Undoing(RunOpened run, RunTracker tracker) {
        this.run = run;
        this.tracker = tracker;
        this.cluster = ActivityCatalogue.clusterUndoing(run.cluster());
    }

    void undo(List<Step> steps) {
        List<Step> acted = steps.stream()
                .filter(step -> tracker.acted(step.id()) && leavesSomething(step.kind()))
                .toList();
        Map<StepKind, Integer> limits = new LinkedHashMap<>();
        for (StepKind kind : StepKind.values()) {
            limits.put(kind, AT_ONCE);
        }
        new StepGraph(reversed(acted), limits).run(step -> attempt(step, 1), Gate.OPEN, new StepGraph.Listener() {
            @Override
            public void queued(Step step) {}

            @Override
            public void started(Step step) {}

            @Override
            public void parked(Step step, Problem problem) {}

            @Override
            public void settled(Step step, Settlement settlement) {}
        });
    }

    /** What a build has pushed is an image by its content: it stays for the next run that wants it. */
    private static boolean leavesSomething(StepKind kind) {
        return kind != StepKind.BUILD && kind != StepKind.IMAGES;
    }

    /** Each needs those that needed it. */
    static List<Step> reversed(List<Step> steps) {
        Map<String, List<String>> dependants = new LinkedHashMap<>();
        steps.forEach(step -> dependants.put(step.id(), new ArrayList<>()));
        for (Step step : steps) {
            for (String need : step.needs()) {
                List<String> its = dependants.get(need);
                if (its != null) {
                    its.add(step.id());
                }
            }
        }
        List<Step> reversed = new ArrayList<>();
        for (Step step : steps) {
            reversed.add(0, new Step(step.kind(), step.component(), dependants.getOrDefault(step.id(), List.of())));
        }
        return reversed;
    }

    private Promise<Settlement> attempt(Step step, int round) {
        if (CancellationScope.current().isCancelRequested()) {
            left(step, Problem.of(ProblemCode.UNDO_STOPPED, step.id(), "step", step.id()));
            return Workflow.newPromise(Settlement.DONE);
        }
        return Async.function(cluster::undo, StepCall.of(run, step))
                .handle((undone, failure) -> failure == null ? done(step, undone) : again(step, round, failure))
                .thenCompose(settlement -> settlement);
    }

    private Promise<Settlement> done(Step step, Undone undone) {
        if (undone.leftovers().isEmpty()) {
            tracker.undone(step);
        } else {
            tracker.left(undone.leftovers());
        }
        return Workflow.newPromise(Settlement.DONE);
    }

    private Promise<Settlement> again(Step step, int round, RuntimeException failure) {
        List<Problem> problems = ActivityCatalogue.problems(failure);
        if (problems == null || CancellationScope.current().isCancelRequested()) {
            left(step, Problem.of(ProblemCode.UNDO_STOPPED, step.id(), "step", step.id()));
            return Workflow.newPromise(Settlement.DONE);
        }
        Problem problem = problems.get(0);
        if (problem.code().remedy() == Remedy.PERSON || round > DeploySteps.PAUSES.size()) {
            left(step, problem);
            return Workflow.newPromise(Settlement.DONE);
        }
        return Workflow.newTimer(DeploySteps.PAUSES.get(round - 1))
                .handle((rung, cancelled) -> attempt(step, round + 1))
                .thenCompose(settlement -> settlement);
    }

    private void left(Step step, Problem problem) {
        tracker.left(
                List.of(new Leftover(step.id(), step.component() == null ? step.id() : step.component(), problem, "")));
    }
}
