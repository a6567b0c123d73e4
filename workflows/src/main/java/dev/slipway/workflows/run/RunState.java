package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a run is. */
public enum RunState {
    /** Recorded; it may wait in its environment's lane. */
    ACCEPTED,
    PLANNING,
    RUNNING,
    /** For a person. */
    WAITING,
    FINISHED;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
