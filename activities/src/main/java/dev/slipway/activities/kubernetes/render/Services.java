package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names by which components find one another. */
final class Services {
    private static final String PODS = "-pods";

    private Services() {}

    /** The governing Service of a StatefulSet, which gives each pod a name of its own. */
    static String podsName(Component component) {
        return component.name() + PODS;
    }

    /** What {@code ${component.host}} means: one address that is there before its pods are. */
    static Service of(Component component, Map<String, String> selector) {
        return service(component.name(), component, selector, null);
    }

    /** Besides that, as a name of a headless Service resolves only a moment after its pods are ready. */
    static Service headless(Component component, Map<String, String> selector) {
        return service(podsName(component), component, selector, "None");
    }

    private static Service service(
            String name, Component component, Map<String, String> selector, @Nullable String clusterIp) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(clusterIp)
                // Members of a cluster look for one another before they are ready.
                .withPublishNotReadyAddresses(clusterIp == null ? null : true)
                .withSelector(selector)
                .withPorts(ports(component, true))
                .endSpec()
                .build();
    }

    /** @param pods whether pods are behind it, which know their ports by name */
    static List<ServicePort> ports(Component component, boolean pods) {
        return component.ports().stream()
                .map(port -> new ServicePortBuilder()
                        .withName(port.name())
                        .withPort(port.port())
                        .withTargetPort(pods ? new IntOrString(port.name()) : new IntOrString(port.port()))
                        .withProtocol(protocol(port))
                        .withAppProtocol(applicationProtocol(port))
                        .build())
                .toList();
    }

    static String protocol(Port port) {
        return port.protocol() == Port.Protocol.UDP ? "UDP" : "TCP";
    }

    private static @Nullable String applicationProtocol(Port port) {
        return switch (port.protocol()) {
            case HTTP -> "http";
            case GRPC -> "grpc";
            case TCP, UDP -> null;
        };
    }
}
