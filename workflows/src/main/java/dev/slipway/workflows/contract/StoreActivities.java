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

    /** Records an open question, for lists and whoever is told of it. Of one that is answered, nothing changes. */
    void ask(RunQuestion question);

    /** Tells again who was told of the question: its time is nearly over. */
    void remind(RunQuestion question);

    /** Records the question with its answer. */
    void answered(RunQuestion question);

    /**
     * Puts the changes of a component among its environment's overrides, and notes what the plan of that id is to be about: the
     * component and nothing else. It is then planned as any other.
     *
     * @throws io.temporal.failure.ApplicationFailure with all that is wrong with the changes; nothing is written then
     */
    void amend(Amendment amendment);

    /** The run's release and its images say what the plan of that id says about the component. */
    void amendRelease(Amendment amendment);

    /**
     * Records the end of a run and of its release, if it opened one: {@code deployed} when it succeeded, {@code partial}
     * when some components got there, else {@code failed}. The first end counts.
     */
    void finishRun(RunFinished finished);
}
