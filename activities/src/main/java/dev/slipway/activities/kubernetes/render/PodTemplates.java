package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Resources;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a pod of a component is. Nothing in it changes from run to run, so that nothing restarts without a reason. */
final class PodTemplates {
    /** What Kubernetes gives a container to end when nobody says otherwise. */
    private static final long STOP_SECONDS = 30;

    /** Longer than routes and proxies take to learn that a pod goes. */
    private static final long PAUSE_SECONDS = 5;

    private final RenderInput input;
    private final Digests digests;

    PodTemplates(RenderInput input, Digests digests) {
        this.input = input;
        this.digests = digests;
    }

    PodTemplateSpec of(Component component, Settings settings) {
        String config = settings.digest(digests);
        List<Volume> volumes = new ArrayList<>(settings.volumes());
        component.volumes().stream()
                // A StatefulSet brings its own claims, one for each pod.
                .filter(volume -> component.kind() != Component.Kind.STATEFUL || volume.share() != null)
                .forEach(volume ->
                        volumes.add(claimed(volume.name(), Storage.claimName(input.application(), component, volume))));
        boolean once = component.kind() == Component.Kind.JOB || component.kind() == Component.Kind.CRON;
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.of(input, component))
                .withAnnotations(config == null ? null : Map.of(Labels.CONFIG, config))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withRestartPolicy(once ? "Never" : null)
                .withTerminationGracePeriodSeconds(pauses(component) ? STOP_SECONDS + PAUSE_SECONDS : null)
                .withSecurityContext(Security.ofPod(component))
                .withAffinity(besideOwners(component))
                .withImagePullSecrets(pullSecrets(component))
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
                .withLifecycle(pauses(component) ? pause() : null)
                .withResources(resources(component.resources()))
                .withSecurityContext(Security.ofContainer(component))
                // Without a message of its own, a container that dies says its last lines.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .build();
    }

    /**
     * Whether its next pod may start before the one before it has ended. With a volume of its own it may not: the new pod would
     * wait for the volume that the old one holds, and the old one for the new pod. A shared volume is
     * on the node where both are.
     */
    static boolean rolls(Component component) {
        return component.volumes().stream().allMatch(volume -> volume.share() != null);
    }

    /**
     * A pod that ends is still asked for a moment: those who ask learn late that it goes. So it stays for that moment, where
     * somebody else takes over, and has its whole time to end after it.
     */
    private boolean pauses(Component component) {
        return input.server().sleepsBeforeStop()
                && !component.ports().isEmpty()
                && switch (component.kind()) {
                    case SERVICE -> rolls(component);
                    case STATEFUL, DAEMON -> true;
                    case JOB, CRON, EXTERNAL -> false;
                };
    }

    private static Lifecycle pause() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewSleep(PAUSE_SECONDS)
                .endPreStop()
                .build();
    }

    /** A ReadWriteOnce volume is on one node at a time: whoever shares it has to run where its owner runs. The check lets there be one owner. */
    private @Nullable Affinity besideOwners(Component component) {
        List<PodAffinityTerm> terms = component.volumes().stream()
                .map(dev.slipway.workflows.application.Volume::owner)
                .filter(Objects::nonNull)
                .distinct()
                .map(name -> Values.component(input.application(), name))
                .map(owner -> new PodAffinityTermBuilder()
                        .withNewLabelSelector()
                        .withMatchLabels(Labels.selector(input, owner))
                        .endLabelSelector()
                        .withTopologyKey("kubernetes.io/hostname")
                        .build())
                .toList();
        return terms.isEmpty()
                ? null
                : new AffinityBuilder()
                        .withNewPodAffinity()
                        .withRequiredDuringSchedulingIgnoredDuringExecution(terms)
                        .endPodAffinity()
                        .build();
    }

    private List<LocalObjectReference> pullSecrets(Component component) {
        return input.pullSecrets().stream()
                .filter(pull -> pull.covers(image(component)))
                .map(pull -> new LocalObjectReference(pull.name()))
                .toList();
    }

    private String image(Component component) {
        String image = input.images().get(component.name());
        if (image == null) {
            throw new IllegalArgumentException("no image for " + component.name());
        }
        return image;
    }

    private static Volume claimed(String volume, String claim) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
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
