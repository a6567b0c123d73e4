package dev.slipway.web.applications;

import java.util.Arrays;
import java.util.List;

/**
 * One field of a form, by its path in the document.
 *
 * @param choices the words of a {@link Type#CHOICE}
 * @param columns what a row of a {@link Type#TABLE} has
 */
public record FormField(String path, Type type, List<String> choices, List<FormField> columns) {
    public FormField {
        choices = List.copyOf(choices);
        columns = List.copyOf(columns);
    }

    public enum Type {
        TEXT,
        /** The name of a branch. */
        BRANCH,
        /** The name of a tag. */
        TAG,
        NUMBER,
        CHOICE,
        TRUTH,
        /** A text of several lines. */
        AREA,
        /** Texts, one a line. */
        LINES,
        /** Anything, as YAML. */
        YAML,
        /** Texts, one a row; each may have several lines. */
        LIST,
        /** Names and texts. */
        MAP,
        TABLE
    }

    /** Fields that belong together. @param name key of its title, {@code form.NAME} */
    public record Group(String name, List<FormField> fields) {
        public Group {
            fields = List.copyOf(fields);
        }
    }

    static FormField of(String path, Type type) {
        return new FormField(path, type, List.of(), List.of());
    }

    static FormField choice(String path, List<String> choices) {
        return new FormField(path, Type.CHOICE, choices, List.of());
    }

    static FormField table(String path, FormField... columns) {
        return new FormField(path, Type.TABLE, List.of(), Arrays.asList(columns));
    }

    /** Of the element, and what a link to it names. */
    public String id() {
        return "f-" + path.replace('.', '-');
    }

    public String keys() {
        return path + "!name";
    }

    public String values() {
        return path + "!value";
    }

    public String cell(FormField column) {
        return path + "/" + column.path();
    }
}
