package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps as a graph inside a workflow: each starts the moment its own needs are met and its kind has a free slot.
 * No waves, no barriers. A step that fails blocks those who need it, and nobody else. Every step settles: done, skipped,
 * blocked, failed or cancelled.
 *
 * <p>One workflow thread serves all steps, so a graph of a thousand costs no threads. Iteration is in the order of the
 * given list everywhere: the same inputs give the same commands (replay).
 */
public final class StepGraph {
    /**
     * How a step ended.
     *
     * @param problem what made it fail; {@code null} unless failed
     */
    public record Settlement(StepState state, @Nullable Problem problem) {
        public static final Settlement DONE = new Settlement(StepState.DONE, null);
        public static final Settlement CANCELLED = new Settlement(StepState.CANCELLED, null);

        public static Settlement failed(Problem problem) {
            return new Settlement(StepState.FAILED, problem);
        }
    }

    /** Is told of everything that happens to a step; a view for people hangs here. */
    public interface Listener {
        void queued(Step step);

        void started(Step step);

        void settled(Step step, Settlement settlement);
    }

    private record Arrival(Step step, Settlement settlement) {}

    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<String, List<Step>> dependants = new LinkedHashMap<>();
    private final Map<StepKind, Integer> limits;

    /**
     * @param limits how many steps of a kind may run at once; a kind that is not named has no limit
     * @throws IllegalArgumentException when ids repeat, a need is unknown, or needs form a cycle (it names them)
     */
    public StepGraph(List<Step> steps, Map<StepKind, Integer> limits) {
        for (Step step : steps) {
            if (this.steps.put(step.id(), step) != null) {
                throw new IllegalArgumentException("two steps are called " + step.id());
            }
            dependants.put(step.id(), new ArrayList<>());
        }
        for (Step step : steps) {
            for (String need : step.needs()) {
                List<Step> waiting = dependants.get(need);
                if (waiting == null) {
                    throw new IllegalArgumentException(step.id() + " needs " + need + ", which is no step");
                }
                waiting.add(step);
            }
        }
        this.limits = new TreeMap<>(limits);
        refuseCycles();
    }

    /**
     * Runs everything and returns when every step has settled.
     *
     * @param body begins a step and promises its settlement; a promise that fails is a bug and fails the run
     */
    public void run(Function<Step, Promise<Settlement>> body, Listener listener) {
        Map<String, Integer> missing = new LinkedHashMap<>();
        Map<StepKind, Deque<Step>> queues = new TreeMap<>();
        Map<StepKind, Integer> running = new TreeMap<>();
        Deque<Arrival> arrivals = new ArrayDeque<>();
        List<RuntimeException> bugs = new ArrayList<>();
        Map<String, StepState> states = new LinkedHashMap<>();

        for (Step step : steps.values()) {
            missing.put(step.id(), step.needs().size());
            if (step.needs().isEmpty()) {
                queue(step, queues, listener);
            }
        }
        while (states.size() < steps.size()) {
            startWhatMay(queues, running, body, listener, arrivals, bugs);
            awaitEvenWhenCancelled(() -> !arrivals.isEmpty() || !bugs.isEmpty());
            if (!bugs.isEmpty()) {
                throw bugs.get(0);
            }
            while (!arrivals.isEmpty()) {
                Arrival arrival = arrivals.removeFirst();
                running.merge(arrival.step().kind(), -1, Integer::sum);
                settle(arrival.step(), arrival.settlement(), states, missing, queues, listener);
            }
        }
    }

    /** A cancel reaches the steps; the graph itself waits until each of them has said how it ended. */
    private static void awaitEvenWhenCancelled(Supplier<Boolean> condition) {
        try {
            Workflow.await(condition);
        } catch (CanceledFailure cancelled) {
            Workflow.newDetachedCancellationScope(() -> Workflow.await(condition))
                    .run();
        }
    }

    private void queue(Step step, Map<StepKind, Deque<Step>> queues, Listener listener) {
        queues.computeIfAbsent(step.kind(), kind -> new ArrayDeque<>()).addLast(step);
        listener.queued(step);
    }

    private void startWhatMay(
            Map<StepKind, Deque<Step>> queues,
            Map<StepKind, Integer> running,
            Function<Step, Promise<Settlement>> body,
            Listener listener,
            Deque<Arrival> arrivals,
            List<RuntimeException> bugs) {
        queues.forEach((kind, queue) -> {
            int limit = limits.getOrDefault(kind, Integer.MAX_VALUE);
            while (!queue.isEmpty() && running.getOrDefault(kind, 0) < limit) {
                Step step = queue.removeFirst();
                running.merge(kind, 1, Integer::sum);
                listener.started(step);
                var unused = body.apply(step).handle((settlement, failure) -> {
                    if (failure != null) {
                        bugs.add(failure);
                    } else {
                        arrivals.addLast(new Arrival(step, settlement));
                    }
                    return true;
                });
            }
        });
    }

    private void settle(
            Step step,
            Settlement settlement,
            Map<String, StepState> states,
            Map<String, Integer> missing,
            Map<StepKind, Deque<Step>> queues,
            Listener listener) {
        Deque<Arrival> settled = new ArrayDeque<>();
        settled.add(new Arrival(step, settlement));
        while (!settled.isEmpty()) {
            Arrival next = settled.removeFirst();
            if (states.putIfAbsent(next.step().id(), next.settlement().state()) != null) {
                continue; // blocked by two of its needs
            }
            listener.settled(next.step(), next.settlement());
            for (Step dependant : dependants.getOrDefault(next.step().id(), List.of())) {
                if (!next.settlement().state().passes()) {
                    settled.addLast(new Arrival(dependant, new Settlement(StepState.BLOCKED, null)));
                } else if (missing.merge(dependant.id(), -1, Integer::sum) == 0
                        && !states.containsKey(dependant.id())) {
                    queue(dependant, queues, listener);
                }
            }
        }
    }

    private void refuseCycles() {
        Map<String, Integer> missing = new LinkedHashMap<>();
        Deque<Step> free = new ArrayDeque<>();
        for (Step step : steps.values()) {
            missing.put(step.id(), step.needs().size());
            if (step.needs().isEmpty()) {
                free.add(step);
            }
        }
        while (!free.isEmpty()) {
            Step step = free.removeFirst();
            missing.remove(step.id());
            for (Step dependant : dependants.getOrDefault(step.id(), List.of())) {
                if (missing.merge(dependant.id(), -1, Integer::sum) == 0) {
                    free.addLast(dependant);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("these steps need one another: " + missing.keySet());
        }
    }
}
