package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of a field that somebody else has set to another value than the document wishes. */
public enum OnConflict {
    /** Nothing is written: the run is refused, with every such field named. */
    STOP,
    /** The document's value is written over theirs, for just these fields. */
    TAKE,
    /** Theirs stays, also in later runs, until one is told to {@link #TAKE}. */
    LEAVE;

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
