package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How long each step waits for its component (ADR 17).
 *
 * @param otherwise of a component that says nothing
 */
record Deadlines(Duration otherwise) {
    private static final Set<StepKind> WAITING =
            EnumSet.of(StepKind.START, StepKind.DEPLOY, StepKind.RESTART, StepKind.SETTLE);

    /** The steps as the plan keeps them: a setting that is changed later is not theirs. */
    List<Step> of(List<Step> steps, Application application) {
        return steps.stream()
                .map(step -> WAITING.contains(step.kind()) ? step.within(seconds(step, application)) : step)
                .toList();
    }

    private int seconds(Step step, Application application) {
        Duration deadline = application.components().stream()
                .filter(component -> component.name().equals(step.component()))
                .findFirst()
                .map(Component::ownDeadline)
                .orElse(otherwise);
        return Math.toIntExact(deadline.toSeconds());
    }

    /** @param within what the plan gave the step */
    static Patience patience(Component component, Duration within) {
        String deadline = component.deadline();
        return deadline == null ? new Patience(within, Patience.QUIET) : Patience.own(within, deadline);
    }
}
