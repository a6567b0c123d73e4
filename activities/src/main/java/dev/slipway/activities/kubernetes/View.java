package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one component on its cluster.
 *
 * @param workload {@code null}: not there
 */
record View(@Nullable HasMetadata workload, List<ReplicaSet> replicaSets, List<Pod> pods) {
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String TEMPLATE_HASH = "pod-template-hash";
    private static final String SET_REVISION = "controller-revision-hash";
    private static final String TEMPLATE_COUNT = "deprecated.daemonset.template.generation";
    private static final String TEMPLATE_COUNT_OF_POD = "pod-template-generation";

    View {
        replicaSets = List.copyOf(replicaSets);
        pods = List.copyOf(pods);
    }

    /** Whether the pods that are here are those of what was last written, not of what was before. */
    boolean observed() {
        Long generation = workload == null ? null : workload.getMetadata().getGeneration();
        Long seen = null;
        if (workload instanceof Deployment deployment && deployment.getStatus() != null) {
            seen = deployment.getStatus().getObservedGeneration();
        } else if (workload instanceof StatefulSet set && set.getStatus() != null) {
            seen = set.getStatus().getObservedGeneration();
        } else if (workload instanceof DaemonSet set && set.getStatus() != null) {
            seen = set.getStatus().getObservedGeneration();
        } else if (workload instanceof ReplicaSet set && set.getStatus() != null) {
            seen = set.getStatus().getObservedGeneration();
        } else if (workload instanceof Job || workload instanceof Pod) {
            return true;
        }
        return generation != null && seen != null && seen >= generation;
    }

    /** Changes with anything that is known. */
    String mark() {
        return Stream.of(
                        workload == null ? Stream.<HasMetadata>of() : Stream.of(workload),
                        replicaSets.stream(),
                        pods.stream())
                .flatMap(objects -> objects)
                .map(object -> object.getMetadata().getUid() + "@"
                        + object.getMetadata().getResourceVersion())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Whether a job's program runs, of which nothing is heard until it ends. */
    boolean working() {
        return workload instanceof Job && pods.stream().anyMatch(PodCauses::started);
    }

    /** The ReplicaSet of a Deployment's newest revision; none until there is one. */
    Optional<ReplicaSet> newest() {
        if (!(workload instanceof Deployment deployment) || !observed()) {
            return Optional.empty();
        }
        String revision = annotation(workload, REVISION);
        return replicaSets.stream()
                .filter(set -> revision != null && revision.equals(annotation(set, REVISION)) && owned(set, workload))
                .filter(set -> !recreates(deployment) || sameTemplate(set, deployment))
                .findFirst();
    }

    private static boolean recreates(Deployment deployment) {
        return deployment.getSpec().getStrategy() != null
                && "Recreate".equals(deployment.getSpec().getStrategy().getType());
    }

    /** Where all pods go first, the revision is counted on only when they have: until then the newest is an old one. */
    private static boolean sameTemplate(ReplicaSet set, Deployment deployment) {
        PodTemplateSpec ours = new PodTemplateSpecBuilder(set.getSpec().getTemplate())
                .editMetadata()
                .removeFromLabels(TEMPLATE_HASH)
                .endMetadata()
                .build();
        return ours.equals(deployment.getSpec().getTemplate());
    }

    /** Pods of the newest revision; none while the controller has not looked yet. */
    List<Pod> current() {
        HasMetadata owner = workload;
        if (workload instanceof Deployment) {
            owner = newest().orElse(null);
        }
        if (owner == null || !observed()) {
            return List.of();
        }
        if (workload instanceof Pod pod) {
            return List.of(pod);
        }
        HasMetadata by = owner;
        return pods.stream()
                .filter(pod -> owned(pod, by))
                .filter(pod -> !(workload instanceof StatefulSet set) || ofRevision(pod, set))
                .filter(pod -> !(workload instanceof DaemonSet set) || ofRevision(pod, set))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Pods of a StatefulSet or of the newest revision, also those that are on their way out. */
    List<Pod> own() {
        HasMetadata owner = workload instanceof Deployment ? newest().orElse(null) : workload;
        return owner == null || !observed()
                ? List.of()
                : pods.stream().filter(pod -> owned(pod, owner)).toList();
    }

    /** Pods of a StatefulSet that are of an older revision and still here. */
    List<Pod> older() {
        if (!(workload instanceof StatefulSet set)
                || !observed()
                || set.getStatus().getUpdateRevision() == null) {
            return List.of();
        }
        return pods.stream()
                .filter(pod -> owned(pod, set) && !ofRevision(pod, set))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private static boolean ofRevision(Pod pod, StatefulSet set) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return Objects.equals(labels.get(SET_REVISION), set.getStatus().getUpdateRevision());
    }

    /** A DaemonSet does not say which revision is its newest, but counts them. */
    private static boolean ofRevision(Pod pod, DaemonSet set) {
        String count = annotation(set, TEMPLATE_COUNT);
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return count == null || count.equals(labels.get(TEMPLATE_COUNT_OF_POD));
    }

    private static boolean owned(HasMetadata object, HasMetadata owner) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }

    private static @Nullable String annotation(HasMetadata object, String name) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }
}
