package dev.slipway.web.environments;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as one line of a list. */
public record RunRow(
        String id,
        String environment,
        long number,
        String operation,
        List<String> components,
        String state,
        @Nullable String outcome,
        String actor,
        String trigger,
        Instant acceptedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    public RunRow {
        components = List.copyOf(components);
    }

    /** The outcome once there is one, else the state. */
    public String shown() {
        return outcome == null ? state : outcome;
    }

    public boolean open() {
        return outcome == null;
    }
}
