package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import java.util.List;

/**
 * The objects of one component.
 *
 * @param objects in the order of writing: configuration and claims, Service and routes, the workload, and what scales it
 * @param hash over all of them: equal hashes are equal wishes
 */
public record RenderedComponent(String name, Component.Kind kind, List<RenderedObject> objects, String hash) {
    public RenderedComponent {
        objects = List.copyOf(objects);
    }

    /** What runs: Deployment, StatefulSet, DaemonSet, Job or CronJob; of an external component its Service, as nothing does. */
    public RenderedObject workload() {
        return objects.stream()
                .filter(this::isWorkload)
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IllegalStateException(name + " has no workload"));
    }

    private boolean isWorkload(RenderedObject object) {
        return !object.ref().kind().equals("HorizontalPodAutoscaler");
    }
}
