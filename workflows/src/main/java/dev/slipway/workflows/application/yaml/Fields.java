package dev.slipway.workflows.application.yaml;

import dev.slipway.workflows.problem.ProblemCode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one mapping, asked for one by one. What does not fit is noted and a harmless value answered, so that
 * one reading finds every problem. {@link #done()} notes the fields nobody asked for. A field that is null counts as
 * not given.
 */
public final class Fields {
    /** Entries in one list or mapping. */
    public static final int MAX_ENTRIES = 1_000;

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?([.][0-9]{1,40}|[0-9]{1,40}([.][0-9]{0,40})?)([eE][-+]?[0-9]{1,4})?");
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final String MAPPING = "{…: …}";
    private static final String LIST = "[…, …]";

    private final String path;
    private final Notes notes;
    private final boolean silent;
    private final Map<String, YamlNode> nodes = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> missing = new LinkedHashMap<>();

    private Fields(String path, Notes notes, boolean silent) {
        this.path = path;
        this.notes = notes;
        this.silent = silent;
    }

    /** No fields, and nothing is said about that. */
    static Fields silent(Notes notes) {
        notes.settle("");
        return new Fields("", notes, true);
    }

    static Fields root(YamlNode root, Notes notes) {
        return of(root, "", notes, "");
    }

    private static Fields of(YamlNode node, String path, Notes notes, String shorthand) {
        if (node instanceof YamlNode.Mapping mapping) {
            Fields fields = new Fields(path, notes, false);
            mapping.entries().forEach(entry -> fields.nodes.put(entry.key(), entry.value()));
            return fields;
        }
        if (node instanceof YamlNode.Scalar scalar && !shorthand.isEmpty() && !scalar.isNull()) {
            Fields fields = new Fields(path, notes, false);
            fields.nodes.put(shorthand, scalar);
            return fields;
        }
        if (!(node instanceof YamlNode.Refused)) {
            unfit(notes, path, node, MAPPING);
        }
        return new Fields(path, notes, true);
    }

    private static void unfit(Notes notes, String path, YamlNode node, String example) {
        String found = node instanceof YamlNode.Scalar scalar
                ? (scalar.plain() ? Words.shown(scalar.text()) : '"' + Words.shown(scalar.text()) + '"')
                : node instanceof YamlNode.Sequence ? LIST : MAPPING;
        notes.note(ProblemCode.DOC_TYPE, path, "found", found.isEmpty() ? "null" : found, "example", example);
    }

    public String path() {
        return path;
    }

    /** The node of a field; {@code null} when it is not given, null or refused. */
    private @Nullable YamlNode ask(String name) {
        asked.add(name);
        YamlNode node = nodes.get(name);
        boolean absent = node == null
                || node instanceof YamlNode.Refused
                || (node instanceof YamlNode.Scalar scalar && scalar.isNull());
        return absent ? null : node;
    }

    private @Nullable YamlNode askRequired(String name, String example) {
        YamlNode node = ask(name);
        if (node == null && !(nodes.get(name) instanceof YamlNode.Refused)) {
            missing.put(name, example);
        }
        return node;
    }

    private String at(String name) {
        return Lines.field(path, name);
    }

    public boolean has(String name) {
        YamlNode node = nodes.get(name);
        return node != null && !(node instanceof YamlNode.Scalar scalar && scalar.isNull());
    }

    /** What the field says, before it is asked for; {@code null} when it is no scalar. Notes nothing. */
    public @Nullable String peek(String name) {
        return nodes.get(name) instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    /** The author's text, also where it looks like a number; {@code null} when not given. */
    public @Nullable String text(String name) {
        return scalar(ask(name), at(name), "\"…\"");
    }

    public String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /** The text of a field that must be there; empty when it is not, which is noted. */
    public String required(String name, String example) {
        String text = scalar(askRequired(name, example), at(name), example);
        return text == null ? "" : text;
    }

    private @Nullable String scalar(@Nullable YamlNode node, String at, String example) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.text();
        }
        if (node != null) {
            unfit(notes, at, node, example);
        }
        return null;
    }

    /** A whole number; {@code null} when not given. Quoted ones are texts and refused. */
    public @Nullable Long whole(String name, long min, long max) {
        YamlNode node = ask(name);
        return node == null ? null : whole(name, node, min, max);
    }

    public @Nullable Integer count(String name, int min, int max) {
        Long number = whole(name, min, max);
        return number == null ? null : number.intValue();
    }

    public int requiredCount(String name, int min, int max, String example) {
        YamlNode node = askRequired(name, example);
        Long number = node == null ? null : whole(name, node, min, max);
        return number == null ? min : number.intValue();
    }

    private @Nullable Long whole(String name, YamlNode node, long min, long max) {
        if (!(node instanceof YamlNode.Scalar scalar)
                || !scalar.plain()
                || !WHOLE.matcher(scalar.text()).matches()) {
            unfit(notes, at(name), node, min + ".." + max);
            return null;
        }
        BigInteger number = new BigInteger(scalar.text());
        if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
            notes.note(ProblemCode.DOC_VALUE, at(name), "value", scalar.text(), "allowed", min + ".." + max);
            return null;
        }
        return number.longValue();
    }

    public @Nullable Boolean truth(String name) {
        YamlNode node = ask(name);
        if (node instanceof YamlNode.Scalar scalar
                && scalar.plain()
                && (scalar.text().equals("true") || scalar.text().equals("false"))) {
            return scalar.text().equals("true");
        }
        if (node != null) {
            unfit(notes, at(name), node, "true | false");
        }
        return null;
    }

    public <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
        E value = choice(name, type);
        return value == null ? otherwise : value;
    }

    public <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(Words::word).toList();
        String text = scalar(ask(name), at(name), Words.list(words));
        if (text == null) {
            return null;
        }
        int index = words.indexOf(text);
        if (index < 0) {
            notChosen(name, text, words);
            return null;
        }
        return type.getEnumConstants()[index];
    }

    /** Whether the field that must be there has exactly this text. */
    public boolean expect(String name, String expected) {
        String text = scalar(askRequired(name, expected), at(name), expected);
        if (text != null && !text.equals(expected)) {
            notChosen(name, text, List.of(expected));
            return false;
        }
        return true;
    }

    private void notChosen(String name, String text, List<String> words) {
        notes.note(
                ProblemCode.DOC_CHOICE,
                at(name),
                "value",
                Words.shown(text),
                "closest",
                Words.closest(text, words),
                "allowed",
                Words.list(words));
    }

    /** The fields in a field; silent and empty when it is not given. */
    public Fields child(String name) {
        YamlNode node = ask(name);
        return node == null ? new Fields(at(name), notes, true) : of(node, at(name), notes, "");
    }

    public Fields requiredChild(String name, String example) {
        YamlNode node = askRequired(name, example);
        return node == null ? new Fields(at(name), notes, true) : of(node, at(name), notes, "");
    }

    /** What stands in the mapping {@code name}, by key, in the author's order. */
    public <T> Map<String, T> children(String name, Function<Fields, T> read) {
        Map<String, T> children = new LinkedHashMap<>();
        Fields parent = child(name);
        parent.capped(parent.nodes.size());
        for (String key : List.copyOf(parent.nodes.keySet())) {
            Fields fields = parent.child(key);
            children.put(key, read.apply(fields));
            fields.done();
        }
        return children;
    }

    /** Every item of a list of mappings, an unfit one as silent fields. Call {@link #done()} on each. */
    public List<Fields> items(String name) {
        return items(name, "");
    }

    /** As {@link #items(String)}, where a plain text stands for a mapping with only the field {@code shorthand}. */
    public List<Fields> items(String name, String shorthand) {
        List<Fields> items = new ArrayList<>();
        for (YamlNode node : sequence(name, "[" + MAPPING + "]")) {
            items.add(of(node, at(name) + "[" + items.size() + "]", notes, shorthand));
        }
        return items;
    }

    public <T> List<T> each(String name, Function<Fields, T> read) {
        return each(name, "", read);
    }

    public <T> List<T> each(String name, String shorthand, Function<Fields, T> read) {
        List<T> values = new ArrayList<>();
        for (Fields item : items(name, shorthand)) {
            values.add(read.apply(item));
            item.done();
        }
        return values;
    }

    private List<YamlNode> sequence(String name, String example) {
        YamlNode node = ask(name);
        if (node instanceof YamlNode.Sequence sequence) {
            return at(name, sequence.items().size())
                    ? sequence.items()
                    : sequence.items().subList(0, MAX_ENTRIES);
        }
        if (node != null) {
            unfit(notes, at(name), node, example);
        }
        return List.of();
    }

    private boolean at(String name, int size) {
        if (size > MAX_ENTRIES) {
            tooMany(at(name), size);
        }
        return size <= MAX_ENTRIES;
    }

    private void capped(int size) {
        if (size > MAX_ENTRIES) {
            tooMany(path, size);
        }
    }

    private void tooMany(String at, int size) {
        notes.note(ProblemCode.DOC_TOO_BIG, at, "actual", "" + size, "limit", "" + MAX_ENTRIES);
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (YamlNode node : sequence(name, LIST)) {
            texts.add(textIn(node, at(name) + "[" + index++ + "]"));
        }
        return texts;
    }

    /** Names and texts in the author's order; values are the author's text, also where they look like numbers. */
    public Map<String, String> textMap(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Fields map = child(name);
        map.capped(map.nodes.size());
        map.nodes.forEach((key, node) -> {
            String text = textIn(node, map.at(key));
            texts.put(key, text);
        });
        return texts;
    }

    private String textIn(YamlNode node, String at) {
        if (node instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
            return scalar.text();
        }
        if (!(node instanceof YamlNode.Refused)) {
            unfit(notes, at, node, "\"…\"");
        }
        return "";
    }

    /** Anything at all: maps, lists, texts, numbers (the smallest type that holds them), booleans, null. */
    public Map<String, @Nullable Object> tree(String name) {
        Fields map = child(name);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        map.nodes.forEach((key, node) -> tree.put(key, plain(node, map.at(key))));
        return Collections.unmodifiableMap(tree);
    }

    /** All fields that were not asked for, as {@link #tree} would read them. */
    public Map<String, @Nullable Object> rest() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        nodes.forEach((key, node) -> {
            if (asked.add(key)) {
                tree.put(key, plain(node, at(key)));
            }
        });
        return Collections.unmodifiableMap(tree);
    }

    private @Nullable Object plain(YamlNode node, String at) {
        if (node instanceof YamlNode.Mapping mapping) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            mapping.entries()
                    .forEach(entry -> map.put(entry.key(), plain(entry.value(), Lines.field(at, entry.key()))));
            return Collections.unmodifiableMap(map);
        }
        if (node instanceof YamlNode.Sequence sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            sequence.items().forEach(item -> list.add(plain(item, at + "[" + list.size() + "]")));
            return Collections.unmodifiableList(list);
        }
        return node instanceof YamlNode.Scalar scalar ? value(scalar, at) : null;
    }

    /** YAML 1.2's core schema, without the numbers that JSON does not have. */
    private @Nullable Object value(YamlNode.Scalar scalar, String at) {
        String text = scalar.text();
        if (!scalar.plain()) {
            return text;
        }
        if (scalar.isNull()) {
            return null;
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return TRUE.contains(text);
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < 32
                    ? (Object) number.intValue()
                    : number.bitLength() < 64 ? (Object) number.longValue() : number;
        }
        if (DECIMAL.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (Double.isInfinite(number)) {
                notes.note(ProblemCode.DOC_VALUE, at, "value", Words.shown(text), "allowed", "±" + Double.MAX_VALUE);
            }
            return number;
        }
        return text;
    }

    /** Notes that two fields do not go together. */
    public void conflict(String one, String other) {
        notes.note(ProblemCode.DOC_CONFLICT, at(one), "one", one, "other", other);
    }

    /** Notes what is missing and which fields nobody asked for. Call it once, at the end. */
    public void done() {
        if (silent) {
            return;
        }
        capped(nodes.size());
        for (String name : nodes.keySet()) {
            if (asked.contains(name)) {
                continue;
            }
            notes.note(
                    ProblemCode.DOC_UNKNOWN_FIELD,
                    at(name),
                    "field",
                    Words.shown(name),
                    "closest",
                    Words.closest(name, asked),
                    "allowed",
                    Words.list(asked));
            asked.stream()
                    .filter(meant -> !nodes.containsKey(meant) && Words.isSlip(name, meant))
                    .forEach(meant -> notes.settle(at(meant)));
        }
        missing.forEach(
                (name, example) -> notes.note(ProblemCode.DOC_MISSING, at(name), "field", name, "example", example));
    }
}
