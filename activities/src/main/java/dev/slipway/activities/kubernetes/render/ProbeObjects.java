package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Probes;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import org.jspecify.annotations.Nullable;

/** How the kubelet asks. */
final class ProbeObjects {
    private ProbeObjects() {}

    static @Nullable Probe of(Component component, Probes.@Nullable Probe probe) {
        if (probe == null) {
            return null;
        }
        ProbeBuilder builder = new ProbeBuilder()
                .withInitialDelaySeconds(probe.initialDelay())
                .withPeriodSeconds(probe.period())
                .withTimeoutSeconds(probe.timeout())
                .withFailureThreshold(probe.failureThreshold())
                .withSuccessThreshold(probe.successThreshold());
        if (probe.http() != null) {
            builder.withNewHttpGet()
                    .withPath(probe.http().path())
                    .withPort(new IntOrString(probe.http().port()))
                    .endHttpGet();
        } else if (probe.tcp() != null) {
            builder.withNewTcpSocket().withPort(new IntOrString(probe.tcp())).endTcpSocket();
        } else if (probe.grpc() != null) {
            // The only one that takes no name.
            builder.withNewGrpc()
                    .withPort(component
                            .port(probe.grpc())
                            .map(Port::port)
                            .orElseThrow(() -> new IllegalArgumentException("no port " + probe.grpc())))
                    .endGrpc();
        } else {
            builder.withNewExec().withCommand(probe.exec()).endExec();
        }
        return builder.build();
    }
}
