package dev.slipway.web.runs;

import dev.slipway.web.problems.ProblemText;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.FormField;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as pages and API show it.
 *
 * @param number counts the runs of its environment
 * @param subject what it works on: {@code {environment: storefront-dev}}
 * @param components which part it is about; empty: everything
 * @param ahead how many runs of the same environment come first, while it waits
 * @param plan {@code null}: not made yet
 * @param problems why it was refused or failed as a whole
 * @param causes why steps failed, each cause once
 * @param questions open and answered, oldest first
 * @param ending {@code cancel}, {@code rollBack}, {@code stop}: it is being ended that way; {@code null}: it goes its way
 * @param paused ids of the steps at which somebody paused it, {@code run} for all of it
 * @param leftovers what it has done and could not undo
 */
public record RunView(
        String id,
        long number,
        String operation,
        Map<String, String> subject,
        String environment,
        List<String> components,
        String trigger,
        String actor,
        String state,
        @Nullable String outcome,
        Instant acceptedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        int ahead,
        @Nullable PlanView plan,
        List<StepShape> steps,
        List<ProblemText> problems,
        List<CauseShape> causes,
        List<QuestionShape> questions,
        @Nullable String ending,
        List<String> paused,
        List<LeftoverShape> leftovers) {
    public RunView {
        components = List.copyOf(components);
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
        causes = List.copyOf(causes);
        questions = List.copyOf(questions);
        paused = List.copyOf(paused);
        leftovers = List.copyOf(leftovers);
    }

    /**
     * A question.
     *
     * @param kind {@code failure}, {@code planChanged}
     * @param problem why it asks; {@code null}: for no problem
     * @param deadline then {@code otherwise} is taken
     * @param answer {@code null}: it is open
     */
    public record QuestionShape(
            String id,
            String kind,
            @Nullable String step,
            List<String> choices,
            @Nullable ProblemText problem,
            List<FormField> form,
            Instant askedAt,
            @Nullable Instant deadline,
            String otherwise,
            @Nullable AnswerShape answer) {
        public QuestionShape {
            choices = List.copyOf(choices);
            form = List.copyOf(form);
        }

        public boolean open() {
            return answer == null;
        }

        /** For ids of elements. */
        public String anchor() {
            return id.replaceAll("[^A-Za-z0-9]+", "-");
        }
    }

    /**
     * The answer that counted.
     *
     * @param who empty: nobody answered in time
     * @param inputs names of what was filled in
     */
    public record AnswerShape(
            String choice, String who, Instant at, @Nullable String reason, List<String> inputs) {
        public AnswerShape {
            inputs = List.copyOf(inputs);
        }
    }

    /** Something that could not be undone, and the command with which a person does it; empty: there is none. */
    public record LeftoverShape(String step, String subject, ProblemText problem, String command) {}

    /** An attempt that failed. */
    public record TryShape(int attempt, Instant from, Instant until, String code) {}

    /**
     * A step as pages and API show it.
     *
     * @param attempt from 1; 0: not begun
     * @param needs ids of the steps before it
     * @param waitsFor those of them that are not done
     * @param culprits those that it really waits for, or was not begun because of, however many are in between; a few
     * @param problem what made it fail, or what it retries after
     * @param obstacle what keeps it right now, and may pass; {@code null}: nothing that has a name
     * @param tries its attempts that failed, oldest first
     */
    public record StepShape(
            String id,
            String kind,
            @Nullable String component,
            String state,
            int attempt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            List<String> needs,
            List<String> waitsFor,
            List<CulpritShape> culprits,
            @Nullable ProblemText problem,
            @Nullable ProblemText obstacle,
            List<TryShape> tries) {
        public StepShape {
            tries = List.copyOf(tries);
            needs = List.copyOf(needs);
            waitsFor = List.copyOf(waitsFor);
            culprits = List.copyOf(culprits);
        }

        /** Without culprits or an obstacle. */
        public StepShape(
                String id,
                String kind,
                @Nullable String component,
                String state,
                int attempt,
                @Nullable Instant startedAt,
                @Nullable Instant endedAt,
                List<String> needs,
                List<String> waitsFor,
                @Nullable ProblemText problem) {
            this(
                    id, kind, component, state, attempt, startedAt, endedAt, needs, waitsFor, List.of(), problem, null,
                    List.of());
        }

        public boolean settled() {
            return switch (state) {
                case "pending", "queued", "running", "retrying", "parked", "paused" -> false;
                default -> true;
            };
        }

        public boolean acts() {
            return state.equals("running") || state.equals("retrying") || state.equals("parked");
        }
    }

    /**
     * A step that others wait for, and what is wrong with it.
     *
     * @param since when it began to act; {@code null}: it has not
     * @param code {@code null}: nothing is wrong as far as is known; then {@code what} and {@code fix} are empty
     */
    public record CulpritShape(
            String step,
            @Nullable String component,
            String state,
            @Nullable Instant since,
            @Nullable String code,
            String what,
            String fix) {
        /** {@code db}; a step of the environment as a whole by its own name. */
        public String name() {
            return component == null ? step : component;
        }

        public boolean acts() {
            return since != null && (state.equals("running") || state.equals("retrying"));
        }
    }

    /**
     * Why steps failed.
     *
     * @param steps ids of those that failed by it
     * @param blocked ids of those that were not begun because of them
     */
    public record CauseShape(ProblemText problem, List<String> steps, List<String> blocked) {
        public CauseShape {
            steps = List.copyOf(steps);
            blocked = List.copyOf(blocked);
        }
    }

    public boolean finished() {
        return outcome != null;
    }

    public List<QuestionShape> openQuestions() {
        return finished()
                ? List.of()
                : questions.stream().filter(QuestionShape::open).toList();
    }

    public List<QuestionShape> answered() {
        return questions.stream().filter(question -> !question.open()).toList();
    }

    /** The outcome once there is one, else the state. */
    public String shown() {
        return outcome == null ? state : outcome;
    }

    /** What was agreed to is no longer what would be done. */
    public boolean planChanged() {
        return problems.stream().anyMatch(problem -> problem.code().equals(ProblemCode.RUN_PLAN_CHANGED.id()));
    }

    /** How many steps are behind it; one that failed or was not begun is not. */
    public long doneSteps() {
        return steps.stream()
                .filter(step -> step.state().equals("done") || step.state().equals("skipped"))
                .count();
    }
}
