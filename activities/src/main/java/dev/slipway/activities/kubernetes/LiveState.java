package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is there of one environment.
 *
 * @param namespace {@code null}: there is none
 * @param objects by {@code kind/name}
 */
public record LiveState(@Nullable Namespace namespace, Map<String, HasMetadata> objects) {
    public LiveState {
        objects = Map.copyOf(objects);
    }

    /**
     * Reads it with one call for each kind, whatever the number of components.
     *
     * @throws dev.slipway.workflows.problem.ProblemException what the cluster says
     */
    public static LiveState read(ClusterConnection cluster, String namespace, String environmentId) {
        ClusterErrors errors = new ClusterErrors(cluster.name());
        Namespace there = errors.at(
                "Namespace " + namespace,
                () -> cluster.client().namespaces().withName(namespace).get());
        Map<String, HasMetadata> objects = new HashMap<>();
        if (there != null) {
            for (ManagedKind kind : ManagedKind.values()) {
                List<? extends HasMetadata> found = errors.at(
                        kind.word() + " " + namespace,
                        () -> kind.in(cluster.client())
                                .inNamespace(namespace)
                                .withLabel(Labels.ENVIRONMENT, environmentId)
                                .list()
                                .getItems());
                found.forEach(object ->
                        objects.put(kind.word() + "/" + object.getMetadata().getName(), object));
            }
        }
        return new LiveState(there, objects);
    }

    /** @param subject {@code Deployment/orders} */
    public Optional<HasMetadata> object(String subject) {
        return Optional.ofNullable(objects.get(subject));
    }

    public Inventory inventory() {
        return Inventory.read((ConfigMap) objects.get("ConfigMap/" + Inventory.NAME));
    }

    /** Whether something of the component is there. */
    public boolean runs(String component) {
        return objects.values().stream()
                .anyMatch(object ->
                        component.equals(object.getMetadata().getLabels().get(Labels.COMPONENT)));
    }
}
