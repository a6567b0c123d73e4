package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pod of a component is. Nothing in it changes from run to run, so that nothing restarts without a reason. */
final class PodTemplates {
    private final RenderInput input;
    private final Digests digests;

    PodTemplates(RenderInput input, Digests digests) {
        this.input = input;
        this.digests = digests;
    }

    PodTemplateSpec of(Component component, Settings settings) {
        String config = settings.digest(digests);
        List<Volume> volumes = new ArrayList<>(settings.volumes());
        if (component.kind() != Component.Kind.STATEFUL) {
            // A StatefulSet brings its own claims, one for each pod.
            component.volumes().forEach(volume -> volumes.add(claimed(component, volume.name())));
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.of(input, component))
                .withAnnotations(config == null ? null : Map.of(Labels.CONFIG, config))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withRestartPolicy(component.kind() == Component.Kind.JOB ? "Never" : null)
                .withSecurityContext(Security.ofPod(component))
                .withImagePullSecrets(
                        input.pullSecret() == null
                                ? List.of()
                                : List.of(new LocalObjectReference(Renderer.PULL_SECRET)))
                .withContainers(container(component, settings))
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    private Container container(Component component, Settings settings) {
        List<VolumeMount> mounts = new ArrayList<>(settings.mounts());
        component
                .volumes()
                .forEach(volume -> mounts.add(new VolumeMountBuilder()
                        .withName(volume.name())
                        .withMountPath(volume.path())
                        .build()));
        return new ContainerBuilder()
                .withName(component.name())
                .withImage(image(component))
                .withImagePullPolicy("IfNotPresent")
                .withCommand(settings.command())
                .withArgs(settings.args())
                .withWorkingDir(component.workingDir())
                .withPorts(component.ports().stream().map(PodTemplates::port).toList())
                .withEnv(settings.env())
                .withVolumeMounts(mounts)
                .withReadinessProbe(
                        ProbeObjects.of(component, component.probes().readiness()))
                .withLivenessProbe(ProbeObjects.of(component, component.probes().liveness()))
                .withStartupProbe(ProbeObjects.of(component, component.probes().startup()))
                .withResources(resources(component.resources()))
                .withSecurityContext(Security.ofContainer(component))
                // Without a message of its own, a container that dies says its last lines.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .build();
    }

    private String image(Component component) {
        String image = input.images().get(component.name());
        if (image == null) {
            throw new IllegalArgumentException("no image for " + component.name());
        }
        return image;
    }

    private static Volume claimed(Component component, String volume) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewPersistentVolumeClaim()
                .withClaimName(Storage.claimName(component, volume))
                .endPersistentVolumeClaim()
                .build();
    }

    private static ContainerPort port(Port port) {
        return new ContainerPortBuilder()
                .withName(port.name())
                .withContainerPort(port.port())
                .withProtocol(Services.protocol(port))
                .build();
    }

    private static @Nullable ResourceRequirements resources(Resources resources) {
        if (resources.cpu() == null && resources.memory() == null) {
            return null;
        }
        ResourceRequirementsBuilder builder = new ResourceRequirementsBuilder();
        range(builder, "cpu", resources.cpu());
        range(builder, "memory", resources.memory());
        return builder.build();
    }

    private static void range(ResourceRequirementsBuilder builder, String resource, Resources.@Nullable Range range) {
        if (range == null) {
            return;
        }
        builder.addToRequests(resource, new Quantity(range.request()));
        if (range.limit() != null) {
            builder.addToLimits(resource, new Quantity(range.limit()));
        }
    }
}
