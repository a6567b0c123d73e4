package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a run ended: a value, never an exception. */
public enum Outcome {
    SUCCEEDED("succeeded"),
    /** Everything was as wished before the run did anything. */
    UNCHANGED("unchanged"),
    /** Nothing was written: the plan could not be made, or is not the one that was agreed to. */
    REFUSED("refused"),
    FAILED("failed"),
    ROLLED_BACK("rolledBack"),
    ROLLBACK_INCOMPLETE("rollbackIncomplete"),
    /** It had not begun, or all it did was undone. */
    CANCELLED("cancelled"),
    /** A person ended it; what it had done stays. */
    STOPPED("stopped"),
    /** It had not begun when a newer run took its place. */
    SUPERSEDED("superseded"),
    /** It was ended from outside the run, without its own say. */
    TERMINATED("terminated");

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return word;
    }
}
