package dev.slipway.workflows.application.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain values (maps, lists, texts, numbers, booleans, null) as YAML that fits in at a column: what is short in
 * one line with brackets, the rest as blocks. For pieces that are put into an author's text; whole documents are
 * written by the application's writer.
 */
public final class YamlPen {
    private static final int SHORT = 72;
    private static final String WORD = "[A-Za-z0-9_/.@+-]+(?::[A-Za-z0-9_/.@+-]+)*";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/]" + "(?:" + WORD + ")?(?: " + WORD + "){0,12}");
    private static final Pattern NUMBER_LIKE = Pattern.compile("[-+0-9.][0-9_.:+eExXoOa-fA-F-]*");
    private static final Set<String> SPECIAL = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");
    private static final Pattern SPACE_AT_END = Pattern.compile("[ \t](\n|$)");

    /** Whether every text is quoted, as in a document that is JSON. */
    private final boolean quotes;

    YamlPen(boolean quotes) {
        this.quotes = quotes;
    }

    /** A mapping as a text of its own; empty for an empty one. */
    public static String write(Map<String, ?> tree) {
        if (tree.isEmpty()) {
            return "";
        }
        return new YamlPen(false).fields(tree, 0) + "\n";
    }

    /** What follows {@code key:} where the key stands at a column. */
    String afterKey(@Nullable Object value, int column, boolean mayBeBlock) {
        if (value instanceof String text && mayBeBlock && isLiteral(text)) {
            return " " + literal(text, column + 2);
        }
        if (isShort(value)) {
            return " " + flow(value);
        }
        if (value instanceof Map<?, ?> map) {
            return "\n" + " ".repeat(column + 2) + fields(map, column + 2);
        }
        StringBuilder items = new StringBuilder();
        // Whatever is neither a map nor a list was short.
        for (Object item : (Collection<?>) Objects.requireNonNull(value)) {
            items.append('\n').append(" ".repeat(column + 2)).append("- ").append(item(item, column + 4));
        }
        return items.toString();
    }

    /** What follows {@code - }; the column is that of the item itself. */
    String item(@Nullable Object value, int column) {
        if (value instanceof String text && isLiteral(text)) {
            return literal(text, column);
        }
        return value instanceof Map<?, ?> map && !isShort(map) ? fields(map, column) : flow(value);
    }

    private String fields(Map<?, ?> map, int column) {
        return map.entrySet().stream()
                .map(entry -> scalar(entry.getKey()) + ":" + afterKey(entry.getValue(), column, true))
                .collect(Collectors.joining("\n" + " ".repeat(column)));
    }

    /** In one line. */
    String flow(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> scalar(entry.getKey()) + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(this::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        return scalar(value);
    }

    private boolean isShort(@Nullable Object value) {
        Collection<?> inner =
                value instanceof Map<?, ?> map ? map.values() : value instanceof Collection<?> list ? list : Set.of();
        return inner.isEmpty()
                || (inner.stream()
                                .noneMatch(each -> each instanceof Map<?, ?>
                                        || each instanceof Collection<?>
                                        || (each instanceof String text && isLiteral(text)))
                        && flow(value).length() <= SHORT);
    }

    String scalar(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return String.valueOf(value);
        }
        boolean plain = !quotes
                && PLAIN.matcher(text).matches()
                && !NUMBER_LIKE.matcher(text).matches()
                && !SPECIAL.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04X", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private boolean isLiteral(String text) {
        return !quotes
                && text.indexOf('\n') > 0
                && text.charAt(0) > ' '
                && !text.endsWith("\n\n")
                && text.chars()
                        .allMatch(c ->
                                c == '\n' || !(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xFEFF))
                && !SPACE_AT_END.matcher(text).find();
    }

    private static String literal(String text, int column) {
        StringBuilder block = new StringBuilder(text.endsWith("\n") ? "|" : "|-");
        text.lines()
                .forEach(line -> block.append('\n')
                        .append(line.isEmpty() ? "" : " ".repeat(column))
                        .append(line));
        return block.toString();
    }
}
