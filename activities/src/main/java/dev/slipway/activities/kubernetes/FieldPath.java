package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A field as server-side apply names it in its conflicts, {@code .spec.template.spec.containers[name="web"].image},
 * found in an object. Keys may have dots in them and are not quoted: of those that are there, the longest fits.
 */
final class FieldPath {
    private static final Pattern KEY = Pattern.compile("([A-Za-z]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^,\\]]+)");

    /** Where a field is: an entry of a map, or an element of a list. */
    private record Place(Object container, Object at) {}

    private FieldPath() {}

    /** @param path with or without its leading dot */
    static @Nullable Object value(Map<String, Object> tree, String path) {
        Place place = place(tree, dotted(path));
        if (place == null) {
            return null;
        }
        return place.container() instanceof Map<?, ?> map
                ? map.get(place.at())
                : ((List<?>) place.container()).get((Integer) place.at());
    }

    /** Takes the field away; one that is not there stays so. */
    static void remove(Map<String, Object> tree, String path) {
        Place place = place(tree, dotted(path));
        if (place != null && place.container() instanceof Map<?, ?> map) {
            map.remove(place.at());
        } else if (place != null) {
            ((List<?>) place.container()).remove((int) (Integer) place.at());
        }
    }

    private static String dotted(String path) {
        return path.startsWith(".") || path.startsWith("[") ? path : "." + path;
    }

    private static @Nullable Place place(@Nullable Object node, String path) {
        Place here = null;
        int end = 0;
        if (path.startsWith(".") && node instanceof Map<?, ?> map) {
            String key = longestKey(map, path);
            if (key != null) {
                here = new Place(map, key);
                end = key.length() + 1;
            }
        } else if (path.startsWith("[") && node instanceof List<?> list) {
            end = closing(path) + 1;
            int index = end == 0 ? -1 : index(list, path.substring(1, end - 1));
            here = index < 0 ? null : new Place(list, index);
        }
        if (here == null || end == path.length()) {
            return here;
        }
        Object inner = here.container() instanceof Map<?, ?> map
                ? map.get(here.at())
                : ((List<?>) here.container()).get((Integer) here.at());
        return place(inner, path.substring(end));
    }

    private static @Nullable String longestKey(Map<?, ?> map, String path) {
        String longest = null;
        for (Object candidate : map.keySet()) {
            String key = String.valueOf(candidate);
            int end = key.length() + 1;
            boolean fits = path.startsWith("." + key)
                    && (end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[');
            if (fits && (longest == null || key.length() > longest.length())) {
                longest = key;
            }
        }
        return longest;
    }

    private static int closing(String path) {
        boolean quoted = false;
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ']' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static int index(List<?> list, String inside) {
        if (inside.startsWith("=")) {
            return list.stream().map(FieldPath::text).toList().indexOf(unquoted(inside.substring(1)));
        }
        if (inside.chars().allMatch(Character::isDigit) && !inside.isEmpty()) {
            int index = Integer.parseInt(inside);
            return index < list.size() ? index : -1;
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> element && matches(element, inside)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(Map<?, ?> element, String keys) {
        Matcher matcher = KEY.matcher(keys);
        boolean any = false;
        while (matcher.find()) {
            any = true;
            Object there = element.get(matcher.group(1));
            // What everybody leaves out is a key all the same.
            String value = there == null && matcher.group(1).equals("protocol") ? "TCP" : text(there);
            if (!unquoted(matcher.group(2)).equals(value)) {
                return false;
            }
        }
        return any;
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value);
    }

    private static String unquoted(String text) {
        return text.startsWith("\"") ? Serialization.unmarshal(text, String.class) : text;
    }
}
