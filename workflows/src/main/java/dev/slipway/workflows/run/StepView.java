package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step as people see it.
 *
 * @param id {@code deploy/orders}
 * @param attempt from 1; 0: not begun
 * @param startedAt milliseconds since the epoch, the moment the step began to act; 0: it has not
 * @param endedAt likewise; 0: it has not ended
 * @param needs ids of the steps it needs
 * @param waitsFor those of its needs that are not done yet; empty once it runs
 * @param problem what made it fail, or what it retries after; {@code null}: nothing
 */
public record StepView(
        String id,
        StepKind kind,
        @Nullable String component,
        StepState state,
        int attempt,
        long startedAt,
        long endedAt,
        List<String> needs,
        List<String> waitsFor,
        @Nullable Problem problem) {
    public StepView {
        needs = List.copyOf(needs);
        waitsFor = List.copyOf(waitsFor);
    }
}
