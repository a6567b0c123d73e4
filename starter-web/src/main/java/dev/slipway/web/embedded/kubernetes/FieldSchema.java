package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How lists and maps of the built-in kinds merge, as their OpenAPI extensions (list-type, list-map-keys, map-type)
 * say. Custom kinds merge as kinds without a schema do: maps by key, lists as one value.
 */
final class FieldSchema {
    enum Shape {
        /** One value: a scalar, or a list or map that is only ever replaced as a whole. */
        ATOMIC,
        /** A map or struct whose fields are owned one by one. */
        FIELDS,
        /** A list whose items are identified by some of their fields. */
        KEYED,
        /** A list of scalars without an order. */
        SET
    }

    record Rule(Shape shape, List<String> keys) {}

    private static final Rule ATOMIC = new Rule(Shape.ATOMIC, List.of());
    private static final Rule FIELDS = new Rule(Shape.FIELDS, List.of());
    private static final Rule SET = new Rule(Shape.SET, List.of());

    private static final Map<String, Rule> LISTS = Map.ofEntries(
            keyed("containers", "name"),
            keyed("initContainers", "name"),
            keyed("ephemeralContainers", "name"),
            keyed("volumes", "name"),
            keyed("env", "name"),
            keyed("imagePullSecrets", "name"),
            keyed("secrets", "name"),
            keyed("volumeMounts", "mountPath"),
            keyed("volumeDevices", "devicePath"),
            keyed("hostAliases", "ip"),
            keyed("podIPs", "ip"),
            keyed("schedulingGates", "name"),
            keyed("resourceClaims", "name"),
            keyed("topologySpreadConstraints", "topologyKey", "whenUnsatisfiable"));
    private static final Rule OWNERS = new Rule(Shape.KEYED, List.of("uid"));
    private static final Rule CONDITIONS = new Rule(Shape.KEYED, List.of("type"));
    private static final Rule CONTAINER_PORTS = new Rule(Shape.KEYED, List.of("containerPort", "protocol"));
    private static final Rule SERVICE_PORTS = new Rule(Shape.KEYED, List.of("port", "protocol"));

    private static final Set<String> ATOMIC_MAPS = Set.of(
            "selector",
            "nodeSelector",
            "labelSelector",
            "namespaceSelector",
            "podSelector",
            "configMapKeyRef",
            "secretKeyRef",
            "fieldRef",
            "resourceFieldRef",
            "secretRef",
            "scaleTargetRef",
            "roleRef",
            "involvedObject",
            "requiredDuringSchedulingIgnoredDuringExecution");

    private FieldSchema() {}

    /**
     * The rule for a value.
     *
     * @param parent the field that holds it: for a field of a list's item, the list's name; empty at the top
     */
    static Rule rule(ResourceType type, String parent, String field, JsonNode value) {
        if (value instanceof ObjectNode) {
            return !type.custom() && ATOMIC_MAPS.contains(field) && !parent.equals("data") ? ATOMIC : FIELDS;
        }
        if (!(value instanceof ArrayNode list)) {
            return ATOMIC;
        }
        Rule rule = listRule(type, parent, field);
        if (rule.shape() == Shape.KEYED) {
            for (JsonNode item : list) {
                if (keyOf(rule, item) == null) {
                    return ATOMIC;
                }
            }
        }
        return rule;
    }

    /** The rule for a list whether or not its items carry their keys; the patches need it for what is sent. */
    static Rule listRule(ResourceType type, String parent, String field) {
        if (parent.equals("metadata")) {
            return field.equals("ownerReferences") ? OWNERS : field.equals("finalizers") ? SET : ATOMIC;
        }
        if (type.custom()) {
            return ATOMIC;
        }
        return switch (field) {
            case "ports" ->
                parent.equals("containers") || parent.equals("initContainers")
                        ? CONTAINER_PORTS
                        : type.is("Service") ? SERVICE_PORTS : ATOMIC;
            case "conditions" -> type.is("Job") ? ATOMIC : CONDITIONS;
            default -> LISTS.getOrDefault(field, ATOMIC);
        };
    }

    /** An item's path element {@code k:{…}}; null when the item lacks a key. */
    static @Nullable String keyOf(Rule rule, JsonNode item) {
        TreeMap<String, JsonNode> values = new TreeMap<>();
        for (String key : rule.keys()) {
            JsonNode value = item.path(key);
            if (value.isMissingNode() || value.isNull()) {
                if (!key.equals("protocol")) {
                    return null;
                }
                value = Json.MAPPER.getNodeFactory().stringNode("TCP");
            }
            values.put(key, value);
        }
        ObjectNode key = Json.object();
        values.forEach(key::set);
        return "k:" + key;
    }

    private static Map.Entry<String, Rule> keyed(String field, String... keys) {
        return Map.entry(field, new Rule(Shape.KEYED, List.of(keys)));
    }
}
