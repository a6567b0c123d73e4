package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.ComponentStateStore.State;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a workload is, by its own status. Pure.
 *
 * @param reason why it is not healthy, in the words of the platform; empty when there is nothing to say
 */
public record Health(State state, String reason, int ready, int wanted) {
    /** Of a job that has completed and is gone. */
    static final Health COMPLETED = new Health(State.HEALTHY, "", 1, 1);

    /** Whether there is nothing left to wait for: healthy, stopped on purpose, or a job that succeeded. */
    public boolean settled() {
        return state == State.HEALTHY || state == State.STOPPED;
    }

    /** @param workload {@code null}: not there */
    public static Health of(@Nullable HasMetadata workload) {
        if (workload instanceof Deployment deployment) {
            return of(deployment);
        }
        if (workload instanceof StatefulSet set) {
            return of(set);
        }
        if (workload instanceof DaemonSet set) {
            return of(set);
        }
        if (workload instanceof Job job) {
            return of(job);
        }
        if (workload instanceof CronJob cron) {
            boolean suspended = Boolean.TRUE.equals(cron.getSpec().getSuspend());
            return new Health(suspended ? State.SUSPENDED : State.HEALTHY, "", 0, 0);
        }
        if (workload instanceof ReplicaSet set) {
            return of(set);
        }
        if (workload instanceof Pod pod) {
            return of(pod);
        }
        if (workload instanceof PersistentVolumeClaim claim) {
            return of(claim);
        }
        if (workload != null && RawHealth.custom(workload)) {
            return ResourceStatus.of(workload).health();
        }
        if (workload instanceof Service) {
            // Of an external component, which nobody asks how it is: its name is there, and that is all there is to it.
            return new Health(State.HEALTHY, "", 0, 0);
        }
        return new Health(State.UNKNOWN, "", 0, 0);
    }

    private static Health of(Deployment deployment) {
        int wanted = number(deployment.getSpec().getReplicas(), 1);
        DeploymentStatus status = deployment.getStatus();
        if (status == null || !observed(deployment, status.getObservedGeneration())) {
            return new Health(State.PROGRESSING, "", 0, wanted);
        }
        int updated = number(status.getUpdatedReplicas(), 0);
        int replicas = number(status.getReplicas(), 0);
        int available = number(status.getAvailableReplicas(), 0);
        int ready = number(status.getReadyReplicas(), 0);
        Optional<DeploymentCondition> failure = condition(status, "ReplicaFailure", "True");
        Optional<DeploymentCondition> late =
                condition(status, "Progressing", "False").filter(c -> "ProgressDeadlineExceeded".equals(c.getReason()));
        if (wanted == 0 && replicas == 0) {
            return new Health(State.STOPPED, "", 0, 0);
        }
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            return new Health(State.SUSPENDED, "", ready, wanted);
        }
        if (updated >= wanted
                && replicas == updated
                && available >= updated
                && (wanted == 0 || condition(status, "Available", "True").isPresent())) {
            return new Health(State.HEALTHY, "", ready, wanted);
        }
        return failure.or(() -> late)
                .map(condition -> new Health(State.DEGRADED, text(condition.getMessage()), ready, wanted))
                .orElse(new Health(State.PROGRESSING, updated + "/" + wanted + " updated", ready, wanted));
    }

    private static Health of(StatefulSet set) {
        int wanted = number(set.getSpec().getReplicas(), 1);
        StatefulSetStatus status = set.getStatus();
        if (status == null || !observed(set, status.getObservedGeneration())) {
            return new Health(State.PROGRESSING, "", 0, wanted);
        }
        int ready = number(status.getReadyReplicas(), 0);
        int replicas = number(status.getReplicas(), 0);
        if (wanted == 0 && replicas == 0) {
            return new Health(State.STOPPED, "", 0, 0);
        }
        boolean sameRevision = Objects.equals(status.getCurrentRevision(), status.getUpdateRevision());
        boolean proved =
                set.getSpec().getMinReadySeconds() == null || number(status.getAvailableReplicas(), 0) >= wanted;
        return ready == wanted && replicas == wanted && sameRevision && proved
                ? new Health(State.HEALTHY, "", ready, wanted)
                : new Health(State.PROGRESSING, ready + "/" + wanted + " ready", ready, wanted);
    }

    /** One that is wanted on no node is healthy: there may be none that it fits on. */
    private static Health of(DaemonSet set) {
        DaemonSetStatus status = set.getStatus();
        if (status == null
                || status.getDesiredNumberScheduled() == null
                || !observed(set, status.getObservedGeneration())) {
            return new Health(State.PROGRESSING, "", 0, 0);
        }
        int wanted = status.getDesiredNumberScheduled();
        int ready = number(status.getNumberReady(), 0);
        int updated = number(status.getUpdatedNumberScheduled(), 0);
        boolean there = number(status.getCurrentNumberScheduled(), 0) >= wanted
                && updated >= wanted
                && number(status.getNumberAvailable(), 0) >= wanted
                && ready >= wanted;
        return there
                ? new Health(State.HEALTHY, "", ready, wanted)
                : new Health(State.PROGRESSING, updated + "/" + wanted + " updated", ready, wanted);
    }

    private static Health of(Job job) {
        JobStatus status = job.getStatus();
        int wanted = number(job.getSpec().getCompletions(), 1);
        int succeeded = status == null ? 0 : number(status.getSucceeded(), 0);
        if (jobCondition(job, "Complete").isPresent()) {
            return new Health(State.HEALTHY, "", succeeded, wanted);
        }
        Optional<JobCondition> failed = jobCondition(job, "Failed").or(() -> jobCondition(job, "FailureTarget"));
        if (failed.isPresent()) {
            return new Health(State.DEGRADED, text(failed.get().getMessage()), succeeded, wanted);
        }
        if (jobCondition(job, "Suspended").isPresent()) {
            return new Health(State.SUSPENDED, "", succeeded, wanted);
        }
        return new Health(State.PROGRESSING, "", succeeded, wanted);
    }

    private static Health of(ReplicaSet set) {
        int wanted = number(set.getSpec().getReplicas(), 1);
        ReplicaSetStatus status = set.getStatus();
        if (status == null || !observed(set, status.getObservedGeneration())) {
            return new Health(State.PROGRESSING, "", 0, wanted);
        }
        int ready = number(status.getReadyReplicas(), 0);
        if (wanted == 0 && number(status.getReplicas(), 0) == 0) {
            return new Health(State.STOPPED, "", 0, 0);
        }
        boolean there = number(status.getAvailableReplicas(), 0) >= wanted && number(status.getReplicas(), 0) == wanted;
        return there
                ? new Health(State.HEALTHY, "", ready, wanted)
                : new Health(State.PROGRESSING, ready + "/" + wanted + " ready", ready, wanted);
    }

    private static Health of(Pod pod) {
        String phase = pod.getStatus() == null ? "" : text(pod.getStatus().getPhase());
        if (phase.equals("Succeeded") || PodCauses.ready(pod)) {
            return new Health(State.HEALTHY, "", 1, 1);
        }
        return new Health(phase.equals("Failed") ? State.DEGRADED : State.PROGRESSING, phase, 0, 1);
    }

    private static Health of(PersistentVolumeClaim claim) {
        String phase = claim.getStatus() == null ? "" : text(claim.getStatus().getPhase());
        return switch (phase) {
            case "Bound" -> new Health(State.HEALTHY, "", 0, 0);
            case "Lost" -> new Health(State.DEGRADED, phase, 0, 0);
            default -> new Health(State.PROGRESSING, phase, 0, 0);
        };
    }

    static Optional<JobCondition> jobCondition(Job job, String type) {
        if (job.getStatus() == null) {
            return Optional.empty();
        }
        return Objects.requireNonNullElse(job.getStatus().getConditions(), List.<JobCondition>of()).stream()
                .filter(condition -> condition.getType().equals(type) && "True".equals(condition.getStatus()))
                .findFirst();
    }

    static Optional<DeploymentCondition> condition(DeploymentStatus status, String type, String value) {
        return Objects.requireNonNullElse(status.getConditions(), List.<DeploymentCondition>of()).stream()
                .filter(condition -> condition.getType().equals(type) && value.equals(condition.getStatus()))
                .findFirst();
    }

    private static boolean observed(HasMetadata object, @Nullable Long generation) {
        Long wanted = object.getMetadata().getGeneration();
        return wanted == null || generation != null && generation >= wanted;
    }

    private static int number(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
