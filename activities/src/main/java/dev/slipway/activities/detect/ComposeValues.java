package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of {@code .env} into the texts of a compose file, as Compose does; the machine's environment is not looked at.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/interpolation/">Interpolation</a>
 */
final class ComposeValues {
    private static final int DEEPEST = 10;
    private static final int LONGEST = 64 << 10;
    /** Of all texts together: each may be made of those before it. What comes after stays as it is written. */
    private static final int MOST = 8 << 20;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private int filled;

    /** @param text of a {@code .env} file; a line may use those before it */
    static ComposeValues of(String text) {
        ComposeValues all = new ComposeValues();
        lines(text).forEach((name, value) -> all.values.put(name, all.filled(value)));
        all.missing.clear();
        return all;
    }

    /** {@code NAME=value} lines; quotes are taken off, comments are nothing. */
    static Map<String, String> lines(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().limit(1_000).forEach(line -> {
            String plain = line.strip().replaceFirst("^export\\s+", "");
            int equals = plain.indexOf('=');
            if (!plain.startsWith("#") && equals > 0) {
                String value = plain.substring(equals + 1).strip();
                boolean quoted = value.length() > 1
                        && (value.startsWith("\"") || value.startsWith("'"))
                        && value.endsWith(value.substring(0, 1));
                lines.put(
                        plain.substring(0, equals).strip(),
                        quoted
                                ? value.substring(1, value.length() - 1)
                                : value.replaceFirst("(?s)(?<!\\s)\\s++#.*", ""));
            }
        });
        return lines;
    }

    @Nullable
    String value(String name) {
        return values.get(name);
    }

    /** Names that were asked for, and have no value. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    String filled(String text) {
        if (filled > MOST) {
            return text;
        }
        String all = filled(text, 0);
        filled += all.length();
        return all;
    }

    private String filled(String text, int depth) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length() && out.length() < LONGEST; ) {
            char c = text.charAt(at);
            if (c != '$' || depth > DEEPEST) {
                out.append(c);
                at++;
            } else if (text.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else if (text.startsWith("${", at)) {
                int end = closing(text, at + 2);
                if (end < 0) {
                    return out.append(text, at, text.length()).toString();
                }
                out.append(one(text.substring(at + 2, end), depth));
                at = end + 1;
            } else {
                int end = at + 1;
                while (end < text.length() && isName(text.charAt(end))) {
                    end++;
                }
                out.append(end == at + 1 ? "$" : one(text.substring(at + 1, end), depth));
                at = end;
            }
        }
        return out.toString();
    }

    private static int closing(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            open += text.startsWith("${", i) ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isName(char c) {
        return c == '_' || c < 128 && Character.isLetterOrDigit(c);
    }

    /** {@code NAME}, {@code NAME:-otherwise}, {@code NAME-otherwise}, {@code NAME:+instead}, {@code NAME?message}. */
    private String one(String inner, int depth) {
        int end = 0;
        while (end < inner.length() && isName(inner.charAt(end))) {
            end++;
        }
        String name = inner.substring(0, end);
        String rest = inner.substring(end);
        String value = values.get(name);
        boolean colon = rest.startsWith(":");
        String operator = colon ? rest.substring(1) : rest;
        boolean has = value != null && !(colon && value.isEmpty());
        if (operator.startsWith("-") && !has) {
            return filled(operator.substring(1), depth + 1);
        }
        if (operator.startsWith("+")) {
            return has ? filled(operator.substring(1), depth + 1) : "";
        }
        if (value == null) {
            missing.add(name);
            return "";
        }
        return value;
    }

    /** Words as a shell splits them, without anything that a shell would look up. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                begun = true;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
