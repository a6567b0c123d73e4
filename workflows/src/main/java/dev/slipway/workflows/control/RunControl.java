package dev.slipway.workflows.control;

import dev.slipway.workflows.application.Formats;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.RunQuestion;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.FormField;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.RunTracker;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepGraph;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What people do to a run while it goes on: they answer its questions, pause it or a branch of it, have a step try again at once,
 * cancel or stop it. Every word of theirs is safe to repeat.
 */
public final class RunControl implements StepGraph.Gate {
    private final String runId;
    private final RunTracker tracker;
    private final StoreActivities store;
    private final Map<String, CompletablePromise<Reply>> open = new LinkedHashMap<>();
    private final Map<String, CancellationScope> clocks = new LinkedHashMap<>();
    private final Map<String, CompletablePromise<Void>> breaks = new LinkedHashMap<>();
    private final Map<String, Set<String>> paused = new LinkedHashMap<>();
    private final List<Promise<Void>> records = new ArrayList<>();
    private final List<CancellationScope> work = new ArrayList<>();
    private Function<String, Set<String>> branches = step -> Set.of();
    private @Nullable Ending ending;
    private boolean over;
    private int changes;

    public RunControl(String runId, RunTracker tracker, StoreActivities store) {
        this.runId = runId;
        this.tracker = tracker;
        this.store = store;
    }

    /** From now on a branch may be paused. */
    public void graph(StepGraph graph) {
        branches = graph::branch;
    }

    /** What {@link #end} cancels. */
    public void endable(CancellationScope scope) {
        work.add(scope);
    }

    /**
     * Its steps are through: unless somebody has ended it before, nobody can any more.
     *
     * @return false when somebody has
     */
    public boolean through() {
        over = ending == null;
        return over;
    }

    /** Nothing can be ended any more. */
    public void over() {
        over = true;
    }

    public @Nullable Ending ending() {
        return ending;
    }

    /**
     * Ends the run before its time. The first word counts, but for one that stops the undoing of another.
     *
     * @return whether it ends by this word
     */
    public boolean end(Ending how) {
        if (ending == how) {
            return true;
        }
        boolean stopsUndoing = ending != null && ending.undoes() && how == Ending.STOP;
        if (over || ending != null && !stopsUndoing) {
            return false;
        }
        ending = how;
        tracker.ending(how);
        changes++;
        List.copyOf(open.keySet()).forEach(this::withdraw);
        List.copyOf(work).forEach(scope -> scope.cancel(how.word()));
        work.clear();
        return true;
    }

    /**
     * Asks a person.
     *
     * @param within how long it waits; then its default is the answer
     * @return the answer with what was filled in; {@code null}: the run ends, and nobody has to answer any more
     */
    public Promise<@Nullable Reply> ask(Question question, Duration within, Duration remindAfter) {
        CompletablePromise<Reply> answered = Workflow.newPromise();
        if (ending != null) {
            answered.complete(null);
            return answered;
        }
        tracker.question(question);
        open.put(question.id(), answered);
        record(() -> Async.procedure(store::ask, new RunQuestion(runId, question)));
        CancellationScope clock = Workflow.newDetachedCancellationScope(() -> {
            if (remindAfter.compareTo(within) < 0) {
                var reminder = Workflow.newTimer(remindAfter).thenApply(rung -> {
                    record(() -> Async.procedure(store::remind, new RunQuestion(runId, question)));
                    return rung;
                });
                ignore(reminder);
            }
            ignore(Workflow.newTimer(within).thenApply(rung -> {
                settle(question, new Reply(question.id(), question.otherwise(), "", null, Map.of()));
                return rung;
            }));
        });
        clocks.put(question.id(), clock);
        clock.run();
        return answered;
    }

    /** A timer that is cancelled fails; nobody waits for it. */
    private static void ignore(Promise<Void> timer) {
        var unused = timer.handle((rung, cancelled) -> true);
    }

    /**
     * Takes an answer; the first one counts.
     *
     * @throws io.temporal.failure.ApplicationFailure as the run's update {@code answer} says
     */
    public Answer answer(Reply reply) {
        Question question = tracker.question(reply.question());
        if (question == null) {
            throw failure(List.of(Problem.of(
                    ProblemCode.RUN_QUESTION_UNKNOWN, reply.question(), "question", reply.question(), "run", runId)));
        }
        Answer before = question.answer();
        if (before != null) {
            if (repeats(before, reply)) {
                return before;
            }
            throw failure(List.of(answered(question, before)));
        }
        if (!open.containsKey(question.id())) {
            throw failure(List.of(Problem.of(ProblemCode.RUN_FINISHED, runId, "run", runId)));
        }
        List<Problem> problems = check(question, reply);
        if (!problems.isEmpty()) {
            throw failure(problems);
        }
        return settle(question, reply);
    }

    private static List<Problem> check(Question question, Reply reply) {
        List<Problem> problems = new ArrayList<>();
        if (!question.choices().contains(reply.choice())) {
            problems.add(invalid(
                    "choice",
                    String.join(
                            ", ", question.choices().stream().map(Choice::word).toList())));
        }
        String reason = reply.reason();
        if (reply.choice() == Choice.SKIP && (reason == null || reason.isBlank())) {
            problems.add(invalid("reason", "…"));
        }
        if (reason != null && reason.length() > Reply.LONGEST_REASON) {
            problems.add(invalid("reason", "<= " + Reply.LONGEST_REASON));
        }
        List<String> known = question.form().stream().map(FormField::name).toList();
        if (reply.choice() != Choice.EDIT && !reply.inputs().isEmpty()) {
            problems.add(invalid("inputs", "choice: " + Choice.EDIT.word()));
        } else if (reply.choice() == Choice.EDIT) {
            reply.inputs().keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> problems.add(invalid("inputs." + name, String.join(", ", known))));
            question.form().stream()
                    .filter(field -> field.type() == FormField.Type.DURATION)
                    .map(FormField::name)
                    .filter(name -> !isDuration(reply.inputs().getOrDefault(name, "")))
                    .forEach(name -> problems.add(invalid("inputs." + name, "90s, 15m, 1h30m; 10s … 24h")));
            if (reply.inputs().values().stream().allMatch(String::isBlank)) {
                problems.add(invalid("inputs", String.join(", ", known)));
            }
        }
        return problems;
    }

    private static boolean isDuration(String text) {
        return text.isBlank() || Formats.deadline(text.strip()).isPresent();
    }

    private static Problem invalid(String field, String expected) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected);
    }

    private static boolean repeats(Answer answer, Reply reply) {
        return answer.who().equals(reply.who()) && answer.choice() == reply.choice();
    }

    private Problem answered(Question question, Answer answer) {
        return Problem.of(
                ProblemCode.RUN_ANSWERED,
                question.id(),
                "who",
                answer.who().isEmpty() ? "-" : answer.who(),
                "choice",
                answer.choice().word(),
                "at",
                Instant.ofEpochMilli(answer.at()).toString(),
                "run",
                runId);
    }

    private static RuntimeException failure(List<Problem> problems) {
        return Problems.failure(new ProblemException(problems));
    }

    private Answer settle(Question question, Reply reply) {
        String reason = reply.reason();
        Answer answer = new Answer(
                reply.choice(),
                reply.who(),
                Workflow.currentTimeMillis(),
                reason == null || reason.isBlank() ? null : reason.strip(),
                reply.inputs().entrySet().stream()
                        .filter(input -> !input.getValue().isBlank())
                        .map(Map.Entry::getKey)
                        .toList());
        Question answered = question.answered(answer);
        tracker.question(answered);
        CompletablePromise<Reply> waiting = open.remove(question.id());
        stopClock(question.id());
        record(() -> Async.procedure(store::answered, new RunQuestion(runId, answered)));
        if (waiting != null) {
            waiting.complete(reply);
        }
        return answer;
    }

    /** Nobody has to answer any more: the run ends. */
    private void withdraw(String question) {
        CompletablePromise<Reply> waiting = open.remove(question);
        stopClock(question);
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void stopClock(String question) {
        CancellationScope clock = clocks.remove(question);
        if (clock != null) {
            clock.cancel();
        }
    }

    private void record(Supplier<Promise<Void>> activity) {
        Workflow.newDetachedCancellationScope(() -> records.add(activity.get())).run();
    }

    /** Returns when all that was asked and answered is recorded. */
    public void recorded() {
        if (!records.isEmpty()) {
            Workflow.newDetachedCancellationScope(
                            () -> Promise.allOf(List.copyOf(records)).get())
                    .run();
        }
    }

    /** @param where a step's id or {@link #Progress.EVERYTHING} */
    public void pause(String where) {
        paused.put(where, where.equals(Progress.EVERYTHING) ? Set.of() : branches.apply(where));
        pausesChanged();
    }

    /** @param where as it was paused; {@link #Progress.EVERYTHING} resumes all that is paused */
    public void resume(String where) {
        if (where.equals(Progress.EVERYTHING)) {
            paused.clear();
        } else {
            paused.remove(where);
        }
        pausesChanged();
    }

    private void pausesChanged() {
        changes++;
        Set<String> held = new LinkedHashSet<>();
        paused.values().forEach(held::addAll);
        boolean all = paused.containsKey(Progress.EVERYTHING);
        tracker.paused(List.copyOf(paused.keySet()), step -> all || held.contains(step));
    }

    /** Whether the step must not begin now. Who ends a run lets go of all. */
    @Override
    public boolean holds(Step step) {
        return ending == null
                && (paused.containsKey(Progress.EVERYTHING)
                        || paused.values().stream().anyMatch(branch -> branch.contains(step.id())));
    }

    @Override
    public int changes() {
        return changes;
    }

    /** A pause between two attempts: over when its time is, or somebody wants it over. */
    public Promise<Void> pauseBetween(Step step, Duration length) {
        CompletablePromise<Void> ends = Workflow.newPromise();
        breaks.put(step.id(), ends);
        ends.completeFrom(Workflow.newTimer(length));
        return ends.handle((rung, cancelled) -> {
            breaks.remove(step.id());
            if (cancelled != null) {
                throw cancelled;
            }
            return rung;
        });
    }

    /** The step that waits to try again does so now. False when it does not wait. */
    public boolean retryNow(String step) {
        CompletablePromise<Void> waits = breaks.get(step);
        return waits != null && waits.complete(null);
    }
}
