package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of the graph.
 *
 * @param component {@code null} for steps of the environment as a whole
 * @param needs ids of the steps that must be done before this one may start
 */
public record Step(StepKind kind, @Nullable String component, List<String> needs) {
    public Step {
        needs = List.copyOf(needs);
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
