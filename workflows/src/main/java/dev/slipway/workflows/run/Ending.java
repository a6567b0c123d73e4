package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a run ends before its steps are through. */
public enum Ending {
    /** Somebody cancelled it: what it has done is undone. */
    CANCEL("cancel"),
    /** A step failed, and what the run has done is undone. */
    ROLL_BACK("rollBack"),
    /** Somebody stopped it: what it has done stays. */
    STOP("stop");

    private final String word;

    Ending(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }

    public boolean undoes() {
        return this != STOP;
    }
}
