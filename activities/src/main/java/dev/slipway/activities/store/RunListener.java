package dev.slipway.activities.store;

import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.workflows.run.Question;

/**
 * Is told what becomes of runs, inside the transaction that records it: what a listener writes with the same store is there exactly
 * when the fact is. It must not throw for other reasons than the store, nor talk to anybody else.
 */
public interface RunListener {
    /** The run has a plan and begins its steps. May be told again when the call that recorded it is repeated. */
    default void started(StoredRun run) {}

    /**
     * The run asks a person.
     *
     * @param reminder it has asked before, and the time for an answer is nearly over
     */
    default void asks(StoredRun run, Question question, boolean reminder) {}

    /** The run is over; told once. */
    default void finished(StoredRun run) {}
}
