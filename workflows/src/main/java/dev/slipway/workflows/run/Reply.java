package dev.slipway.workflows.run;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Somebody answers a question.
 *
 * @param who as the audit knows them
 * @param reason needed where a step is skipped; at most {@value #LONGEST_REASON} characters
 * @param inputs of a form, by field
 */
public record Reply(
        String question,
        Choice choice,
        String who,
        @Nullable String reason,
        Map<String, String> inputs) {
    public static final int LONGEST_REASON = 1_000;

    public Reply {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }
}
