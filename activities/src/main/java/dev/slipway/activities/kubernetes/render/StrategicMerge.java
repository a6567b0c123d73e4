package dev.slipway.activities.kubernetes.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The strategic merge patch of Kubernetes for the fields of a workload: maps are merged, lists with a merge key by that key,
 * all other lists replaced, {@code null} removes. Of the directives it knows {@code $patch} ({@code delete}, {@code replace},
 * {@code merge}) and {@code $retainKeys}.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/">Patches</a>
 */
final class StrategicMerge {
    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("resourceClaims", "name"),
            Map.entry("schedulingGates", "name"),
            Map.entry("ports", "containerPort"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("hostAliases", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"));

    /** Where a patch cannot be applied, and why, in words of the patch. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String path;
        private final String expected;

        private Misfit(String path, String expected) {
            super(path + ": " + expected);
            this.path = path;
            this.expected = expected;
        }

        /** Below the patch, {@code spec.template.spec.containers[0]}. */
        String path() {
            return path;
        }

        String expected() {
            return expected;
        }
    }

    private StrategicMerge() {}

    /**
     * A new tree; both inputs stay as they are.
     *
     * @throws Misfit when a list with a merge key holds an element without it, or a directive is unknown
     */
    static Map<String, @Nullable Object> merge(Map<?, ?> target, Map<?, ?> patch) {
        return merge("", target, patch);
    }

    private static Map<String, @Nullable Object> merge(String path, Map<?, ?> target, Map<?, ?> patch) {
        Object directive = patch.get(PATCH);
        if (directive != null && !List.of("replace", "merge").contains(directive)) {
            throw new Misfit(below(path, PATCH), "replace, merge");
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        if (!"replace".equals(directive)) {
            target.forEach((key, value) -> result.put(String.valueOf(key), value));
        }
        if (patch.get(RETAIN_KEYS) instanceof List<?> kept) {
            result.keySet().removeIf(key -> !kept.contains(key));
        }
        patch.forEach((key, value) -> {
            String name = String.valueOf(key);
            String at = below(path, name);
            if (name.startsWith("$")) {
                if (!name.equals(PATCH) && !name.equals(RETAIN_KEYS)) {
                    throw new Misfit(at, PATCH + ", " + RETAIN_KEYS);
                }
            } else if (value == null) {
                result.remove(name);
            } else if (value instanceof Map<?, ?> map) {
                if ("delete".equals(map.get(PATCH))) {
                    result.remove(name);
                } else {
                    Map<?, ?> there = result.get(name) instanceof Map<?, ?> current ? current : Map.of();
                    result.put(name, merge(at, there, map));
                }
            } else if (value instanceof List<?> list) {
                List<?> there = result.get(name) instanceof List<?> current ? current : List.of();
                result.put(name, list(at, KEYS.get(name), there, list));
            } else {
                result.put(name, value);
            }
        });
        return result;
    }

    private static List<Object> list(String path, @Nullable String key, List<?> target, List<?> patch) {
        boolean replace = patch.stream()
                .anyMatch(item -> item instanceof Map<?, ?> map && map.size() == 1 && "replace".equals(map.get(PATCH)));
        List<Object> result = new ArrayList<>(key == null || replace ? List.of() : target);
        for (int i = 0; i < patch.size(); i++) {
            Object item = patch.get(i);
            String at = path + "[" + i + "]";
            if (item instanceof Map<?, ?> map) {
                if (replace && map.size() == 1 && map.containsKey(PATCH)) {
                    continue;
                }
                element(at, key, result, map);
            } else if (key == null && item != null) {
                result.add(item);
            } else {
                throw new Misfit(at, key == null ? "a value" : key + ": …");
            }
        }
        return result;
    }

    private static void element(String at, @Nullable String key, List<Object> result, Map<?, ?> item) {
        if (key == null) {
            result.add(merge(at, Map.of(), item));
            return;
        }
        Object wanted = item.get(key);
        if (wanted == null) {
            throw new Misfit(at, key + ": …");
        }
        int index = -1;
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i) instanceof Map<?, ?> map && wanted.toString().equals(Objects.toString(map.get(key)))) {
                index = i;
            }
        }
        if ("delete".equals(item.get(PATCH))) {
            if (index >= 0) {
                result.remove(index);
            }
        } else if (index >= 0) {
            result.set(index, merge(at, (Map<?, ?>) result.get(index), item));
        } else {
            result.add(merge(at, Map.of(), item));
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
