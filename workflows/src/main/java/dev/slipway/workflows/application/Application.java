package dev.slipway.workflows.application;

import java.util.List;
import java.util.Optional;

/**
 * A named set of components and how they depend on one another: the content of {@code slipway.yaml}.
 *
 * @param parameters typed values that are asked for on install; referred to as {@code ${param.NAME}}
 * @param components at most {@value #MAX_COMPONENTS}
 * @param manifests raw Kubernetes objects that belong to the application
 */
public record Application(
        Metadata metadata,
        Governance governance,
        List<Parameter> parameters,
        List<Component> components,
        List<Manifest> manifests) {
    public static final String API_VERSION = "slipway.dev/v1";
    public static final String KIND = "Application";
    public static final int MAX_COMPONENTS = 1_000;

    public Application {
        parameters = List.copyOf(parameters);
        components = List.copyOf(components);
        manifests = List.copyOf(manifests);
    }

    public String name() {
        return metadata.name();
    }

    public Optional<Component> component(String name) {
        return components.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}
