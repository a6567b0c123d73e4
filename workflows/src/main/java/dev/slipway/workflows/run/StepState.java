package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a step is. */
public enum StepState {
    /** Waits for its needs. */
    PENDING,
    /** Its needs are met; it waits for a free slot of its kind. */
    QUEUED,
    RUNNING,
    /** Waits to try again. */
    RETRYING,
    /** Has asked a person, and waits for the answer. */
    PARKED,
    /** Could begin; somebody has paused it. */
    PAUSED,
    DONE,
    SKIPPED,
    /** Something it needs did not get done. */
    BLOCKED,
    FAILED,
    CANCELLED,
    /** What it had done was undone. */
    UNDONE;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean settled() {
        return switch (this) {
            case PENDING, QUEUED, RUNNING, RETRYING, PARKED, PAUSED -> false;
            case DONE, SKIPPED, BLOCKED, FAILED, CANCELLED, UNDONE -> true;
        };
    }

    /** Whether those who need the step may start. */
    public boolean passes() {
        return this == DONE || this == SKIPPED;
    }
}
