package dev.slipway.workflows.environment;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an environment differs from its application's document.
 *
 * @param branch read the document, and every source that names no ref of its own, at this branch; {@code null}: as the
 *     application says
 * @param components by component name
 * @param parameters values of parameters that are no secrets
 */
public record Overrides(
        @Nullable String branch, Map<String, ComponentOverride> components, Map<String, String> parameters) {
    public static final Overrides NONE = new Overrides(null, Map.of(), Map.of());

    /**
     * What one component does differently; {@code null} and empty: nothing.
     *
     * @param branch changes that component's source only; at most one of branch, tag, commit, image is given
     * @param image runs this image instead of building one
     * @param env is put over the document's
     */
    public record ComponentOverride(
            @Nullable String branch,
            @Nullable String tag,
            @Nullable String commit,
            @Nullable String image,
            @Nullable Integer replicas,
            Map<String, String> env) {
        public ComponentOverride {
            env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        }
    }

    public Overrides {
        components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Why these overrides do not fit the application; empty: they do. The result itself is not checked here. */
    public List<Problem> check(Application application) {
        return check(application, Lines.NONE);
    }

    /** @param lines where the overrides' own fields stand */
    public List<Problem> check(Application application, Lines lines) {
        Notes notes = new Notes(lines);
        List<String> names =
                application.components().stream().map(Component::name).toList();
        components.forEach((name, override) -> {
            String at = Lines.field("spec.components", name);
            Component component = application.component(name).orElse(null);
            if (component == null) {
                unknown(notes, at, name, names);
            } else {
                check(notes, at, override, component);
            }
        });
        List<String> parameterNames =
                application.parameters().stream().map(Parameter::name).toList();
        parameters.forEach((name, value) -> {
            String at = Lines.field("spec.parameters", name);
            Parameter parameter = application.parameters().stream()
                    .filter(p -> p.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (parameter == null) {
                unknown(notes, at, name, parameterNames);
            } else if (parameter.type() == Parameter.Type.SECRET) {
                notes.note(ProblemCode.DOC_CONFLICT, at, "one", Words.shown(name), "other", "type: secret");
            } else if (!ApplicationCheck.accepts(parameter, value)) {
                notes.note(
                        ProblemCode.DOC_VALUE,
                        at,
                        "value",
                        Words.shown(value),
                        "allowed",
                        ApplicationCheck.allowed(parameter));
            }
        });
        return notes.problems();
    }

    private static void check(Notes notes, String at, ComponentOverride override, Component component) {
        String[] names = {"branch", "tag", "commit", "image"};
        String[] values = {override.branch(), override.tag(), override.commit(), override.image()};
        String first = null;
        for (int i = 0; i < names.length; i++) {
            if (values[i] == null) {
                continue;
            }
            if (first != null) {
                notes.note(ProblemCode.DOC_CONFLICT, at + "." + names[i], "one", names[i], "other", first);
            } else if (i < 3 && !(component.source() instanceof Source.Git)) {
                notes.note(ProblemCode.DOC_CONFLICT, at + "." + names[i], "one", names[i], "other", "source.image");
            }
            first = names[i];
        }
        if (component.kind() == Component.Kind.EXTERNAL
                && (override.image() != null || !override.env().isEmpty())) {
            String field = override.image() != null ? "image" : "env";
            notes.note(ProblemCode.DOC_CONFLICT, at + "." + field, "one", field, "other", "kind: external");
        }
        boolean scalable = component.kind() == Component.Kind.SERVICE || component.kind() == Component.Kind.STATEFUL;
        if (override.replicas() != null && !scalable) {
            String kind = "kind: " + Words.word(component.kind());
            notes.note(ProblemCode.DOC_CONFLICT, at + ".replicas", "one", "replicas", "other", kind);
        } else if (override.replicas() != null && component.scale() != null) {
            notes.note(ProblemCode.DOC_CONFLICT, at + ".replicas", "one", "replicas", "other", "scale");
        }
    }

    private static void unknown(Notes notes, String at, String name, List<String> names) {
        notes.note(
                ProblemCode.DOC_REFERENCE,
                at,
                "reference",
                Words.shown(name),
                "closest",
                Words.closest(name, names),
                "allowed",
                Words.list(names));
    }

    /** The application as this environment runs it. What {@link #check} refuses has no effect. */
    public Application applyTo(Application application) {
        List<Component> changed = application.components().stream()
                .map(component -> {
                    ComponentOverride override = components.get(component.name());
                    return override == null ? component : apply(override, component);
                })
                .toList();
        return new Application(
                application.metadata(),
                application.governance(),
                application.parameters().stream().map(this::apply).toList(),
                changed,
                application.manifests());
    }

    private Parameter apply(Parameter p) {
        String value = parameters.get(p.name());
        return value == null || p.type() == Parameter.Type.SECRET
                ? p
                : new Parameter(p.name(), p.type(), p.title(), p.description(), value, 0, p.options(), p.pattern());
    }

    private static Component apply(ComponentOverride o, Component c) {
        Map<String, String> env = new LinkedHashMap<>(c.env());
        env.putAll(o.env());
        return new Component(
                c.name(),
                c.kind(),
                source(o, c.source()),
                c.address(),
                c.command(),
                c.args(),
                c.workingDir(),
                c.schedule(),
                o.replicas() == null ? c.replicas() : o.replicas(),
                c.ports(),
                env,
                c.exports(),
                c.files(),
                c.volumes(),
                c.probes(),
                c.deadline(),
                c.resources(),
                c.scale(),
                c.security(),
                c.dependsOn(),
                c.sidecars(),
                c.patch(),
                c.origin());
    }

    private static @Nullable Source source(ComponentOverride o, @Nullable Source source) {
        if (o.image() != null) {
            return new Source.Image(o.image());
        }
        if (source instanceof Source.Git git && (o.branch() != null || o.tag() != null || o.commit() != null)) {
            return new Source.Git(git.url(), o.branch(), o.tag(), o.commit(), git.path(), git.build());
        }
        return source;
    }
}
