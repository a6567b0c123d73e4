package dev.slipway.workflows.application;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the platform asks a component whether it is ready, alive, started; {@code null}: not asked. */
public record Probes(
        @Nullable Probe readiness,
        @Nullable Probe liveness,
        @Nullable Probe startup) {
    public static final Probes NONE = new Probes(null, null, null);

    /**
     * One question; exactly one of http, tcp, exec, grpc. Times are whole seconds; {@code null}: Kubernetes' default.
     *
     * @param tcp name of the port
     * @param exec the command; empty: not this kind
     * @param grpc name of the port
     */
    public record Probe(
            @Nullable Http http,
            @Nullable String tcp,
            List<String> exec,
            @Nullable String grpc,
            @Nullable Integer initialDelay,
            @Nullable Integer period,
            @Nullable Integer timeout,
            @Nullable Integer failureThreshold,
            @Nullable Integer successThreshold) {
        public Probe {
            exec = List.copyOf(exec);
        }
    }

    /** @param port name of the port */
    public record Http(String port, String path) {}
}
