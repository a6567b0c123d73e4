package dev.slipway.web.embedded.kubernetes;

import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.node.ObjectNode;

/** Writes core/v1 events: a repeated one counts up, and beyond {@value #KEPT} the oldest go. */
final class EventRecorder {
    private static final int KEPT = 2_000;

    private final ClusterApi api;
    private final Deque<ObjectKey> recorded = new ArrayDeque<>();

    EventRecorder(ClusterApi api) {
        this.api = api;
        api.store()
                .list(ResourceTypes.EVENT, "")
                .forEach(event ->
                        recorded.add(new ObjectKey(ResourceTypes.EVENT, Json.namespace(event), Json.name(event))));
    }

    void normal(ObjectNode about, String component, String reason, String message) {
        record(about, component, "Normal", reason, message);
    }

    void warning(ObjectNode about, String component, String reason, String message) {
        record(about, component, "Warning", reason, message);
    }

    private void record(ObjectNode about, String component, String type, String reason, String message) {
        String namespace = Json.namespace(about).isEmpty() ? "default" : Json.namespace(about);
        int hash = (Json.uid(about) + reason + message).hashCode();
        String name = Json.name(about) + "." + Integer.toHexString(hash);
        ObjectKey key = new ObjectKey(ResourceTypes.EVENT, namespace, name);
        WriteOptions options = WriteOptions.by(component);
        try {
            if (api.store().find(key) != null) {
                api.change(key, options, current -> {
                    ObjectNode event = current.deepCopy();
                    return event.put("count", Json.number(event, 1, "count") + 1)
                            .put("lastTimestamp", Json.now());
                });
                return;
            }
            ObjectNode event = Json.object();
            Json.metadata(event).put("name", name);
            ObjectNode involved = event.putObject("involvedObject");
            involved.put("kind", Json.text(about, "kind")).put("apiVersion", Json.text(about, "apiVersion"));
            involved.put("name", Json.name(about)).put("uid", Json.uid(about));
            Json.putText(involved, "namespace", Json.namespace(about));
            involved.put("resourceVersion", Json.text(about, "metadata", "resourceVersion"));
            event.put("type", type)
                    .put("reason", reason)
                    .put("message", message)
                    .put("count", 1);
            event.put("firstTimestamp", Json.now()).put("lastTimestamp", Json.now());
            event.putObject("source").put("component", component);
            event.put("reportingComponent", component).put("reportingInstance", "simulated");
            api.create(ResourceTypes.EVENT, namespace, event, options);
            recorded.add(key);
            if (recorded.size() > KEPT) {
                api.store().remove(recorded.removeFirst());
            }
        } catch (ApiRefusal refusal) {
            // Its namespace is going: nobody will read it.
            if (refusal.code != 403 && refusal.code != 404) {
                throw refusal;
            }
        }
    }
}
