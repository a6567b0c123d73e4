package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run.
 *
 * @param progress its last state, kept for ever; {@code null} when the run could not say (it was terminated)
 */
public record RunFinished(
        String runId, Outcome outcome, @Nullable Progress progress) {}
