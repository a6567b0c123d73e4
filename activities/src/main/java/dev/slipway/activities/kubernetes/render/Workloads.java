package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What keeps a component's pods. */
final class Workloads {
    /**
     * Kubernetes counts whole seconds, so this is up to one less; and a node notices the end of a container up to a second
     * later, a busy one later still. Measured: with 1 a busy node let a program that ended at once pass.
     */
    private static final int PROVING_SECONDS = 3;

    /** Pods of a job: the first and two more, 10 and 20 seconds apart. */
    private static final int JOB_RETRIES = 2;

    /** Past runs of a cron that are kept with their pods and logs. */
    private static final int KEPT_RUNS = 3;

    private static final int REVISIONS = 3;

    private Workloads() {}

    static HasMetadata of(Component component, PodTemplateSpec template, Map<String, String> selector) {
        return switch (component.kind()) {
            case SERVICE -> deployment(component, template, selector);
            case STATEFUL -> statefulSet(component, template, selector);
            case JOB -> job(component, template);
            case CRON -> cronJob(component, template);
            case DAEMON -> daemonSet(component, template, selector);
            case EXTERNAL -> throw new IllegalArgumentException("nothing runs for " + component.name());
        };
    }

    private static HasMetadata deployment(Component component, PodTemplateSpec template, Map<String, String> selector) {
        DeploymentBuilder builder = new DeploymentBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas(component))
                .withMinReadySeconds(minReadySeconds(component))
                .withRevisionHistoryLimit(REVISIONS)
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withTemplate(template)
                .endSpec();
        if (PodTemplates.rolls(component)) {
            builder.editSpec()
                    .withNewStrategy()
                    .withType("RollingUpdate")
                    .withNewRollingUpdate()
                    .withMaxUnavailable(new IntOrString(0))
                    .withMaxSurge(new IntOrString(1))
                    .endRollingUpdate()
                    .endStrategy()
                    .endSpec();
        } else {
            // The new pod would wait for the volume that the old one holds, and the old one for the new pod.
            builder.editSpec()
                    .withNewStrategy()
                    .withType("Recreate")
                    .endStrategy()
                    .endSpec();
        }
        return builder.build();
    }

    private static HasMetadata statefulSet(
            Component component, PodTemplateSpec template, Map<String, String> selector) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas(component))
                .withMinReadySeconds(minReadySeconds(component))
                .withRevisionHistoryLimit(REVISIONS)
                .withServiceName(Services.podsName(component))
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .endUpdateStrategy()
                .withTemplate(template)
                .withVolumeClaimTemplates(Storage.templates(component, selector))
                .endSpec()
                .build();
    }

    /** {@code null}: the autoscaler decides, and whoever applied a number would fight it. */
    private static @Nullable Integer replicas(Component component) {
        return component.scale() == null ? component.wantedReplicas() : null;
    }

    /**
     * Nobody asks a component without a readiness probe: it counts as ready the moment it runs, also when it crashes a moment
     * later. It has to run this long before it is believed and what ran before it goes; {@code null}: its probe decides.
     */
    private static @Nullable Integer minReadySeconds(Component component) {
        return component.probes().readiness() == null ? PROVING_SECONDS : null;
    }

    private static HasMetadata daemonSet(Component component, PodTemplateSpec template, Map<String, String> selector) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withMinReadySeconds(minReadySeconds(component))
                .withRevisionHistoryLimit(REVISIONS)
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(1))
                .endRollingUpdate()
                .endUpdateStrategy()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    /** One at a time, and not suspended: whoever suspends one by hand finds it in the next plan. */
    private static HasMetadata cronJob(Component component, PodTemplateSpec template) {
        return new CronJobBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withSchedule(component.schedule())
                .withSuspend(false)
                .withConcurrencyPolicy("Forbid")
                .withSuccessfulJobsHistoryLimit(KEPT_RUNS)
                .withFailedJobsHistoryLimit(KEPT_RUNS)
                .withNewJobTemplate()
                .withNewSpec()
                .withBackoffLimit(JOB_RETRIES)
                .withTemplate(template)
                .endSpec()
                .endJobTemplate()
                .endSpec()
                .build();
    }

    private static HasMetadata job(Component component, PodTemplateSpec template) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(JOB_RETRIES)
                .withTemplate(template)
                .endSpec()
                .build();
    }
}
