package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of a run when a step of it fails for good. */
public enum OnFailure {
    /** The step asks a person; siblings go on. Without an answer in time the run goes on as with {@link #STOP}. */
    ASK,
    /** All that the run has done is undone. */
    ROLLBACK,
    /** Siblings go on, what needs the step is not begun; what is done stays. */
    STOP;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
