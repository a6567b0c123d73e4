package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Through which door a run was started. */
public enum Trigger {
    BUTTON,
    API,
    /** A push that a git provider told of. */
    WEBHOOK,
    /** A line in a chat. */
    CHAT;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
