package dev.slipway.web.runs;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault it is: of a step that waits, those that it really waits for, however many others are in between; of a run that
 * failed, each cause once. Pure.
 */
final class Culprits {
    /** Of a step that waits for a hundred others, three tell enough. */
    private static final int NAMED = 3;

    /**
     * A cause of failure.
     *
     * @param failed the steps that ended by it
     * @param blocked those that were not begun for that reason alone or among others
     */
    record Cause(Problem problem, List<StepView> failed, List<StepView> blocked) {}

    private final Map<String, StepView> steps = new LinkedHashMap<>();
    private final Map<String, Problem> obstacles;
    private final Map<String, Set<String>> roots = new HashMap<>();

    /** @param obstacles by step: what keeps one that acts, and may pass */
    Culprits(@Nullable Progress progress, Map<String, Problem> obstacles) {
        this.obstacles = obstacles;
        if (progress != null) {
            progress.steps().forEach(step -> steps.put(step.id(), step));
        }
    }

    /** Those that a step waits for, or was not begun because of: one with a problem first; a few at most. */
    List<StepView> of(StepView step) {
        return waits(step)
                ? roots(step).stream()
                        .map(steps::get)
                        .sorted(Comparator.comparing(root -> problem(root) == null))
                        .limit(NAMED)
                        .toList()
                : List.of();
    }

    /** What is wrong with a step, or keeps it right now; {@code null}: nothing that is known. */
    @Nullable
    Problem problem(StepView step) {
        return step.problem() != null ? step.problem() : obstacle(step);
    }

    /** {@code null}: nothing that is known. */
    @Nullable
    Problem obstacle(StepView step) {
        return step.state() == StepState.RUNNING ? obstacles.get(step.id()) : null;
    }

    /** Each cause once, those that kept the most from being begun first. */
    List<Cause> causes() {
        Map<String, List<StepView>> failed = new LinkedHashMap<>();
        steps.values().stream()
                .filter(step -> step.state() == StepState.FAILED && step.problem() != null)
                .forEach(step -> failed.computeIfAbsent(key(step), key -> new ArrayList<>())
                        .add(step));
        return failed.values().stream()
                .map(same ->
                        new Cause(java.util.Objects.requireNonNull(same.get(0).problem()), same, blocked(same)))
                .sorted(Comparator.comparingInt(cause -> -cause.blocked().size()))
                .toList();
    }

    private List<StepView> blocked(List<StepView> failed) {
        Set<String> ids = new LinkedHashSet<>();
        failed.forEach(step -> ids.add(step.id()));
        return steps.values().stream()
                .filter(step -> step.state() == StepState.BLOCKED)
                .filter(step -> roots(step).stream().anyMatch(ids::contains))
                .toList();
    }

    /** Two components that fail the same way are one cause, in two places. */
    private static String key(StepView step) {
        Problem problem = java.util.Objects.requireNonNull(step.problem());
        Map<String, String> arguments = new TreeMap<>(problem.arguments());
        arguments.keySet().removeAll(Set.of("restarts", "pods"));
        return problem.code() + " " + arguments;
    }

    private Set<String> roots(StepView step) {
        Set<String> known = roots.get(step.id());
        if (known != null) {
            return known;
        }
        Set<String> found = new LinkedHashSet<>();
        for (String id : step.waitsFor()) {
            StepView needed = steps.get(id);
            if (needed == null) {
                continue;
            }
            if (waits(needed)) {
                found.addAll(roots(needed));
            } else if (!needed.state().passes()) {
                found.add(id);
            }
        }
        roots.put(step.id(), found);
        return found;
    }

    private static boolean waits(StepView step) {
        return step.state() == StepState.PENDING || step.state() == StepState.BLOCKED;
    }
}
