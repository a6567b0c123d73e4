package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.workflows.application.ConfigFile;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Probes;
import dev.slipway.workflows.application.Resources;
import dev.slipway.workflows.application.SecuritySettings;
import dev.slipway.workflows.application.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One service of a compose file as a component: what can be said in a document is, all else is told. */
final class ComposeService {
    private static final Pattern PORT = Pattern.compile("(?:.*:)?(\\d{1,5})(?:-\\d{1,5})?(?:/(tcp|udp))?");
    private static final Pattern PUBLISHED = Pattern.compile("(?:[^:]*:)?(\\d{1,5})(?:-\\d{1,5})?:\\d.*");
    private static final Pattern ENV = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,199}");
    private static final String SIZE = "1Gi";
    private static final int MOST_FILES = 20;
    private static final int MOST_NUMBERED = 65_535;
    /** What Slipway does by itself, or what means nothing in a cluster where everybody reaches everybody of one application. */
    private static final List<String> SAME =
            List.of("networks", "restart", "pull_policy", "platform", "logging", "cap_drop", "init");

    private static final String LOW_PORTS = "NET_BIND_SERVICE";

    private final RepositoryFiles files;
    private final ComposeFile compose;
    private final ComposeNode service;
    final String key;
    final ComponentDraft draft;
    /** Names of volumes that are not its own alone -> where it mounts them. */
    final Map<String, String> volumes = new LinkedHashMap<>();

    /** Names of secrets -> the file that it reads each from. */
    final Map<String, String> secrets = new LinkedHashMap<>();

    ComposeService(RepositoryFiles files, ComposeFile compose, String key, String name) {
        this.files = files;
        this.compose = compose;
        this.service = compose.root().node("services").node(key);
        this.key = key;
        this.draft = new ComponentDraft(name);
    }

    ComposeNode node() {
        return service;
    }

    /** Folder of the repository that it is built from; empty: it is not, or not from here. */
    Optional<String> context() {
        Object build = service.get("build");
        String context = build instanceof Map ? ComposeNode.of(build).text("context") : service.text("build");
        if (build == null || context.contains("://") || context.startsWith("git@") || context.startsWith("/")) {
            return Optional.empty();
        }
        return Paths.resolve(Paths.folder(compose.path()), context.isEmpty() ? "." : context)
                .filter(files::hasFolder);
    }

    /** Everything that is its own affair; call once, after its source is known. */
    void fill() {
        draft.command = plain(service.words("entrypoint"));
        draft.args = plain(service.words("command"));
        String workingDir = service.text("working_dir");
        draft.workingDir = workingDir.isEmpty() ? null : workingDir;
        environment();
        ports();
        mounts();
        scale();
        ComposeNode check = service.node("healthcheck");
        ComposeProbe.of(check, draft).ifPresent(probe -> draft.probes = new Probes(probe, null, null));
        security();
    }

    private static List<String> plain(List<String> words) {
        return words.stream().map(ComposeService::plain).toList();
    }

    /** Nothing of it is looked up any more. */
    static String plain(String text) {
        return text.replace("${", "$${");
    }

    private void environment() {
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        for (Object file : service.list("env_file")) {
            String name = file instanceof Map ? ComposeNode.of(file).text("path") : file.toString();
            Optional<String> text =
                    Paths.resolve(Paths.folder(compose.path()), name).flatMap(files::find);
            text.ifPresent(found -> ComposeValues.lines(found)
                    .forEach((key, value) -> all.put(key, compose.values().filled(value))));
            if (text.isEmpty()) {
                draft.remarks.add(Remark.of(Code.LEFT_OUT, "env_file: " + name));
            }
        }
        all.putAll(service.pairs("environment"));
        all.forEach((name, given) -> {
            String value = given == null ? compose.values().value(name) : given;
            if (value == null) {
                draft.remarks.add(Remark.of(Code.NO_VALUE, name));
            } else if (!ENV.matcher(name).matches() || draft.env.size() >= 1_000) {
                draft.remarks.add(Remark.of(Code.LEFT_OUT, "environment: " + name));
            } else {
                draft.env.put(name, plain(value));
            }
        });
    }

    private void ports() {
        for (Object given : service.list("ports")) {
            ComposeNode one = ComposeNode.of(given);
            String text = given instanceof Map
                    ? one.text("target") + "/" + (one.text("protocol").isEmpty() ? "tcp" : one.text("protocol"))
                    : given.toString();
            String published = given instanceof Map ? one.text("published") : published(text);
            int number = port(text);
            if (number > 0 && !published.isEmpty()) {
                draft.remarks.add(Remark.of(Code.PUBLISHED, published, Integer.toString(number)));
            }
        }
        service.list("expose").forEach(one -> port(one.toString()));
    }

    private static String published(String text) {
        Matcher published = PUBLISHED.matcher(text);
        return published.matches() ? published.group(1) : "";
    }

    /** @return 0: it is no port that can be kept */
    private int port(String text) {
        Matcher port = PORT.matcher(text);
        int number = port.matches() ? Integer.parseInt(port.group(1)) : 0;
        if (number < 1 || number > MOST_NUMBERED) {
            draft.remarks.add(Remark.of(Code.LEFT_OUT, "ports: " + text));
            return 0;
        }
        if ("udp".equals(port.group(2))) {
            draft.ports.putIfAbsent(number, new Port("udp-" + number, number, Port.Protocol.UDP, null));
        } else {
            draft.port(number, isWeb(number));
        }
        return number;
    }

    /** Numbers that people use for HTTP and for nothing else. */
    static boolean isWeb(int number) {
        return number == 80 || number == 3000 || number == 5000 || number == 8000 || number == 8080;
    }

    private void mounts() {
        for (Object given : service.list("volumes")) {
            ComposeNode one = ComposeNode.of(given);
            String[] parts = given.toString().split(":", 3);
            boolean pair = parts.length > 1;
            String source = given instanceof Map ? one.text("source") : pair ? parts[0] : "";
            String target = given instanceof Map ? one.text("target") : pair ? parts[1] : parts[0];
            String type = given instanceof Map ? one.text("type") : "";
            boolean bind =
                    type.equals("bind") || source.startsWith(".") || source.startsWith("/") || source.startsWith("~");
            if (type.equals("tmpfs") || source.isEmpty()) {
                draft.remarks.add(Remark.of(Code.LEFT_OUT, "volumes: " + target));
            } else if (!bind) {
                volumes.putIfAbsent(source, target);
            } else if (!carried(source, target)) {
                draft.remarks.add(Remark.of(Code.MOUNT, source));
            }
        }
        for (Object given : service.list("configs")) {
            mounted(given, "configs", "/");
        }
        for (Object given : service.list("secrets")) {
            ComposeNode one = ComposeNode.of(given);
            String name = given instanceof Map ? one.text("source") : given.toString();
            String target = given instanceof Map && !one.text("target").isEmpty() ? one.text("target") : name;
            secrets.put(name, target.startsWith("/") ? target : "/run/secrets/" + target);
        }
    }

    private void mounted(Object given, String kind, String folder) {
        ComposeNode one = ComposeNode.of(given);
        String name = given instanceof Map ? one.text("source") : given.toString();
        String target = given instanceof Map && !one.text("target").isEmpty() ? one.text("target") : folder + name;
        ComposeNode definition = compose.root().node(kind).node(name);
        String content = definition.text("content");
        if (!content.isEmpty()) {
            draft.files.add(new ConfigFile(target, plain(content)));
        } else if (!carried(definition.text("file"), target)) {
            draft.remarks.add(Remark.of(Code.LEFT_OUT, kind + ": " + name));
        }
    }

    /** Small texts of the repository that are mounted are files of the component, but not those that its image is built from. */
    private boolean carried(String source, String target) {
        Optional<String> path = Paths.resolve(Paths.folder(compose.path()), source)
                .filter(found -> !source.startsWith("/") && !source.startsWith("~") && !found.isEmpty());
        if (path.isEmpty()
                || context()
                        .filter(built -> Paths.isBelow(path.get(), built) && !files.has(path.get()))
                        .isPresent()) {
            return false;
        }
        List<String> some = files.has(path.get()) ? List.of(path.get()) : List.copyOf(files.below(path.get()));
        if (some.isEmpty()
                || some.size() > MOST_FILES
                || !some.stream().allMatch(one -> files.find(one).isPresent())) {
            return false;
        }
        some.forEach(one -> {
            String into = one.equals(path.get())
                    ? target
                    : target.replaceFirst("(?<!/)/++$", "") + "/" + Paths.from(path.get(), one);
            draft.files.add(new ConfigFile(into, plain(files.text(one))));
        });
        return true;
    }

    /** A volume that is its own. */
    void owns(String volume, String target) {
        draft.volumes.add(new Volume(Names.of(volume), target, SIZE, null));
        draft.remarks.add(Remark.of(Code.VOLUME_SIZE, volume, SIZE));
    }

    private void scale() {
        ComposeNode deploy = service.node("deploy");
        String replicas = deploy.text("replicas").isEmpty() ? service.text("scale") : deploy.text("replicas");
        draft.replicas = replicas.matches("[0-9]{1,3}") ? Integer.valueOf(replicas) : null;
        ComposeNode limits = deploy.node("resources").node("limits");
        ComposeNode reserved = deploy.node("resources").node("reservations");
        draft.resources = new Resources(
                range(quantity(reserved.text("cpus")), quantity(limits.text("cpus"))),
                range(
                        memory(reserved.text("memory")),
                        memory(first(limits.text("memory"), service.text("mem_limit")))));
        deploy.get("mode");
        deploy.get("restart_policy");
        deploy.rest().forEach(field -> draft.remarks.add(Remark.of(Code.LEFT_OUT, "deploy." + field)));
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private static Resources.@Nullable Range range(String request, String limit) {
        return request.isEmpty() && limit.isEmpty()
                ? null
                : request.isEmpty()
                        ? new Resources.Range(limit, limit)
                        : new Resources.Range(request, limit.isEmpty() ? null : limit);
    }

    private static String quantity(String cpus) {
        return cpus.matches("[0-9]{1,4}([.][0-9]{1,3})?") && Double.parseDouble(cpus) > 0 ? cpus : "";
    }

    /** {@code 300M} of Compose are 300 times 1024 times 1024 bytes. */
    private static String memory(String text) {
        Matcher size = Pattern.compile("([1-9][0-9]{0,6})([bkmgBKMG])[bB]?").matcher(text);
        String unit = size.matches() ? size.group(2).toLowerCase(java.util.Locale.ROOT) : "";
        return unit.isEmpty()
                ? ""
                : size.group(1) + (unit.equals("b") ? "" : unit.equals("k") ? "Ki" : unit.equals("m") ? "Mi" : "Gi");
    }

    private void security() {
        String user = service.text("user").replaceFirst(":.*", "");
        boolean known = draft.security.runAsUser() != null;
        if (user.matches("[1-9][0-9]{0,8}")) {
            draft.security = new SecuritySettings(null, Long.valueOf(user), null, null, null, List.of());
        } else if (!user.isEmpty() && !known) {
            draft.runsAs(user, key);
        }
        // With folders in memory that are not taken over it could not run.
        boolean readOnly = service.text("read_only").equals("true") && !service.has("tmpfs");
        if (service.text("read_only").equals("true") && !readOnly) {
            draft.remarks.add(Remark.of(Code.LEFT_OUT, "read_only"));
        }
        List<String> added =
                service.list("cap_add").stream().map(String::valueOf).toList();
        added.stream()
                .filter(name -> !name.equals(LOW_PORTS))
                .forEach(name -> draft.remarks.add(Remark.of(Code.LEFT_OUT, "cap_add: " + name)));
        if (readOnly || added.contains(LOW_PORTS)) {
            draft.security = new SecuritySettings(
                    draft.security.profile(),
                    draft.security.runAsUser(),
                    draft.security.runAsGroup(),
                    draft.security.fsGroup(),
                    readOnly ? Boolean.TRUE : null,
                    added.contains(LOW_PORTS) ? List.of(LOW_PORTS) : List.of());
        }
    }

    /** Call last: what nobody has asked for by now is not in the component. */
    void leftOut() {
        for (String field : List.of("container_name", "hostname")) {
            String name = service.text(field);
            if (!name.isEmpty() && !name.equals(draft.name)) {
                draft.remarks.add(Remark.of(Code.LEFT_OUT, field + ": " + name));
            }
        }
        if (service.text("restart").equals("no")) {
            draft.remarks.add(Remark.of(Code.LEFT_OUT, "restart: no"));
        }
        SAME.forEach(service::get);
        service.rest().forEach(field -> draft.remarks.add(Remark.of(Code.LEFT_OUT, field)));
    }
}
