package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is wished with what is there, and only the fields that are wished: defaults of the server and fields of
 * others do not count. Quantities are equal by amount, lists with keys by key; what the server does not keep (an empty
 * text, zero, false) is equal to nothing.
 */
final class FieldComparison {
    private static final Map<String, List<String>> KEYS = Map.of(
            "containers", List.of("name"),
            "initContainers", List.of("name"),
            "volumes", List.of("name"),
            "env", List.of("name"),
            "imagePullSecrets", List.of("name"),
            "volumeMounts", List.of("mountPath"));

    private static final Set<String> NOT_COMPARED = Set.of("apiVersion", "kind", "status");
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");
    private static final int LONGEST = 200;

    private final List<FieldChange> changes = new ArrayList<>();
    private final boolean secret;

    private FieldComparison(boolean secret) {
        this.secret = secret;
    }

    /** @param secret values of {@code data} are never shown */
    static List<FieldChange> compare(Map<String, ?> wished, Map<String, ?> live, boolean secret) {
        FieldComparison comparison = new FieldComparison(secret);
        wished.forEach((key, value) -> {
            if (!NOT_COMPARED.contains(key)) {
                comparison.compare(key, key, value, live.get(key));
            }
        });
        return comparison.changes;
    }

    /**
     * What Slipway has set before and wishes no longer.
     *
     * @param owned {@code fieldsV1} of Slipway's entry in {@code managedFields}
     * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-side apply</a>
     */
    static List<FieldChange> removed(Map<String, ?> owned, Map<String, ?> wished, Map<String, ?> live, boolean secret) {
        FieldComparison comparison = new FieldComparison(secret);
        comparison.removed("", owned, wished, live);
        return comparison.changes;
    }

    private void compare(String path, String name, @Nullable Object wished, @Nullable Object live) {
        if (wished instanceof Map<?, ?> map) {
            Map<?, ?> there = live instanceof Map<?, ?> liveMap ? liveMap : Map.of();
            map.forEach((key, value) -> {
                if (!Labels.HASH.equals(key)) {
                    compare(path + step(String.valueOf(key)), String.valueOf(key), value, there.get(key));
                }
            });
        } else if (wished instanceof List<?> list) {
            lists(path, name, list, live instanceof List<?> liveList ? liveList : List.of());
        } else if (!same(path, wished, live)) {
            change(path, live, wished);
        }
    }

    private void lists(String path, String name, List<?> wished, List<?> live) {
        List<String> keys = keys(name, wished);
        if (keys.isEmpty()) {
            if (!same(path, wished, live)) {
                change(path, live, wished);
            }
            return;
        }
        for (Object element : wished) {
            Map<?, ?> map = (Map<?, ?>) element;
            String at = path + "[" + key(map, keys) + "]";
            Object there = live.stream()
                    .filter(other -> other instanceof Map<?, ?> otherMap
                            && key(otherMap, keys).equals(key(map, keys)))
                    .findFirst()
                    .orElse(null);
            if (there == null) {
                change(at, null, element);
            } else {
                compare(at, "", element, there);
            }
        }
    }

    private static List<String> keys(String name, List<?> list) {
        if (list.isEmpty() || !(list.get(0) instanceof Map<?, ?> first)) {
            return List.of();
        }
        if (name.equals("volumeClaimTemplates")) {
            return List.of("metadata.name");
        }
        if (name.equals("ports")) {
            return List.of(first.containsKey("containerPort") ? "containerPort" : "port", "protocol");
        }
        return KEYS.getOrDefault(name, List.of());
    }

    private static String key(Map<?, ?> element, List<String> keys) {
        return keys.stream()
                .map(key -> key + "="
                        + shownKey(
                                key.equals("metadata.name")
                                        ? element.get("metadata") instanceof Map<?, ?> metadata
                                                ? metadata.get("name")
                                                : null
                                        : element.get(key)))
                .collect(Collectors.joining(","));
    }

    private static String shownKey(@Nullable Object value) {
        return value instanceof Number ? value.toString() : "\"" + value + "\"";
    }

    private boolean same(String path, @Nullable Object wished, @Nullable Object live) {
        if (wished instanceof List<?> left && live instanceof List<?> right) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!same(path, left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (wished instanceof Map<?, ?> left) {
            Map<?, ?> right = live instanceof Map<?, ?> map ? map : Map.of();
            return left.entrySet().stream()
                    .allMatch(entry -> same(
                            path + step(String.valueOf(entry.getKey())), entry.getValue(), right.get(entry.getKey())));
        }
        if (live == null) {
            return wished == null || Set.of("", "0", "false", "[]", "{}").contains(wished.toString());
        }
        return wished != null && (wished.toString().equals(live.toString()) || sameAmount(path, wished, live));
    }

    private static boolean sameAmount(String path, Object wished, Object live) {
        if (!path.contains("resources.") && !path.contains(".storage") && !path.contains(".sizeLimit")) {
            return false;
        }
        try {
            BigDecimal left = Quantity.getAmountInBytes(new Quantity(wished.toString()));
            return left.compareTo(Quantity.getAmountInBytes(new Quantity(live.toString()))) == 0;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }

    private void removed(String path, Map<?, ?> owned, @Nullable Object wished, @Nullable Object live) {
        owned.forEach((key, inner) -> {
            String name = String.valueOf(key);
            Map<?, ?> below = inner instanceof Map<?, ?> map ? map : Map.of();
            if (name.startsWith("f:")) {
                String field = name.substring(2);
                Object liveValue = live instanceof Map<?, ?> map ? map.get(field) : null;
                if (liveValue == null || field.equals(Labels.HASH)) {
                    return;
                }
                String at = path.isEmpty() ? field : path + step(field);
                Object wishedValue = wished instanceof Map<?, ?> map ? map.get(field) : null;
                if (wishedValue == null) {
                    change(at, liveValue, null);
                } else {
                    removed(at, below, wishedValue, liveValue);
                }
            } else if (name.startsWith("k:")) {
                Object liveElement = element(live, name.substring(2));
                if (liveElement == null) {
                    return;
                }
                Object wishedElement = element(wished, name.substring(2));
                String at = path + "[" + ownedKey(name.substring(2)) + "]";
                if (wishedElement == null) {
                    change(at, liveElement, null);
                } else {
                    removed(at, below, wishedElement, liveElement);
                }
            }
        });
    }

    private static @Nullable Object element(@Nullable Object list, String keyJson) {
        if (!(list instanceof List<?> elements)) {
            return null;
        }
        Map<?, ?> key = io.fabric8.kubernetes.client.utils.Serialization.unmarshal(keyJson, Map.class);
        return elements.stream()
                .filter(element -> element instanceof Map<?, ?> map
                        && key.entrySet().stream()
                                .allMatch(entry -> Objects.toString(entry.getValue())
                                        .equals(Objects.toString(map.get(entry.getKey())))))
                .findFirst()
                .orElse(null);
    }

    private static String ownedKey(String keyJson) {
        Map<?, ?> key = io.fabric8.kubernetes.client.utils.Serialization.unmarshal(keyJson, Map.class);
        return key.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + shownKey(entry.getValue()))
                .collect(Collectors.joining(","));
    }

    /** Keys with dots in them are shown in brackets. */
    private static String step(String key) {
        return PLAIN_KEY.matcher(key).matches() ? "." + key : "[" + key + "]";
    }

    private void change(String path, @Nullable Object from, @Nullable Object to) {
        boolean hidden = secret && path.startsWith("data");
        changes.add(new FieldChange(path, shown(from, hidden), shown(to, hidden)));
    }

    /** A value as plans show it. */
    static @Nullable String shown(@Nullable Object value, boolean hidden) {
        if (value == null || value instanceof List<?> list && list.isEmpty()) {
            return null;
        }
        if (hidden) {
            return "***";
        }
        String text = value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
