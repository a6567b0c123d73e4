package dev.slipway.workflows.application;

import dev.slipway.workflows.application.yaml.Fields;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.application.yaml.YamlText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an application document, YAML 1.2 or JSON, and answers the application or every problem of it at once. It
 * knows shapes: fields, types, choices, sizes. What is wrong between fields is told by {@link ApplicationCheck}, which
 * reads and checks in one go. Nothing is ever thrown at a text, however hostile.
 *
 * <p>Short forms: {@code dependsOn: [db]} waits until a job is {@code completed}, and anything else that Slipway runs
 * is {@code healthy}; {@code linked} for what runs by schedule or outside. {@code resources: {cpu: 100m}} is a request
 * without limit. {@code git: .} is the repository that the document itself was read from.
 */
public final class ApplicationReader {
    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_REPLICAS = 1_000;

    private final Map<String, Component.Kind> kinds = new HashMap<>();

    private ApplicationReader() {}

    public static Reading<Application> read(String text) {
        Notes notes = new Notes();
        return Reading.of(draft(YamlText.read(text, notes)), notes);
    }

    /** @param utf8 anything: what is not UTF-8 is a problem too */
    public static Reading<Application> read(byte[] utf8) {
        Notes notes = new Notes();
        return Reading.of(draft(YamlText.read(utf8, notes)), notes);
    }

    /** The application as far as it could be read: with harmless values wherever something was noted. */
    static Application draft(Fields root) {
        return new ApplicationReader().application(root);
    }

    private Application application(Fields root) {
        root.expect("apiVersion", Application.API_VERSION);
        if (!root.expect("kind", Application.KIND)) {
            // Of another kind: every field would be wrong, and none of that would help.
            return new Application(
                    new Metadata("", null, null, null), Governance.KUBERNETES, List.of(), List.of(), List.of());
        }
        Metadata metadata = metadata(root.requiredChild("metadata", "{name: storefront}"));
        Fields spec = root.requiredChild("spec", "{components: […]}");
        Application application = new Application(
                metadata,
                spec.choice("governance", Governance.class, Governance.KUBERNETES),
                spec.each("parameters", ApplicationReader::parameter),
                components(spec),
                spec.each("manifests", ApplicationReader::manifest));
        spec.done();
        root.done();
        return application;
    }

    private static Metadata metadata(Fields fields) {
        Metadata metadata = new Metadata(
                fields.required("name", "storefront"),
                fields.text("title"),
                fields.text("description"),
                fields.text("icon"));
        fields.done();
        return metadata;
    }

    private static Parameter parameter(Fields fields) {
        Integer generate = fields.count("generate", 8, 128);
        return new Parameter(
                fields.required("name", "dbPassword"),
                fields.choice("type", Parameter.Type.class, Parameter.Type.STRING),
                fields.text("title"),
                fields.text("description"),
                fields.text("default"),
                generate == null ? 0 : generate,
                fields.texts("options"),
                fields.text("pattern"));
    }

    private static Manifest manifest(Fields fields) {
        List<String> images = fields.texts("images");
        return new Manifest(fields.rest(), images);
    }

    private List<Component> components(Fields spec) {
        List<Fields> items = spec.items("components");
        for (Fields item : items) {
            String name = item.peek("name");
            String kind = item.peek("kind");
            for (Component.Kind candidate : Component.Kind.values()) {
                if (name != null && Words.word(candidate).equals(kind)) {
                    kinds.put(name, candidate);
                }
            }
        }
        return items.stream()
                .map(item -> {
                    Component component = component(item);
                    item.done();
                    return component;
                })
                .toList();
    }

    private Component component(Fields fields) {
        return new Component(
                fields.required("name", "orders"),
                fields.choice("kind", Component.Kind.class, Component.Kind.SERVICE),
                source(fields),
                fields.text("address"),
                fields.texts("command"),
                fields.texts("args"),
                fields.text("workingDir"),
                fields.text("schedule"),
                fields.count("replicas", 0, MAX_REPLICAS),
                fields.each("ports", ApplicationReader::port),
                fields.textMap("env"),
                fields.textMap("exports"),
                fields.each(
                        "files",
                        file -> new ConfigFile(
                                file.required("path", "/etc/orders/app.yaml"), file.required("content", "\"…\""))),
                fields.each(
                        "volumes",
                        volume -> new Volume(
                                volume.required("name", "data"),
                                volume.required("path", "/data"),
                                volume.text("size"),
                                volume.text("share"))),
                probes(fields.child("probes")),
                fields.text("deadline"),
                resources(fields.child("resources")),
                scale(fields),
                security(fields.child("security")),
                fields.each("dependsOn", "component", this::dependency),
                fields.each(
                        "sidecars",
                        "use",
                        sidecar -> new SidecarUse(sidecar.required("use", "log-shipper"), sidecar.textMap("with"))),
                fields.tree("patch"),
                origin(fields));
    }

    private static @Nullable Source source(Fields fields) {
        boolean given = fields.has("source");
        Fields source = fields.child("source");
        if (!given) {
            return null;
        }
        Source read = source.has("image") && !source.has("git")
                ? new Source.Image(source.required("image", "postgres:18"))
                : git(source);
        source.done();
        return read;
    }

    private static Source git(Fields source) {
        if (source.has("image")) {
            source.conflict("image", "git");
        }
        String url = source.required("git", ". | https://git.example/storefront.git");
        String path = source.text("path", "");
        return new Source.Git(
                url.equals(".") ? null : url,
                source.text("branch"),
                source.text("tag"),
                source.text("commit"),
                path.equals(".") ? "" : path,
                build(source.child("build")));
    }

    private static Source.Build build(Fields fields) {
        Source.Build build = new Source.Build(
                fields.choice("builder", Source.Builder.class, Source.Builder.AUTO),
                fields.text("dockerfile"),
                fields.text("dockerfileInline"),
                fields.text("target"),
                fields.textMap("args"),
                fields.texts("secrets"),
                fields.text("base"),
                fields.textMap("layout"),
                fields.texts("entrypoint"));
        fields.done();
        return build;
    }

    private static Port port(Fields fields) {
        String name = fields.required("name", "http");
        int number = fields.requiredCount("port", 1, 65_535, "8080");
        Port.Protocol protocol = fields.choice("protocol", Port.Protocol.class, Port.Protocol.TCP);
        boolean exposed = fields.has("expose");
        Fields expose = fields.child("expose");
        if (!exposed) {
            return new Port(name, number, protocol, null);
        }
        Port.Expose read = new Port.Expose(
                expose.required("host", "orders.example"), expose.text("path", "/"), expose.text("tls"));
        expose.done();
        return new Port(name, number, protocol, read);
    }

    private static Probes probes(Fields fields) {
        Probes probes = new Probes(probe(fields, "readiness"), probe(fields, "liveness"), probe(fields, "startup"));
        fields.done();
        return probes;
    }

    private static Probes.@Nullable Probe probe(Fields probes, String name) {
        boolean given = probes.has(name);
        Fields fields = probes.child(name);
        if (!given) {
            return null;
        }
        Probes.Http http = null;
        if (fields.has("http")) {
            Fields request = fields.child("http");
            http = new Probes.Http(request.required("port", "http"), request.text("path", "/"));
            request.done();
        } else {
            fields.text("http");
        }
        Probes.Probe probe = new Probes.Probe(
                http,
                fields.text("tcp"),
                fields.texts("exec"),
                fields.text("grpc"),
                fields.count("initialDelay", 0, MAX_SECONDS),
                fields.count("period", 1, MAX_SECONDS),
                fields.count("timeout", 1, MAX_SECONDS),
                fields.count("failureThreshold", 1, MAX_REPLICAS),
                fields.count("successThreshold", 1, MAX_REPLICAS));
        fields.done();
        return probe;
    }

    private static Resources resources(Fields fields) {
        Resources resources = new Resources(range(fields.text("cpu")), range(fields.text("memory")));
        fields.done();
        return resources;
    }

    private static Resources.@Nullable Range range(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int dots = text.indexOf("..");
        return dots < 0
                ? new Resources.Range(text, null)
                : new Resources.Range(text.substring(0, dots), text.substring(dots + 2));
    }

    private static @Nullable Scale scale(Fields component) {
        boolean given = component.has("scale");
        Fields fields = component.child("scale");
        if (!given) {
            return null;
        }
        Scale scale = new Scale(
                fields.requiredCount("min", 0, MAX_REPLICAS, "2"),
                fields.requiredCount("max", 1, MAX_REPLICAS, "6"),
                fields.count("cpu", 1, 1_000),
                fields.count("memory", 1, 1_000));
        fields.done();
        return scale;
    }

    private static SecuritySettings security(Fields fields) {
        SecuritySettings security = new SecuritySettings(
                fields.choice("profile", SecuritySettings.Profile.class),
                fields.whole("runAsUser", 0, Integer.MAX_VALUE),
                fields.whole("runAsGroup", 0, Integer.MAX_VALUE),
                fields.whole("fsGroup", 0, Integer.MAX_VALUE),
                fields.truth("readOnlyRootFilesystem"),
                fields.texts("capabilities"));
        fields.done();
        return security;
    }

    private Dependency dependency(Fields fields) {
        String component = fields.required("component", "db");
        Dependency.Condition otherwise = switch (kinds.getOrDefault(component, Component.Kind.SERVICE)) {
            case SERVICE, STATEFUL, DAEMON -> Dependency.Condition.HEALTHY;
            case JOB -> Dependency.Condition.COMPLETED;
            case CRON, EXTERNAL -> Dependency.Condition.LINKED;
        };
        return new Dependency(component, fields.choice("when", Dependency.Condition.class, otherwise));
    }

    private static @Nullable Origin origin(Fields component) {
        boolean given = component.has("origin");
        Fields fields = component.child("origin");
        if (!given) {
            return null;
        }
        Origin origin = new Origin(
                fields.required("template", "storefront"),
                fields.required("version", "1.0.0"),
                fields.required("component", "orders"));
        fields.done();
        return origin;
    }
}
