package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.FieldSchema.Rule;
import dev.slipway.web.embedded.kubernetes.FieldSchema.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902), merge patch (RFC 7386) and the strategic merge patch of Kubernetes. All leave their input alone. */
final class Patches {
    private Patches() {}

    static ObjectNode merge(ObjectNode target, JsonNode patch) {
        ObjectNode result = target.deepCopy();
        mergeInto(result, objectOf(patch));
        return result;
    }

    static ObjectNode strategicMerge(ResourceType type, ObjectNode target, JsonNode patch) {
        if (type.custom()) {
            throw ApiRefusal.unsupportedMediaType("application/strategic-merge-patch+json");
        }
        ObjectNode result = target.deepCopy();
        strategicInto(type, "", result, objectOf(patch));
        return result;
    }

    /** @throws ApiRefusal 422 when an operation cannot be done; then nothing of the patch is */
    static ObjectNode json(ObjectNode target, JsonNode operations) {
        if (!operations.isArray()) {
            throw ApiRefusal.badRequest("json patch: a list of operations is expected");
        }
        ObjectNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            String path = Json.text(operation, "path");
            switch (Json.text(operation, "op")) {
                case "add" -> add(result, path, operation.path("value").deepCopy());
                case "remove" -> remove(result, path);
                case "replace" -> {
                    remove(result, path);
                    add(result, path, operation.path("value").deepCopy());
                }
                case "move" -> add(result, path, remove(result, Json.text(operation, "from")));
                case "copy" ->
                    add(
                            result,
                            path,
                            existing(result, Json.text(operation, "from")).deepCopy());
                case "test" -> {
                    if (!existing(result, path).equals(operation.path("value"))) {
                        throw ApiRefusal.unprocessable(
                                "the server rejected our request due to an error in our request: testing value " + path
                                        + " failed: test failed");
                    }
                }
                default -> throw ApiRefusal.badRequest("json patch: unknown operation in " + operation);
            }
        }
        return result;
    }

    private static ObjectNode objectOf(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            return object;
        }
        throw ApiRefusal.badRequest("the patch has to be an object");
    }

    private static void mergeInto(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode object) {
                mergeInto(Json.child(target, name), object);
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void strategicInto(ResourceType type, String parent, ObjectNode target, ObjectNode patch) {
        String directive = Json.text(patch, "$patch");
        if (directive.equals("replace") || directive.equals("delete")) {
            target.removeAll();
            if (directive.equals("delete")) {
                return;
            }
        }
        if (patch.path("$retainKeys").isArray()) {
            List<String> names = new ArrayList<>();
            patch.path("$retainKeys").forEach(name -> names.add(name.asString("")));
            target.retain(names);
        }
        patch.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (name.startsWith("$deleteFromPrimitiveList/")) {
                deleteScalars(target.path(name.substring(name.indexOf('/') + 1)), value);
            } else if (name.startsWith("$")) {
                return;
            } else if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode object) {
                strategicInto(type, name, Json.child(target, name), object);
            } else if (value instanceof ArrayNode list) {
                strategicList(type, parent, name, target, list);
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void strategicList(
            ResourceType type, String parent, String field, ObjectNode target, ArrayNode patch) {
        Rule rule = FieldSchema.listRule(type, parent, field);
        boolean replace = false;
        for (JsonNode item : patch) {
            replace |= Json.text(item, "$patch").equals("replace") && item.size() == 1;
        }
        if (replace || rule.shape() == Shape.ATOMIC) {
            ArrayNode list = target.putArray(field);
            patch.forEach(item -> {
                if (!item.has("$patch")) {
                    list.add(item.deepCopy());
                }
            });
            return;
        }
        ArrayNode list = target.get(field) instanceof ArrayNode existing ? existing : target.putArray(field);
        if (rule.shape() == Shape.SET) {
            for (JsonNode item : patch) {
                if (indexOf(list, item) < 0) {
                    list.add(item.deepCopy());
                }
            }
            return;
        }
        String key = rule.keys().get(0);
        for (JsonNode item : patch) {
            if (!item.has(key)) {
                throw ApiRefusal.badRequest("map: " + item + " does not contain declared merge key: " + key);
            }
            int index = indexByKey(list, key, item.path(key));
            if (Json.text(item, "$patch").equals("delete")) {
                if (index >= 0) {
                    list.remove(index);
                }
            } else if (index >= 0 && list.get(index) instanceof ObjectNode current) {
                strategicInto(type, field, current, (ObjectNode) item);
            } else {
                list.add(item.deepCopy());
            }
        }
    }

    private static void deleteScalars(JsonNode list, JsonNode gone) {
        if (list instanceof ArrayNode array) {
            for (JsonNode value : gone) {
                int index = indexOf(array, value);
                if (index >= 0) {
                    array.remove(index);
                }
            }
        }
    }

    private static int indexOf(ArrayNode list, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static int indexByKey(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static JsonNode existing(ObjectNode root, String path) {
        JsonNode found = root.at(pointer(path));
        if (found.isMissingNode()) {
            throw missing(path);
        }
        return found;
    }

    private static void add(ObjectNode root, String path, JsonNode value) {
        Place place = place(root, path);
        if (place.parent() instanceof ObjectNode object) {
            object.set(place.last(), value);
        } else if (place.parent() instanceof ArrayNode list) {
            int index = place.last().equals("-") ? list.size() : index(place.last(), path);
            if (index > list.size()) {
                throw missing(path);
            }
            list.insert(index, value);
        }
    }

    private static JsonNode remove(ObjectNode root, String path) {
        Place place = place(root, path);
        @Nullable JsonNode removed = null;
        if (place.parent() instanceof ObjectNode object) {
            removed = object.remove(place.last());
        } else if (place.parent() instanceof ArrayNode list) {
            int index = index(place.last(), path);
            removed = index < list.size() ? list.remove(index) : null;
        }
        if (removed == null) {
            throw missing(path);
        }
        return removed;
    }

    private record Place(JsonNode parent, String last) {}

    private static Place place(ObjectNode root, String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            throw ApiRefusal.badRequest("json patch: path \"" + path + "\" does not begin with a slash");
        }
        JsonNode parent = root.at(pointer(path.substring(0, slash)));
        if (!parent.isContainer()) {
            throw missing(path);
        }
        return new Place(parent, path.substring(slash + 1).replace("~1", "/").replace("~0", "~"));
    }

    private static JsonPointer pointer(String path) {
        try {
            return JsonPointer.compile(path);
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest("json patch: \"" + path + "\" is no path");
        }
    }

    private static int index(String text, String path) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Answered below, as any index that is not there.
        }
        throw missing(path);
    }

    private static ApiRefusal missing(String path) {
        return ApiRefusal.unprocessable("the server rejected our request due to an error in our request: " + "path "
                + path + " does not exist: missing value");
    }
}
