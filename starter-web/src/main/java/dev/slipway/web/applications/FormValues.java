package dev.slipway.web.applications;

import dev.slipway.web.applications.FormField.Group;
import dev.slipway.workflows.application.yaml.Fields;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.application.yaml.YamlPen;
import dev.slipway.workflows.application.yaml.YamlText;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the fields of a form, by parameter name: made from a piece of a document, or as a person sent it, and
 * turned into a piece of a document again. Nothing is judged here but what only a form can get wrong; the reader of
 * documents finds the rest.
 */
public final class FormValues {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private final Map<String, List<String>> values;

    private FormValues(Map<String, List<String>> values) {
        this.values = values;
    }

    /** As a browser sends them: line breaks become those of documents. */
    static FormValues sent(Map<String, String[]> parameters) {
        Map<String, List<String>> values = new HashMap<>();
        parameters.forEach((name, all) -> {
            List<String> some = new ArrayList<>();
            for (String value : all) {
                some.add(plain(value));
            }
            values.put(name, some);
        });
        return new FormValues(values);
    }

    static FormValues of(List<Group> shape, Map<String, ?> tree) {
        Map<String, List<String>> values = new HashMap<>();
        for (FormField field : fields(shape)) {
            Object value = at(tree, field.path());
            switch (field.type()) {
                case TEXT, BRANCH, TAG, NUMBER, CHOICE, TRUTH, AREA, LINES, YAML ->
                    values.put(field.path(), List.of(text(field, value)));
                case LIST -> values.put(field.path(), texts(value));
                case MAP -> {
                    Map<?, ?> map = value instanceof Map<?, ?> given ? given : Map.of();
                    values.put(field.keys(), texts(map.keySet()));
                    values.put(field.values(), texts(map.values()));
                }
                case TABLE -> {
                    List<?> rows = value instanceof List<?> list ? list : List.of();
                    for (FormField column : field.columns()) {
                        values.put(
                                field.cell(column),
                                rows.stream()
                                        .map(row -> text(column, at((Map<?, ?>) row, column.path())))
                                        .toList());
                    }
                }
            }
        }
        // The default; that it is written down only because of a path or a base is of no interest.
        if (List.of("auto").equals(values.get("source.build.builder"))) {
            values.put("source.build.builder", List.of(""));
        }
        return new FormValues(values);
    }

    static List<FormField> fields(List<Group> shape) {
        return shape.stream().flatMap(group -> group.fields().stream()).toList();
    }

    private static String text(FormField field, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            map.forEach((key, inner) -> tree.put(String.valueOf(key), inner));
            return YamlPen.write(tree);
        }
        return field.type() == FormField.Type.LINES ? String.join("\n", texts(value)) : String.valueOf(value);
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static @Nullable Object at(Map<?, ?> tree, String path) {
        Object value = tree;
        for (String name : path.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    /** The value of a field, or of one of its rows; empty where there is none. */
    public String value(String name, int row) {
        List<String> all = values.getOrDefault(name, List.of());
        return row < all.size() ? all.get(row) : "";
    }

    public String value(String name) {
        return value(name, 0);
    }

    /** As a text area has to be given it: a first line break is swallowed by browsers. */
    public String area(String name, int row) {
        String value = value(name, row);
        return value.startsWith("\n") ? "\n" + value : value;
    }

    /** How many rows are filled in; one empty row more is shown. */
    public int rows(FormField field) {
        return switch (field.type()) {
            case MAP -> size(field.keys());
            case TABLE ->
                field.columns().stream()
                        .mapToInt(column -> size(field.cell(column)))
                        .max()
                        .orElse(0);
            default -> size(field.path());
        };
    }

    private int size(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        int size = all.size();
        while (size > 0 && all.get(size - 1).isEmpty()) {
            size--;
        }
        return size;
    }

    /** Whether anything of a group is filled in. */
    public boolean isUsed(Group group) {
        return group.fields().stream().anyMatch(field -> switch (field.type()) {
            case LIST, MAP, TABLE -> rows(field) > 0;
            default -> !value(field.path()).isBlank();
        });
    }

    /**
     * The piece of a document that the values say.
     *
     * @param base what was there before: texts that a browser cannot hold exactly stay as they are, unless they were changed
     */
    Map<String, @Nullable Object> tree(List<Group> shape, Map<String, ?> base, List<Problem> problems) {
        Map<String, String> exact = new HashMap<>();
        collect(base, exact);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (FormField field : fields(shape)) {
            Object value = switch (field.type()) {
                case TEXT, BRANCH, TAG, NUMBER, CHOICE, TRUTH, AREA, LINES, YAML ->
                    single(field, value(field.path()), field.path(), exact, problems);
                case LIST -> list(field, exact);
                case MAP -> map(field, exact, problems);
                case TABLE -> table(field, exact, problems);
            };
            put(tree, field.path(), value);
        }
        if (tree.get("source") instanceof Map<?, ?> source && !source.containsKey("git")) {
            // An image is not built; a form still sends which builder is chosen.
            if (source.get("build") instanceof Map<?, ?> build && build.keySet().equals(java.util.Set.of("builder"))) {
                source.remove("build");
            }
        }
        return tree;
    }

    private @Nullable Object single(
            FormField field, String sent, String path, Map<String, String> exact, List<Problem> problems) {
        if (sent.isBlank()) {
            return null;
        }
        String value = exact.getOrDefault(sent, sent);
        return switch (field.type()) {
            case NUMBER -> WHOLE.matcher(sent.strip()).matches() ? (Object) Long.valueOf(sent.strip()) : value;
            case TRUTH -> sent.equals("true") ? Boolean.TRUE : sent.equals("false") ? Boolean.FALSE : value;
            case LINES -> sent.lines().filter(line -> !line.isBlank()).toList();
            case YAML -> yaml(sent, path, problems);
            case TEXT, BRANCH, TAG -> exact.containsKey(sent) ? value : value.strip();
            default -> value;
        };
    }

    private static @Nullable Object yaml(String text, String path, List<Problem> problems) {
        Notes notes = new Notes();
        Fields fields = YamlText.read(text, notes);
        Map<String, @Nullable Object> tree = fields.rest();
        notes.problems()
                .forEach(problem ->
                        problems.add(new Problem(problem.code(), path + ", " + problem.where(), problem.arguments())));
        return tree.isEmpty() ? null : tree;
    }

    private @Nullable Object list(FormField field, Map<String, String> exact) {
        List<String> sent = values.getOrDefault(field.path(), List.of());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < size(field.path()); i++) {
            texts.add(exact.getOrDefault(sent.get(i), sent.get(i)));
        }
        return texts.isEmpty() ? null : texts;
    }

    private @Nullable Object map(FormField field, Map<String, String> exact, List<Problem> problems) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        int rows = Math.max(size(field.keys()), size(field.values()));
        for (int i = 0; i < rows; i++) {
            String key = value(field.keys(), i);
            String value = value(field.values(), i);
            if (key.isBlank() && value.isEmpty()) {
                continue;
            }
            String name = exact.containsKey(key) ? exact.get(key) : key.strip();
            if (map.containsKey(name)) {
                problems.add(Problem.of(
                        ProblemCode.DOC_DUPLICATE, field.path(), "name", Words.shown(name), "first", field.path()));
            }
            map.put(name, exact.getOrDefault(value, value));
        }
        return map.isEmpty() ? null : map;
    }

    private @Nullable Object table(FormField field, Map<String, String> exact, List<Problem> problems) {
        List<@Nullable Object> rows = new ArrayList<>();
        for (int i = 0; i < rows(field); i++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (FormField column : field.columns()) {
                String path = field.path() + "[" + rows.size() + "]." + column.path();
                String sent = value(field.cell(column), i);
                Object value = single(column, sent, path, exact, problems);
                if (value == null && column.type() == FormField.Type.AREA && !row.isEmpty()) {
                    // A file may be empty.
                    value = exact.getOrDefault(sent, sent);
                }
                put(row, column.path(), value);
            }
            if (!row.isEmpty()) {
                rows.add(row);
            }
        }
        return rows.isEmpty() ? null : rows;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> tree, String path, @Nullable Object value) {
        if (value == null) {
            return;
        }
        Map<String, @Nullable Object> at = tree;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            at = (Map<String, @Nullable Object>)
                    at.computeIfAbsent(names[i], name -> new LinkedHashMap<String, @Nullable Object>());
        }
        at.put(names[names.length - 1], value);
    }

    /** Every text that comes back from a browser otherwise than it was sent. */
    private static void collect(@Nullable Object value, Map<String, String> exact) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                collect(key, exact);
                collect(inner, exact);
            });
        } else if (value instanceof Collection<?> list) {
            list.forEach(inner -> collect(inner, exact));
        } else if (value instanceof String text) {
            for (String back : List.of(plain(text), text.replaceAll("[\r\n]", ""))) {
                if (!back.isEmpty() && (!back.equals(text) || !text.strip().equals(text))) {
                    exact.putIfAbsent(back, text);
                }
            }
        }
    }

    /** Browsers send line breaks as they like; documents have their own. */
    static String plain(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }
}
