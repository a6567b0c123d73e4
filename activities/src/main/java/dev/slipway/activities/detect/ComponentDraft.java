package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ConfigFile;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Probes;
import dev.slipway.workflows.application.Resources;
import dev.slipway.workflows.application.SecuritySettings;
import dev.slipway.workflows.application.SecuritySettings.Profile;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A component that is being put together. */
final class ComponentDraft {
    /** Users that images have by name, and their numbers. */
    private static final Map<String, Long> USERS =
            Map.of("node", 1000L, "nobody", 65_534L, "nonroot", 65_532L, "www-data", 33L, "nginx", 101L, "app", 1654L);

    final String name;
    Component.Kind kind = Component.Kind.SERVICE;

    @Nullable
    Source source;

    List<String> command = List.of();
    List<String> args = List.of();

    @Nullable
    String workingDir;

    @Nullable
    Integer replicas;

    final Map<Integer, Port> ports = new LinkedHashMap<>();
    final Map<String, String> env = new LinkedHashMap<>();
    final List<ConfigFile> files = new ArrayList<>();
    final List<Volume> volumes = new ArrayList<>();
    Probes probes = Probes.NONE;
    Resources resources = Resources.NONE;
    SecuritySettings security = SecuritySettings.NONE;
    final Map<String, Dependency.Condition> dependsOn = new LinkedHashMap<>();
    /** What to know of it. */
    final List<Remark> remarks = new ArrayList<>();

    ComponentDraft(String name) {
        this.name = name;
    }

    /** What its project tells: ports, and as whom it runs. */
    ComponentDraft projected(Project project) {
        boolean web = project.kind() != Project.Kind.DOCKERFILE;
        project.ports().forEach(port -> port(port, web));
        String file = project.dockerfile();
        if (file != null) {
            runsAs(project.last(), Paths.join(project.context(), file));
        }
        return this;
    }

    /** What says nothing of it runs as its base, most probably root; but some are known to be made for a user. */
    void runsAs(LastStage last, String file) {
        KnownImages.Known known = KnownImages.of(last.base()).orElse(null);
        if (last.user().isEmpty() && known != null && known.user() != 0) {
            runsAs(known, last.base());
        } else {
            runsAs(last.user(), file);
        }
    }

    void runsAs(KnownImages.Known known, String image) {
        long user = known.user();
        security = new SecuritySettings(null, user, user, user, null, List.of());
        remarks.add(Remark.of(Code.IMAGE_USER, image));
    }

    /** @param user number or name; empty: root */
    void runsAs(String user, String file) {
        if (user.matches("[1-9][0-9]{0,8}")) {
            return;
        }
        Long number = USERS.get(user);
        if (number != null) {
            security = new SecuritySettings(null, number, null, null, null, List.of());
        } else {
            security = new SecuritySettings(Profile.BASELINE, null, null, null, null, List.of());
            boolean root = user.isEmpty() || user.equals("root") || user.equals("0");
            remarks.add(root ? Remark.of(Code.ROOT, file) : Remark.of(Code.USER, user, file));
        }
    }

    void port(int number, boolean web) {
        boolean first = ports.values().stream().noneMatch(port -> port.name().equals("http"));
        ports.putIfAbsent(
                number,
                web && first
                        ? new Port("http", number, Port.Protocol.HTTP, null)
                        : new Port("tcp-" + number, number, Port.Protocol.TCP, null));
    }

    /** A port that somebody else calls it at. @param port 0: none is named */
    void calledAt(int port, String by) {
        if (port > 0 && port < 65_536 && !ports.containsKey(port)) {
            port(port, ComposeService.isWeb(port));
            remarks.add(Remark.of(Code.PORT, Integer.toString(port), by));
        }
    }

    void dependsOn(String other, Dependency.Condition when) {
        if (!other.equals(name)) {
            dependsOn.putIfAbsent(other, when);
        }
    }

    /** Takes a field back, as if nobody had given it. */
    void withdraw(String field) {
        switch (field) {
            case "command" -> command = List.of();
            case "args" -> args = List.of();
            case "workingDir" -> workingDir = null;
            case "replicas" -> replicas = null;
            case "ports" -> ports.clear();
            case "env" -> env.clear();
            case "files" -> files.clear();
            case "volumes" -> volumes.clear();
            case "probes" -> probes = Probes.NONE;
            case "resources" -> resources = Resources.NONE;
            case "security" -> security = SecuritySettings.NONE;
            case "dependsOn" -> dependsOn.replaceAll((other, when) -> Edges.LINKED);
            default -> throw new IllegalStateException("a proposal that has " + field + " which it did not make");
        }
    }

    Component component() {
        return new Component(
                name,
                kind,
                source,
                null,
                command,
                args,
                workingDir,
                null,
                replicas,
                List.copyOf(ports.values()),
                env,
                Map.of(),
                files,
                volumes,
                probes,
                null,
                resources,
                null,
                security,
                dependsOn.entrySet().stream()
                        .map(edge -> new Dependency(edge.getKey(), edge.getValue()))
                        .toList(),
                List.of(),
                Map.of(),
                null);
    }
}
