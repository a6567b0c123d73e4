package dev.slipway.activities.image;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of a {@code .dockerignore}: Go's {@code filepath.Match} part by part, and {@code **} for any number of parts. What
 * names a folder names all that is in it. Takes time in proportion to pattern times path, whatever they hold. Immutable.
 *
 * @see <a href="https://docs.docker.com/build/concepts/context/#dockerignore-files">.dockerignore files</a>
 */
final class PathPattern {
    private static final String ANY_PARTS = "**";

    private final List<String> parts;

    private PathPattern(List<String> parts) {
        this.parts = parts;
    }

    /** @param text slashes at its ends and parts that are empty or {@code .} mean nothing; {@code ..} takes the part before away */
    static PathPattern of(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return new PathPattern(List.copyOf(parts));
    }

    /** Whether it names the path, or a folder that the path is in. */
    boolean covers(String path) {
        // reached[i]: the first i parts of the pattern name what was read of the path.
        boolean[] reached = new boolean[parts.size() + 1];
        reached[0] = true;
        skipAnyParts(reached);
        for (String name : path.split("/")) {
            boolean[] next = new boolean[parts.size() + 1];
            for (int i = 0; i < parts.size(); i++) {
                if (reached[i]) {
                    if (parts.get(i).equals(ANY_PARTS)) {
                        next[i] = true;
                        next[i + 1] |= i == parts.size() - 1;
                    } else if (matches(parts.get(i), name)) {
                        next[i + 1] = true;
                    }
                }
            }
            skipAnyParts(next);
            if (next[parts.size()]) {
                return !parts.isEmpty();
            }
            reached = next;
        }
        return false;
    }

    /** {@code **} may also stand for no part at all, but for at least one at the end: {@code folder/**} is what is in it. */
    private void skipAnyParts(boolean[] reached) {
        for (int i = 0; i + 1 < parts.size(); i++) {
            if (reached[i] && parts.get(i).equals(ANY_PARTS)) {
                reached[i + 1] = true;
            }
        }
    }

    /** One part: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}, and a backslash before what stands for itself. */
    private static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int from = 0;
        while (n < name.length()) {
            int after = p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, name.charAt(n)) : -1;
            if (after > 0) {
                p = after;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = n;
            } else if (star >= 0) {
                p = star + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** @return where the pattern goes on when its next element is that character; -1 when it is not */
    private static int one(String pattern, int at, char c) {
        return switch (pattern.charAt(at)) {
            case '?' -> at + 1;
            case '[' -> range(pattern, at, c);
            case '\\' -> at + 1 < pattern.length() && pattern.charAt(at + 1) == c ? at + 2 : -1;
            default -> pattern.charAt(at) == c ? at + 1 : -1;
        };
    }

    private static int range(String pattern, int at, char c) {
        int p = at + 1;
        boolean not = p < pattern.length() && pattern.charAt(p) == '^';
        p += not ? 1 : 0;
        boolean in = false;
        for (boolean first = true; p < pattern.length() && (first || pattern.charAt(p) != ']'); first = false) {
            p += pattern.charAt(p) == '\\' && p + 1 < pattern.length() ? 1 : 0;
            char low = pattern.charAt(p++);
            char high = low;
            if (p + 1 < pattern.length() && pattern.charAt(p) == '-' && pattern.charAt(p + 1) != ']') {
                high = pattern.charAt(p + 1);
                p += 2;
            }
            in |= low <= c && c <= high;
        }
        return p < pattern.length() && in != not ? p + 1 : -1;
    }
}
