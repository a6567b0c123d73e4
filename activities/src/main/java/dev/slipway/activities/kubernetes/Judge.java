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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Looks at a component and says whether it is where it was to get, and if not, whether it ever will. Pure but for the clock. */
final class Judge {
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration OTHERS = Duration.ofSeconds(1);
    private static final Duration STUCK = Duration.ofSeconds(10);
    /** Pods whose events are asked for: of a hundred that wait for the same, three tell enough. */
    private static final int ASKED = 3;

    private Judge() {}

    /**
     * @param evidence about what the last {@link Pending} named
     * @param stale marks of events that are older than the wait
     */
    static Verdict look(View view, Readiness.Target target, Evidence evidence, Set<String> stale, Since since) {
        HasMetadata workload = view.workload();
        if (workload == null || !target.written(workload)) {
            return new Pending("not seen yet");
        }
        if (RawHealth.custom(workload)) {
            return RawJudge.resource(workload, since);
        }
        if (workload instanceof PersistentVolumeClaim claim) {
            return RawJudge.claim(claim, evidence);
        }
        Health health = Health.of(workload);
        if (workload instanceof Pod pod && health.state() == State.DEGRADED) {
            return RawJudge.ended(pod);
        }
        if (workload instanceof Job job) {
            Optional<Verdict> end = end(job, view, health);
            if (end.isPresent()) {
                return end.get();
            }
        } else if (target.condition() != Condition.STARTED && health.settled()) {
            return new Reached();
        }
        if (!view.observed()) {
            return new Pending("not looked at by its controller yet");
        }
        if (target.condition() == Condition.STARTED
                && (health.state() == State.STOPPED || view.current().stream().anyMatch(PodCauses::started))) {
            return new Reached();
        }
        Optional<Verdict> blocked = view.older().stream()
                .filter(pod -> stuck(pod, since))
                .findFirst()
                .map(pod -> new Blocked(
                        pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
        return blocked.orElseGet(() -> judged(view, health, evidence, stale, since));
    }

    /** A StatefulSet goes on only when the pod before is ready: one of an older revision that never will be is in the way. */
    private static boolean stuck(Pod pod, Since since) {
        return PodCauses.of(pod, since).isPresent()
                || !PodCauses.ready(pod)
                        && since.longer("older " + pod.getMetadata().getUid(), STUCK);
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

    private static Verdict judged(View view, Health health, Evidence evidence, Set<String> stale, Since since) {
        Causes.Found found = Causes.of(view, evidence, stale, since);
        List<Pod> waiting =
                view.current().stream().filter(pod -> !PodCauses.ready(pod)).toList();
        if (found.certain().isEmpty()) {
            return pending(view, health, waiting, found.likely(), since);
        }
        // The other pods are about to say the same, or something else: they get a moment.
        if (found.explained() < waiting.size() && !since.longer("first cause", OTHERS)) {
            return pending(view, health, waiting, found.certain(), since);
        }
        Failed first = found.certain().get(0);
        List<Failed> also =
                new ArrayList<>(found.certain().subList(1, found.certain().size()));
        also.addAll(found.likely());
        return new Failed(first.problem(), first.log(), first.pod(), also);
    }

    /** Events are asked for when the objects themselves have been silent for a while. */
    private static Verdict pending(View view, Health health, List<Pod> waiting, List<Failed> likely, Since since) {
        HasMetadata workload = Objects.requireNonNull(view.workload());
        List<HasMetadata> unclear = new ArrayList<>();
        if (view.current().size() < health.wanted()) {
            HasMetadata creator = view.newest().<HasMetadata>map(set -> set).orElse(workload);
            if (since.longer("no pods " + creator.getMetadata().getUid(), QUIET)) {
                unclear.add(creator);
            }
        }
        waiting.stream()
                .filter(pod -> since.longer("waiting " + pod.getMetadata().getUid(), QUIET))
                .limit(ASKED)
                .forEach(unclear::add);
        String seen = waiting.stream()
                .findFirst()
                .map(PodCauses::seen)
                .orElse(health.reason().isEmpty() ? "no pod yet" : health.reason());
        String why = likely.isEmpty() ? "" : " (" + words(likely.get(0).problem()) + ")";
        return new Pending(health.ready() + "/" + health.wanted() + " ready, " + seen + why, unclear, likely);
    }

    /** As in a log: what a probe was told, or the message. */
    private static String words(Problem problem) {
        Map<String, String> arguments = problem.arguments();
        return arguments.containsKey("probe")
                ? arguments.get("probe") + " probe: " + arguments.get("answer")
                : arguments.getOrDefault("message", problem.code().id());
    }
}
