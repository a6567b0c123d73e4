package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a run does to its environment. */
public enum Operation {
    DEPLOY,
    /** New pods of what runs already, as it is. */
    RESTART,
    /** Another number of replicas, kept as the environment's override. */
    SCALE,
    /** All of it goes: what Slipway made there, and the environment itself. */
    DESTROY;

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
