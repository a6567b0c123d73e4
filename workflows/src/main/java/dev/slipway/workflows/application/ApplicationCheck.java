package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.application.yaml.YamlText;
import dev.slipway.workflows.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Tells everything that is wrong with an application at once: names, references, circles, duplicates, fields that do
 * not go together, forms of values, and what is valid but not run yet ({@code SLP-DOC-UNSUPPORTED}).
 *
 * <p>Rules worth knowing: a look-up of another component needs an edge to it ({@code linked} is enough), for otherwise
 * it would not be told when that component changes. Two dependencies that export the same name collide unless the
 * component's own env decides; the own env always wins. {@code healthy} of a job has no meaning, {@code completed} of
 * anything else neither.
 */
public final class ApplicationCheck {
    /** What one ConfigMap can hold, in bytes of names and contents. */
    static final int MAX_FILES_BYTES = 1 << 20;

    private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z_]{1,40}");

    private final Application application;
    private final Notes notes;
    private final Map<String, Component> components = new LinkedHashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();

    private ApplicationCheck(Application application, Notes notes) {
        this.application = application;
        this.notes = notes;
        for (int i = 0; i < application.components().size(); i++) {
            Component component = application.components().get(i);
            if (components.putIfAbsent(component.name(), component) == null) {
                indexes.put(component.name(), i);
            }
        }
    }

    /** Every problem of an application that was not read from a text. */
    public static List<Problem> check(Application application) {
        return check(application, Lines.NONE);
    }

    /** @param lines where its fields stand, from {@link Reading#lines()} */
    public static List<Problem> check(Application application, Lines lines) {
        Notes notes = new Notes(lines);
        new ApplicationCheck(application, notes).all();
        return notes.problems();
    }

    /** Reads and checks: the application, or every problem of shape and sense together. */
    public static Reading<Application> read(String text) {
        Notes notes = new Notes();
        return read(ApplicationReader.draft(YamlText.read(text, notes)), notes);
    }

    /** As {@link #read(String)}; what is not UTF-8 is a problem too. */
    public static Reading<Application> read(byte[] utf8) {
        Notes notes = new Notes();
        return read(ApplicationReader.draft(YamlText.read(utf8, notes)), notes);
    }

    private static Reading<Application> read(Application draft, Notes notes) {
        boolean ofThisKind = !notes.isSettled("kind") && !notes.isSettled("spec");
        if (ofThisKind) {
            new ApplicationCheck(draft, notes).all();
        }
        return Reading.of(draft, notes);
    }

    private void all() {
        name("metadata.name", application.name(), Formats.NAME, Formats.NAME_LENGTH, "storefront");
        Unsupported.in(application).forEach(this::unsupported);
        unique(
                "spec.parameters",
                application.parameters().stream().map(Parameter::name).toList(),
                "name");
        for (int i = 0; i < application.parameters().size(); i++) {
            parameter("spec.parameters[" + i + "]", application.parameters().get(i));
        }
        if (application.components().isEmpty()) {
            notes.note(DOC_MISSING, "spec.components", "field", "components", "example", "[{name: web, …}]");
        }
        if (application.components().size() > Application.MAX_COMPONENTS) {
            notes.note(
                    DOC_TOO_BIG,
                    "spec.components",
                    "actual",
                    "" + application.components().size(),
                    "limit",
                    "" + Application.MAX_COMPONENTS);
        }
        unique(
                "spec.components",
                application.components().stream().map(Component::name).toList(),
                "name");
        for (int i = 0; i < application.components().size(); i++) {
            component("spec.components[" + i + "]", application.components().get(i));
        }
        ManifestCheck.check(application, notes);
        routes();
        cycles();
    }

    // ---- parameters

    private void parameter(String path, Parameter parameter) {
        name(path + ".name", parameter.name(), Formats.PARAMETER_NAME, Formats.PARAMETER_NAME_LENGTH, "dbPassword");
        boolean secret = parameter.type() == Parameter.Type.SECRET;
        boolean choice = parameter.type() == Parameter.Type.ENUM;
        String type = "type: " + Words.word(parameter.type());
        if (choice && parameter.options().isEmpty()) {
            notes.note(DOC_MISSING, path + ".options", "field", "options", "example", "[small, large]");
        }
        conflictIf(!choice && !parameter.options().isEmpty(), path + ".options", "options", type);
        conflictIf(
                parameter.generate() != 0 && !secret && parameter.type() != Parameter.Type.STRING,
                path + ".generate",
                "generate",
                type);
        conflictIf(secret && parameter.defaultValue() != null, path + ".default", "default", type);
        conflictIf(
                parameter.generate() != 0 && parameter.defaultValue() != null,
                path + ".generate",
                "generate",
                "default");
        if (parameter.pattern() != null && !isPattern(parameter.pattern())) {
            value(path + ".pattern", parameter.pattern(), "[a-z]+");
        }
        String given = parameter.defaultValue();
        if (given != null && !accepts(parameter, given)) {
            value(path + ".default", given, allowed(parameter));
        }
    }

    private static boolean isPattern(String pattern) {
        try {
            // Short, because the compiler recurses on nested groups.
            return pattern.length() <= 200 && Pattern.compile(pattern) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** Whether a value is of the parameter's type; its pattern is left to where the value is used. */
    public static boolean accepts(Parameter parameter, String value) {
        return switch (parameter.type()) {
            case STRING, SECRET -> true;
            case NUMBER -> value.matches("-?[0-9]{1,18}([.][0-9]{1,18})?");
            case BOOLEAN -> value.equals("true") || value.equals("false");
            case ENUM -> parameter.options().isEmpty() || parameter.options().contains(value);
            case SIZE -> Formats.size(value).isPresent();
            case HOST -> Formats.isHost(value);
        };
    }

    /** The values a parameter takes, as shown to people. */
    public static String allowed(Parameter parameter) {
        return switch (parameter.type()) {
            case STRING, SECRET -> "…";
            case NUMBER -> "-1 | 0 | 2.5";
            case BOOLEAN -> "true | false";
            case ENUM -> Words.list(parameter.options());
            case SIZE -> "128Mi | 1Gi";
            case HOST -> "orders.example";
        };
    }

    // ---- components

    private void component(String path, Component c) {
        name(path + ".name", c.name(), Formats.NAME, Formats.NAME_LENGTH, "orders");
        if (Lookups.RESERVED.contains(c.name())) {
            notes.note(DOC_RESERVED, path + ".name", "name", c.name());
        }
        Unsupported.in(c).forEach((field, says) -> unsupported(path + field, says));
        kind(path, c);
        if (c.source() instanceof Source.Image image && !Formats.isImage(image.reference())) {
            value(path + ".source.image", image.reference(), "postgres:18 | registry.example/shop/orders@sha256:…");
        }
        if (c.source() instanceof Source.Git git) {
            git(path + ".source", git);
        }
        if (c.workingDir() != null && !c.workingDir().equals("/") && !Formats.isAbsolutePath(c.workingDir())) {
            value(path + ".workingDir", c.workingDir(), "/app");
        }
        ports(path, c);
        mounts(path, c);
        probe(path + ".probes.readiness", c, c.probes().readiness(), true);
        probe(path + ".probes.liveness", c, c.probes().liveness(), false);
        probe(path + ".probes.startup", c, c.probes().startup(), false);
        valueIf(
                c.deadline() != null && c.ownDeadline() == null,
                path + ".deadline",
                c.deadline(),
                "10s..24h: 90s | 15m | 1h30m");
        range(path + ".resources.cpu", c.resources().cpu(), false);
        range(path + ".resources.memory", c.resources().memory(), true);
        scale(path, c);
        security(path + ".security", c.security());
        dependencies(path, c);
        texts(path, c);
    }

    private void kind(String path, Component c) {
        String kind = "kind: " + Words.word(c.kind());
        boolean external = c.kind() == Component.Kind.EXTERNAL;
        if (!external && c.source() == null) {
            notes.note(DOC_MISSING, path + ".source", "field", "source", "example", "{image: postgres:18}");
        }
        if (external && c.address() == null) {
            notes.note(DOC_MISSING, path + ".address", "field", "address", "example", "db.example");
        }
        if (c.kind() == Component.Kind.CRON && c.schedule() == null) {
            notes.note(DOC_MISSING, path + ".schedule", "field", "schedule", "example", "0 3 * * *");
        }
        conflictIf(!external && c.address() != null, path + ".address", "address", kind);
        conflictIf(c.kind() != Component.Kind.CRON && c.schedule() != null, path + ".schedule", "schedule", kind);
        boolean scalable = c.kind() == Component.Kind.SERVICE || c.kind() == Component.Kind.STATEFUL;
        conflictIf(!scalable && c.replicas() != null, path + ".replicas", "replicas", kind);
        conflictIf(!scalable && c.scale() != null, path + ".scale", "scale", kind);
        // There is nothing to wait for.
        conflictIf(external && c.deadline() != null, path + ".deadline", "deadline", kind);
        conflictIf(c.kind() == Component.Kind.CRON && c.deadline() != null, path + ".deadline", "deadline", kind);
        if (external) {
            conflictIf(c.source() != null, path + ".source", "source", kind);
            conflictIf(!c.command().isEmpty(), path + ".command", "command", kind);
            conflictIf(!c.args().isEmpty(), path + ".args", "args", kind);
            conflictIf(c.workingDir() != null, path + ".workingDir", "workingDir", kind);
            conflictIf(!c.env().isEmpty(), path + ".env", "env", kind);
            conflictIf(!c.files().isEmpty(), path + ".files", "files", kind);
            conflictIf(!c.volumes().isEmpty(), path + ".volumes", "volumes", kind);
            conflictIf(!c.probes().equals(Probes.NONE), path + ".probes", "probes", kind);
            conflictIf(!c.resources().equals(Resources.NONE), path + ".resources", "resources", kind);
            conflictIf(!c.security().equals(SecuritySettings.NONE), path + ".security", "security", kind);
            conflictIf(!c.sidecars().isEmpty(), path + ".sidecars", "sidecars", kind);
            conflictIf(!c.patch().isEmpty(), path + ".patch", "patch", kind);
        }
        if (c.address() != null && !Formats.isOutside(c.address())) {
            value(path + ".address", c.address(), "db.example | 192.0.2.10");
        }
        if (c.schedule() != null && !Formats.isCron(c.schedule())) {
            value(path + ".schedule", c.schedule(), "0 3 * * * | */15 8-18 * * 1-5");
        }
    }

    private void git(String path, Source.Git git) {
        if (git.url() != null && !Formats.isGitUrl(git.url())) {
            // Not shown: it may hold a password.
            value(path + ".git", "…", ". | https://git.example/storefront.git | git@git.example:storefront.git");
        }
        conflictIf(git.branch() != null && git.tag() != null, path + ".tag", "tag", "branch");
        conflictIf(git.branch() != null && git.commit() != null, path + ".commit", "commit", "branch");
        conflictIf(git.tag() != null && git.commit() != null, path + ".commit", "commit", "tag");
        valueIf(git.branch() != null && !Formats.isGitRef(git.branch()), path + ".branch", git.branch(), "main");
        valueIf(git.tag() != null && !Formats.isGitRef(git.tag()), path + ".tag", git.tag(), "v1.0.0");
        valueIf(
                git.commit() != null && !Formats.isCommit(git.commit()),
                path + ".commit",
                git.commit(),
                "[0-9a-f]{40}");
        valueIf(
                !git.path().isEmpty() && !Formats.isRelativePath(git.path()),
                path + ".path",
                git.path(),
                "services/orders");
        Source.Build build = git.build();
        String at = path + ".build";
        String builder = "builder: " + Words.word(build.builder());
        boolean jib = build.builder() != Source.Builder.DOCKERFILE;
        boolean files = !build.layout().isEmpty() || !build.entrypoint().isEmpty();
        if (build.base() == null && (build.builder() == Source.Builder.JIB || jib && files)) {
            notes.note(DOC_MISSING, at + ".base", "field", "base", "example", "eclipse-temurin:17-jre");
        }
        conflictIf(!jib && build.base() != null, at + ".base", "base", builder);
        conflictIf(!jib && !build.layout().isEmpty(), at + ".layout", "layout", builder);
        conflictIf(!jib && !build.entrypoint().isEmpty(), at + ".entrypoint", "entrypoint", builder);
        conflictIf(
                build.builder() == Source.Builder.JIB && build.dockerfile() != null,
                at + ".dockerfile",
                "dockerfile",
                builder);
        boolean composed = !build.byDockerfile();
        conflictIf(composed && build.target() != null, at + ".target", "target", "base");
        conflictIf(composed && !build.args().isEmpty(), at + ".args", "args", "base");
        valueIf(
                build.base() != null && !Formats.isImage(build.base()),
                at + ".base",
                build.base(),
                "eclipse-temurin:17-jre");
        valueIf(
                build.dockerfile() != null && !Formats.isRelativePath(build.dockerfile()),
                at + ".dockerfile",
                build.dockerfile(),
                "Dockerfile");
        build.layout().forEach((target, source) -> {
            String entry = Lines.field(at + ".layout", target);
            valueIf(!target.equals("/") && !Formats.isAbsolutePath(target), entry, target, "/app: target/app");
            valueIf(!source.equals(".") && !Formats.isRelativePath(source), entry, source, "/app: target/app");
        });
    }

    private void ports(String path, Component c) {
        unique(path + ".ports", c.ports().stream().map(Port::name).toList(), "name");
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < c.ports().size(); i++) {
            Port port = c.ports().get(i);
            String at = path + ".ports[" + i + "]";
            name(at + ".name", port.name(), Formats.PORT_NAME, Formats.PORT_NAME_LENGTH, "http");
            valueIf(port.port() < 1 || port.port() > 65_535, at + ".port", "" + port.port(), "1..65535");
            // A number may serve TCP and UDP at once, as DNS does.
            String number = port.port() + (port.protocol() == Port.Protocol.UDP ? "/udp" : "/tcp");
            if (!numbers.add(number)) {
                notes.note(DOC_DUPLICATE, at + ".port", "name", "" + port.port(), "first", path + ".ports");
            }
            Port.Expose expose = port.expose();
            if (expose != null) {
                expose(at, c, port, expose);
            }
        }
    }

    private void expose(String at, Component c, Port port, Port.Expose expose) {
        boolean spoken = port.protocol() == Port.Protocol.HTTP || port.protocol() == Port.Protocol.GRPC;
        conflictIf(!spoken, at + ".expose", "expose", "protocol: " + Words.word(port.protocol()));
        boolean serves = c.kind() != Component.Kind.JOB && c.kind() != Component.Kind.CRON;
        conflictIf(!serves, at + ".expose", "expose", "kind: " + Words.word(c.kind()));
        valueIf(!Formats.isRoutePath(expose.path()), at + ".expose.path", expose.path(), "/ | /orders");
        text(at + ".expose.host", expose.host(), c, false);
        // What a look-up yields is known when it is rendered; every one of them can stand in a name.
        String host = expose.host().replaceAll("\\$\\{[^}]*}", "x");
        valueIf(!Formats.isRouteHost(host), at + ".expose.host", expose.host(), "orders.example | *.shop.example");
        String tls = expose.tls();
        valueIf(tls != null && !Formats.isRouteHost(tls), at + ".expose.tls", tls, "orders-tls");
    }

    /** One address leads to one place. */
    private void routes() {
        Map<String, String> firsts = new HashMap<>();
        for (int i = 0; i < application.components().size(); i++) {
            Component c = application.components().get(i);
            for (int j = 0; j < c.ports().size(); j++) {
                Port.Expose expose = c.ports().get(j).expose();
                String at = "spec.components[" + i + "].ports[" + j + "].expose";
                String first = expose == null ? null : firsts.putIfAbsent(expose.host() + expose.path(), at);
                if (expose != null && first != null) {
                    notes.note(
                            DOC_DUPLICATE,
                            at + ".host",
                            "name",
                            Words.shown(expose.host() + expose.path()),
                            "first",
                            notes.lines().where(first + ".host"));
                }
            }
        }
    }

    private void mounts(String path, Component c) {
        unique(path + ".volumes", c.volumes().stream().map(Volume::name).toList(), "name");
        Map<String, String> firstByPath = new HashMap<>();
        for (int i = 0; i < c.volumes().size(); i++) {
            Volume volume = c.volumes().get(i);
            String at = path + ".volumes[" + i + "]";
            name(at + ".name", volume.name(), Formats.NAME, Formats.NAME_LENGTH, "data");
            mount(at + ".path", volume.path(), "/data", firstByPath);
            if (volume.size() == null && volume.share() == null) {
                notes.note(DOC_MISSING, at + ".size", "field", "size", "example", "1Gi");
            }
            conflictIf(volume.size() != null && volume.share() != null, at + ".share", "share", "size");
            // Its pods are on every node, and a volume is on one.
            conflictIf(c.kind() == Component.Kind.DAEMON, at, "volumes", "kind: daemon");
            valueIf(volume.size() != null && Formats.size(volume.size()).isEmpty(), at + ".size", volume.size(), "1Gi");
            if (volume.share() != null) {
                share(at + ".share", c, volume.share());
            }
        }
        long bytes = 0;
        for (int i = 0; i < c.files().size(); i++) {
            ConfigFile file = c.files().get(i);
            mount(path + ".files[" + i + "].path", file.path(), "/etc/orders/app.yaml", firstByPath);
            bytes += file.path().length() + file.content().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_FILES_BYTES) {
            notes.note(DOC_TOO_BIG, path + ".files", "actual", bytes + " bytes", "limit", MAX_FILES_BYTES + " bytes");
        }
    }

    private void mount(String at, String path, String example, Map<String, String> firstByPath) {
        if (!Formats.isAbsolutePath(path)) {
            value(at, path, example);
        }
        String first = firstByPath.putIfAbsent(path, at);
        if (first != null) {
            notes.note(
                    DOC_DUPLICATE,
                    at,
                    "name",
                    Words.shown(path),
                    "first",
                    notes.lines().where(first));
        }
    }

    private void share(String at, Component c, String share) {
        List<String> all = new ArrayList<>();
        for (Component other : application.components()) {
            for (Volume volume : other.volumes()) {
                if (volume.size() != null && other != c) {
                    all.add(other.name() + "/" + volume.name());
                }
            }
        }
        if (!all.contains(share)) {
            reference(at, share, all);
            return;
        }
        Component owner = components.get(share.substring(0, share.indexOf('/')));
        if (owner == null) {
            return;
        }
        boolean waits = c.dependsOn().stream()
                .anyMatch(edge ->
                        edge.component().equals(owner.name()) && edge.when().orders());
        String word = "kind: " + Words.word(owner.kind());
        if (owner.kind() == Component.Kind.JOB || owner.kind() == Component.Kind.CRON) {
            // Its pods end: nothing would keep those who share on the one node where the volume is.
            notes.note(DOC_CONFLICT, at, "one", "share: " + Words.shown(share), "other", word);
        } else if (owner.kind() == Component.Kind.STATEFUL && (owner.scale() != null || owner.wantedReplicas() > 1)) {
            String many = owner.scale() == null ? "replicas: " + owner.wantedReplicas() : "scale";
            notes.note(
                    DOC_CONFLICT,
                    at,
                    "one",
                    "share: " + Words.shown(share),
                    "other",
                    Words.shown(owner.name()) + ", " + many);
        } else if (c.volumes().stream()
                .anyMatch(volume -> volume.owner() != null && !volume.owner().equals(owner.name()))) {
            // Each of the two may be on a node of its own, and this component on one of them only.
            String other = c.volumes().stream()
                    .map(Volume::share)
                    .filter(theirs -> theirs != null && !theirs.startsWith(owner.name() + "/"))
                    .findFirst()
                    .orElse("");
            notes.note(
                    DOC_CONFLICT, at, "one", "share: " + Words.shown(share), "other", "share: " + Words.shown(other));
        } else if (!waits) {
            notes.note(
                    DOC_MISSING,
                    at,
                    "field",
                    "dependsOn",
                    "example",
                    "[{component: " + Words.shown(owner.name()) + ", when: healthy}]");
        }
    }

    private void probe(String path, Component c, Probes.@Nullable Probe probe, boolean readiness) {
        if (probe == null) {
            return;
        }
        List<String> kinds = new ArrayList<>();
        Probes.Http http = probe.http();
        if (http != null) {
            kinds.add("http");
            probePort(path + ".http.port", c, http.port());
            valueIf(!http.path().startsWith("/"), path + ".http.path", http.path(), "/ready");
        }
        if (probe.tcp() != null) {
            kinds.add("tcp");
            probePort(path + ".tcp", c, probe.tcp());
        }
        if (!probe.exec().isEmpty()) {
            kinds.add("exec");
        }
        if (probe.grpc() != null) {
            kinds.add("grpc");
            probePort(path + ".grpc", c, probe.grpc());
        }
        if (kinds.isEmpty()) {
            notes.note(
                    DOC_MISSING,
                    path,
                    "field",
                    "http | tcp | exec | grpc",
                    "example",
                    "{http: {port: http, path: /ready}}");
        }
        if (kinds.size() > 1) {
            notes.note(DOC_CONFLICT, path + "." + kinds.get(1), "one", kinds.get(1), "other", kinds.get(0));
        }
        Integer successes = probe.successThreshold();
        valueIf(!readiness && successes != null && successes != 1, path + ".successThreshold", "" + successes, "1");
    }

    private void probePort(String at, Component c, String name) {
        List<String> names = c.ports().stream().map(Port::name).toList();
        if (!names.contains(name)) {
            reference(at, name, names);
        }
        boolean udp =
                c.port(name).filter(p -> p.protocol() == Port.Protocol.UDP).isPresent();
        conflictIf(udp, at, name, "protocol: udp");
    }

    private void range(String path, Resources.@Nullable Range range, boolean size) {
        if (range == null) {
            return;
        }
        String limit = range.limit();
        var least = size ? Formats.size(range.request()) : Formats.quantity(range.request());
        var most = limit == null ? least : size ? Formats.size(limit) : Formats.quantity(limit);
        String text = limit == null ? range.request() : range.request() + ".." + limit;
        if (least.isEmpty() || most.isEmpty()) {
            value(path, text, size ? "128Mi | 128Mi..1Gi" : "100m | 100m..1");
        } else if (least.get().compareTo(most.get()) > 0) {
            value(path, text, limit + ".." + range.request());
        }
    }

    private void scale(String path, Component c) {
        Scale scale = c.scale();
        if (scale == null) {
            return;
        }
        conflictIf(c.replicas() != null, path + ".scale", "scale", "replicas");
        valueIf(scale.min() < 1, path + ".scale.min", "" + scale.min(), "1 | 2");
        valueIf(scale.max() < scale.min(), path + ".scale.max", "" + scale.max(), ">= " + scale.min());
        if (scale.cpu() == null && scale.memory() == null) {
            notes.note(DOC_MISSING, path + ".scale.cpu", "field", "cpu | memory", "example", "70");
        }
        // A percentage, and of nothing it is none: the autoscaler would stand still and say so where nobody looks.
        if (scale.cpu() != null && c.resources().cpu() == null) {
            notes.note(DOC_MISSING, path + ".scale.cpu", "field", "resources.cpu", "example", "100m..1");
        }
        if (scale.memory() != null && c.resources().memory() == null) {
            notes.note(DOC_MISSING, path + ".scale.memory", "field", "resources.memory", "example", "128Mi..512Mi");
        }
    }

    private void security(String path, SecuritySettings security) {
        boolean restricted = security.profile() == null || security.profile() == SecuritySettings.Profile.RESTRICTED;
        Long user = security.runAsUser();
        conflictIf(restricted && user != null && user == 0, path + ".runAsUser", "runAsUser: 0", "profile: restricted");
        for (int i = 0; i < security.capabilities().size(); i++) {
            String capability = security.capabilities().get(i);
            String at = path + ".capabilities[" + i + "]";
            valueIf(!CAPABILITY.matcher(capability).matches(), at, capability, "NET_BIND_SERVICE");
            conflictIf(
                    restricted && !capability.equals("NET_BIND_SERVICE"),
                    at,
                    Words.shown(capability),
                    "profile: restricted");
        }
    }

    // ---- edges

    private void dependencies(String path, Component c) {
        unique(
                path + ".dependsOn",
                c.dependsOn().stream().map(Dependency::component).toList(),
                "component");
        for (int i = 0; i < c.dependsOn().size(); i++) {
            Dependency dependency = c.dependsOn().get(i);
            String at = path + ".dependsOn[" + i + "]";
            Component target = components.get(dependency.component());
            if (target == null) {
                reference(at + ".component", dependency.component(), components.keySet());
            } else if (dependency.component().equals(c.name())) {
                String self = c.name() + " -> " + c.name();
                notes.note(DOC_CYCLE, at, "cycle", self, "candidate", self);
            } else {
                condition(at + ".when", dependency, target);
            }
        }
        exportsOfDependencies(path, c);
    }

    private void condition(String at, Dependency dependency, Component target) {
        List<Dependency.Condition> allowed = switch (target.kind()) {
            case SERVICE, STATEFUL, DAEMON ->
                List.of(Dependency.Condition.LINKED, Dependency.Condition.STARTED, Dependency.Condition.HEALTHY);
            case JOB ->
                List.of(Dependency.Condition.LINKED, Dependency.Condition.STARTED, Dependency.Condition.COMPLETED);
            case CRON, EXTERNAL -> List.of(Dependency.Condition.LINKED);
        };
        if (!allowed.contains(dependency.when())) {
            notes.note(
                    DOC_CONDITION,
                    at,
                    "when",
                    Words.word(dependency.when()),
                    "component",
                    Words.shown(target.name()),
                    "kind",
                    Words.word(target.kind()),
                    "allowed",
                    Words.list(allowed.stream().map(Words::word).toList()));
        }
    }

    private void exportsOfDependencies(String path, Component c) {
        Map<String, String> exporters = new HashMap<>();
        for (int i = 0; i < c.dependsOn().size() && c.dependsOn().size() > 1; i++) {
            Component target = components.get(c.dependsOn().get(i).component());
            if (target == null) {
                continue;
            }
            for (String name : target.exports().keySet()) {
                String other = exporters.putIfAbsent(name, target.name());
                if (other != null && !other.equals(target.name()) && !c.env().containsKey(name)) {
                    notes.also(
                            DOC_CONFLICT,
                            path + ".dependsOn[" + i + "]",
                            "one",
                            Words.shown(target.name() + ".exports." + name),
                            "other",
                            Words.shown(other + ".exports." + name));
                }
            }
        }
    }

    private void cycles() {
        List<Cycles.Edge> edges = new ArrayList<>();
        for (Component c : components.values()) {
            for (Dependency dependency : c.dependsOn()) {
                if (dependency.when().orders()
                        && components.containsKey(dependency.component())
                        && !dependency.component().equals(c.name())) {
                    edges.add(new Cycles.Edge(c.name(), dependency.component(), dependency.when()));
                }
            }
        }
        for (List<Cycles.Edge> cycle : Cycles.among(edges)) {
            Cycles.Edge candidate = Cycles.candidate(cycle);
            StringBuilder text = new StringBuilder(cycle.get(0).from());
            cycle.forEach(e ->
                    text.append(" -").append(Words.word(e.when())).append("-> ").append(e.to()));
            Component from = components.getOrDefault(
                    candidate.from(), application.components().get(0));
            int index = indexes.getOrDefault(candidate.from(), 0);
            int edge = from.dependsOn().stream()
                    .map(Dependency::component)
                    .toList()
                    .indexOf(candidate.to());
            String shown = text.length() > 500 ? text.substring(0, 500) + "…" : text.toString();
            notes.also(
                    DOC_CYCLE,
                    "spec.components[" + index + "].dependsOn[" + edge + "]",
                    "cycle",
                    shown,
                    "candidate",
                    candidate.from() + " -> " + candidate.to());
        }
    }

    // ---- texts with look-ups

    private void texts(String path, Component c) {
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
            name(at, name, Formats.ENV_NAME, Formats.ENV_NAME_LENGTH, "DB_URL");
            text(at, value, c, true);
        });
    }

    /** @param mayBeSecret whether the text is kept where secrets are safe */
    private void text(String at, String text, Component c, boolean mayBeSecret) {
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

    // ---- words

    private void name(String at, String name, Pattern pattern, int length, String example) {
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

    private void unique(String path, List<String> names, String field) {
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

    private void value(String at, String value, String allowed) {
        notes.note(DOC_VALUE, at, "value", Words.shown(value), "allowed", allowed);
    }

    private void valueIf(boolean wrong, String at, @Nullable String value, String allowed) {
        if (wrong) {
            value(at, String.valueOf(value), allowed);
        }
    }

    private void conflictIf(boolean wrong, String at, String one, String other) {
        if (wrong) {
            notes.note(DOC_CONFLICT, at, "one", one, "other", other);
        }
    }

    private void reference(String at, String name, Collection<String> names) {
        if (!notes.isSettled(at)) {
            notes.settle(at);
            notes.alsoReference(at, name, names);
        }
    }

    private void unsupported(String at, String feature) {
        notes.note(DOC_UNSUPPORTED, at, "feature", feature);
    }
}
