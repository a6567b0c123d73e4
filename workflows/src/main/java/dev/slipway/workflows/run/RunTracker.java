package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.StepGraph.Settlement;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a run's {@link Progress} inside its workflow. Every change makes a new revision. */
public final class RunTracker implements StepGraph.Listener {
    private final String runId;
    private final Map<String, StepView> steps = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private RunState state = RunState.PLANNING;
    private @Nullable Outcome outcome;
    private long revision = 1;

    public RunTracker(String runId) {
        this.runId = runId;
    }

    /** The plan is made: these steps are ahead. */
    public void planned(List<Step> planned) {
        for (Step step : planned) {
            steps.put(
                    step.id(),
                    new StepView(
                            step.id(),
                            step.kind(),
                            step.component(),
                            StepState.PENDING,
                            0,
                            0,
                            0,
                            step.needs(),
                            step.needs(),
                            null));
        }
        state = RunState.RUNNING;
        revision++;
    }

    @Override
    public void queued(Step step) {
        change(step, StepState.QUEUED, 0, null);
    }

    @Override
    public void started(Step step) {
        attempt(step, 1);
    }

    /** The step begins to act, for the n-th time. */
    public void attempt(Step step, int attempt) {
        change(step, StepState.RUNNING, attempt, null);
    }

    /** The step failed for now and will be tried again. */
    public void retrying(Step step, int attempt, Problem problem) {
        change(step, StepState.RETRYING, attempt, problem);
    }

    @Override
    public void settled(Step step, Settlement settlement) {
        change(step, settlement.state(), 0, settlement.problem());
        for (StepView view : List.copyOf(steps.values())) {
            if (settlement.state().passes() && view.waitsFor().contains(step.id())) {
                List<String> left = new ArrayList<>(view.waitsFor());
                left.remove(step.id());
                steps.put(view.id(), waiting(view, left));
            }
        }
    }

    /** The run as a whole ended. */
    public void finished(Outcome how, List<Problem> why) {
        outcome = how;
        state = RunState.FINISHED;
        problems.addAll(why);
        revision++;
    }

    public boolean allDone() {
        return steps.values().stream().allMatch(view -> view.state().passes());
    }

    public boolean anyFailed() {
        return steps.values().stream().anyMatch(view -> view.state() == StepState.FAILED);
    }

    public Progress progress() {
        return new Progress(runId, revision, state, outcome, List.copyOf(steps.values()), problems);
    }

    private void change(Step step, StepState to, int attempt, @Nullable Problem problem) {
        StepView was = steps.get(step.id());
        if (was == null) {
            throw new IllegalStateException(step.id() + " is not in the plan");
        }
        long now = Workflow.currentTimeMillis();
        boolean acts = to == StepState.RUNNING;
        steps.put(
                step.id(),
                new StepView(
                        was.id(),
                        was.kind(),
                        was.component(),
                        to,
                        attempt == 0 ? was.attempt() : attempt,
                        acts && was.startedAt() == 0 ? now : was.startedAt(),
                        to.settled() && was.startedAt() != 0 ? now : 0,
                        was.needs(),
                        was.waitsFor(),
                        problem));
        revision++;
    }

    private static StepView waiting(StepView view, List<String> waitsFor) {
        return new StepView(
                view.id(),
                view.kind(),
                view.component(),
                view.state(),
                view.attempt(),
                view.startedAt(),
                view.endedAt(),
                view.needs(),
                waitsFor,
                view.problem());
    }
}
