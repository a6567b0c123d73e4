package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose word counts on the number of replicas. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership">Transferring
 *     ownership</a>
 */
final class Autoscaling {
    private Autoscaling() {}

    /** Whether what is to be written is silent on its replicas. */
    static boolean isLeftToIt(HasMetadata wished) {
        return (wished instanceof Deployment || wished instanceof StatefulSet) && replicas(wished) == null;
    }

    /** Whether Slipway has set the number, and so would remove it by its silence. */
    static boolean isOurs(HasMetadata live) {
        return replicas(live) != null
                && Objects.requireNonNullElse(live.getMetadata().getManagedFields(), List.<ManagedFieldsEntry>of())
                        .stream()
                        .anyMatch(entry -> Labels.MANAGER.equals(entry.getManager())
                                && "Apply".equals(entry.getOperation())
                                && entry.getFieldsV1() != null
                                && entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
                                && spec.containsKey("f:replicas"));
    }

    /** The workload with nothing in it but the number that it has now. */
    static HasMetadata numberOf(HasMetadata live) {
        String namespace = live.getMetadata().getNamespace();
        String name = live.getMetadata().getName();
        return live instanceof StatefulSet
                ? new StatefulSetBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas(live))
                        .endSpec()
                        .build()
                : new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas(live))
                        .endSpec()
                        .build();
    }

    private static @Nullable Integer replicas(HasMetadata workload) {
        if (workload instanceof Deployment deployment) {
            return deployment.getSpec().getReplicas();
        }
        return workload instanceof StatefulSet set ? set.getSpec().getReplicas() : null;
    }
}
