package dev.slipway.workflows.application;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One workload of an application. Optional scalars are {@code null} when the author did not give them, so that a
 * default can change without a document saying otherwise; collections are empty.
 *
 * @param source {@code null} only for {@link Kind#EXTERNAL}
 * @param address where an {@link Kind#EXTERNAL} component is: a host name or IP address; {@code null} for all others
 * @param schedule five-field cron expression, only for {@link Kind#CRON}
 * @param replicas {@code null}: 1
 * @param env in the author's order; values may hold {@code ${…}} look-ups
 * @param exports connection info that is injected as env into every dependant
 * @param deadline how long a step of a run waits for the component in all, {@code 90s}, {@code 15m}, {@code 1h30m}: 10
 *     seconds to 24 hours; {@code null}: as the settings of Slipway say
 * @param patch strategic-merge escape hatch onto the rendered workload: plain maps, lists, strings, numbers, booleans;
 *     {@code null} removes a field; look-ups are not put in
 */
public record Component(
        String name,
        Kind kind,
        @Nullable Source source,
        @Nullable String address,
        List<String> command,
        List<String> args,
        @Nullable String workingDir,
        @Nullable String schedule,
        @Nullable Integer replicas,
        List<Port> ports,
        Map<String, String> env,
        Map<String, String> exports,
        List<ConfigFile> files,
        List<Volume> volumes,
        Probes probes,
        @Nullable String deadline,
        Resources resources,
        @Nullable Scale scale,
        SecuritySettings security,
        List<Dependency> dependsOn,
        List<SidecarUse> sidecars,
        Map<String, @Nullable Object> patch,
        @Nullable Origin origin) {
    public enum Kind {
        SERVICE,
        STATEFUL,
        JOB,
        CRON,
        DAEMON,
        EXTERNAL
    }

    public Component {
        command = List.copyOf(command);
        args = List.copyOf(args);
        ports = List.copyOf(ports);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
        files = List.copyOf(files);
        volumes = List.copyOf(volumes);
        dependsOn = List.copyOf(dependsOn);
        sidecars = List.copyOf(sidecars);
        patch = Collections.unmodifiableMap(new LinkedHashMap<>(patch));
    }

    /** How many replicas are wanted: 1 unless the author said otherwise. */
    public int wantedReplicas() {
        return replicas == null ? 1 : replicas;
    }

    /** How many replicas there are at least: {@code 0} for what has none of its own. */
    public int leastReplicas() {
        return switch (kind) {
            case SERVICE, STATEFUL -> scale == null ? wantedReplicas() : scale.min();
            case JOB, CRON, DAEMON, EXTERNAL -> 0;
        };
    }

    /** Its own deadline; {@code null}: it has none, or not one that can be read. */
    public @Nullable Duration ownDeadline() {
        return deadline == null ? null : Formats.deadline(deadline).orElse(null);
    }

    /** The same component from another source. */
    public Component from(Source other) {
        return new Component(
                name,
                kind,
                other,
                address,
                command,
                args,
                workingDir,
                schedule,
                replicas,
                ports,
                env,
                exports,
                files,
                volumes,
                probes,
                deadline,
                resources,
                scale,
                security,
                dependsOn,
                sidecars,
                patch,
                origin);
    }

    /** The same component with another number of replicas. */
    public Component scaled(int other) {
        return new Component(
                name,
                kind,
                source,
                address,
                command,
                args,
                workingDir,
                schedule,
                other,
                ports,
                env,
                exports,
                files,
                volumes,
                probes,
                deadline,
                resources,
                scale,
                security,
                dependsOn,
                sidecars,
                patch,
                origin);
    }

    public Optional<Port> port(String portName) {
        return ports.stream().filter(p -> p.name().equals(portName)).findFirst();
    }
}
