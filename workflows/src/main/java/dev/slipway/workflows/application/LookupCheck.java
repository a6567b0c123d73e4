package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.List;
import java.util.Map;

/** What is wrong with texts that look up components, parameters and the environment. */
final class LookupCheck {
    private final Remarks remarks;
    private final Application application;
    private final Notes notes;
    private final Map<String, Component> components;
    private final Map<String, Integer> indexes;

    LookupCheck(Remarks remarks) {
        this.remarks = remarks;
        this.application = remarks.application();
        this.notes = remarks.notes();
        this.components = remarks.components();
        this.indexes = remarks.indexes();
    }

    void texts(String path, Component c) {
        texts(path + ".env", c.env(), c);
        texts(path + ".exports", c.exports(), c);
        for (int i = 0; i < c.files().size(); i++) {
            text(path + ".files[" + i + "].content", c.files().get(i).content(), c, true);
        }
        for (int i = 0; i < c.command().size(); i++) {
            text(path + ".command[" + i + "]", c.command().get(i), c, false);
        }
        for (int i = 0; i < c.args().size(); i++) {
            text(path + ".args[" + i + "]", c.args().get(i), c, false);
        }
    }

    private void texts(String path, Map<String, String> values, Component c) {
        values.forEach((name, value) -> {
            String at = Lines.field(path, name);
            remarks.name(at, name, Formats.ENV_NAME, Formats.ENV_NAME_LENGTH, "DB_URL");
            text(at, value, c, true);
        });
    }

    /** @param mayBeSecret whether the text is kept where secrets are safe */
    void text(String at, String text, Component c, boolean mayBeSecret) {
        if (text.indexOf("${") < 0 || notes.isSettled(at)) {
            return;
        }
        for (Lookups.Segment segment : Lookups.parse(text)) {
            if (segment instanceof Lookups.Segment.Malformed malformed) {
                notes.also(DOC_LOOKUP, at, "lookup", Words.shown(malformed.raw()), "allowed", Lookups.FORMS);
            } else if (segment instanceof Lookups.Segment.OfParameter parameter) {
                List<String> names =
                        application.parameters().stream().map(Parameter::name).toList();
                if (!names.contains(parameter.name())) {
                    notes.alsoReference(
                            at,
                            "param." + parameter.name(),
                            names.stream().map(n -> "param." + n).toList());
                }
            } else if (segment instanceof Lookups.Segment.OfComponent component) {
                lookup(at, component, c);
            }
        }
        if (!mayBeSecret && Lookups.usesSecret(text, application)) {
            notes.also(DOC_CONFLICT, at, "one", Words.shown(text), "other", "type: secret");
        }
    }

    private void lookup(String at, Lookups.Segment.OfComponent lookup, Component c) {
        boolean self =
                lookup.component().equals(Lookups.SELF) || lookup.component().equals(c.name());
        Component target = self ? c : components.get(lookup.component());
        if (target == null) {
            notes.alsoReference(at, lookup.component(), components.keySet());
            return;
        }
        if (!self && c.dependsOn().stream().noneMatch(d -> d.component().equals(target.name()))) {
            notes.also(
                    DOC_NOT_A_DEPENDENCY, at, "component", Words.shown(c.name()), "target", Words.shown(target.name()));
        }
        List<String> names = target.ports().stream().map(Port::name).toList();
        if (lookup.port() != null && !names.contains(lookup.port())) {
            String prefix = lookup.component() + ".port.";
            notes.alsoReference(
                    at,
                    prefix + lookup.port(),
                    names.stream().map(n -> prefix + n).toList());
        } else if (names.isEmpty()
                && (lookup.attribute() == Lookups.Attribute.PORT
                        || (lookup.attribute() == Lookups.Attribute.HOST
                                && target.kind() != Component.Kind.EXTERNAL))) {
            // Without a port there is no Service, and without a Service no host name.
            String ports = "spec.components[" + indexes.getOrDefault(target.name(), 0) + "].ports";
            notes.also(DOC_MISSING, at, "field", ports, "example", "[{name: http, port: 8080}]");
        }
    }
}
