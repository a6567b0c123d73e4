package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a run does to its environment. */
public enum Operation {
    DEPLOY,
    /** The images that a deploy would build, and nothing else: the environment stays as it is. */
    BUILD,
    /** New pods of what runs already, as it is. */
    RESTART,
    /** Another number of replicas, kept as the environment's override. */
    SCALE,
    /** All of it goes: what Slipway made there, and the environment itself. */
    DESTROY;

    /** Whether it is about the sources as they are now; else about what runs. */
    public boolean readsSources() {
        return this == DEPLOY || this == BUILD;
    }

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
