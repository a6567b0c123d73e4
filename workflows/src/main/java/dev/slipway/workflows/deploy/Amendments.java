package dev.slipway.workflows.deploy;

import dev.slipway.workflows.application.Formats;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.Amendment;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Components that somebody has changed in the middle of the run: each has a plan of its own from then on (ADR 0051). */
final class Amendments {
    private final RunOpened run;
    private final StoreActivities store;
    private final Map<String, String> plans = new LinkedHashMap<>();
    private final Map<String, Integer> deadlines = new LinkedHashMap<>();
    private final Set<String> unbuilt = new LinkedHashSet<>();
    private int count;

    Amendments(RunOpened run, StoreActivities store) {
        this.run = run;
        this.store = store;
    }

    /** The call by the plan that holds for its component. */
    StepCall call(StepCall call) {
        String component = call.component();
        String plan = component == null ? null : plans.get(component);
        if (component == null || plan == null) {
            return call;
        }
        int seconds = deadlines.getOrDefault(component, call.deadlineSeconds());
        return new StepCall(call.runId(), call.environmentId(), call.stepId(), component, seconds, plan);
    }

    /** The build that has to be done before the step, asked for once; {@code null}: none. */
    @Nullable
    StepCall takeBuild(StepCall call) {
        String component = call.component();
        if (component == null || !unbuilt.remove(component)) {
            return null;
        }
        return new StepCall(
                call.runId(),
                call.environmentId(),
                Step.id(StepKind.BUILD, component),
                component,
                call.deadlineSeconds(),
                call.amended());
    }

    /**
     * Makes the change, and plans the component anew.
     *
     * @return what speaks against it; then everything is as before; {@code null}: the run is being ended
     */
    Promise<@Nullable List<Problem>> make(Step step, Reply reply) {
        return Async.function(() -> change(step, reply));
    }

    private @Nullable List<Problem> change(Step step, Reply reply) {
        String component = Objects.requireNonNull(step.component(), "only a component is changed");
        String planId = run.runId() + "~" + ++count;
        Amendment amendment = new Amendment(run.runId(), planId, component, reply.inputs(), reply.who());
        try {
            store.amend(amendment);
            PlanSkeleton plan =
                    DeployPlanning.plan(new PlanCall(planId, run.environmentId(), run.onConflict()), run.cluster());
            if (!plan.problems().isEmpty()) {
                return plan.problems();
            }
            store.amendRelease(amendment);
            plans.put(component, planId);
            unbuilt.remove(component);
            for (Step planned : plan.steps()) {
                if (component.equals(planned.component())) {
                    if (planned.deadlineSeconds() != null) {
                        deadlines.put(component, planned.deadlineSeconds());
                    }
                    if (planned.kind() == StepKind.BUILD && step.kind() != StepKind.BUILD) {
                        unbuilt.add(component);
                    }
                }
            }
            Formats.deadline(reply.inputs().getOrDefault("timeout", "").strip())
                    .ifPresent(timeout -> deadlines.put(component, (int) timeout.toSeconds()));
            return List.of();
        } catch (CanceledFailure cancelled) {
            return null;
        } catch (ActivityFailure failure) {
            return ActivityCatalogue.problems(failure);
        }
    }
}
