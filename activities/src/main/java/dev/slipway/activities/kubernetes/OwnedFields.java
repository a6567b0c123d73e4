package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of an object Slipway has applied, as the API server keeps it.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-side apply</a>
 */
final class OwnedFields {
    private OwnedFields() {}

    static List<ManagedFieldsEntry> entries(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getManagedFields(), List.of());
    }

    /** {@code fieldsV1} of Slipway's own entry; empty when it has applied nothing. */
    static Map<String, Object> of(HasMetadata object) {
        return entries(object).stream()
                .filter(entry -> Labels.MANAGER.equals(entry.getManager())
                        && "Apply".equals(entry.getOperation())
                        && entry.getFieldsV1() != null)
                .findFirst()
                .map(entry -> entry.getFieldsV1().getAdditionalProperties())
                .orElse(Map.of());
    }

    /** The part of an object that these fields are; {@code null}: nothing of it. */
    static @Nullable Object part(Map<?, ?> owned, @Nullable Object value) {
        boolean whole = owned.keySet().stream().allMatch("."::equals);
        if (whole || value == null) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> part = new LinkedHashMap<>();
            owned.forEach((key, below) -> {
                String name = String.valueOf(key);
                Object inner = name.startsWith("f:") ? map.get(name.substring(2)) : null;
                if (inner != null && below instanceof Map<?, ?> fields) {
                    part.put(name.substring(2), part(fields, inner));
                }
            });
            return part;
        }
        return value instanceof List<?> list ? elements(owned, list) : value;
    }

    private static List<Object> elements(Map<?, ?> owned, List<?> list) {
        List<Object> part = new ArrayList<>();
        for (Object element : list) {
            owned.forEach((key, below) -> {
                String name = String.valueOf(key);
                if (name.startsWith("k:") && element instanceof Map<?, ?> map && below instanceof Map<?, ?> fields) {
                    Map<?, ?> keys = Serialization.unmarshal(name.substring(2), Map.class);
                    boolean same = keys.entrySet().stream()
                            .allMatch(entry -> Objects.toString(entry.getValue())
                                    .equals(Objects.toString(map.get(entry.getKey()))));
                    if (same && part(fields, map) instanceof Map<?, ?> some) {
                        Map<Object, Object> named = new LinkedHashMap<>(some);
                        keys.keySet().forEach(field -> named.put(field, map.get(field)));
                        part.add(named);
                    }
                } else if (name.startsWith("v:")
                        && Objects.toString(Serialization.unmarshal(name.substring(2), Object.class))
                                .equals(Objects.toString(element))) {
                    part.add(element);
                }
            });
        }
        return part;
    }
}
