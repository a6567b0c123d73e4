package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An application that is checked, and the words in which what is wrong with it is noted. */
final class Remarks {
    private final Application application;
    private final Notes notes;
    private final Map<String, Component> components = new LinkedHashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();

    Remarks(Application application, Notes notes) {
        this.application = application;
        this.notes = notes;
        for (int i = 0; i < application.components().size(); i++) {
            Component component = application.components().get(i);
            if (components.putIfAbsent(component.name(), component) == null) {
                indexes.put(component.name(), i);
            }
        }
    }

    Application application() {
        return application;
    }

    Notes notes() {
        return notes;
    }

    /** By name; of several that share one, the first. */
    Map<String, Component> components() {
        return components;
    }

    /** Where each component stands in the document's list, by name. */
    Map<String, Integer> indexes() {
        return indexes;
    }

    void name(String at, String name, Pattern pattern, int length, String example) {
        if (!Formats.isName(name, pattern, length)) {
            notes.note(
                    DOC_NAME,
                    at,
                    "name",
                    Words.shown(name),
                    "pattern",
                    pattern.pattern().replace("(?!.*--)", ""),
                    "limit",
                    "" + length,
                    "example",
                    example);
        }
    }

    void unique(String path, List<String> names, String field) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Integer before = first.putIfAbsent(names.get(i), i);
            String at = path + "[" + i + "]." + field;
            if (before != null && !notes.isSettled(at)) {
                String place = notes.lines().where(path + "[" + before + "]." + field);
                notes.note(DOC_DUPLICATE, at, "name", Words.shown(names.get(i)), "first", place);
            }
        }
    }

    void value(String at, String value, String allowed) {
        notes.note(DOC_VALUE, at, "value", Words.shown(value), "allowed", allowed);
    }

    void valueIf(boolean wrong, String at, @Nullable String value, String allowed) {
        if (wrong) {
            value(at, String.valueOf(value), allowed);
        }
    }

    void conflictIf(boolean wrong, String at, String one, String other) {
        if (wrong) {
            notes.note(DOC_CONFLICT, at, "one", one, "other", other);
        }
    }

    void reference(String at, String name, Collection<String> names) {
        if (!notes.isSettled(at)) {
            notes.settle(at);
            notes.alsoReference(at, name, names);
        }
    }

    void unsupported(String at, String feature) {
        notes.note(DOC_UNSUPPORTED, at, "feature", feature);
    }
}
