package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps as a graph inside a workflow: each starts the moment its own needs are met and its kind has a free slot.
 * No waves, no barriers. A step that fails blocks those who need it, and nobody else; one that waits for a person holds no
 * slot. Every step settles: done, skipped, blocked, failed or cancelled.
 *
 * <p>One workflow thread serves all steps, so a graph of a thousand costs no threads. Iteration is in the order of the
 * given list everywhere: the same inputs give the same commands (replay).
 */
public final class StepGraph {
    /**
     * How a step ended, or that it waits for a person.
     *
     * @param state a settled one; {@link StepState#PARKED}: it has given its slot back and goes on as {@code then} says;
     *     {@link StepState#QUEUED}, only from {@code then}: it wants to begin once more
     * @param problem what made it fail, or what it asks about; {@code null} for all others
     * @param then {@code null} unless parked
     */
    public record Settlement(
            StepState state,
            @Nullable Problem problem,
            @Nullable Promise<Settlement> then) {
        public static final Settlement DONE = new Settlement(StepState.DONE, null, null);
        public static final Settlement SKIPPED = new Settlement(StepState.SKIPPED, null, null);
        public static final Settlement CANCELLED = new Settlement(StepState.CANCELLED, null, null);
        /** Once more, from the queue of its kind. */
        public static final Settlement AGAIN = new Settlement(StepState.QUEUED, null, null);

        private static final Settlement BLOCKED = new Settlement(StepState.BLOCKED, null, null);

        public static Settlement failed(Problem problem) {
            return new Settlement(StepState.FAILED, problem, null);
        }

        /** It waits, and holds no slot meanwhile. */
        public static Settlement parked(Problem problem, Promise<Settlement> then) {
            return new Settlement(StepState.PARKED, problem, then);
        }
    }

    /** Holds steps back that could start. */
    public interface Gate {
        /** Nothing is held back. */
        Gate OPEN = new Gate() {
            @Override
            public boolean holds(Step step) {
                return false;
            }

            @Override
            public int changes() {
                return 0;
            }
        };

        /** Whether the step must not begin now. One that has begun goes on. */
        boolean holds(Step step);

        /** Grows with every change of what is held. */
        int changes();
    }

    /** Is told of everything that happens to a step; a view for people hangs here. */
    public interface Listener {
        void queued(Step step);

        void started(Step step);

        /** It waits for a person. */
        void parked(Step step, Problem problem);

        void settled(Step step, Settlement settlement);
    }

    /** @param held it held a slot until now */
    private record Arrival(Step step, Settlement settlement, boolean held) {}

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
    public void run(Function<Step, Promise<Settlement>> body, Gate gate, Listener listener) {
        new Pass(body, gate, listener).run();
    }

    /** The ids of a step's dependants, direct or not, and its own. */
    public Set<String> branch(String stepId) {
        Set<String> branch = new LinkedHashSet<>();
        Deque<String> ahead = new ArrayDeque<>(List.of(stepId));
        while (!ahead.isEmpty()) {
            String id = ahead.removeFirst();
            if (branch.add(id)) {
                dependants.getOrDefault(id, List.of()).forEach(step -> ahead.addLast(step.id()));
            }
        }
        return branch;
    }

    /** One way through the graph. */
    private final class Pass {
        private final Function<Step, Promise<Settlement>> body;
        private final Gate gate;
        private final Listener listener;
        private final Map<String, Integer> missing = new LinkedHashMap<>();
        private final Map<StepKind, Deque<Step>> queues = new TreeMap<>();
        private final Map<StepKind, Integer> running = new TreeMap<>();
        private final Deque<Arrival> arrivals = new ArrayDeque<>();
        private final List<RuntimeException> bugs = new ArrayList<>();
        private final Map<String, StepState> states = new LinkedHashMap<>();

        private Pass(Function<Step, Promise<Settlement>> body, Gate gate, Listener listener) {
            this.body = body;
            this.gate = gate;
            this.listener = listener;
        }

        private void run() {
            for (Step step : steps.values()) {
                missing.put(step.id(), step.needs().size());
                if (step.needs().isEmpty()) {
                    queue(step);
                }
            }
            while (states.size() < steps.size()) {
                int seen = gate.changes();
                startWhatMay();
                awaitEvenWhenCancelled(() -> !arrivals.isEmpty() || !bugs.isEmpty() || gate.changes() != seen);
                if (!bugs.isEmpty()) {
                    throw bugs.get(0);
                }
                while (!arrivals.isEmpty()) {
                    arrive(arrivals.removeFirst());
                }
            }
        }

        private void arrive(Arrival arrival) {
            Step step = arrival.step();
            Settlement settlement = arrival.settlement();
            if (arrival.held()) {
                running.merge(step.kind(), -1, Integer::sum);
            }
            if (settlement.then() != null) {
                listener.parked(step, Objects.requireNonNull(settlement.problem(), "a parked step says why"));
                follow(step, settlement.then(), false);
            } else if (settlement.state() == StepState.QUEUED) {
                queue(step);
            } else {
                settle(step, settlement);
            }
        }

        private void queue(Step step) {
            queues.computeIfAbsent(step.kind(), kind -> new ArrayDeque<>()).addLast(step);
            listener.queued(step);
        }

        private void startWhatMay() {
            queues.forEach((kind, queue) -> {
                int limit = limits.getOrDefault(kind, Integer.MAX_VALUE);
                Iterator<Step> waiting = queue.iterator();
                while (waiting.hasNext() && running.getOrDefault(kind, 0) < limit) {
                    Step step = waiting.next();
                    if (!gate.holds(step)) {
                        waiting.remove();
                        running.merge(kind, 1, Integer::sum);
                        listener.started(step);
                        follow(step, body.apply(step), true);
                    }
                }
            });
        }

        private void follow(Step step, Promise<Settlement> promise, boolean held) {
            var unused = promise.handle((settlement, failure) -> {
                if (failure != null) {
                    bugs.add(failure);
                } else {
                    arrivals.addLast(new Arrival(step, settlement, held));
                }
                return true;
            });
        }

        private void settle(Step step, Settlement settlement) {
            Deque<Arrival> settled = new ArrayDeque<>();
            settled.add(new Arrival(step, settlement, false));
            while (!settled.isEmpty()) {
                Arrival next = settled.removeFirst();
                if (states.putIfAbsent(next.step().id(), next.settlement().state()) != null) {
                    continue; // blocked by two of its needs
                }
                listener.settled(next.step(), next.settlement());
                for (Step dependant : dependants.getOrDefault(next.step().id(), List.of())) {
                    if (!next.settlement().state().passes()) {
                        settled.addLast(new Arrival(dependant, Settlement.BLOCKED, false));
                    } else if (missing.merge(dependant.id(), -1, Integer::sum) == 0
                            && !states.containsKey(dependant.id())) {
                        queue(dependant);
                    }
                }
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
