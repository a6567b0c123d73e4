package dev.slipway.workflows.environment;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.environment.Overrides.ComponentOverride;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Changes single values of a document of kind Overrides. What the author wrote around them stays, comments included. */
public final class OverridesEditor {
    private static final String NONE =
            "apiVersion: " + Application.API_VERSION + "\nkind: " + OverridesReader.KIND + "\nspec: {}\n";

    private OverridesEditor() {}

    /**
     * The document with another number of replicas of a component.
     *
     * @param text a document that reads without problems; empty: none yet
     * @throws dev.slipway.workflows.problem.ProblemException when the text has problems already
     */
    public static String replicas(String text, String component, int replicas) {
        Overrides before =
                text.isBlank() ? Overrides.NONE : OverridesReader.read(text).orElseThrow();
        List<String> path = List.of("spec", "components", component, "replicas");
        return edit(text, path, Integer.toString(replicas), with(before, component, replicas));
    }

    private static String edit(String text, List<String> path, String value, Overrides wished) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String edited = put(plain.isBlank() ? NONE : plain, path, value);
        Reading<Overrides> reading = OverridesReader.read(edited);
        if (reading.problems().isEmpty() && wished.equals(reading.value())) {
            return edited;
        }
        throw new IllegalStateException(String.join(".", path) + " can't be put into these overrides");
    }

    /**
     * The document with another branch for all that names none of its own.
     *
     * @param text a document that reads without problems; empty: none yet
     * @param branch {@code null}: as the application says
     * @throws dev.slipway.workflows.problem.ProblemException when the text has problems already
     */
    public static String branch(String text, @Nullable String branch) {
        Overrides before =
                text.isBlank() ? Overrides.NONE : OverridesReader.read(text).orElseThrow();
        if (Objects.equals(before.branch(), branch)) {
            return text;
        }
        return edit(
                text,
                List.of("spec", "branch"),
                quoted(branch),
                new Overrides(branch, before.components(), before.parameters()));
    }

    /**
     * The document with other values of a component: {@code branch}, {@code image}, {@code env} as lines of {@code NAME=value}. Others
     * of these names, and blank ones, change nothing here. A branch takes the place of an image, and an image that of a branch.
     *
     * @param text a document that reads without problems; empty: none yet
     * @throws dev.slipway.workflows.problem.ProblemException when the text has problems already, or a line of {@code env} is none
     */
    public static String component(String text, String component, Map<String, String> inputs) {
        String edited = text;
        String branch = inputs.getOrDefault("branch", "").strip();
        String image = inputs.getOrDefault("image", "").strip();
        if (!branch.isEmpty() && !image.isEmpty()) {
            throw invalid("image", "branch | image");
        }
        if (!branch.isEmpty() || !image.isEmpty()) {
            for (String name : List.of("branch", "tag", "commit", "image")) {
                String value = name.equals("branch") ? branch : name.equals("image") ? image : "";
                edited = scalar(edited, component, name, value.isEmpty() ? null : value);
            }
        }
        for (String line : inputs.getOrDefault("env", "").lines().toList()) {
            int equals = line.indexOf('=');
            if (!line.isBlank() && equals < 1) {
                throw invalid("env", "NAME=value");
            }
            if (!line.isBlank()) {
                edited =
                        environment(edited, component, line.substring(0, equals).strip(), line.substring(equals + 1));
            }
        }
        return edited;
    }

    private static ProblemException invalid(String field, String expected) {
        return new ProblemException(Problem.of(
                ProblemCode.REQUEST_INVALID, "inputs." + field, "reason", "inputs." + field + ": " + expected));
    }

    private static ComponentOverride override(Overrides overrides, String component) {
        return overrides
                .components()
                .getOrDefault(component, new ComponentOverride(null, null, null, null, null, Map.of()));
    }

    private static Overrides with(Overrides overrides, String component, ComponentOverride changed) {
        Map<String, ComponentOverride> components = new LinkedHashMap<>(overrides.components());
        components.put(component, changed);
        return new Overrides(overrides.branch(), components, overrides.parameters());
    }

    private static String scalar(String text, String component, String name, @Nullable String value) {
        Overrides overrides =
                text.isBlank() ? Overrides.NONE : OverridesReader.read(text).orElseThrow();
        ComponentOverride before = override(overrides, component);
        ComponentOverride after = new ComponentOverride(
                name.equals("branch") ? value : before.branch(),
                name.equals("tag") ? value : before.tag(),
                name.equals("commit") ? value : before.commit(),
                name.equals("image") ? value : before.image(),
                before.replicas(),
                before.env());
        return before.equals(after)
                ? text
                : edit(
                        text,
                        List.of("spec", "components", component, name),
                        quoted(value),
                        with(overrides, component, after));
    }

    private static String environment(String text, String component, String name, String value) {
        Overrides overrides =
                text.isBlank() ? Overrides.NONE : OverridesReader.read(text).orElseThrow();
        ComponentOverride before = override(overrides, component);
        Map<String, String> env = new LinkedHashMap<>(before.env());
        env.put(name, value);
        ComponentOverride after = new ComponentOverride(
                before.branch(), before.tag(), before.commit(), before.image(), before.replicas(), env);
        return before.equals(after)
                ? text
                : edit(
                        text,
                        List.of("spec", "components", component, "env", name),
                        quoted(value),
                        with(overrides, component, after));
    }

    private static String quoted(@Nullable String value) {
        return value == null ? "null" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static Overrides with(Overrides overrides, String component, int replicas) {
        ComponentOverride before = override(overrides, component);
        return with(
                overrides,
                component,
                new ComponentOverride(
                        before.branch(), before.tag(), before.commit(), before.image(), replicas, before.env()));
    }

    private static String put(String text, List<String> path, String value) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                // Marks count from the start of the text, in one buffer.
                .setBufferSize(text.length() + 16)
                .build();
        Node node = new Compose(settings).composeString(text).orElseThrow();
        List<String> ahead = new ArrayList<>(path);
        while (node instanceof MappingNode mapping) {
            Node child = ahead.isEmpty() ? null : child(mapping, ahead.get(0));
            if (child == null) {
                return insert(text, mapping, inFlow(ahead, value));
            }
            ahead.remove(0);
            node = child;
        }
        int start = offset(text, node.getStartMark().orElseThrow().getIndex());
        int end = offset(text, node.getEndMark().orElseThrow().getIndex());
        String written = ahead.isEmpty() ? value : "{" + inFlow(ahead, value) + "}";
        boolean afterColon = start > 0 && text.charAt(start - 1) == ':';
        return text.substring(0, start) + (afterColon ? " " : "") + written + text.substring(end);
    }

    private static @Nullable Node child(MappingNode mapping, String key) {
        Optional<NodeTuple> entry = mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key))
                .findFirst();
        return entry.map(NodeTuple::getValueNode).orElse(null);
    }

    /** As the first entry of a mapping: before what is there, in its own style. */
    private static String insert(String text, MappingNode mapping, String entry) {
        int start = offset(text, mapping.getStartMark().orElseThrow().getIndex());
        if (mapping.getFlowStyle() == FlowStyle.FLOW) {
            return text.substring(0, start + 1)
                    + entry
                    + (mapping.getValue().isEmpty() ? "" : ", ")
                    + text.substring(start + 1);
        }
        int column = mapping.getStartMark().orElseThrow().getColumn();
        return text.substring(0, start) + entry + "\n" + " ".repeat(column) + text.substring(start);
    }

    /** {@code components: {web: {replicas: 3}}}. */
    private static String inFlow(List<String> path, String value) {
        String written = value;
        for (int i = path.size() - 1; i >= 0; i--) {
            written = path.get(i) + ": " + (i == path.size() - 1 ? written : "{" + written + "}");
        }
        return written;
    }

    /** Marks count code points. */
    private static int offset(String text, int codePoints) {
        return text.offsetByCodePoints(0, codePoints);
    }
}
