package dev.slipway.web.runs;

import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.runs.RunView.AnswerShape;
import dev.slipway.web.runs.RunView.CauseShape;
import dev.slipway.web.runs.RunView.CulpritShape;
import dev.slipway.web.runs.RunView.LeftoverShape;
import dev.slipway.web.runs.RunView.QuestionShape;
import dev.slipway.web.runs.RunView.StepShape;
import dev.slipway.web.runs.RunView.TryShape;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.StepView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts together, from the stores and from the run itself, how runs are shown. Reads only. */
@Component
public final class RunViews {
    private static final int EARLIER = 10;

    private final RunStore store;
    private final Runs runs;
    private final PlanStore plans;
    private final ProblemTexts texts;
    private final StepLog log;

    public RunViews(RunStore store, Runs runs, PlanStore plans, ProblemTexts texts, StepLog log) {
        this.store = store;
        this.runs = runs;
        this.plans = plans;
        this.texts = texts;
        this.log = log;
    }

    /**
     * A run at one moment, before any language. Equal moments look equal.
     *
     * @param plan {@code null}: not made yet
     * @param progress {@code null}: it has not said anything
     * @param obstacles by step: what keeps those that wait in the cluster
     */
    record Moment(
            StoredRun run,
            int ahead,
            @Nullable PlanView plan,
            @Nullable Progress progress,
            Map<String, Problem> obstacles) {
        boolean finished() {
            return run.state() == RunState.FINISHED;
        }
    }

    /** @throws dev.slipway.workflows.problem.ProblemException {@code SLP-RUN-UNKNOWN} */
    Moment now(String runId) {
        return now(runId, null);
    }

    /** @param before an earlier look at the same run: its plan cannot have changed since */
    Moment now(String runId, @Nullable Moment before) {
        Progress progress = runs.progress(runId).orElse(null);
        // Read after the progress: when the row says finished, the progress it holds is the last one.
        StoredRun run = store.byId(runId);
        if (run.state() == RunState.FINISHED) {
            progress = run.progress();
        }
        PlanView plan = before != null && before.plan() != null
                ? before.plan()
                : plans.plan(runId).map(PlanView::of).orElse(null);
        Map<String, Problem> obstacles =
                run.state() == RunState.RUNNING || run.state() == RunState.WAITING ? log.obstacles(runId) : Map.of();
        return new Moment(run, run.state() == RunState.ACCEPTED ? store.ahead(run) : 0, plan, progress, obstacles);
    }

    public RunView view(String runId, Locale locale) {
        return view(now(runId), locale);
    }

    RunView view(Moment moment, Locale locale) {
        StoredRun run = moment.run();
        Progress progress = moment.progress();
        Outcome outcome = run.outcome();
        Culprits culprits = new Culprits(progress, moment.obstacles());
        return new RunView(
                run.id(),
                run.number(),
                run.operation().word(),
                Map.of("environment", run.environmentName()),
                run.environmentName(),
                run.scope().components(),
                run.trigger().word(),
                run.actor(),
                state(run, progress).word(),
                outcome == null ? null : outcome.word(),
                run.acceptedAt(),
                run.startedAt(),
                run.endedAt(),
                moment.ahead(),
                moment.plan(),
                progress == null
                        ? List.of()
                        : progress.steps().stream()
                                .map(step -> step(step, culprits, locale))
                                .toList(),
                progress == null ? List.of() : texts.texts(progress.problems(), locale),
                culprits.causes().stream().map(cause -> cause(cause, locale)).toList(),
                progress == null
                        ? List.of()
                        : progress.questions().stream()
                                .map(question -> question(question, locale))
                                .toList(),
                progress == null || progress.ending() == null
                        ? null
                        : progress.ending().word(),
                progress == null ? List.of() : progress.paused(),
                progress == null
                        ? List.of()
                        : progress.leftovers().stream()
                                .map(left -> new LeftoverShape(
                                        left.step(),
                                        left.subject(),
                                        texts.text(left.problem(), locale),
                                        left.command()))
                                .toList());
    }

    private QuestionShape question(Question question, Locale locale) {
        Answer answer = question.answer();
        Problem problem = question.problem();
        return new QuestionShape(
                question.id(),
                question.kind().word(),
                question.step(),
                question.choices().stream().map(Choice::word).toList(),
                problem == null ? null : texts.text(problem, locale),
                question.form(),
                Instant.ofEpochMilli(question.askedAt()),
                moment(question.deadline()),
                question.otherwise().word(),
                answer == null
                        ? null
                        : new AnswerShape(
                                answer.choice().word(),
                                answer.who(),
                                Instant.ofEpochMilli(answer.at()),
                                answer.reason(),
                                answer.inputs()));
    }

    private CauseShape cause(Culprits.Cause cause, Locale locale) {
        return new CauseShape(texts.text(cause.problem(), locale), ids(cause.failed()), ids(cause.blocked()));
    }

    private static List<String> ids(List<StepView> steps) {
        return steps.stream().map(StepView::id).toList();
    }

    private CulpritShape culprit(StepView step, Culprits culprits, Locale locale) {
        Problem problem = culprits.problem(step);
        ProblemText text = problem == null ? null : texts.text(problem.also(List.of()), locale);
        return new CulpritShape(
                step.id(),
                step.component(),
                step.state().word(),
                moment(step.startedAt()),
                text == null ? null : text.code(),
                text == null ? "" : text.what(),
                text == null ? "" : text.fix());
    }

    private static @Nullable Instant moment(long milliseconds) {
        return milliseconds == 0 ? null : Instant.ofEpochMilli(milliseconds);
    }

    /** The run's own word is newer than the row's, but only the row ends it: then everything is recorded. */
    private static RunState state(StoredRun run, @Nullable Progress progress) {
        return progress != null && run.state() != RunState.FINISHED && progress.state() != RunState.FINISHED
                ? progress.state()
                : run.state();
    }

    private StepShape step(StepView step, Culprits culprits, Locale locale) {
        Problem obstacle = culprits.obstacle(step);
        return new StepShape(
                step.id(),
                step.kind().word(),
                step.component(),
                step.state().word(),
                step.attempt(),
                moment(step.startedAt()),
                moment(step.endedAt()),
                step.needs(),
                step.waitsFor(),
                culprits.of(step).stream()
                        .map(culprit -> culprit(culprit, culprits, locale))
                        .toList(),
                step.problem() == null ? null : texts.text(step.problem(), locale),
                obstacle == null ? null : texts.text(obstacle, locale),
                step.tries().stream()
                        .map(one -> new TryShape(
                                one.attempt(),
                                Instant.ofEpochMilli(one.from()),
                                Instant.ofEpochMilli(one.until()),
                                one.code()))
                        .toList());
    }

    /** How long the newest successful run of the same kind with as much to do took; empty: there was none. */
    Optional<Duration> usual(StoredRun run, int steps) {
        return store.list(run.environmentId(), run.operation(), RunState.FINISHED, run.position(), EARLIER).stream()
                .filter(earlier -> earlier.outcome() == Outcome.SUCCEEDED)
                .filter(earlier -> earlier.scope().equals(run.scope()))
                .filter(earlier ->
                        earlier.progress() != null && earlier.progress().steps().size() == steps)
                .filter(earlier -> earlier.startedAt() != null && earlier.endedAt() != null)
                .findFirst()
                .map(earlier -> Duration.between(earlier.startedAt(), earlier.endedAt()));
    }
}
