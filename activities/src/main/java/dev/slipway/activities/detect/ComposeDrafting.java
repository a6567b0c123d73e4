package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.detect.Project.Kind;
import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ConfigFile;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A compose file as an application: every service that starts without a profile, and who needs whom. */
final class ComposeDrafting {
    private static final int MOST_SERVICES = 200;
    private static final int GENERATED = 24;

    private final RepositoryFiles files;
    private final List<Project> projects;
    private final Drafting.Origin origin;
    private final ComposeFile compose;
    /** By their names in the compose file. */
    private final Map<String, ComposeService> services = new LinkedHashMap<>();

    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final List<Remark> remarks = new ArrayList<>();

    ComposeDrafting(RepositoryFiles files, List<Project> projects, Drafting.Origin origin, ComposeFile compose) {
        this.files = files;
        this.projects = projects;
        this.origin = origin;
        this.compose = compose;
    }

    /** Empty: no service of it can be one of ours. */
    Optional<Draft> draft() {
        Names names = new Names();
        ComposeNode all = compose.root().node("services");
        for (String key : all.names()) {
            service(key, all, names);
        }
        services.values().forEach(ComposeService::fill);
        services.values().forEach(this::listens);
        services.values().forEach(this::edges);
        services.values().forEach(this::calls);
        services.values().forEach(this::volumes);
        services.values().forEach(this::secrets);
        services.values().forEach(ComposeService::leftOut);
        top();
        if (services.isEmpty()) {
            return Optional.empty();
        }
        String name = compose.root().text("name");
        Proposal proposal = new Proposal(
                name.isEmpty() ? Names.ofRepository(origin.url(), origin.folder()) : Names.of(name),
                List.copyOf(parameters.values()));
        services.forEach((key, service) -> proposal.add(service.draft, Objects.requireNonNull(parts.get(key))));
        if (services.values().stream().noneMatch(service -> service.draft.source instanceof Source.Git)) {
            // It brings what the programs need; the programs are run beside it.
            Map<String, Project> beside = new LinkedHashMap<>();
            projects.stream()
                    .filter(project -> project.kind() != Kind.DOCKERFILE)
                    .forEach(project -> beside.put(names.unique(project.name()), project));
            Drafting.add(proposal, files, origin, beside, services.keySet());
        }
        return Optional.of(proposal.draft(remarks));
    }

    private void service(String key, ComposeNode all, Names names) {
        ComposeNode node = all.node(key);
        List<Object> profiles = node.list("profiles");
        if (!profiles.isEmpty() || services.size() >= MOST_SERVICES) {
            remarks.add(
                    profiles.isEmpty()
                            ? Remark.of(Code.LEFT_OUT, "services." + key)
                            : Remark.of(Code.PROFILE, key, profiles.get(0).toString()));
            return;
        }
        ComposeService service = new ComposeService(files, compose, key, names.unique(key));
        Optional<Part> part = sourced(service);
        if (part.isEmpty()) {
            remarks.add(Remark.of(Code.NO_SOURCE, key));
            return;
        }
        services.put(key, service);
        parts.put(key, part.get());
        if (!service.draft.name.equals(key)) {
            service.draft.remarks.add(Remark.of(Code.RENAMED, key, service.draft.name));
        }
    }

    private Optional<Part> sourced(ComposeService service) {
        ComposeNode node = service.node();
        String image = node.text("image");
        Optional<String> context = service.context();
        if (context.isPresent()) {
            return built(service, context.get());
        }
        if (image.isEmpty()) {
            return Optional.empty();
        }
        if (node.has("build")) {
            service.draft.remarks.add(Remark.of(Code.LEFT_OUT, "build"));
        }
        String called = image.replaceFirst("^.*/", "").replaceFirst("[:@].*", "");
        Optional<Project> ours = projects.stream()
                .filter(project -> project.name().equals(called))
                .findFirst();
        if (ours.isPresent()) {
            service.draft.remarks.add(Remark.of(Code.BUILT_INSTEAD, image));
            return Optional.of(of(service, ours.get()));
        }
        service.draft.source = new Source.Image(image);
        KnownImages.of(image).ifPresent(known -> {
            service.draft.port(known.port(), ComposeService.isWeb(known.port()));
            if (known.user() == 0) {
                service.draft.runsAs("root", image);
            } else {
                service.draft.runsAs(known, image);
            }
        });
        return Optional.of(new Part(
                service.draft.name,
                "",
                null,
                List.of(new Seen(compose.path(), "services." + service.key)),
                Remark.of(Code.IMAGE, image),
                List.of(),
                null,
                List.of()));
    }

    private Optional<Part> built(ComposeService service, String context) {
        ComposeNode build = service.node().node("build");
        String named = build.text("dockerfile");
        String inline = build.text("dockerfile_inline");
        String target = build.text("target");
        Map<String, String> args = new TreeMap<>();
        build.pairs("args").forEach((name, given) -> {
            String value = given == null ? compose.values().value(name) : given;
            if (value != null) {
                args.put(name, value);
            }
        });
        build.get("context");
        build.get("cache_from");
        build.rest().forEach(field -> service.draft.remarks.add(Remark.of(Code.LEFT_OUT, "build." + field)));
        Seen saw = new Seen(compose.path(), "services." + service.key);
        if (!inline.isEmpty()) {
            service.draft.source = source(context, Builds.of(null, inline, null, args), target);
            service.draft.runsAs(LastStage.of(inline, target), compose.path());
            Ports.exposed(inline).forEach(port -> service.draft.port(port, ComposeService.isWeb(port)));
            return Optional.of(new Part(
                    service.draft.name,
                    context,
                    Kind.DOCKERFILE,
                    List.of(saw),
                    Remark.of(Code.INLINE, compose.path()),
                    List.of(),
                    null,
                    List.of()));
        }
        String file = named.isEmpty() ? Dockerfiles.NAME : named;
        Optional<String> dockerfile = Paths.resolve(context, file).filter(files::has);
        if (dockerfile.isPresent() && Paths.isBelow(dockerfile.get(), context)) {
            Project project = new Dockerfiles(files)
                    .project(context, dockerfile.get(), target)
                    .seen(saw);
            String own = Paths.from(context, dockerfile.get());
            service.draft.source = source(context, Builds.of(own, null, null, args), target);
            service.draft.runsAs(project.last(), dockerfile.get());
            project.ports().forEach(port -> service.draft.port(port, ComposeService.isWeb(port)));
            return Optional.of(Drafting.part(service.draft.name, project));
        }
        return projects.stream()
                .filter(project -> project.folder().equals(context) && project.dockerfile() == null)
                .findFirst()
                .map(project -> of(service, project));
    }

    private Part of(ComposeService service, Project project) {
        service.draft.source = origin.source(project.context(), Drafting.build(project, projects));
        service.draft.projected(project);
        return Drafting.part(service.draft.name, project.seen(new Seen(compose.path(), "services." + service.key)));
    }

    private Source.Git source(String context, Source.Build build, String target) {
        return origin.source(
                context,
                target.isEmpty()
                        ? build
                        : Builds.of(build.dockerfile(), build.dockerfileInline(), target, build.args()));
    }

    /** Where neither the file nor a Dockerfile says what it listens on, its program may. */
    private void listens(ComposeService service) {
        if (service.draft.ports.isEmpty() && service.context().isPresent()) {
            projects.stream()
                    .filter(project -> project.folder().equals(service.context().get()))
                    .forEach(project -> project.ports()
                            .forEach(port -> service.draft.calledAt(
                                    port, project.saw().get(0).file())));
        }
    }

    /** What the file says of who waits for whom. */
    private void edges(ComposeService service) {
        Object given = service.node().get("depends_on");
        if (given instanceof Map) {
            ComposeNode edges = ComposeNode.of(given);
            edges.names()
                    .forEach(other -> edge(service, other, edges.node(other).text("condition")));
        } else {
            service.node().list("depends_on").forEach(other -> edge(service, other.toString(), "service_started"));
        }
        for (Object link : service.node().list("links")) {
            edge(service, link.toString().replaceFirst(":.*", ""), "");
        }
    }

    private void edge(ComposeService service, String key, String condition) {
        ComposeService other = services.get(key);
        if (other == null) {
            service.draft.remarks.add(Remark.of(Code.LEFT_OUT, "depends_on: " + key));
            return;
        }
        Condition when = switch (condition) {
            case "service_healthy" -> Condition.HEALTHY;
            case "service_completed_successfully" -> Condition.COMPLETED;
            case "" -> Condition.LINKED;
            default -> Condition.STARTED;
        };
        if (when == Condition.COMPLETED) {
            other.draft.kind = Component.Kind.JOB;
            other.draft.replicas = null;
        }
        service.draft.dependsOn(other.draft.name, when);
    }

    /** What its settings say of whom it calls, and on which port. */
    private void calls(ComposeService service) {
        List<String> texts = new ArrayList<>(service.draft.env.values());
        texts.addAll(service.draft.args);
        texts.addAll(service.draft.command);
        Edges.hosts(String.join("\n", texts)).forEach((host, port) -> {
            ComposeService other = services.get(host);
            if (other == null || other == service) {
                return;
            }
            other.draft.calledAt(port, service.key);
            if (!service.draft.dependsOn.containsKey(other.draft.name)) {
                service.draft.dependsOn(other.draft.name, Condition.LINKED);
                service.draft.remarks.add(Remark.of(Code.EDGE, other.draft.name, service.key));
            }
        });
    }

    /** The first who mounts a volume has it; others share it, where they start after it. */
    private void volumes(ComposeService service) {
        service.volumes.forEach((volume, target) -> {
            ComposeService owner = owner(volume);
            if (owner == service) {
                service.owns(volume, target);
                service.draft.kind =
                        service.draft.kind == Component.Kind.SERVICE ? Component.Kind.STATEFUL : service.draft.kind;
                return;
            }
            Condition waits = service.draft.dependsOn.get(owner.draft.name);
            boolean elsewhere = service.draft.volumes.stream()
                    .anyMatch(one -> one.owner() != null && !owner.draft.name.equals(one.owner()));
            if (waits == null || !waits.orders() || elsewhere || owner.draft.kind == Component.Kind.JOB) {
                service.draft.remarks.add(Remark.of(Code.LEFT_OUT, "volumes: " + volume + " (" + owner.key + ")"));
                return;
            }
            service.draft.volumes.add(
                    new Volume(Names.of(volume), target, null, owner.draft.name + "/" + Names.of(volume)));
        });
    }

    private ComposeService owner(String volume) {
        return services.values().stream()
                .filter(service -> service.volumes.containsKey(volume))
                .findFirst()
                .orElseThrow();
    }

    /** A secret is asked for, or made up, and never copied out of the repository. */
    private void secrets(ComposeService service) {
        service.secrets.forEach((secret, target) -> {
            String name = Names.of(secret);
            parameters.putIfAbsent(
                    secret, new Parameter(name, Parameter.Type.SECRET, null, null, null, GENERATED, List.of(), null));
            service.draft.files.add(new ConfigFile(target, "${param." + name + "}"));
        });
    }

    private void top() {
        ComposeNode root = compose.root();
        List.of("services", "version", "name", "volumes", "configs", "secrets").forEach(root::get);
        if (root.has("networks")) {
            remarks.add(Remark.of(
                    Code.LEFT_OUT,
                    "networks: " + String.join(", ", root.node("networks").names())));
        }
        root.rest().forEach(field -> remarks.add(Remark.of(Code.LEFT_OUT, field)));
        Set<String> once = new HashSet<>();
        compose.values().missing().stream()
                .filter(once::add)
                .forEach(name -> remarks.add(Remark.of(Code.NO_VALUE, name)));
    }
}
