package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a step does. Concurrency is limited per kind. */
public enum StepKind {
    /** Namespace, owner annotation, inventory, generated secrets. */
    PREPARE,
    /** An image from a commit. */
    BUILD,
    /** All images that were to be built are there: what runs already may be changed from here on. Does nothing itself. */
    IMAGES,
    /** Apply a component and wait until a container of the new revision runs; only where somebody waits for that. */
    START,
    /** Apply a component and wait until it is healthy, or its job completed. */
    DEPLOY,
    /** Wait until the document's raw objects are where they were to get; only where there are some that can say so. */
    SETTLE,
    /** Delete what the document no longer has. */
    PRUNE,
    /** Replace a component's pods by new ones, a few at a time, and wait until it is healthy. */
    RESTART,
    /** Delete a component's objects, and wait until they and their pods have gone. */
    REMOVE,
    /** Delete what is left of an environment, and its namespace where nothing else is in it. */
    CLEAR;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
