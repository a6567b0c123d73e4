package dev.slipway.web.embedded.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the workload controllers share: pods from templates, owner references, conditions. */
final class Workloads {
    static final WriteOptions CONTROLLER = WriteOptions.by("kube-controller-manager");
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private Workloads() {}

    static ObjectNode ownerReference(ObjectNode owner) {
        return Json.object()
                .put("apiVersion", Json.text(owner, "apiVersion"))
                .put("kind", Json.text(owner, "kind"))
                .put("name", Json.name(owner))
                .put("uid", Json.uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** A pod from {@code owner}'s template, without a name. */
    static ObjectNode pod(ObjectNode owner, JsonNode template) {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = Json.metadata(pod);
        for (String map : List.of("labels", "annotations")) {
            if (Json.at(template, "metadata", map) instanceof ObjectNode found) {
                metadata.set(map, found.deepCopy());
            }
        }
        metadata.putArray("ownerReferences").add(ownerReference(owner));
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }

    /** The pods {@code owner} controls, without those on their way out. */
    static List<ObjectNode> activePods(ObjectStore store, ObjectNode owner) {
        return store.owned(Json.uid(owner), ResourceTypes.POD).stream()
                .filter(pod -> !Json.terminating(pod))
                .toList();
    }

    static boolean finished(JsonNode pod) {
        String phase = Json.text(pod, "status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean ready(JsonNode pod) {
        return Json.conditionTrue(pod, "Ready");
    }

    /**
     * Ready for at least {@code minReadySeconds}.
     *
     * @param now one moment for all that is decided together: two looks at the clock could find a pod not yet available and
     *     nothing to wait for
     */
    static boolean available(JsonNode pod, int minReadySeconds, Instant now) {
        return ready(pod)
                && (minReadySeconds == 0
                        || !availableAt(pod, minReadySeconds, now).isAfter(now));
    }

    /** How long from {@code now} until a pod that is ready is available. */
    static Duration untilAvailable(JsonNode pod, int minReadySeconds, Instant now) {
        return Duration.between(now, availableAt(pod, minReadySeconds, now));
    }

    private static Instant availableAt(JsonNode pod, int minReadySeconds, Instant now) {
        String since = Json.text(Json.condition(pod, "Ready"), "lastTransitionTime");
        return (since.isEmpty() ? now : Instant.parse(since)).plusSeconds(minReadySeconds);
    }

    /** A short, stable hash of a template, in the letters that Kubernetes uses. */
    static String hash(JsonNode template) {
        byte[] bytes = sorted(template).toString().getBytes(StandardCharsets.UTF_8);
        long hash = 0x811c9dc5L;
        for (byte b : bytes) {
            hash = ((hash ^ (b & 0xff)) * 0x01000193L) & 0xffffffffL;
        }
        StringBuilder text = new StringBuilder();
        for (char digit : Long.toString(hash).toCharArray()) {
            text.append(LETTERS.charAt((digit - '0') % LETTERS.length()));
        }
        return text.toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(entry -> fields.put(entry.getKey(), sorted(entry.getValue())));
            ObjectNode result = Json.object();
            fields.forEach(result::set);
            return result;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode result = Json.array();
            list.forEach(item -> result.add(sorted(item)));
            return result;
        }
        return node;
    }

    /** Sets a condition; its transition time changes only with its status. */
    static void condition(
            ObjectNode status, String type, boolean value, String reason, String message, boolean updateTime) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode found ? found : status.putArray("conditions");
        ObjectNode condition = null;
        for (JsonNode entry : conditions) {
            if (Json.text(entry, "type").equals(type)) {
                condition = (ObjectNode) entry;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        }
        String text = value ? "True" : "False";
        boolean transition = !text.equals(Json.text(condition, "status"));
        boolean changed = transition
                || !reason.equals(Json.text(condition, "reason"))
                || !message.equals(Json.text(condition, "message"));
        condition.put("status", text);
        if (transition) {
            condition.put("lastTransitionTime", Json.now());
        }
        if (updateTime && changed) {
            condition.put("lastUpdateTime", Json.now());
        }
        Json.putText(condition, "reason", reason);
        Json.putText(condition, "message", message);
    }

    /** Sets a counter as Go's {@code omitempty} would: not at all when it is zero. */
    static void count(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }
}
