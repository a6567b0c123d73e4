package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what holds up each step that waits, for whoever waits for the step. The newest word wins, whoever writes first. */
final class Obstacles {
    private record Step(String runId, String stepId) {}

    private final StepLog log;
    private final AsyncSteps steps;
    private final Map<Step, Optional<Problem>> untold = new HashMap<>();
    private final Set<Step> told = new HashSet<>();

    Obstacles(StepLog log, AsyncSteps steps) {
        this.log = log;
        this.steps = steps;
    }

    /** What an attempt in a process that died has left is no news. */
    void begin(StepCall call, int attempt) {
        if (attempt > 1) {
            synchronized (this) {
                told.add(new Step(call.runId(), call.stepId()));
            }
            tell(call, Optional.empty());
        }
    }

    /** Returns at once. */
    void tell(StepCall call, Optional<Problem> obstacle) {
        synchronized (this) {
            Step step = new Step(call.runId(), call.stepId());
            if (obstacle.isEmpty() && !told.contains(step) && !untold.containsKey(step)) {
                return;
            }
            untold.put(step, obstacle);
        }
        steps.tell(() -> write(call));
    }

    private synchronized void write(StepCall call) {
        Step step = new Step(call.runId(), call.stepId());
        Optional<Problem> obstacle = untold.remove(step);
        if (obstacle == null) {
            return; // written together with an earlier one
        }
        log.obstacle(call, obstacle.orElse(null));
        if (obstacle.isPresent()) {
            told.add(step);
        } else {
            told.remove(step);
        }
    }
}
