package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.Objects;
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
 * @param problem what made it fail, or what it retries after or asks about; {@code null}: nothing
 * @param tries its attempts that failed, oldest first: the last {@value #MOST_TRIES}
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
        @Nullable Problem problem,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Try> tries) {
    static final int MOST_TRIES = 20;

    /**
     * An attempt that failed.
     *
     * @param from milliseconds since the epoch
     * @param until likewise
     * @param code of what made it fail
     */
    public record Try(int attempt, long from, long until, String code) {}

    public StepView {
        needs = List.copyOf(needs);
        waitsFor = List.copyOf(waitsFor);
        tries = List.copyOf(Objects.requireNonNullElse(tries, List.of()));
    }

    /** Of a step none of whose attempts has failed. */
    public StepView(
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
        this(id, kind, component, state, attempt, startedAt, endedAt, needs, waitsFor, problem, List.of());
    }

    /** It has begun to act: it may have left something that is to be undone. */
    public boolean acted() {
        return startedAt != 0;
    }
}
