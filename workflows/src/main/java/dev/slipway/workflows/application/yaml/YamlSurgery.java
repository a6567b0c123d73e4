package dev.slipway.workflows.application.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes single values of a YAML text and leaves every other character as its author wrote it: comments, order, quotes,
 * blank lines. What is to change is given as the values before and after; where they are equal the text is not
 * touched, also where it says the same in a shorter form. A comment is lost only with the line or the value it stands
 * in; one above a removed value stays.
 *
 * <p>It does not promise that the result says what was wanted: read it and compare, and try again with less depth.
 */
public final class YamlSurgery {
    /** How deep to go by default: to the last value. */
    public static final int ALL_THE_WAY = 64;

    private static final List<String> IDENTITIES = List.of("name", "component", "use", "path");

    private record Change(int from, int to, String with) {}

    private final int[] text;
    private final YamlPen pen;
    private final String lineBreak;
    private final List<Change> changes = new ArrayList<>();

    private YamlSurgery(int[] text, boolean json) {
        this.text = text;
        this.pen = new YamlPen(json);
        this.lineBreak = new String(text, 0, text.length).contains("\r\n") ? "\r\n" : "\n";
    }

    /**
     * The text with the changes between two values.
     *
     * @param text a document that the strict reader accepted
     * @param before what it says, defaults and long forms filled in
     * @param after what it is to say
     * @param depth levels below which a value is replaced as a whole, at least 1
     * @throws IllegalStateException when the text cannot be changed at this depth
     */
    public static String apply(String text, Map<String, ?> before, Map<String, ?> after, int depth) {
        boolean mark = text.startsWith("\uFEFF");
        int[] content = (mark ? text.substring(1) : text).codePoints().toArray();
        YamlSpan root = YamlSpan.of(content);
        boolean json = root instanceof YamlSpan.Mapping mapping && mapping.flow();
        YamlSurgery surgery = new YamlSurgery(content, json);
        if (!surgery.edit(root, before, after, depth)) {
            throw new IllegalStateException("nothing of the document can stay");
        }
        return (mark ? "\uFEFF" : "") + surgery.result();
    }

    private String result() {
        StringBuilder result = new StringBuilder(text.length + 256);
        int at = 0;
        List<Change> inOrder = new ArrayList<>(changes);
        inOrder.sort(Comparator.comparingInt(Change::from).thenComparing(change -> change.to() > change.from()));
        for (Change change : inOrder) {
            if (change.from() < at) {
                throw new IllegalStateException("changes overlap");
            }
            result.append(new String(text, at, change.from() - at));
            result.append(change.with().replace("\n", lineBreak));
            at = change.to();
        }
        return result.append(new String(text, at, text.length - at)).toString();
    }

    /** Whether it could be done within the value; if not, nothing was changed and the value is to be replaced. */
    private boolean edit(YamlSpan span, @Nullable Object before, @Nullable Object after, int depth) {
        if (Objects.equals(before, after)) {
            return true;
        }
        int mark = changes.size();
        boolean done = false;
        if (depth > 0) {
            if (span instanceof YamlSpan.Mapping mapping
                    && before instanceof Map<?, ?> from
                    && after instanceof Map<?, ?> to) {
                done = mapping(mapping, from, to, depth - 1);
            } else if (span instanceof YamlSpan.Sequence sequence
                    && before instanceof List<?> from
                    && after instanceof List<?> to) {
                done = from.size() == sequence.items().size() && sequence(sequence, from, to, depth - 1);
            }
        }
        if (!done) {
            changes.subList(mark, changes.size()).clear();
        }
        return done;
    }

    private boolean mapping(YamlSpan.Mapping mapping, Map<?, ?> before, Map<?, ?> after, int depth) {
        List<YamlSpan.Entry> entries = mapping.entries();
        boolean[] stays = new boolean[entries.size()];
        Set<Object> written = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            YamlSpan.Entry entry = entries.get(i);
            stays[i] = after.containsKey(entry.key()) || !before.containsKey(entry.key());
            written.add(entry.key());
            if (after.containsKey(entry.key())) {
                Object wanted = after.get(entry.key());
                boolean known = before.containsKey(entry.key());
                if (!known || !edit(entry.value(), before.get(entry.key()), wanted, depth)) {
                    replace(mapping.flow(), entry, wanted);
                }
            }
        }
        if (!remove(mapping.flow(), pieces(entries), stays)) {
            return false;
        }
        int anchor = -1;
        for (Map.Entry<?, ?> wanted : after.entrySet()) {
            String key = (String) wanted.getKey();
            if (written.contains(key)) {
                anchor = position(entries, key);
            } else if (!before.containsKey(key) || !Objects.equals(before.get(key), wanted.getValue())) {
                if (!insert(mapping, stays, anchor, key, wanted.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int position(List<YamlSpan.Entry> entries, String key) {
        int position = 0;
        while (!entries.get(position).key().equals(key)) {
            position++;
        }
        return position;
    }

    private void replace(boolean flow, YamlSpan.Entry entry, @Nullable Object value) {
        YamlSpan old = entry.value();
        boolean collection = value instanceof Map<?, ?> || value instanceof Collection<?>;
        boolean lines = value instanceof String string && string.indexOf('\n') >= 0;
        if (flow || inPlace(old, collection) && !lines) {
            boolean empty = old instanceof YamlSpan.Leaf leaf && leaf.isEmpty();
            change(old.start(), old.end(), (empty ? " " : "") + pen.flow(value));
        } else {
            change(
                    entry.keyEnd(),
                    old.end(),
                    ":" + pen.afterKey(value, column(entry.start()), isBlank(old.end(), endOfLine(old.end()))));
        }
    }

    /** Whether a value can take the place of the old one between the same two characters. */
    private static boolean inPlace(YamlSpan old, boolean collection) {
        if (old instanceof YamlSpan.Leaf leaf) {
            return !leaf.block() && !leaf.isEmpty() && !collection;
        }
        boolean flow = old instanceof YamlSpan.Mapping mapping ? mapping.flow() : ((YamlSpan.Sequence) old).flow();
        return flow && collection;
    }

    private boolean insert(YamlSpan.Mapping mapping, boolean[] stays, int anchor, String key, @Nullable Object value) {
        List<YamlSpan.Entry> entries = mapping.entries();
        int before = lastStaying(stays, anchor);
        if (mapping.flow()) {
            String entry = pen.scalar(key) + ": " + pen.flow(value);
            insertInFlow(before < 0 ? firstStaying(stays) : before, before < 0, pieces(entries), entry);
            return true;
        }
        int first = firstStaying(stays);
        boolean above = before < 0
                && isBlank(
                        startOfLine(entries.get(first).start()),
                        entries.get(first).start());
        YamlSpan.Entry neighbour = entries.get(before < 0 ? first : before);
        int column = column(entries.get(0).start());
        String entry = " ".repeat(column) + pen.scalar(key) + ":" + pen.afterKey(value, column, true);
        if (above) {
            change(startOfLine(neighbour.start()), startOfLine(neighbour.start()), entry + "\n");
        } else {
            int end = endOfLine(neighbour.value().end());
            change(end, end, "\n" + entry);
        }
        return true;
    }

    private boolean sequence(YamlSpan.Sequence sequence, List<?> before, List<?> after, int depth) {
        int[] origin = origins(before, after);
        List<YamlSpan> items = sequence.items();
        boolean[] stays = new boolean[items.size()];
        int last = -1;
        for (int from : origin) {
            if (from >= 0) {
                if (from <= last) {
                    return false;
                }
                last = from;
                stays[from] = true;
            }
        }
        if (!remove(sequence.flow(), sequence.flow() ? items : withDashes(items), stays)) {
            return false;
        }
        int anchor = -1;
        for (int i = 0; i < origin.length; i++) {
            if (origin[i] >= 0) {
                anchor = origin[i];
                YamlSpan item = items.get(anchor);
                if (!edit(item, before.get(anchor), after.get(i), depth)
                        && !replaceItem(sequence.flow(), item, after.get(i))) {
                    return false;
                }
            } else {
                insertItem(sequence, stays, anchor, after.get(i));
            }
        }
        return true;
    }

    /** For each item of {@code after}, which of {@code before} it is; -1: a new one. */
    private static int[] origins(List<?> before, List<?> after) {
        List<Object> from = identities(before);
        List<Object> to = identities(after);
        Set<Object> fromSet = new HashSet<>(from);
        Set<Object> toSet = new HashSet<>(to);
        boolean named = fromSet.size() == from.size() && toSet.size() == to.size();
        boolean inPlace = !named;
        if (named && from.size() == to.size()) {
            inPlace = true;
            for (int i = 0; i < from.size(); i++) {
                inPlace &=
                        from.get(i).equals(to.get(i)) || (!toSet.contains(from.get(i)) && !fromSet.contains(to.get(i)));
            }
        }
        int[] origin = new int[to.size()];
        for (int i = 0; i < origin.length; i++) {
            origin[i] = inPlace ? (i < from.size() ? i : -1) : from.indexOf(to.get(i));
        }
        return origin;
    }

    private static List<Object> identities(List<?> items) {
        List<Object> identities = new ArrayList<>();
        for (Object item : items) {
            Object identity = item;
            if (item instanceof Map<?, ?> map) {
                identity = IDENTITIES.stream()
                        .filter(key -> map.get(key) instanceof String)
                        .findFirst()
                        .<Object>map(map::get)
                        .orElse(item);
            }
            identities.add(identity == null ? "null" : identity);
        }
        return identities;
    }

    private boolean replaceItem(boolean flow, YamlSpan item, @Nullable Object value) {
        boolean collection = value instanceof Map<?, ?> || value instanceof Collection<?>;
        if (item instanceof YamlSpan.Leaf leaf && leaf.isEmpty()) {
            return false;
        }
        boolean inOne = flow || inPlace(item, collection) || item instanceof YamlSpan.Leaf;
        boolean rest = !isBlank(item.end(), endOfLine(item.end()));
        change(
                item.start(),
                item.end(),
                inOne && !(value instanceof String && !flow && !rest) || rest
                        ? pen.flow(value)
                        : pen.item(value, column(item.start())));
        return true;
    }

    private void insertItem(YamlSpan.Sequence sequence, boolean[] stays, int anchor, @Nullable Object value) {
        List<YamlSpan> items = sequence.items();
        int before = lastStaying(stays, anchor);
        if (sequence.flow()) {
            insertInFlow(before < 0 ? firstStaying(stays) : before, before < 0, items, pen.flow(value));
            return;
        }
        List<YamlSpan> dashed = withDashes(items);
        int column = column(dashed.get(0).start());
        boolean inOne = items.stream()
                .noneMatch(item -> item instanceof YamlSpan.Mapping mapping && !mapping.flow()
                        || item instanceof YamlSpan.Leaf leaf && leaf.block());
        boolean oneLine = inOne && !(value instanceof String);
        String item = " ".repeat(column) + "- " + (oneLine ? pen.flow(value) : pen.item(value, column + 2));
        String gap = isSpaced(dashed) ? "\n" : "";
        if (before < 0) {
            int start = startOfLine(dashed.get(firstStaying(stays)).start());
            change(start, start, item + "\n" + gap);
        } else {
            int end = endOfLine(items.get(before).end());
            change(end, end, gap + "\n" + item);
        }
    }

    /** Whether the author leaves a blank line between items. */
    private boolean isSpaced(List<YamlSpan> dashed) {
        if (dashed.size() < 2) {
            return false;
        }
        int end = startOfLine(dashed.get(dashed.size() - 1).start());
        for (int line = nextLine(dashed.get(dashed.size() - 2).end()); line < end; line = nextLine(line)) {
            if (isBlank(line, endOfLine(line))) {
                return true;
            }
        }
        return false;
    }

    private void insertInFlow(int neighbour, boolean above, List<? extends YamlSpan> pieces, String piece) {
        YamlSpan next = pieces.get(neighbour);
        if (above) {
            change(next.start(), next.start(), piece + ", ");
        } else {
            change(next.end(), next.end(), ", " + piece);
        }
    }

    /** Takes out what does not stay; {@code false} when that cannot be done piece by piece. */
    private boolean remove(boolean flow, List<? extends YamlSpan> pieces, boolean[] stays) {
        int kept = lastStaying(stays, stays.length - 1);
        if (kept < 0) {
            return false;
        }
        for (int i = 0; i < stays.length; i++) {
            if (stays[i]) {
                continue;
            }
            YamlSpan piece = pieces.get(i);
            if (flow) {
                if (i < kept) {
                    change(piece.start(), pieces.get(i + 1).start(), "");
                } else if (i == kept + 1) {
                    change(pieces.get(kept).end(), pieces.get(pieces.size() - 1).end(), "");
                }
            } else {
                int from = startOfLine(piece.start());
                if (!isBlank(from, piece.start())) {
                    return false;
                }
                removeLines(from, nextLine(piece.end()));
            }
        }
        return true;
    }

    private void removeLines(int from, int to) {
        int start = from;
        if (start > 0) {
            int above = startOfLine(start - 1);
            boolean blankAbove = above < start - 1 ? isBlank(above, endOfLine(above)) : text[start - 1] == '\n';
            if (blankAbove && above > 0 && (to >= text.length || isBlank(to, endOfLine(to)))) {
                start = above;
            }
        }
        change(start, to, "");
    }

    private static int lastStaying(boolean[] stays, int from) {
        int at = from;
        while (at >= 0 && !stays[at]) {
            at--;
        }
        return at;
    }

    private static int firstStaying(boolean[] stays) {
        int at = 0;
        while (!stays[at]) {
            at++;
        }
        return at;
    }

    private static List<YamlSpan> pieces(List<YamlSpan.Entry> entries) {
        return entries.stream()
                .<YamlSpan>map(
                        entry -> new YamlSpan.Leaf(entry.start(), entry.value().end(), false))
                .toList();
    }

    /** The items of a block sequence from their dashes on. */
    private List<YamlSpan> withDashes(List<YamlSpan> items) {
        return items.stream()
                .<YamlSpan>map(item -> {
                    int dash = item.start() - 1;
                    while (dash >= 0 && (text[dash] == ' ' || text[dash] == '\n' || text[dash] == '\r')) {
                        dash--;
                    }
                    if (dash < 0 || text[dash] != '-') {
                        throw new IllegalStateException("no dash before an item");
                    }
                    return new YamlSpan.Leaf(dash, item.end(), false);
                })
                .toList();
    }

    private void change(int from, int to, String with) {
        changes.add(new Change(from, to, with));
    }

    private int startOfLine(int position) {
        int at = position;
        while (at > 0 && text[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** Before the line break. */
    private int endOfLine(int position) {
        int at = position;
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return at > position && at < text.length && text[at - 1] == '\r' ? at - 1 : at;
    }

    private int nextLine(int position) {
        int at = position;
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, text.length);
    }

    private int column(int position) {
        return position - startOfLine(position);
    }

    private boolean isBlank(int from, int to) {
        for (int at = from; at < to; at++) {
            if (text[at] != ' ' && text[at] != '\t' && text[at] != '\r') {
                return false;
            }
        }
        return true;
    }
}
