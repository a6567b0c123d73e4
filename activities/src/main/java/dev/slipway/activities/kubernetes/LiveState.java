package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.application.Component;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
        return read(cluster, namespace, environmentId, List.of());
    }

    /**
     * As {@link #read(ClusterConnection, String, String)}, with raw objects besides: each is asked for by name, as there is
     * no list of all kinds there may be.
     *
     * @param manifests those that are wished; what the inventory lists is looked for without being told
     */
    public static LiveState read(
            ClusterConnection cluster, String namespace, String environmentId, List<RenderedObject> manifests) {
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
        RawKinds raw = new RawKinds(cluster);
        AtOnce.ask(
                        manifests.stream()
                                .filter(object -> object.object() instanceof GenericKubernetesResource)
                                .filter(object -> there != null || RawObjects.definition(object.object()))
                                .toList(),
                        object -> Optional.ofNullable(raw.get(object)))
                .forEach(found -> found.ifPresent(object -> objects.put(raw.subject(object), object)));
        if (there != null) {
            List<ObjectRef> listed =
                    Inventory.read((ConfigMap) objects.get("ConfigMap/" + Inventory.NAME)).objects().stream()
                            .filter(ref -> ManagedKind.of(ref.kind()).isEmpty() && !objects.containsKey(ref.subject()))
                            .toList();
            AtOnce.ask(listed, ref -> raw.get(ref, namespace))
                    .forEach(found -> found.ifPresent(object -> objects.put(raw.subject(object), object)));
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

    /** A component's job that has completed with this very content; it need not be there any more. */
    boolean completed(RenderedObject object) {
        if (!CompletedJobs.runsOnce(object)) {
            return false;
        }
        HasMetadata there = objects.get(object.ref().subject());
        return there == null
                ? CompletedJobs.noted(inventoryObject(), object)
                : object.hash().equals(DeployDiff.hash(there))
                        && Health.of(there).settled();
    }

    /** As {@link #completed(RenderedObject)}, of a component that is not rendered: with whatever it was told last. */
    boolean completed(Component component) {
        return component.kind() == Component.Kind.JOB
                && !objects.containsKey("Job/" + component.name())
                && CompletedJobs.noted(inventoryObject(), component.name());
    }

    private @Nullable HasMetadata inventoryObject() {
        return objects.get("ConfigMap/" + Inventory.NAME);
    }

    /** Whether something of the component is there. */
    public boolean runs(String component) {
        return objects.values().stream()
                .anyMatch(object -> object.getMetadata().getLabels() != null
                        && component.equals(object.getMetadata().getLabels().get(Labels.COMPONENT)));
    }
}
