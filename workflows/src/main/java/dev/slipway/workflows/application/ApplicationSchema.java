package dev.slipway.workflows.application;

import dev.slipway.workflows.application.yaml.Fields;
import dev.slipway.workflows.application.yaml.Words;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 2020-12) of application documents, for editors. It is generated from the records, so that it
 * has every field; it knows shapes only, as {@link ApplicationReader} does.
 */
public final class ApplicationSchema {
    public static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /** Any scalar: the author's text is kept, also where it looks like a number. */
    private static final Map<String, Object> TEXT = Map.of("type", List.of("string", "number", "boolean"));

    /** Fields without {@code @Nullable} that have a default all the same. */
    private static final Set<String> DEFAULTED = Set.of(
            "Parameter.type",
            "Parameter.generate",
            "Component.kind",
            "Port.protocol",
            "Expose.path",
            "Http.path",
            "Dependency.when",
            "Component.probes",
            "Component.resources",
            "Component.security",
            "Build.builder",
            "Git.path",
            "Git.build");

    private ApplicationSchema() {}

    /** The schema as plain maps, lists, texts and numbers: ready for any JSON writer. */
    public static Map<String, Object> schema() {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("governance", choice(Governance.class));
        spec.put("parameters", list(object(Parameter.class)));
        spec.put("components", list(object(Component.class)));
        spec.put("manifests", list(Map.of("type", "object", "properties", Map.of("images", list(TEXT)))));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("apiVersion", Map.of("const", Application.API_VERSION));
        root.put("kind", Map.of("const", Application.KIND));
        root.put("metadata", object(Metadata.class));
        root.put("spec", closed(spec, List.of()));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", DIALECT);
        schema.put("title", "Slipway application");
        schema.putAll(closed(root, List.of("apiVersion", "kind", "metadata", "spec")));
        return schema;
    }

    private static Map<String, Object> object(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent field : type.getRecordComponents()) {
            String id = type.getSimpleName() + "." + field.getName();
            String name =
                    id.equals("Parameter.defaultValue") ? "default" : id.equals("Git.url") ? "git" : field.getName();
            properties.put(name, field(id, field.getGenericType()));
            boolean optional = field.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    || List.class.isAssignableFrom(field.getType())
                    || Map.class.isAssignableFrom(field.getType())
                    || DEFAULTED.contains(id);
            if (!optional || id.equals("Git.url")) {
                required.add(name);
            }
        }
        return closed(properties, required);
    }

    private static Map<String, Object> field(String id, Type type) {
        return switch (id) {
            case "Component.deadline" -> Map.of("type", "string", "pattern", "^" + Formats.DURATION.pattern() + "$");
            case "Component.patch" -> Map.of("type", "object");
            case "Component.source" ->
                Map.of("oneOf", List.of(closed(Map.of("image", TEXT), List.of("image")), object(Source.Git.class)));
            case "Component.dependsOn" -> list(Map.of("oneOf", List.of(TEXT, object(Dependency.class))));
            case "Component.sidecars" -> list(Map.of("oneOf", List.of(TEXT, object(SidecarUse.class))));
            case "Port.port" -> Map.of("type", "integer", "minimum", 1, "maximum", 65_535);
            case "Parameter.generate" -> Map.of("type", "integer", "minimum", 8, "maximum", 128);
            default -> shape(type);
        };
    }

    private static Map<String, Object> shape(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] of = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? list(shape(of[0]))
                    : Map.of(
                            "type",
                            "object",
                            "additionalProperties",
                            shape(of[1]),
                            "maxProperties",
                            Fields.MAX_ENTRIES);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return choice(plain);
        }
        if (plain == Integer.class || plain == int.class || plain == Long.class) {
            return Map.of("type", "integer", "minimum", 0);
        }
        if (plain == Boolean.class) {
            return Map.of("type", "boolean");
        }
        // A range is written as one text, request..limit.
        return plain == String.class || plain == Resources.Range.class ? TEXT : object(plain);
    }

    private static Map<String, Object> choice(Class<?> type) {
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(constant -> Words.word((Enum<?>) constant))
                .toList();
        return Map.of("enum", words);
    }

    private static Map<String, Object> list(Map<String, Object> items) {
        return Map.of("type", "array", "items", items, "maxItems", Fields.MAX_ENTRIES);
    }

    private static Map<String, Object> closed(Map<String, Object> properties, List<String> required) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", required);
        object.put("additionalProperties", false);
        return object;
    }
}
