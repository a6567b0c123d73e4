package dev.slipway.workflows.application.yaml;

import java.util.Map;

/** Which line a field stands on, by its path such as {@code spec.components[2].name}. */
public final class Lines {
    /** For documents that were not read from a text: no line is ever named. */
    public static final Lines NONE = new Lines(Map.of());

    private final Map<String, Integer> byPath;

    Lines(Map<String, Integer> byPath) {
        this.byPath = byPath;
    }

    /** The line of the field or, where the author left it out, of what it would be in; 0: unknown. */
    public int of(String path) {
        for (String p = path; ; p = parent(p)) {
            Integer line = byPath.get(p);
            if (line != null) {
                return line;
            }
            if (p.isEmpty()) {
                return 0;
            }
        }
    }

    /** Path and line as people read them: {@code spec.components[2].name, line 41}. */
    public String where(String path) {
        int line = of(path);
        if (line == 0) {
            return path;
        }
        return path.isEmpty() ? "line " + line : path + ", line " + line;
    }

    static String parent(String path) {
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return end <= 0 ? "" : path.substring(0, end);
    }

    /** The path of a field in what is at {@code path}. */
    public static String field(String path, String name) {
        if (isWord(name)) {
            return path.isEmpty() ? name : path + "." + name;
        }
        return path + "[\"" + Words.shown(name) + "\"]";
    }

    private static boolean isWord(String name) {
        return !name.isEmpty()
                && name.length() <= 80
                && name.chars().allMatch(c -> c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit((char) c)));
    }
}
