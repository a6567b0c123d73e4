package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with how a component runs: fields that its kind does not have, probes, resources, scale, security. */
final class WorkloadCheck {
    private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z_]{1,40}");

    private final Remarks remarks;
    private final Notes notes;

    WorkloadCheck(Remarks remarks) {
        this.remarks = remarks;
        this.notes = remarks.notes();
    }

    void kind(String path, Component c) {
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
        remarks.conflictIf(!external && c.address() != null, path + ".address", "address", kind);
        remarks.conflictIf(
                c.kind() != Component.Kind.CRON && c.schedule() != null, path + ".schedule", "schedule", kind);
        boolean scalable = c.kind() == Component.Kind.SERVICE || c.kind() == Component.Kind.STATEFUL;
        remarks.conflictIf(!scalable && c.replicas() != null, path + ".replicas", "replicas", kind);
        remarks.conflictIf(!scalable && c.scale() != null, path + ".scale", "scale", kind);
        // There is nothing to wait for.
        remarks.conflictIf(external && c.deadline() != null, path + ".deadline", "deadline", kind);
        remarks.conflictIf(
                c.kind() == Component.Kind.CRON && c.deadline() != null, path + ".deadline", "deadline", kind);
        if (external) {
            remarks.conflictIf(c.source() != null, path + ".source", "source", kind);
            remarks.conflictIf(!c.command().isEmpty(), path + ".command", "command", kind);
            remarks.conflictIf(!c.args().isEmpty(), path + ".args", "args", kind);
            remarks.conflictIf(c.workingDir() != null, path + ".workingDir", "workingDir", kind);
            remarks.conflictIf(!c.env().isEmpty(), path + ".env", "env", kind);
            remarks.conflictIf(!c.files().isEmpty(), path + ".files", "files", kind);
            remarks.conflictIf(!c.volumes().isEmpty(), path + ".volumes", "volumes", kind);
            remarks.conflictIf(!c.probes().equals(Probes.NONE), path + ".probes", "probes", kind);
            remarks.conflictIf(!c.resources().equals(Resources.NONE), path + ".resources", "resources", kind);
            remarks.conflictIf(!c.security().equals(SecuritySettings.NONE), path + ".security", "security", kind);
            remarks.conflictIf(!c.sidecars().isEmpty(), path + ".sidecars", "sidecars", kind);
            remarks.conflictIf(!c.patch().isEmpty(), path + ".patch", "patch", kind);
        }
        if (c.address() != null && !Formats.isOutside(c.address())) {
            remarks.value(path + ".address", c.address(), "db.example | 192.0.2.10");
        }
        if (c.schedule() != null && !Formats.isCron(c.schedule())) {
            remarks.value(path + ".schedule", c.schedule(), "0 3 * * * | */15 8-18 * * 1-5");
        }
    }

    /** Everything that does not follow from the kind. */
    void settings(String path, Component c) {
        probe(path + ".probes.readiness", c, c.probes().readiness(), true);
        probe(path + ".probes.liveness", c, c.probes().liveness(), false);
        probe(path + ".probes.startup", c, c.probes().startup(), false);
        remarks.valueIf(
                c.deadline() != null && c.ownDeadline() == null,
                path + ".deadline",
                c.deadline(),
                "10s..24h: 90s | 15m | 1h30m");
        range(path + ".resources.cpu", c.resources().cpu(), false);
        range(path + ".resources.memory", c.resources().memory(), true);
        scale(path, c);
        security(path + ".security", c.security());
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
            remarks.valueIf(!http.path().startsWith("/"), path + ".http.path", http.path(), "/ready");
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
        remarks.valueIf(
                !readiness && successes != null && successes != 1, path + ".successThreshold", "" + successes, "1");
    }

    private void probePort(String at, Component c, String name) {
        List<String> names = c.ports().stream().map(Port::name).toList();
        if (!names.contains(name)) {
            remarks.reference(at, name, names);
        }
        boolean udp =
                c.port(name).filter(p -> p.protocol() == Port.Protocol.UDP).isPresent();
        remarks.conflictIf(udp, at, name, "protocol: udp");
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
            remarks.value(path, text, size ? "128Mi | 128Mi..1Gi" : "100m | 100m..1");
        } else if (least.get().compareTo(most.get()) > 0) {
            remarks.value(path, text, limit + ".." + range.request());
        }
    }

    private void scale(String path, Component c) {
        Scale scale = c.scale();
        if (scale == null) {
            return;
        }
        remarks.conflictIf(c.replicas() != null, path + ".scale", "scale", "replicas");
        remarks.valueIf(scale.min() < 1, path + ".scale.min", "" + scale.min(), "1 | 2");
        remarks.valueIf(scale.max() < scale.min(), path + ".scale.max", "" + scale.max(), ">= " + scale.min());
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
        remarks.conflictIf(
                restricted && user != null && user == 0, path + ".runAsUser", "runAsUser: 0", "profile: restricted");
        for (int i = 0; i < security.capabilities().size(); i++) {
            String capability = security.capabilities().get(i);
            String at = path + ".capabilities[" + i + "]";
            remarks.valueIf(!CAPABILITY.matcher(capability).matches(), at, capability, "NET_BIND_SERVICE");
            remarks.conflictIf(
                    restricted && !capability.equals("NET_BIND_SERVICE"),
                    at,
                    Words.shown(capability),
                    "profile: restricted");
        }
    }
}
