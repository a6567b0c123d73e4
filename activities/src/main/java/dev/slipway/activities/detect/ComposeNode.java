package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One mapping of a compose file. Fields are asked for by name; {@link #rest()} are those that nobody has asked for. */
final class ComposeNode {
    private final Map<String, Object> fields;
    private final Set<String> asked = new LinkedHashSet<>();

    ComposeNode(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** What is no mapping is an empty one. */
    @SuppressWarnings("unchecked")
    static ComposeNode of(@Nullable Object value) {
        return new ComposeNode(value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** {@code null}: it is not there, or empty. */
    @Nullable
    Object get(String name) {
        asked.add(name);
        return fields.get(name);
    }

    ComposeNode node(String name) {
        return of(get(name));
    }

    /** Empty: it is not there, or no scalar. */
    String text(String name) {
        Object value = get(name);
        return value instanceof Map || value instanceof List || value == null ? "" : value.toString();
    }

    List<String> names() {
        return List.copyOf(fields.keySet());
    }

    /** A list, or what stands alone as a list of one. */
    List<Object> list(String name) {
        Object value = get(name);
        return value instanceof List<?> list ? new ArrayList<>(list) : value == null ? List.of() : List.of(value);
    }

    /** A list of texts, or one text that a shell would split. */
    List<String> words(String name) {
        Object value = get(name);
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : value == null ? List.of() : ComposeValues.words(value.toString());
    }

    /** {@code NAME=value} or {@code NAME: value}; {@code null}: only the name is there. */
    Map<String, @Nullable String> pairs(String name) {
        Map<String, @Nullable String> pairs = new LinkedHashMap<>();
        Object value = get(name);
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> pairs.put(String.valueOf(key), one == null ? null : one.toString()));
        } else {
            for (Object one : list(name)) {
                String[] parts = one.toString().split("=", 2);
                pairs.put(parts[0], parts.length == 2 ? parts[1] : null);
            }
        }
        return pairs;
    }

    /** Fields that nobody has asked for; extensions are nothing. */
    List<String> rest() {
        return fields.keySet().stream()
                .filter(name -> !asked.contains(name) && !name.startsWith("x-"))
                .toList();
    }
}
