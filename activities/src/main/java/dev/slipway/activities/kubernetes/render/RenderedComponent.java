package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import java.util.List;

/**
 * The objects of one component.
 *
 * @param objects in the order of writing: configuration and claims, Service, and last the workload
 * @param hash over all of them: equal hashes are equal wishes
 */
public record RenderedComponent(String name, Component.Kind kind, List<RenderedObject> objects, String hash) {
    public RenderedComponent {
        objects = List.copyOf(objects);
    }

    /** What runs: Deployment, StatefulSet or Job. */
    public RenderedObject workload() {
        return objects.get(objects.size() - 1);
    }
}
