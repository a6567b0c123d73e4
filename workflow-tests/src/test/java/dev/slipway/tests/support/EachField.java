package dev.slipway.tests.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A body that is right, with one field after the other broken in each way that a sender may break it. */
public final class EachField {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOLE = "a hole to be filled";
    private static final int DEEP = 2_000;

    /** As JSON, so that what no document could hold can stand there too. */
    private static final Map<String, String> VALUES = values();

    private EachField() {}

    /**
     * One that is broken.
     *
     * @param field its place, as {@code repository.clone_url}
     * @param how in words
     * @param odd it is a value of a kind that this field never has; else it is none, or of the right kind
     */
    public record Broken(String field, String how, boolean odd, String body) {
        @Override
        public String toString() {
            return field + ": " + how;
        }
    }

    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("null", "null");
        values.put("a number", "7");
        values.put("a number without end", "1e999");
        values.put("a truth", "true");
        values.put("a list", "[[], null, {}]");
        values.put("an object", "{\"a\": {\"b\": null}}");
        values.put("nothing written", "\"\"");
        values.put("very long", "\"" + "é".repeat(20_000) + "\"");
        values.put("control characters", "\"a\\u0000b\\u0007\\u001b[31m\\u202ec\\r\\nd\"");
        values.put("half a character", "\"a\\ud800\"");
        values.put("deep", "[".repeat(DEEP) + "]".repeat(DEEP));
        return values;
    }

    /** All of them; the same for the same body. */
    public static List<Broken> of(String body) {
        JsonNode whole = read(body);
        List<Broken> all = new ArrayList<>();
        walk(whole, whole, "", all);
        return all;
    }

    private static void walk(JsonNode whole, JsonNode parent, String path, List<Broken> all) {
        if (parent instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String place = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                object.remove(field.getKey());
                all.add(new Broken(place, "missing", false, whole.toString()));
                object.set(field.getKey(), TextNode.valueOf(HOLE));
                fill(whole, field.getValue(), place, all);
                object.set(field.getKey(), field.getValue());
                walk(whole, field.getValue(), place, all);
            }
        } else if (parent instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode element = array.get(i);
                String place = path + "[" + i + "]";
                array.set(i, TextNode.valueOf(HOLE));
                fill(whole, element, place, all);
                array.set(i, element);
                walk(whole, element, place, all);
            }
        }
    }

    private static void fill(JsonNode whole, JsonNode right, String place, List<Broken> all) {
        VALUES.forEach((how, value) -> {
            boolean odd = switch (value.charAt(0)) {
                case 'n' -> false;
                case '"' -> !right.isTextual();
                case 't' -> !right.isBoolean();
                case '[' -> how.equals("deep") || !right.isArray();
                case '{' -> !right.isObject();
                default -> !right.isNumber();
            };
            all.add(new Broken(place, how, odd, whole.toString().replace('"' + HOLE + '"', value)));
        });
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(body, e);
        }
    }
}
