package dev.slipway.tests.locks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A body for each operation of the API that takes JSON, with every field that the description gives it. */
record Bodies(List<Body> all) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 5;

    /** @param path with the names of its variables in braces */
    record Body(String method, String path, String json) {}

    /** @param openApi the description that Slipway gives of itself */
    static Bodies of(String openApi) throws JsonProcessingException {
        JsonNode description = JSON.readTree(openApi);
        List<Body> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                JsonNode schema = operation.getValue().at("/requestBody/content/application~1json/schema");
                JsonNode body = example(description, schema, 0);
                if (body.isObject() && !body.isEmpty()) {
                    all.add(new Body(operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), body.toString()));
                }
            }
        }
        return new Bodies(all);
    }

    private static JsonNode example(JsonNode description, JsonNode schema, int depth) {
        if (schema.has("$ref")) {
            return example(
                    description, description.at(schema.path("$ref").asText().substring(1)), depth);
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(choice)) {
                return example(description, schema.path(choice).path(0), depth);
            }
        }
        if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.path(0).asText() : type.asText()) {
            case "string" -> JSON.getNodeFactory().textNode("a");
            case "integer", "number" -> JSON.getNodeFactory().numberNode(1);
            case "boolean" -> JSON.getNodeFactory().booleanNode(true);
            case "array" -> {
                ArrayNode array = JSON.createArrayNode();
                if (depth < DEEPEST) {
                    array.add(example(description, schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "object" -> {
                ObjectNode object = JSON.createObjectNode();
                if (depth < DEEPEST) {
                    schema.path("properties")
                            .properties()
                            .forEach(field ->
                                    object.set(field.getKey(), example(description, field.getValue(), depth + 1)));
                    if (schema.path("additionalProperties").isObject()) {
                        object.set("a", example(description, schema.path("additionalProperties"), depth + 1));
                    }
                }
                yield object;
            }
            default -> JSON.missingNode();
        };
    }
}
