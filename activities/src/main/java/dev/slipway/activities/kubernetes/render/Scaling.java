package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Scale;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many pods there are, and how many of them may go at once. */
final class Scaling {
    private Scaling() {}

    /** @param workload what is scaled */
    static HorizontalPodAutoscaler autoscaler(Component component, Scale scale, HasMetadata workload) {
        List<MetricSpec> metrics = new ArrayList<>();
        if (scale.cpu() != null) {
            metrics.add(use("cpu", scale.cpu()));
        }
        if (scale.memory() != null) {
            metrics.add(use("memory", scale.memory()));
        }
        return new HorizontalPodAutoscalerBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion(workload.getApiVersion())
                .withKind(workload.getKind())
                .withName(component.name())
                .endScaleTargetRef()
                .withMinReplicas(scale.min())
                .withMaxReplicas(scale.max())
                .withMetrics(metrics)
                .endSpec()
                .build();
    }

    private static MetricSpec use(String resource, int percent) {
        return new MetricSpecBuilder()
                .withType("Resource")
                .withNewResource()
                .withName(resource)
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(percent)
                .endTarget()
                .endResource()
                .build();
    }

    /** {@code null}: with one pod, a budget would only keep its node from being emptied. */
    static @Nullable PodDisruptionBudget budget(Component component, Map<String, String> selector) {
        return component.leastReplicas() < 2
                ? null
                : new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withName(component.name())
                        .endMetadata()
                        .withNewSpec()
                        .withMaxUnavailable(new IntOrString(1))
                        .withNewSelector()
                        .withMatchLabels(selector)
                        .endSelector()
                        .endSpec()
                        .build();
    }
}
