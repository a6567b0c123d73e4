package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ResourceStatus.Condition;
import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.Pending;
import dev.slipway.activities.kubernetes.Verdict.Reached;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What {@link Judge} says of what runs no pods of its own making: custom resources, claims, single pods. Pure but for the clock. */
final class RawJudge {
    /** How long a status that does not say what it is about may be the one of before, or none at all yet. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** A claim that waits for its first pod waits for nothing that is wrong. */
    private static final Set<String> FOR_A_POD = Set.of("WaitForFirstConsumer", "WaitForPodScheduled");

    private RawJudge() {}

    static Verdict resource(HasMetadata resource, Since since) {
        ResourceStatus status = ResourceStatus.of(resource);
        boolean believed = status.observed()
                || since.longer(
                        "status of " + resource.getMetadata().getUid() + " "
                                + resource.getMetadata().getGeneration(),
                        QUIET);
        Condition decisive = status.decisive();
        if (status.state() == State.HEALTHY) {
            return believed ? new Reached() : new Pending(decisive == null ? "no status yet" : status.words());
        }
        if (decisive == null) {
            return new Pending(status.words());
        }
        Failed cause = new Failed(said(resource, status.state(), decisive), null);
        return status.state() == State.DEGRADED && believed
                ? cause
                : new Pending(status.words(), List.of(), List.of(cause));
    }

    private static Problem said(HasMetadata resource, State state, Condition condition) {
        return Problem.of(
                state == State.DEGRADED
                        ? ProblemCode.KUBERNETES_OBJECT_STALLED
                        : ProblemCode.KUBERNETES_OBJECT_NOT_READY,
                where(resource),
                "object",
                resource.getKind() + "/" + resource.getMetadata().getName(),
                "condition",
                condition.word(),
                "reason",
                condition.reason().isEmpty() ? "-" : condition.reason(),
                "message",
                condition.message().isEmpty() ? "-" : condition.message());
    }

    static Verdict claim(PersistentVolumeClaim claim, Evidence evidence) {
        Health health = Health.of(claim);
        if (health.settled()) {
            return new Reached();
        }
        if (health.state() == State.DEGRADED) {
            return new Failed(Causes.noVolume(where(claim), claim, health.reason()), null);
        }
        Event newest = evidence.about(claim).findFirst().orElse(null);
        if (newest == null) {
            return new Pending(health.reason(), List.of(claim), List.of());
        }
        if (FOR_A_POD.contains(newest.getReason())) {
            return new Reached();
        }
        Failed cause = new Failed(Causes.noVolume(where(claim), claim, Evidence.message(newest)), null);
        if (Evidence.says(newest, "ProvisioningFailed")) {
            return cause;
        }
        return new Pending(
                health.reason() + ": " + Evidence.message(newest),
                List.of(claim),
                "Warning".equals(newest.getType()) || Evidence.says(newest, "FailedBinding")
                        ? List.of(cause)
                        : List.of());
    }

    /** A pod that nobody makes anew has failed. */
    static Failed ended(Pod pod) {
        return PodCauses.end(pod).orElseGet(() -> Causes.evicted(pod));
    }

    private static String where(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
