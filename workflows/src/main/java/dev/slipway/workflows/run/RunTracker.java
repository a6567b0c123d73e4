package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.StepGraph.Settlement;
import dev.slipway.workflows.run.StepView.Try;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps a run's {@link Progress} inside its workflow. Every change makes a new revision. */
public final class RunTracker implements StepGraph.Listener {
    private final String runId;
    private final Map<String, StepView> steps = new LinkedHashMap<>();
    /** When the attempt began that a step is at. */
    private final Map<String, Long> attempts = new LinkedHashMap<>();

    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Leftover> leftovers = new ArrayList<>();
    private List<String> paused = List.of();
    private Predicate<String> held = step -> false;
    private @Nullable Ending ending;
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

    /** It acts from its first attempt on: a run that is being ended lets steps through that do nothing any more. */
    @Override
    public void started(Step step) {}

    /** The step begins to act, for the n-th time. */
    public void attempt(Step step, int attempt) {
        attempts.put(step.id(), Workflow.currentTimeMillis());
        change(step, StepState.RUNNING, attempt, null);
    }

    /** The step failed for now and will be tried again. */
    public void retrying(Step step, int attempt, Problem problem) {
        failedOnce(step, attempt, problem);
        change(step, StepState.RETRYING, attempt, problem);
    }

    @Override
    public void parked(Step step, Problem problem) {
        failedOnce(step, view(step).attempt(), problem);
        change(step, StepState.PARKED, 0, problem);
    }

    private void failedOnce(Step step, int attempt, Problem problem) {
        StepView was = view(step);
        long now = Workflow.currentTimeMillis();
        List<Try> tries = new ArrayList<>(was.tries());
        tries.add(new Try(
                attempt,
                attempts.getOrDefault(step.id(), now),
                now,
                problem.code().id()));
        put(was, was.state(), was.attempt(), was.startedAt(), was.endedAt(), was.waitsFor(), was.problem(), tries);
    }

    @Override
    public void settled(Step step, Settlement settlement) {
        change(step, settlement.state(), 0, settlement.problem());
        for (StepView view : List.copyOf(steps.values())) {
            if (settlement.state().passes() && view.waitsFor().contains(step.id())) {
                List<String> left = new ArrayList<>(view.waitsFor());
                left.remove(step.id());
                put(
                        view,
                        view.state(),
                        view.attempt(),
                        view.startedAt(),
                        view.endedAt(),
                        left,
                        view.problem(),
                        view.tries());
            }
        }
    }

    /** What the step had done was undone. */
    public void undone(Step step) {
        StepView was = view(step);
        put(
                was,
                StepState.UNDONE,
                was.attempt(),
                was.startedAt(),
                was.endedAt(),
                was.waitsFor(),
                was.problem(),
                was.tries());
        revision++;
    }

    /** This is left of what the run has done. */
    public void left(List<Leftover> some) {
        leftovers.addAll(some);
        revision++;
    }

    /** A question is asked or answered. */
    public void question(Question question) {
        questions.put(question.id(), question);
        revision++;
    }

    public @Nullable Question question(String id) {
        return questions.get(id);
    }

    /** How many questions the step has asked so far; {@code null}: the run as a whole. */
    public int asked(Question.Kind kind, @Nullable String step) {
        return (int) questions.values().stream()
                .filter(question -> question.kind() == kind && Objects.equals(question.step(), step))
                .count();
    }

    /**
     * Something is held back, or no longer.
     *
     * @param where as in {@link Progress#paused()}
     * @param which steps that concerns, by id
     */
    public void paused(List<String> where, Predicate<String> which) {
        paused = List.copyOf(where);
        held = which;
        revision++;
    }

    public void ending(Ending how) {
        ending = how;
        revision++;
    }

    /** Why the run is refused as a whole. */
    public void problems(List<Problem> why) {
        problems.addAll(why);
        revision++;
    }

    /** The run as a whole ended. */
    public void finished(Outcome how) {
        outcome = how;
        state = RunState.FINISHED;
        revision++;
    }

    public boolean allDone() {
        return steps.values().stream().allMatch(view -> view.state().passes());
    }

    public boolean anyFailed() {
        return steps.values().stream().anyMatch(view -> view.state() == StepState.FAILED);
    }

    public boolean anyLeft() {
        return !leftovers.isEmpty();
    }

    /** Whether the step has begun to act. */
    public boolean acted(String stepId) {
        StepView view = steps.get(stepId);
        return view != null && view.acted();
    }

    public Progress progress() {
        List<StepView> shown = paused.isEmpty()
                ? List.copyOf(steps.values())
                : steps.values().stream().map(this::shown).toList();
        boolean waits =
                state != RunState.FINISHED && questions.values().stream().anyMatch(Question::open);
        return new Progress(
                runId,
                revision,
                waits ? RunState.WAITING : state,
                outcome,
                shown,
                problems,
                List.copyOf(questions.values()),
                ending,
                paused,
                leftovers);
    }

    private StepView shown(StepView view) {
        if (view.state() != StepState.QUEUED || !held.test(view.id())) {
            return view;
        }
        return new StepView(
                view.id(),
                view.kind(),
                view.component(),
                StepState.PAUSED,
                view.attempt(),
                view.startedAt(),
                view.endedAt(),
                view.needs(),
                view.waitsFor(),
                view.problem(),
                view.tries());
    }

    private StepView view(Step step) {
        StepView view = steps.get(step.id());
        if (view == null) {
            throw new IllegalStateException(step.id() + " is not in the plan");
        }
        return view;
    }

    private void change(Step step, StepState to, int attempt, @Nullable Problem problem) {
        StepView was = view(step);
        long now = Workflow.currentTimeMillis();
        boolean acts = to == StepState.RUNNING;
        put(
                was,
                to,
                attempt == 0 ? was.attempt() : attempt,
                acts && was.startedAt() == 0 ? now : was.startedAt(),
                to.settled() && was.startedAt() != 0 ? now : 0,
                was.waitsFor(),
                problem,
                was.tries());
        revision++;
    }

    private void put(
            StepView was,
            StepState state,
            int attempt,
            long startedAt,
            long endedAt,
            List<String> waitsFor,
            @Nullable Problem problem,
            List<Try> tries) {
        steps.put(
                was.id(),
                new StepView(
                        was.id(),
                        was.kind(),
                        was.component(),
                        state,
                        attempt,
                        startedAt,
                        endedAt,
                        was.needs(),
                        waitsFor,
                        problem,
                        tries.subList(Math.max(0, tries.size() - StepView.MOST_TRIES), tries.size())));
    }
}
