package dev.slipway.web.embedded.kubernetes;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading and making JSON trees. A tree that has been stored is never changed again: writers work on a deep copy. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The node at a path of field names; a missing node, never null. */
    static JsonNode at(JsonNode node, String... path) {
        JsonNode current = node;
        for (String name : path) {
            current = current.path(name);
        }
        return current.isNull() ? MissingNode.getInstance() : current;
    }

    /** The scalar at a path as text; empty when there is none. */
    static String text(JsonNode node, String... path) {
        return at(node, path).asString("");
    }

    static int number(JsonNode node, int fallback, String... path) {
        return at(node, path).asInt(fallback);
    }

    /** The object field {@code name} of {@code parent}, made when it is missing or not an object. */
    static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode existing ? existing : parent.putObject(name);
    }

    static ObjectNode metadata(ObjectNode object) {
        return child(object, "metadata");
    }

    static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    static String namespace(JsonNode object) {
        return text(object, "metadata", "namespace");
    }

    static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }

    static boolean terminating(JsonNode object) {
        return !text(object, "metadata", "deletionTimestamp").isEmpty();
    }

    static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** Sets a field, or takes it away when the value is an empty text. */
    static void putText(ObjectNode target, String name, String value) {
        if (value.isEmpty()) {
            target.remove(name);
        } else {
            target.put(name, value);
        }
    }

    static void putDefault(ObjectNode target, String name, String value) {
        if (!target.hasNonNull(name)) {
            target.put(name, value);
        }
    }

    static void putDefault(ObjectNode target, String name, int value) {
        if (!target.hasNonNull(name)) {
            target.put(name, value);
        }
    }

    /** Now, as metav1.Time is written: UTC, whole seconds. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Entry {@code type} of a conditions list; a missing node when absent. */
    static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : at(object, "status", "conditions")) {
            if (text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    static boolean conditionTrue(JsonNode object, String type) {
        return "True".equals(text(condition(object, type), "status"));
    }
}
