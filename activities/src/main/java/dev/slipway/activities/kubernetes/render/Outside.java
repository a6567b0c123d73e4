package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What is elsewhere and has a name here. Nothing runs for it, and nobody asks whether it is well. */
final class Outside {
    private Outside() {}

    /** In the order of writing, the Service last. */
    static List<HasMetadata> of(Component component) {
        String address = Objects.requireNonNull(component.address(), component.name());
        return address.matches("[0-9.]+") ? byAddress(component, address) : List.of(byName(component, address));
    }

    /** A name for a name. */
    private static HasMetadata byName(Component component, String host) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName(host.toLowerCase(Locale.ROOT))
                .withPorts(Services.ports(component, false))
                .endSpec()
                .build();
    }

    /** A name for an address: without an address of its own, so that whoever asks reaches it directly, at any port. */
    private static List<HasMetadata> byAddress(Component component, String address) {
        HasMetadata slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(component.name())
                .addToLabels("kubernetes.io/service-name", component.name())
                .addToLabels("endpointslice.kubernetes.io/managed-by", Labels.MANAGER)
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(new EndpointBuilder()
                        .withAddresses(address)
                        .withNewConditions()
                        .withReady(true)
                        .endConditions()
                        .build())
                .withPorts(component.ports().stream().map(Outside::port).toList())
                .build();
        HasMetadata service = new ServiceBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPorts(Services.ports(component, false))
                .endSpec()
                .build();
        return List.of(slice, service);
    }

    private static EndpointPort port(Port port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withPort(port.port())
                .withProtocol(Services.protocol(port))
                .build();
    }
}
