package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Verdict.Blocked;
import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.LogSource;
import dev.slipway.activities.kubernetes.Verdict.Pending;
import dev.slipway.activities.kubernetes.Verdict.Reached;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Looks at a component and says whether it is where it was to get, and if not, whether it ever will. Pure but for the clock. */
final class Judge {
    private static final Duration QUIET = Duration.ofSeconds(2);

    private Judge() {}

    /** @param events newest warnings about the object that the last {@link Pending} named */
    static Verdict look(View view, Readiness.Target target, List<Event> events, Since since) {
        HasMetadata workload = view.workload();
        if (workload == null || !target.written(workload)) {
            return new Pending("not seen yet", null);
        }
        Health health = Health.of(workload);
        if (workload instanceof Job job) {
            Optional<Verdict> end = end(job, view, health);
            if (end.isPresent()) {
                return end.get();
            }
        } else if (target.condition() != Condition.STARTED && health.settled()) {
            return new Reached();
        }
        if (!view.observed()) {
            return new Pending("not looked at by its controller yet", null);
        }
        if (target.condition() == Condition.STARTED
                && (health.state() == State.STOPPED || view.current().stream().anyMatch(PodCauses::started))) {
            return new Reached();
        }
        Optional<Verdict> blocked = view.older().stream()
                .filter(pod -> PodCauses.of(pod, since).isPresent())
                .findFirst()
                .map(pod -> new Blocked(
                        pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
        return blocked.or(() -> failure(view, workload, events, since)).orElseGet(() -> pending(view, health, since));
    }

    private static Optional<Verdict> end(Job job, View view, Health health) {
        if (health.settled()) {
            return Optional.of(new Reached());
        }
        return Health.jobCondition(job, "Failed")
                .map(condition -> new Failed(jobFailed(job, condition, view), lastLog(view)));
    }

    private static Problem jobFailed(Job job, JobCondition condition, View view) {
        String exit = lastPod(view).map(PodCauses::seen).orElse("-");
        return Problem.of(
                ProblemCode.JOB_FAILED,
                "Job " + job.getMetadata().getNamespace() + "/"
                        + job.getMetadata().getName(),
                "reason",
                Objects.requireNonNullElse(condition.getReason(), ""),
                "message",
                Objects.requireNonNullElse(condition.getMessage(), ""),
                "seen",
                exit);
    }

    private static Optional<Pod> lastPod(View view) {
        return view.pods().stream()
                .filter(pod -> view.current().contains(pod))
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()));
    }

    private static @org.jspecify.annotations.Nullable LogSource lastLog(View view) {
        return lastPod(view)
                .map(pod -> new LogSource(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        pod.getSpec().getContainers().get(0).getName(),
                        false))
                .orElse(null);
    }

    private static Optional<Verdict> failure(View view, HasMetadata workload, List<Event> events, Since since) {
        Optional<Verdict> byPod = view.current().stream()
                .map(pod -> PodCauses.of(pod, since))
                .flatMap(Optional::stream)
                .map(Verdict.class::cast)
                .findFirst();
        if (byPod.isPresent()) {
            return byPod;
        }
        if (workload instanceof Deployment deployment && deployment.getStatus() != null) {
            Optional<Verdict> refused = Health.condition(deployment.getStatus(), "ReplicaFailure", "True")
                    .map(condition -> refused(workload, condition.getMessage()));
            if (refused.isPresent()) {
                return refused;
            }
        }
        return events.stream()
                .map(event -> byEvent(view, workload, event))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Verdict> byEvent(View view, HasMetadata workload, Event event) {
        String message = Objects.requireNonNullElse(event.getMessage(), "");
        if ("FailedCreate".equals(event.getReason()) && view.current().isEmpty()) {
            return Optional.of(refused(workload, message));
        }
        if ("FailedMount".equals(event.getReason()) && message.contains("not found")) {
            return view.current().stream()
                    .filter(PodCauses::creating)
                    .findFirst()
                    .map(pod -> PodCauses.configuration(pod, message));
        }
        return Optional.empty();
    }

    private static Verdict refused(HasMetadata workload, String message) {
        return new Failed(
                Problem.of(
                        ProblemCode.POD_REFUSED,
                        workload.getKind() + " " + workload.getMetadata().getNamespace() + "/"
                                + workload.getMetadata().getName(),
                        "message",
                        message),
                null);
    }

    /** Events are asked for when the objects themselves have been silent for a while. */
    private static Verdict pending(View view, Health health, Since since) {
        List<Pod> pods = view.current();
        HasMetadata workload = Objects.requireNonNull(view.workload());
        String eventsOf = null;
        if (pods.isEmpty()) {
            HasMetadata creator = view.newest().<HasMetadata>map(set -> set).orElse(workload);
            if (since.longer("no pods " + creator.getMetadata().getUid(), QUIET)) {
                eventsOf = creator.getMetadata().getUid();
            }
        } else {
            eventsOf = pods.stream()
                    .filter(PodCauses::creating)
                    .map(pod -> pod.getMetadata().getUid())
                    .filter(uid -> since.longer("creating " + uid, QUIET))
                    .findFirst()
                    .orElse(null);
        }
        String seen = pods.stream()
                .filter(pod -> !ready(pod))
                .findFirst()
                .map(PodCauses::seen)
                .orElse(health.reason().isEmpty() ? "no pod yet" : health.reason());
        return new Pending(health.ready() + "/" + health.wanted() + " ready, " + seen, eventsOf);
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }
}
