package dev.slipway.workflows.application;

import dev.slipway.workflows.application.yaml.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.RepresentToNode;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Writes an application as canonical YAML: equal applications give equal texts, and {@link ApplicationReader} reads
 * the same application back. Not for the author's own document, which is stored as written.
 */
public final class ApplicationWriter {
    private ApplicationWriter() {}

    public static String write(Application application) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .setUseUnicodeEncoding(true)
                .setSchema(new CoreSchema())
                .build();
        return new Dump(settings, new Texts(settings)).dumpToString(tree(application));
    }

    /** The document as plain maps and lists, without fields that were not given. */
    public static Map<String, @Nullable Object> tree(Application application) {
        Tree spec = new Tree()
                .put("governance", Words.word(application.governance()))
                .put("parameters", each(application.parameters(), ApplicationWriter::parameter))
                .put("components", each(application.components(), ApplicationWriter::component))
                .put(
                        "manifests",
                        each(
                                application.manifests(),
                                manifest ->
                                        new Tree().putAll(manifest.object()).put("images", list(manifest.images()))));
        Metadata metadata = application.metadata();
        return new Tree()
                .put("apiVersion", Application.API_VERSION)
                .put("kind", Application.KIND)
                .put(
                        "metadata",
                        new Tree()
                                .put("name", metadata.name())
                                .put("title", metadata.title())
                                .put("description", metadata.description())
                                .put("icon", metadata.icon())
                                .fields)
                .put("spec", spec.fields)
                .fields;
    }

    /** One component, as it stands in the list of a document. */
    public static Map<String, @Nullable Object> tree(Component component) {
        return component(component).fields;
    }

    private static Tree parameter(Parameter parameter) {
        return new Tree()
                .put("name", parameter.name())
                .put("type", Words.word(parameter.type()))
                .put("title", parameter.title())
                .put("description", parameter.description())
                .put("default", parameter.defaultValue())
                .put("generate", parameter.generate() == 0 ? null : parameter.generate())
                .put("options", list(parameter.options()))
                .put("pattern", parameter.pattern());
    }

    private static Tree component(Component component) {
        return new Tree()
                .put("name", component.name())
                .put("kind", Words.word(component.kind()))
                .put("source", source(component.source()))
                .put("address", component.address())
                .put("command", list(component.command()))
                .put("args", list(component.args()))
                .put("workingDir", component.workingDir())
                .put("schedule", component.schedule())
                .put("replicas", component.replicas())
                .put("ports", each(component.ports(), ApplicationWriter::port))
                .put("env", map(component.env()))
                .put("exports", map(component.exports()))
                .put(
                        "files",
                        each(
                                component.files(),
                                file -> new Tree().put("path", file.path()).put("content", file.content())))
                .put(
                        "volumes",
                        each(
                                component.volumes(),
                                volume -> new Tree()
                                        .put("name", volume.name())
                                        .put("path", volume.path())
                                        .put("size", volume.size())
                                        .put("share", volume.share())))
                .put(
                        "probes",
                        new Tree()
                                .put("readiness", probe(component.probes().readiness()))
                                .put("liveness", probe(component.probes().liveness()))
                                .put("startup", probe(component.probes().startup()))
                                .orNull())
                .put("deadline", component.deadline())
                .put(
                        "resources",
                        new Tree()
                                .put("cpu", range(component.resources().cpu()))
                                .put("memory", range(component.resources().memory()))
                                .orNull())
                .put("scale", scale(component.scale()))
                .put("security", security(component.security()))
                .put(
                        "dependsOn",
                        each(
                                component.dependsOn(),
                                dependency -> new Tree()
                                        .put("component", dependency.component())
                                        .put("when", Words.word(dependency.when()))))
                .put(
                        "sidecars",
                        each(
                                component.sidecars(),
                                sidecar -> new Tree().put("use", sidecar.use()).put("with", map(sidecar.with()))))
                .put("patch", component.patch().isEmpty() ? null : copy(component.patch()))
                .put("origin", origin(component.origin()));
    }

    private static @Nullable Object source(@Nullable Source source) {
        if (source == null) {
            return null;
        }
        if (source instanceof Source.Image image) {
            return new Tree().put("image", image.reference()).fields;
        }
        Source.Git git = (Source.Git) source;
        Source.Build build = git.build();
        return new Tree()
                .put("git", git.url() == null ? "." : git.url())
                .put("branch", git.branch())
                .put("tag", git.tag())
                .put("commit", git.commit())
                .put("path", git.path().isEmpty() ? null : git.path())
                .put(
                        "build",
                        new Tree()
                                .put("builder", Words.word(build.builder()))
                                .put("dockerfile", build.dockerfile())
                                .put("dockerfileInline", build.dockerfileInline())
                                .put("target", build.target())
                                .put("args", map(build.args()))
                                .put("secrets", list(build.secrets()))
                                .put("base", build.base())
                                .put("layout", map(build.layout()))
                                .put("entrypoint", list(build.entrypoint()))
                                .fields)
                .fields;
    }

    private static Tree port(Port port) {
        Port.Expose expose = port.expose();
        return new Tree()
                .put("name", port.name())
                .put("port", port.port())
                .put("protocol", Words.word(port.protocol()))
                .put(
                        "expose",
                        expose == null
                                ? null
                                : new Tree()
                                        .put("host", expose.host())
                                        .put("path", expose.path())
                                        .put("tls", expose.tls())
                                        .fields);
    }

    private static @Nullable Object probe(Probes.@Nullable Probe probe) {
        if (probe == null) {
            return null;
        }
        Probes.Http http = probe.http();
        return new Tree()
                .put(
                        "http",
                        http == null
                                ? null
                                : new Tree().put("port", http.port()).put("path", http.path()).fields)
                .put("tcp", probe.tcp())
                .put("exec", list(probe.exec()))
                .put("grpc", probe.grpc())
                .put("initialDelay", probe.initialDelay())
                .put("period", probe.period())
                .put("timeout", probe.timeout())
                .put("failureThreshold", probe.failureThreshold())
                .put("successThreshold", probe.successThreshold())
                .fields;
    }

    private static @Nullable String range(Resources.@Nullable Range range) {
        return range == null ? null : range.limit() == null ? range.request() : range.request() + ".." + range.limit();
    }

    private static @Nullable Object scale(@Nullable Scale scale) {
        return scale == null
                ? null
                : new Tree()
                        .put("min", scale.min())
                        .put("max", scale.max())
                        .put("cpu", scale.cpu())
                        .put("memory", scale.memory())
                        .fields;
    }

    private static @Nullable Object security(SecuritySettings security) {
        return new Tree()
                .put("profile", security.profile() == null ? null : Words.word(security.profile()))
                .put("runAsUser", security.runAsUser())
                .put("runAsGroup", security.runAsGroup())
                .put("fsGroup", security.fsGroup())
                .put("readOnlyRootFilesystem", security.readOnlyRootFilesystem())
                .put("capabilities", list(security.capabilities()))
                .orNull();
    }

    private static @Nullable Object origin(@Nullable Origin origin) {
        return origin == null
                ? null
                : new Tree()
                        .put("template", origin.template())
                        .put("version", origin.version())
                        .put("component", origin.component())
                        .fields;
    }

    private static <T> @Nullable Object each(List<T> values, java.util.function.Function<T, Tree> write) {
        return values.isEmpty()
                ? null
                : new ArrayList<>(
                        values.stream().map(write).map(tree -> tree.fields).toList());
    }

    private static @Nullable Object list(List<String> texts) {
        return texts.isEmpty() ? null : new ArrayList<>(texts);
    }

    private static @Nullable Object map(Map<String, String> texts) {
        return texts.isEmpty() ? null : new LinkedHashMap<>(texts);
    }

    /** Every map and list of its own, for one that is met twice would be written as an alias. */
    private static @Nullable Object copy(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(String.valueOf(key), copy(inner)));
            return copy;
        }
        if (value instanceof Collection<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(copy(inner)));
            return copy;
        }
        return value;
    }

    /** Texts of several lines as blocks, where that is safe; the emitter's blocks lose leading blank lines. */
    private static final class Texts extends StandardRepresenter {
        private static final Pattern SPACE_AT_END = Pattern.compile("[ \t](\n|$)");

        Texts(DumpSettings settings) {
            super(settings);
            RepresentToNode plain = representers.get(String.class);
            representers.put(String.class, value -> {
                String text = (String) value;
                if (text.indexOf('\n') < 0 && plain != null) {
                    return plain.representData(text);
                }
                boolean block = text.charAt(0) > ' '
                        && text.chars()
                                .allMatch(c -> c == '\n' || !(Character.isISOControl(c) || c == 0x2028 || c == 0x2029))
                        && !SPACE_AT_END.matcher(text).find();
                return representScalar(Tag.STR, text, block ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED);
            });
        }
    }

    /** Fields in the order of writing; {@code null} is left out. */
    private static final class Tree {
        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        Tree put(String name, @Nullable Object value) {
            if (value != null) {
                fields.put(name, value);
            }
            return this;
        }

        Tree putAll(Map<String, @Nullable Object> object) {
            object.forEach((key, value) -> fields.put(key, copy(value)));
            return this;
        }

        @Nullable
        Object orNull() {
            return fields.isEmpty() ? null : fields;
        }
    }
}
