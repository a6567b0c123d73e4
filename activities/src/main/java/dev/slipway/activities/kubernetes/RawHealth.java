package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.RawObjects;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which raw objects can say how they are, and how they are (ADR 0027). Pure. */
final class RawHealth {
    /** Groups that a cluster has without a definition; all others are of custom resources. */
    private static final Set<String> BUILT_IN = Set.of(
            "",
            "apps",
            "batch",
            "autoscaling",
            "policy",
            "extensions",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io");

    private RawHealth() {}

    /**
     * Whether it is waited for. What its author has stopped, or rolls out by hand, is not; nor a definition, whose kind is
     * served before anything else is written.
     */
    static boolean judged(HasMetadata wished) {
        HasMetadata object = typed(wished);
        if (object instanceof Deployment deployment) {
            return deployment.getSpec() != null
                    && !Boolean.TRUE.equals(deployment.getSpec().getPaused());
        }
        if (object instanceof StatefulSet set) {
            return set.getSpec() != null && (set.getSpec().getUpdateStrategy() == null || automatic(set));
        }
        if (object instanceof DaemonSet set) {
            return set.getSpec() != null
                    && (set.getSpec().getUpdateStrategy() == null
                            || !"OnDelete"
                                    .equals(set.getSpec().getUpdateStrategy().getType()));
        }
        if (object instanceof Job job) {
            return job.getSpec() != null && !Boolean.TRUE.equals(job.getSpec().getSuspend());
        }
        return object instanceof Pod
                || object instanceof ReplicaSet
                || object instanceof PersistentVolumeClaim
                || custom(object);
    }

    private static boolean automatic(StatefulSet set) {
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        Integer partition = rolling == null ? null : rolling.getPartition();
        return !"OnDelete".equals(set.getSpec().getUpdateStrategy().getType()) && (partition == null || partition == 0);
    }

    static boolean custom(HasMetadata object) {
        return object instanceof GenericKubernetesResource
                && !RawObjects.definition(object)
                && !BUILT_IN.contains(CustomKinds.group(object.getApiVersion()));
    }

    /** @param live {@code null}: not there */
    static boolean settled(@Nullable HasMetadata live) {
        return live != null
                && live.getMetadata().getDeletionTimestamp() == null
                && Health.of(typed(live)).settled();
    }

    /** Whether it goes by itself when it has done its work. */
    static boolean passes(HasMetadata object) {
        return object instanceof Job job
                && job.getSpec() != null
                && job.getSpec().getTtlSecondsAfterFinished() != null;
    }

    /** Kinds with pods that are taken as they are. */
    static HasMetadata typed(HasMetadata object) {
        if (!(object instanceof GenericKubernetesResource)) {
            return object;
        }
        return switch (object.getApiVersion() + "/" + object.getKind()) {
            case "v1/Pod" -> Serialization.jsonMapper().convertValue(object, Pod.class);
            case "apps/v1/ReplicaSet" -> Serialization.jsonMapper().convertValue(object, ReplicaSet.class);
            default -> object;
        };
    }
}
