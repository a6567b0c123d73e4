package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Through which door a run was started. */
public enum Trigger {
    BUTTON,
    API;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
