package dev.slipway.web.embedded.kubernetes;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a pod refers to and cannot start without: ConfigMaps, Secrets, claims. */
final class PodReferences {
    private final ObjectStore store;

    PodReferences(ObjectStore store) {
        this.store = store;
    }

    /** Why the pod cannot be placed: a claim that is missing or unbound. Null when it can. */
    @Nullable
    String unplaceable(ObjectNode pod) {
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
            if (!claim.isEmpty()) {
                ObjectNode found = find(pod, ResourceTypes.CLAIM, claim);
                if (found == null) {
                    return "0/1 nodes are available: persistentvolumeclaim \"" + claim + "\" not found.";
                }
                if (!"Bound".equals(Json.text(found, "status", "phase"))) {
                    return "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
                }
            }
        }
        JsonNode selector = Json.at(pod, "spec", "nodeSelector");
        ObjectNode node = store.find(new ObjectKey(ResourceTypes.NODE, "", SimulatedCluster.NODE));
        if (!selector.isEmpty()
                && node != null
                && !Selector.ofMap(selector).test(Json.at(node, "metadata", "labels"))) {
            return "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
        }
        return null;
    }

    /** Why a volume cannot be mounted; null when all can. */
    @Nullable
    String unmountable(ObjectNode pod) {
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            String problem = missing(pod, ResourceTypes.CONFIG_MAP, volume.path("configMap"), "name");
            if (problem == null) {
                problem = missing(pod, ResourceTypes.SECRET, volume.path("secret"), "secretName");
            }
            for (JsonNode source : Json.at(volume, "projected", "sources")) {
                problem = problem != null
                        ? problem
                        : missing(pod, ResourceTypes.CONFIG_MAP, source.path("configMap"), "name");
                problem = problem != null ? problem : missing(pod, ResourceTypes.SECRET, source.path("secret"), "name");
            }
            if (problem != null) {
                return "MountVolume.SetUp failed for volume \"" + Json.text(volume, "name") + "\" : " + problem;
            }
        }
        return null;
    }

    /** Why a container's environment cannot be made; null when it can. */
    @Nullable
    String unconfigurable(ObjectNode pod, JsonNode container) {
        for (JsonNode source : container.path("envFrom")) {
            String problem = missing(pod, ResourceTypes.CONFIG_MAP, source.path("configMapRef"), "name");
            problem = problem != null ? problem : missing(pod, ResourceTypes.SECRET, source.path("secretRef"), "name");
            if (problem != null) {
                return problem;
            }
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            String problem = missingKey(pod, ResourceTypes.CONFIG_MAP, from.path("configMapKeyRef"), "ConfigMap");
            problem = problem != null
                    ? problem
                    : missingKey(pod, ResourceTypes.SECRET, from.path("secretKeyRef"), "Secret");
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable String missingKey(ObjectNode pod, ResourceType type, JsonNode reference, String kind) {
        String problem = missing(pod, type, reference, "name");
        if (problem != null
                || reference.isMissingNode()
                || reference.path("optional").asBoolean(false)) {
            return problem;
        }
        ObjectNode found = find(pod, type, Json.text(reference, "name"));
        String key = Json.text(reference, "key");
        if (found != null
                && !found.path("data").has(key)
                && !found.path("binaryData").has(key)) {
            return "couldn't find key " + key + " in " + kind + " " + Json.namespace(pod) + "/" + Json.name(found);
        }
        return null;
    }

    private @Nullable String missing(ObjectNode pod, ResourceType type, JsonNode reference, String nameField) {
        if (reference.isMissingNode() || reference.path("optional").asBoolean(false)) {
            return null;
        }
        String name = Json.text(reference, nameField);
        if (find(pod, type, name) != null) {
            return null;
        }
        return (type.is("Secret") ? "secret" : "configmap") + " \"" + name + "\" not found";
    }

    private @Nullable ObjectNode find(ObjectNode pod, ResourceType type, String name) {
        return store.find(new ObjectKey(type, Json.namespace(pod), name));
    }
}
