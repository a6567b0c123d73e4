package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of the graph.
 *
 * @param component {@code null} for steps of the environment as a whole
 * @param needs ids of the steps that must be done before this one may start
 * @param deadlineSeconds how long the component may take to get where the step waits for; {@code null}: the step waits for
 *     none, or its plan is of before plans said so
 */
public record Step(
        StepKind kind,
        @Nullable String component,
        List<String> needs,
        @Nullable Integer deadlineSeconds) {
    public Step {
        needs = List.copyOf(needs);
    }

    public Step(StepKind kind, @Nullable String component, List<String> needs) {
        this(kind, component, needs, null);
    }

    /** The same step with so much time. */
    public Step within(int seconds) {
        return new Step(kind, component, needs, seconds);
    }

    /** {@code deploy/orders}, {@code prune}: unique within a run. */
    @JsonIgnore
    public String id() {
        return id(kind, component);
    }

    public static String id(StepKind kind, @Nullable String component) {
        return component == null ? kind.word() : kind.word() + "/" + component;
    }
}
