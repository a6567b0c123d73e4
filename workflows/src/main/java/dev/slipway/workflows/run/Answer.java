package dev.slipway.workflows.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer that counted.
 *
 * @param who as the audit knows them; empty: nobody answered in time, and the default was taken
 * @param at milliseconds since the epoch
 * @param reason what they said to it; {@code null}: nothing
 * @param inputs names of the fields that they filled in; the values may be secret and are not kept here
 */
public record Answer(
        Choice choice, String who, long at, @Nullable String reason, List<String> inputs) {
    public Answer {
        inputs = List.copyOf(inputs);
    }
}
