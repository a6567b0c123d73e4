package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why a component does not get there: what is wrong with its pods, its claims, or the making of its pods. The same cause at
 * several pods is one cause; what concerns the most pods comes first. Pure but for the clock it is handed.
 */
final class Causes {
    /** A node that is away may come back, and its pods with it. */
    private static final Duration NODE_GRACE = Duration.ofSeconds(60);

    /** A namespace so new that it has no account yet, a server or a webhook that is away. */
    private static final Pattern PASSING =
            Pattern.compile("serviceaccount .*not found|failed calling webhook|etcdserver|timeout|timed out");

    /** Equally many pods: what the person can do most about is named first. */
    private static final List<ProblemCode> RANK = List.of(
            ProblemCode.POD_CONFIGURATION,
            ProblemCode.POD_IMAGE_PULL,
            ProblemCode.POD_QUOTA,
            ProblemCode.POD_LIMITS,
            ProblemCode.POD_SECURITY,
            ProblemCode.POD_REFUSED,
            ProblemCode.POD_VOLUME,
            ProblemCode.POD_OUT_OF_MEMORY,
            ProblemCode.POD_CRASH,
            ProblemCode.POD_UNSCHEDULABLE,
            ProblemCode.POD_NODE_LOST,
            ProblemCode.POD_EVICTED,
            ProblemCode.POD_PROBE);

    /**
     * @param certain it won't get there by waiting
     * @param likely what keeps it now and may pass
     * @param explained pods that a certain cause was found at
     */
    record Found(List<Failed> certain, List<Failed> likely, int explained) {}

    private final View view;
    private final Evidence evidence;
    private final Set<String> stale;
    private final Since since;
    private final List<Failed> certain = new ArrayList<>();
    private final List<Failed> likely = new ArrayList<>();

    private Causes(View view, Evidence evidence, Set<String> stale, Since since) {
        this.view = view;
        this.evidence = evidence;
        this.stale = stale;
        this.since = since;
    }

    /** @param stale marks of events that are older than the wait, unless they tell of what was written last */
    static Found of(View view, Evidence evidence, Set<String> stale, Since since) {
        Causes causes = new Causes(view, evidence, stale, since);
        HasMetadata workload = Objects.requireNonNull(view.workload());
        List<Pod> pods = view.current();
        pods.forEach(causes::pod);
        causes.lost();
        causes.evicted(pods);
        causes.refusals(workload);
        int total = pods.size();
        List<Failed> certain = merged(causes.certain, total);
        int explained = (int) causes.certain.stream()
                .map(Failed::pod)
                .filter(Objects::nonNull)
                .map(pod -> pod.getMetadata().getUid())
                .distinct()
                .count();
        return new Found(certain, merged(causes.likely, total), explained);
    }

    private void pod(Pod pod) {
        if (failed(pod)) {
            return; // its owner makes another
        }
        Optional<Failed> own = PodCauses.of(pod, since).or(() -> volume(pod)).or(() -> mount(pod));
        if (own.isPresent()) {
            certain.add(own.get());
        } else {
            unbound(pod).or(() -> mountTrouble(pod)).or(() -> probe(pod)).ifPresent(likely::add);
        }
    }

    private static boolean failed(Pod pod) {
        return pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
    }

    /** A claim that nothing makes a volume for. */
    private Optional<Failed> volume(Pod pod) {
        return claims(pod)
                .flatMap(claim -> evidence.about(claim)
                        .filter(event -> Evidence.says(event, "ProvisioningFailed"))
                        .limit(1)
                        .map(event -> volume(pod, claim, Evidence.message(event))))
                .findFirst();
    }

    /** One that is made, or that waits for its pod to have a node: the latter is no trouble and never seen here. */
    private Optional<Failed> unbound(Pod pod) {
        return unscheduled(pod)
                .filter(condition -> Scheduling.waitsForClaims(text(condition.getMessage())))
                .flatMap(condition ->
                        claims(pod).findFirst().map(claim -> volume(pod, claim, text(condition.getMessage()))));
    }

    private static Failed volume(Pod pod, PersistentVolumeClaim claim, String message) {
        return new Failed(noVolume(PodCauses.where(pod), claim, message), null, pod);
    }

    static Problem noVolume(String where, PersistentVolumeClaim claim, String message) {
        return Problem.of(
                ProblemCode.POD_VOLUME,
                where,
                "claim",
                claim.getMetadata().getName(),
                "class",
                Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), "-"),
                "message",
                message);
    }

    private Stream<PersistentVolumeClaim> claims(Pod pod) {
        List<String> names = claimNames(pod);
        return evidence.claims().stream()
                .filter(claim -> names.contains(claim.getMetadata().getName()));
    }

    /** Of the claims that a pod names. */
    static List<String> claimNames(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .map(volume -> volume.getPersistentVolumeClaim())
                .filter(Objects::nonNull)
                .map(source -> source.getClaimName())
                .toList();
    }

    static Optional<PodCondition> unscheduled(Pod pod) {
        return condition(pod, "PodScheduled", "False");
    }

    private static Optional<PodCondition> condition(Pod pod, String type, String value) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return Objects.requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
                .filter(condition -> type.equals(condition.getType()) && value.equals(condition.getStatus()))
                .findFirst();
    }

    private Optional<Failed> mount(Pod pod) {
        return mounts(pod)
                .filter(message -> message.contains("not found") || message.contains("references non-existent"))
                .findFirst()
                .map(message -> PodCauses.configuration(pod, message));
    }

    /** A volume that another node still holds, a server that does not answer: the node tries again. */
    private Optional<Failed> mountTrouble(Pod pod) {
        return mounts(pod).findFirst().map(message -> PodCauses.configuration(pod, message));
    }

    private Stream<String> mounts(Pod pod) {
        return PodCauses.creating(pod)
                ? evidence.about(pod)
                        .filter(event ->
                                Evidence.says(event, "FailedMount") || Evidence.says(event, "FailedAttachVolume"))
                        .map(Evidence::message)
                : Stream.of();
    }

    private Optional<Failed> probe(Pod pod) {
        if (condition(pod, "Ready", "True").isPresent()) {
            return Optional.empty();
        }
        return evidence.about(pod)
                .map(Probing::of)
                .flatMap(Optional::stream)
                .findFirst()
                .map(probing -> new Failed(
                        Problem.of(
                                ProblemCode.POD_PROBE,
                                PodCauses.where(pod),
                                "probe",
                                probing.probe(),
                                "answer",
                                probing.answer()),
                        null,
                        pod));
    }

    /** A pod that is to go and does not, as its node no longer answers: nobody takes its place in a StatefulSet. */
    private void lost() {
        for (Pod pod : view.own()) {
            boolean said = condition(pod, "DisruptionTarget", "True")
                            .filter(condition -> "DeletionByTaintManager".equals(condition.getReason()))
                            .isPresent()
                    || pod.getStatus() != null
                            && "NodeLost".equals(pod.getStatus().getReason())
                    || evidence.about(pod).anyMatch(event -> Evidence.says(event, "NodeNotReady"))
                            && condition(pod, "Ready", "True").isEmpty();
            if (!said) {
                continue;
            }
            Failed cause = new Failed(
                    Problem.of(
                            ProblemCode.POD_NODE_LOST,
                            PodCauses.where(pod),
                            "node",
                            Objects.requireNonNullElse(pod.getSpec().getNodeName(), "-")),
                    null,
                    pod);
            boolean stuck = since.longer("lost " + pod.getMetadata().getUid(), NODE_GRACE)
                    && pod.getMetadata().getDeletionTimestamp() != null;
            (stuck ? certain : likely).add(cause);
        }
    }

    /** One may be chance and is replaced; when its place-taker goes the same way, so will the next. */
    private void evicted(List<Pod> pods) {
        List<Failed> found = pods.stream()
                .filter(Causes::failed)
                .filter(pod -> pod.getStatus().getReason() != null)
                .filter(pod -> !"Never".equals(pod.getSpec().getRestartPolicy()))
                .map(Causes::evicted)
                .toList();
        (found.size() > 1 ? certain : likely).addAll(found);
    }

    static Failed evicted(Pod pod) {
        return new Failed(
                Problem.of(
                        ProblemCode.POD_EVICTED,
                        PodCauses.where(pod),
                        "reason",
                        Objects.requireNonNullElse(pod.getStatus().getReason(), "-"),
                        "message",
                        Objects.requireNonNullElse(pod.getStatus().getMessage(), "")),
                null,
                pod);
    }

    private void refusals(HasMetadata workload) {
        Optional<String> told = Optional.empty();
        if (workload instanceof Deployment deployment && deployment.getStatus() != null) {
            told = Health.condition(deployment.getStatus(), "ReplicaFailure", "True")
                    .map(condition -> text(condition.getMessage()));
        }
        HasMetadata creator = view.newest().<HasMetadata>map(set -> set).orElse(workload);
        boolean missing = view.current().size() < Health.of(workload).wanted();
        told.or(() -> evidence.about(creator)
                        .filter(event -> missing && Evidence.says(event, "FailedCreate"))
                        .filter(event -> !stale.contains(Evidence.mark(event)) || tellsOfNow(event, workload))
                        .map(Evidence::message)
                        .findFirst())
                .ifPresent(message -> (PASSING.matcher(message).find() ? likely : certain)
                        .add(new Failed(
                                Problem.of(
                                        refusal(message),
                                        workload.getKind() + " "
                                                + workload.getMetadata().getNamespace() + "/"
                                                + workload.getMetadata().getName(),
                                        "message",
                                        message),
                                null)));
    }

    private static ProblemCode refusal(String message) {
        if (message.contains("exceeded quota") || message.contains("failed quota")) {
            return ProblemCode.POD_QUOTA;
        }
        if (message.contains("violates PodSecurity")) {
            return ProblemCode.POD_SECURITY;
        }
        return message.contains("usage per Container") || message.contains("usage per Pod")
                ? ProblemCode.POD_LIMITS
                : ProblemCode.POD_REFUSED;
    }

    /** By the cluster's own clock on both sides: whether it happened after we wrote the workload last. */
    private static boolean tellsOfNow(Event event, HasMetadata workload) {
        return Objects.requireNonNullElse(workload.getMetadata().getManagedFields(), List.<ManagedFieldsEntry>of())
                .stream()
                .filter(entry -> dev.slipway.activities.kubernetes.render.Labels.MANAGER.equals(entry.getManager()))
                .map(ManagedFieldsEntry::getTime)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .map(written -> Evidence.when(event).compareTo(written) >= 0)
                .orElse(true);
    }

    /** Each cause once, with the number of pods it was found at; those of the most pods first. */
    private static List<Failed> merged(List<Failed> found, int total) {
        Map<String, List<Failed>> byCause = new LinkedHashMap<>();
        found.forEach(failed ->
                byCause.computeIfAbsent(key(failed), key -> new ArrayList<>()).add(failed));
        return byCause.values().stream()
                .sorted(Comparator.<List<Failed>>comparingInt(same -> -same.size())
                        .thenComparingInt(same -> rank(same.get(0))))
                .map(same -> counted(same, total))
                .toList();
    }

    private static int rank(Failed failed) {
        int rank = RANK.indexOf(failed.problem().code());
        return rank < 0 ? RANK.size() : rank;
    }

    /** What two pods say of the same cause differs in their names, addresses and counts. */
    private static String key(Failed failed) {
        Problem problem = failed.problem();
        Map<String, String> arguments = new TreeMap<>(problem.arguments());
        arguments.keySet().removeAll(Set.of("restarts", "claim"));
        if (problem.code() == ProblemCode.POD_IMAGE_PULL) {
            return problem.code() + arguments.getOrDefault("image", "");
        }
        String said = problem.code() + " " + arguments;
        Pod pod = failed.pod();
        return pod == null
                ? said
                : said.replace(pod.getMetadata().getName(), "*")
                        .replace(pod.getMetadata().getUid(), "*")
                        .replaceAll("pvc-[0-9a-f-]+|\\d+\\.\\d+\\.\\d+\\.\\d+|\"[a-z0-9-]+-\\d+\"", "*");
    }

    private static Failed counted(List<Failed> same, int total) {
        Failed first = same.get(0);
        if (first.pod() == null || total <= 1) {
            return first;
        }
        Map<String, String> arguments = new TreeMap<>(first.problem().arguments());
        arguments.put("pods", Math.min(same.size(), total) + "/" + total);
        return new Failed(
                new Problem(first.problem().code(), first.problem().where(), arguments),
                first.log(),
                first.pod(),
                first.also());
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
