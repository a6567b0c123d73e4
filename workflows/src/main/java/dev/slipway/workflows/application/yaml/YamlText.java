package dev.slipway.workflows.application.yaml;

import dev.slipway.workflows.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Reads one YAML 1.2 document, JSON included, from a stranger. It works on parser events, so that a refused construct
 * is never expanded: aliases, anchors, tags, merge keys, directives, complex keys and a second document are noted with
 * their line. What cannot be read is noted, never thrown.
 */
public final class YamlText {
    /** In UTF-8. */
    public static final int MAX_BYTES = 1 << 20;

    public static final int MAX_DEPTH = 50;

    private final Iterator<Event> events;
    private final Notes notes;

    private YamlText(String text, Notes notes) {
        this.notes = notes;
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MAX_BYTES + 1)
                // All in one buffer: the reader stumbles over a surrogate pair that lies across two of them.
                .setBufferSize(text.length() + 16)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** The fields of the document; silent and empty when it cannot be read. */
    public static Fields read(byte[] utf8, Notes notes) {
        if (utf8.length > MAX_BYTES) {
            return tooBig(utf8.length, notes);
        }
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += utf8[i] == '\n' ? 1 : 0;
            }
            notes.noteAtLine(
                    ProblemCode.DOC_CHARACTER, "", line, "character", String.format("0x%02X", utf8[in.position()]));
            return Fields.silent(notes);
        }
        return read(out.flip().toString(), notes);
    }

    /** The fields of the document; silent and empty when it cannot be read. */
    public static Fields read(String text, Notes notes) {
        long bytes = text.length() > MAX_BYTES
                ? text.length()
                : text.codePoints().mapToLong(YamlText::bytes).sum();
        if (bytes > MAX_BYTES) {
            return tooBig(bytes, notes);
        }
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (!isPrintable(content, notes)) {
            return Fields.silent(notes);
        }
        try {
            return Fields.root(new YamlText(content, notes).document(), notes);
        } catch (TooDeep tooDeep) {
            String limit = MAX_DEPTH + " × [";
            notes.noteAtLine(ProblemCode.DOC_TOO_BIG, "", tooDeep.line, "actual", "> " + limit, "limit", limit);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            syntax(notes, mark.map(m -> m.getLine() + 1).orElse(1), e.getProblem());
        } catch (RuntimeException e) {
            // The parser lets a few accidents of its own through on hostile text; to a reader they are all the same.
            syntax(notes, 1, e.getMessage());
        }
        return Fields.silent(notes);
    }

    private static Fields tooBig(long bytes, Notes notes) {
        notes.noteAtLine(ProblemCode.DOC_TOO_BIG, "", 1, "actual", bytes + " bytes", "limit", MAX_BYTES + " bytes");
        return Fields.silent(notes);
    }

    private static void syntax(Notes notes, int line, @Nullable String detail) {
        notes.noteAtLine(
                ProblemCode.DOC_SYNTAX, "", line, "detail", Words.shown(detail == null ? Words.NOTHING : detail));
    }

    private static int bytes(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static boolean isPrintable(String text, Notes notes) {
        int line = 1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean fine = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || c == 0x85
                    || (c >= 0x20 && c < 0x7F)
                    || (c >= 0xA0 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF)
                    || c >= 0x10000;
            if (!fine) {
                notes.noteAtLine(ProblemCode.DOC_CHARACTER, "", line, "character", String.format("U+%04X", c));
                return false;
            }
            line += c == '\n' ? 1 : 0;
            i += Character.charCount(c);
        }
        return true;
    }

    private YamlNode document() {
        YamlNode root = new YamlNode.Mapping(List.of(), 1);
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> {
                    DocumentStartEvent start = (DocumentStartEvent) event;
                    if (++documents > 1) {
                        return refuse("", line(event), "---");
                    }
                    if (!start.getTags().isEmpty()) {
                        notes.noteAtLine(ProblemCode.DOC_FORBIDDEN_YAML, "", line(event), "construct", "%TAG");
                    }
                    root = node(events.next(), "", 0);
                }
                default -> {}
            }
        }
        return root;
    }

    private YamlNode node(Event event, String path, int depth) {
        int line = line(event);
        if (depth > MAX_DEPTH) {
            throw new TooDeep(line);
        }
        switch (event.getEventId()) {
            case Alias -> {
                return refuse(path, line, "*" + ((AliasEvent) event).getAlias().getValue());
            }
            case Scalar -> {
                ScalarEvent scalar = (ScalarEvent) event;
                return isTagged(path, line, scalar.getAnchor(), scalar.getTag())
                        ? new YamlNode.Refused(line)
                        : new YamlNode.Scalar(scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN, line);
            }
            case SequenceStart -> {
                boolean tagged = isTagged(path, (CollectionStartEvent) event);
                List<YamlNode> items = new ArrayList<>();
                for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
                    String itemPath = path + "[" + items.size() + "]";
                    notes.stands(itemPath, line(e));
                    items.add(node(e, itemPath, depth + 1));
                }
                return tagged ? new YamlNode.Refused(line) : new YamlNode.Sequence(items, line);
            }
            case MappingStart -> {
                boolean tagged = isTagged(path, (CollectionStartEvent) event);
                YamlNode mapping = mapping(path, line, depth);
                return tagged ? new YamlNode.Refused(line) : mapping;
            }
            default -> throw new IllegalStateException("unexpected " + event.getEventId());
        }
    }

    private YamlNode mapping(String path, int line, int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            int keyLine = line(e);
            YamlNode key = node(e, path, depth + 1);
            Event value = events.next();
            if (!(key instanceof YamlNode.Scalar name)
                    || name.isNull()
                    || (name.plain() && name.text().equals("<<"))) {
                if (!(key instanceof YamlNode.Refused)) {
                    String construct = key instanceof YamlNode.Scalar s && !s.isNull() ? "<<" : "? ";
                    notes.noteAtLine(ProblemCode.DOC_FORBIDDEN_YAML, path, keyLine, "construct", construct);
                }
                node(value, path + "[?]", depth + 1);
                continue;
            }
            String valuePath = Lines.field(path, name.text());
            Integer first = seen.putIfAbsent(name.text(), keyLine);
            if (first == null) {
                notes.stands(valuePath, keyLine);
                entries.add(new YamlNode.Entry(name.text(), keyLine, node(value, valuePath, depth + 1)));
            } else {
                notes.noteAtLine(
                        ProblemCode.DOC_DUPLICATE,
                        valuePath,
                        keyLine,
                        "name",
                        Words.shown(name.text()),
                        "first",
                        "line " + first);
                node(value, path + "[?]", depth + 1);
            }
        }
        return new YamlNode.Mapping(entries, line);
    }

    private boolean isTagged(String path, CollectionStartEvent event) {
        return isTagged(path, line(event), event.getAnchor(), event.getTag());
    }

    private boolean isTagged(String path, int line, Optional<Anchor> anchor, Optional<String> tag) {
        anchor.ifPresent(a -> refuse(path, line, "&" + a.getValue()));
        tag.ifPresent(t -> refuse(path, line, t.startsWith("!") ? t : "!!" + t.substring(t.lastIndexOf(':') + 1)));
        return anchor.isPresent() || tag.isPresent();
    }

    private YamlNode refuse(String path, int line, String construct) {
        notes.noteAtLine(ProblemCode.DOC_FORBIDDEN_YAML, path, line, "construct", Words.shown(construct));
        return new YamlNode.Refused(line);
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;

        TooDeep(int line) {
            super(null, null, false, false);
            this.line = line;
        }
    }
}
