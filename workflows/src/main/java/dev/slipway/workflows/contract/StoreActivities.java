package dev.slipway.workflows.contract;

import io.temporal.activity.ActivityInterface;

/** What a run records of itself. Every call is safe to repeat. */
@ActivityInterface
public interface StoreActivities {
    /** Marks the run as begun and tells what it needs; of a run that is over, its outcome. */
    RunOpened openRun(String runId);

    /** Marks the run as running its steps. */
    void startRun(String runId);

    /** Writes the release, state {@code deploying}, before anything is applied. A repeated call changes nothing. */
    void openRelease(String runId);

    /**
     * Records the end of a run and of its release, if it opened one: {@code deployed} when it succeeded, {@code partial}
     * when some components got there, else {@code failed}. The first end counts.
     */
    void finishRun(RunFinished finished);
}
