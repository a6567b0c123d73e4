package dev.slipway.workflows.application.yaml;

import java.util.List;

/** A piece of a YAML text and the line it starts on (from 1). */
sealed interface YamlNode {
    int line();

    /** @param plain not quoted and no block: only these can be numbers, booleans or null */
    record Scalar(String text, boolean plain, int line) implements YamlNode {
        boolean isNull() {
            return plain
                    && (text.isEmpty()
                            || text.equals("~")
                            || text.equals("null")
                            || text.equals("Null")
                            || text.equals("NULL"));
        }
    }

    record Sequence(List<YamlNode> items, int line) implements YamlNode {}

    /** Keys are unique: a repeated one has been noted and left out. */
    record Mapping(List<Entry> entries, int line) implements YamlNode {}

    record Entry(String key, int line, YamlNode value) {}

    /** What stood here was refused and is noted: nothing more is said about it. */
    record Refused(int line) implements YamlNode {}
}
