package dev.slipway.workflows.environment;

import dev.slipway.workflows.run.Operation;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one workflow per environment that admits one mutating run at a time and queues the rest, first come first served. */
@WorkflowInterface
public interface LaneWorkflow {
    int MAX_WAITING = 1_000;

    /**
     * A run at the lane.
     *
     * @param operation decides which workflow runs it
     */
    record Entry(String runId, Operation operation) {}

    /**
     * What a lane carries over when it continues as new.
     *
     * @param recent ids of the last runs that went through, so that a late second submission is recognised
     */
    record LaneState(String environmentId, List<Entry> waiting, List<String> recent) {
        public LaneState {
            waiting = List.copyOf(waiting);
            recent = List.copyOf(recent);
        }

        public static LaneState empty(String environmentId) {
            return new LaneState(environmentId, List.of(), List.of());
        }
    }

    /**
     * @param running {@code null}: the lane is free
     * @param waiting run ids in the order in which they will run
     */
    record LaneView(@Nullable String running, List<String> waiting) {
        public LaneView {
            waiting = List.copyOf(waiting);
        }
    }

    /** Ends when nothing waits for a minute; the next submission starts it anew. */
    @WorkflowMethod
    void run(LaneState state);

    /** Puts a run at the end of the queue. A run that is known already is not queued twice: safe to repeat. */
    @UpdateMethod
    LaneView submit(Entry entry);

    /** Refuses when {@link #MAX_WAITING} wait: failure type {@code SLP-RUN-QUEUE-FULL}. */
    @UpdateValidatorMethod(updateName = "submit")
    void validateSubmit(Entry entry);

    /**
     * Ends a run that has not begun {@code cancelled}: it is taken out of the queue, or, when it has not been submitted yet, will
     * not be let in. False when it runs or has run.
     */
    @UpdateMethod
    boolean withdraw(String runId);

    /** As {@link #withdraw}, for a run whose place a newer one takes: it ends {@code superseded}. */
    @UpdateMethod
    boolean supersede(String runId);

    /**
     * The run was ended from outside: the lane waits for it no longer. Not every engine tells a parent that its child was
     * terminated. Safe to repeat; of a run that it is not at, nothing changes.
     */
    @UpdateMethod
    void forget(String runId);

    @QueryMethod
    LaneView view();
}
