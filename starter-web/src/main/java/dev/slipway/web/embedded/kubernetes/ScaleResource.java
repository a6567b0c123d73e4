package dev.slipway.web.embedded.kubernetes;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code /scale} of a workload. */
final class ScaleResource {
    private final ClusterApi api;
    private final ObjectKey key;

    ScaleResource(ClusterApi api, ObjectKey key) {
        this.api = api;
        this.key = key;
    }

    ObjectNode read() {
        return scale(api.get(key));
    }

    ObjectNode write(ObjectNode wanted, WriteOptions options) {
        String version = Json.text(wanted, "metadata", "resourceVersion");
        int replicas = Json.number(wanted, 0, "spec", "replicas");
        return scale(api.change(key, options, current -> {
            ObjectNode changed = current.deepCopy();
            Json.child(changed, "spec").put("replicas", replicas);
            if (!version.isEmpty()) {
                Json.metadata(changed).put("resourceVersion", version);
            }
            return changed;
        }));
    }

    private static ObjectNode scale(ObjectNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = Json.metadata(scale);
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            Json.putText(metadata, field, Json.text(object, "metadata", field));
        }
        scale.putObject("spec").put("replicas", Json.number(object, 0, "spec", "replicas"));
        ObjectNode status = scale.putObject("status").put("replicas", Json.number(object, 0, "status", "replicas"));
        List<String> selector = new ArrayList<>();
        Json.at(object, "spec", "selector", "matchLabels")
                .properties()
                .forEach(entry ->
                        selector.add(entry.getKey() + "=" + entry.getValue().asString("")));
        status.put("selector", String.join(",", selector));
        return scale;
    }
}
