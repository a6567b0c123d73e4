package dev.slipway.workflows.application.yaml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Where a piece of a YAML text stands, for editing. Positions count code points; the end is after the last one. */
sealed interface YamlSpan {
    int start();

    int end();

    /** @param block a literal or folded text; these end before their last line break */
    record Leaf(int start, int end, boolean block) implements YamlSpan {
        boolean isEmpty() {
            return start == end;
        }
    }

    record Sequence(int start, int end, boolean flow, List<YamlSpan> items) implements YamlSpan {}

    record Mapping(int start, int end, boolean flow, List<Entry> entries) implements YamlSpan {}

    /** @param start of the key */
    record Entry(String key, int start, int keyEnd, YamlSpan value) {}

    /**
     * The spans of a document that the strict reader accepted.
     *
     * @param text code points, without a byte order mark
     * @throws IllegalStateException when it is no such document
     */
    static YamlSpan of(int[] text) {
        String string = new String(text, 0, text.length);
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(YamlText.MAX_BYTES + 1)
                .setBufferSize(string.length() + 16)
                .build();
        Iterator<Event> events = new Parse(settings).parseString(string).iterator();
        while (events.hasNext()) {
            if (events.next().getEventId() == Event.ID.DocumentStart) {
                return node(events.next(), events, text);
            }
        }
        throw new IllegalStateException("no document");
    }

    private static YamlSpan node(Event event, Iterator<Event> events, int[] text) {
        switch (event.getEventId()) {
            case Scalar -> {
                ScalarEvent scalar = (ScalarEvent) event;
                boolean block =
                        scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
                int start = index(event.getStartMark());
                int end = index(event.getEndMark());
                return new Leaf(start, block ? blockEnd(text, start, end) : end, block);
            }
            case SequenceStart -> {
                List<YamlSpan> items = new ArrayList<>();
                Event e = events.next();
                for (; e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
                    items.add(node(e, events, text));
                }
                int start = index(event.getStartMark());
                boolean flow = ((CollectionStartEvent) event).isFlow();
                int end = flow || items.isEmpty()
                        ? index(e.getEndMark())
                        : items.get(items.size() - 1).end();
                return new Sequence(start, end, flow, items);
            }
            case MappingStart -> {
                List<Entry> entries = new ArrayList<>();
                Event e = events.next();
                for (; e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
                    if (!(e instanceof ScalarEvent key)) {
                        throw new IllegalStateException("a key that is no scalar");
                    }
                    YamlSpan value = node(events.next(), events, text);
                    entries.add(new Entry(key.getValue(), index(key.getStartMark()), index(key.getEndMark()), value));
                }
                int start = index(event.getStartMark());
                boolean flow = ((CollectionStartEvent) event).isFlow();
                int end = flow || entries.isEmpty()
                        ? index(e.getEndMark())
                        : entries.get(entries.size() - 1).value().end();
                return new Mapping(start, end, flow, entries);
            }
            default -> throw new IllegalStateException("unexpected " + event.getEventId());
        }
    }

    /** The parser's end is in the indentation of whatever follows. Blank lines at the end are content only after {@code +}. */
    private static int blockEnd(int[] text, int start, int end) {
        int header = start;
        boolean keeps = false;
        while (header < text.length && text[header] != '\n' && text[header] != '\r' && text[header] != '#') {
            keeps |= text[header] == '+';
            header++;
        }
        int at = Math.min(end, text.length);
        while (at > header && (text[at - 1] == ' ' || (!keeps && (text[at - 1] == '\n' || text[at - 1] == '\r')))) {
            at--;
        }
        if (keeps && at > header && text[at - 1] == '\n') {
            at -= at - 1 > header && text[at - 2] == '\r' ? 2 : 1;
        }
        return at;
    }

    private static int index(java.util.Optional<Mark> mark) {
        return mark.map(Mark::getIndex).orElseThrow(() -> new IllegalStateException("no mark"));
    }
}
