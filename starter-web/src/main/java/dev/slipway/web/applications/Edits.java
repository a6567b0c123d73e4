package dev.slipway.web.applications;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.web.applications.FormField.Group;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationEdit;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of an application that people make by form: each makes a new text of its document, in which nothing else is
 * touched. Nothing is saved here.
 */
@org.springframework.stereotype.Component
final class Edits {
    private static final Pattern LINE = Pattern.compile("(?:, )?line \\d{1,7}$");

    private final Applications applications;

    Edits(Applications applications) {
        this.applications = applications;
    }

    /**
     * A document as it would be.
     *
     * @param document {@code null}: what was sent is no application, see the problems
     * @param problems of the whole document; empty: it may be saved
     */
    record Draft(@Nullable String document, List<Problem> problems) {
        Draft {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The text that somebody began to change.
     *
     * @throws ProblemException {@code SLP-APP-CHANGED} when there is a newer one
     */
    StoredApplication base(String name, long seen) {
        StoredApplication now = applications.editable(name);
        if (now.revision() != seen) {
            throw ApplicationStore.changed(name, seen, now.revision());
        }
        return now;
    }

    Application read(StoredApplication application) {
        return ApplicationReader.read(application.document()).orElseThrow();
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} when there is no such component */
    Component component(Application application, String name) {
        return application
                .component(name)
                .orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, name)));
    }

    /** The names that an edge of a component can lead to. */
    static List<String> others(Application application, @Nullable String component) {
        return application.components().stream()
                .map(Component::name)
                .filter(name -> !name.equals(component))
                .toList();
    }

    /** @param name {@code null}: a new component, whose name is sent too */
    Draft component(StoredApplication base, @Nullable String name, FormValues sent) {
        Application now = read(base);
        Map<String, @Nullable Object> old = name == null ? Map.of() : ApplicationWriter.tree(component(now, name));
        List<Problem> problems = new ArrayList<>();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name == null ? sent.value("name").strip() : name);
        fields.putAll(sent.tree(FormShapes.component(others(now, name)), old, problems));
        if (old.get("origin") != null) {
            fields.put("origin", old.get("origin"));
        }
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        List<Map<String, @Nullable Object>> components = components(tree);
        int index = position(components, name);
        if (index < components.size()) {
            components.set(index, fields);
        } else {
            components.add(fields);
        }
        return draft(base, tree, problems);
    }

    /** Metadata, governance and parameters. */
    Draft settings(StoredApplication base, FormValues sent) {
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(read(base));
        List<Problem> problems = new ArrayList<>();
        Map<String, @Nullable Object> fields = sent.tree(FormShapes.application(), tree, problems);
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(child(fields, "metadata"));
        metadata.put("name", base.name());
        tree.put("metadata", metadata);
        Map<String, @Nullable Object> spec = child(tree, "spec");
        spec.remove("parameters");
        spec.remove("governance");
        spec.putAll(child(fields, "spec"));
        return draft(base, tree, problems);
    }

    /** Takes a component out, and the edges to it; look-ups of it stay and are problems of the draft. */
    Draft without(StoredApplication base, String name) {
        Application now = read(base);
        component(now, name);
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        List<Map<String, @Nullable Object>> components = components(tree);
        components.remove(position(components, name));
        components.forEach(component -> edges(component).removeIf(edge -> name.equals(edge.get("component"))));
        components.forEach(Edits::dropNoEdges);
        return draft(base, tree, new ArrayList<>());
    }

    /** An edge between two components; one that is there already gets another condition. */
    Draft edge(StoredApplication base, String from, String to, Dependency.Condition when) {
        Application now = read(base);
        component(now, from);
        component(now, to);
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        List<Map<String, @Nullable Object>> components = components(tree);
        Map<String, @Nullable Object> component = components.get(position(components, from));
        List<Map<String, @Nullable Object>> edges = edges(component);
        Map<String, @Nullable Object> edge = edges.stream()
                .filter(each -> to.equals(each.get("component")))
                .findFirst()
                .orElseGet(() -> {
                    Map<String, @Nullable Object> added = new LinkedHashMap<>();
                    added.put("component", to);
                    edges.add(added);
                    return added;
                });
        edge.put("when", dev.slipway.workflows.application.yaml.Words.word(when));
        component.put("dependsOn", edges);
        return draft(base, tree, new ArrayList<>());
    }

    Draft withoutEdge(StoredApplication base, String from, String to) {
        Application now = read(base);
        component(now, from);
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        List<Map<String, @Nullable Object>> components = components(tree);
        Map<String, @Nullable Object> component = components.get(position(components, from));
        edges(component).removeIf(edge -> to.equals(edge.get("component")));
        dropNoEdges(component);
        return draft(base, tree, new ArrayList<>());
    }

    /** What in the document speaks of a component: edges to it, look-ups of it, volumes shared from it. */
    static List<String> references(Application application, String name) {
        Pattern lookup = Pattern.compile("\\$\\{" + Pattern.quote(name) + "\\.");
        return application.components().stream()
                .filter(component -> !component.name().equals(name))
                .flatMap(component -> Stream.of(
                                component.dependsOn().stream()
                                        .filter(edge -> edge.component().equals(name))
                                        .map(edge -> component.name() + ".dependsOn"),
                                component.env().entrySet().stream()
                                        .filter(entry ->
                                                lookup.matcher(entry.getValue()).find())
                                        .map(entry -> component.name() + ".env." + entry.getKey()),
                                component.exports().entrySet().stream()
                                        .filter(entry ->
                                                lookup.matcher(entry.getValue()).find())
                                        .map(entry -> component.name() + ".exports." + entry.getKey()),
                                component.files().stream()
                                        .filter(file ->
                                                lookup.matcher(file.content()).find())
                                        .map(file -> component.name() + ".files " + file.path()),
                                component.volumes().stream()
                                        .filter(volume -> volume.share() != null
                                                && volume.share().startsWith(name + "/"))
                                        .map(volume -> component.name() + ".volumes." + volume.name()))
                        .flatMap(found -> found))
                .toList();
    }

    /** Puts a Dockerfile into the document, in the place of one that is generated. */
    Draft dockerfile(StoredApplication base, String name, String text) {
        Application now = read(base);
        component(now, name);
        return draft(base, withDockerfile(now, name, text), new ArrayList<>());
    }

    /** The same for a document that is not kept yet; one that cannot be read, or has no such component, stays as it is. */
    static String dockerfile(String document, String name, String text) {
        Application now = ApplicationReader.read(document).value();
        if (now == null || now.component(name).isEmpty()) {
            return document;
        }
        Application wanted =
                ApplicationEdit.read(withDockerfile(now, name, text)).value();
        return wanted == null ? document : ApplicationEdit.apply(document, wanted);
    }

    private static Map<String, @Nullable Object> withDockerfile(Application now, String name, String text) {
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        List<Map<String, @Nullable Object>> components = components(tree);
        child(child(components.get(position(components, name)), "source"), "build")
                .put("dockerfileInline", text);
        return tree;
    }

    private Draft draft(StoredApplication base, Map<String, @Nullable Object> tree, List<Problem> problems) {
        Reading<Application> wanted = ApplicationEdit.read(tree);
        wanted.problems()
                .forEach(problem -> problems.add(new Problem(
                        // Lines of a text that nobody has seen.
                        problem.code(), LINE.matcher(problem.where()).replaceFirst(""), problem.arguments())));
        Application application = wanted.value();
        if (application == null || !problems.isEmpty()) {
            return new Draft(null, problems);
        }
        String document = ApplicationEdit.apply(base.document(), application);
        return new Draft(document, applications.check(base.name(), document).problems());
    }

    private static int position(List<Map<String, @Nullable Object>> components, @Nullable String name) {
        int position = 0;
        while (position < components.size()
                && !Objects.equals(components.get(position).get("name"), name)) {
            position++;
        }
        return position;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> child(Map<String, @Nullable Object> tree, String name) {
        return (Map<String, @Nullable Object>) tree.computeIfAbsent(name, key -> new LinkedHashMap<>());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> components(Map<String, @Nullable Object> tree) {
        return (List<Map<String, @Nullable Object>>)
                child(tree, "spec").computeIfAbsent("components", key -> new ArrayList<>());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> edges(Map<String, @Nullable Object> component) {
        return (List<Map<String, @Nullable Object>>) component.computeIfAbsent("dependsOn", key -> new ArrayList<>());
    }

    private static void dropNoEdges(Map<String, @Nullable Object> component) {
        if (edges(component).isEmpty()) {
            component.remove("dependsOn");
        }
    }

    /** The field of a form that a problem is about, for a link to it; empty: none of them. */
    static String field(List<Group> shape, String where) {
        String path = where.replaceAll("^spec\\.components\\[\\d+\\]\\.", "").replaceAll("\\[.*|, line.*", "");
        return FormValues.fields(shape).stream()
                .filter(field -> path.equals(field.path())
                        || path.startsWith(field.path() + ".")
                        || field.path().startsWith(path + "."))
                .findFirst()
                .map(FormField::id)
                .orElse("");
    }
}
