package dev.slipway.activities.build.kaniko;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Job of a build and the Secret that belongs to it: pure functions. It begins suspended, so that nothing runs before its Secret
 * is there, and so that the cluster itself holds the queue.
 */
final class KanikoJob {
    static final String CONTAINER = "kaniko";

    /** Label of the Job: its build's key, as much as fits. */
    static final String BUILD = "slipway.dev/build";

    /** Label of the Job: how often the key was tried before, plus one. */
    static final String GENERATION = "slipway.dev/generation";

    /** Annotation of the Job: its Secret is there, it may be started. */
    static final String READY = "slipway.dev/ready";

    /** Annotation of the Job: the image that brings the context, to be deleted with it. */
    static final String ONE_SHOT = "slipway.dev/context-image";

    /** Annotation of the Job: the repository that it pushes to. */
    static final String REPOSITORY = "slipway.dev/repository";

    /** Annotations of the Job that begin so say who needs it. */
    static final String NEED = "slipway.dev/need-";

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String SLIPWAY = "slipway";
    private static final String LOGINS = "/kaniko/.docker";
    private static final String CONFIG = "config.json";
    private static final String SECRET = "secret-";
    private static final String SECRETS = "secrets/";
    private static final int SECONDS_KEPT = 3_600;

    /**
     * What a builder needs to give files to other users and to become them. Without FSETID setgid bits vanish silently; without
     * any, copying between stages fails.
     */
    private static final Capabilities CAPABILITIES = new CapabilitiesBuilder()
            .withDrop("ALL")
            .withAdd("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID")
            .build();

    private KanikoJob() {}

    static Map<String, String> labels(String key) {
        return new TreeMap<>(Map.of(MANAGED_BY, SLIPWAY, BUILD, key.substring(0, 40)));
    }

    static Map<String, String> all() {
        return Map.of(MANAGED_BY, SLIPWAY);
    }

    static String name(String key, int generation) {
        return "build-" + key.substring(0, 20) + "-" + generation;
    }

    /** @param image with the context, as the cluster pulls it, by digest */
    static Job of(KanikoRequest request, KanikoProfile profile, String image, String oneShot, int generation) {
        String name = name(request.key(), generation);
        Map<String, String> labels = labels(request.key());
        labels.put(GENERATION, Integer.toString(generation));
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(profile.namespace())
                .withLabels(labels)
                .addToAnnotations(ONE_SHOT, oneShot)
                .addToAnnotations(REPOSITORY, request.repository())
                .addToAnnotations(NEED + request.need(), "")
                .endMetadata()
                .withNewSpec()
                .withSuspend(true)
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(profile.deadline().toSeconds())
                .withTtlSecondsAfterFinished(SECONDS_KEPT)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(2L)
                .withImagePullSecrets(
                        new LocalObjectReferenceBuilder().withName(pulls(name)).build())
                .withContainers(new ContainerBuilder()
                        .withName(CONTAINER)
                        .withImage(image)
                        .withArgs(arguments(request, profile))
                        .withTerminationMessagePolicy("FallbackToLogsOnError")
                        .withNewSecurityContext()
                        .withRunAsUser(0L)
                        .withAllowPrivilegeEscalation(false)
                        .withNewSeccompProfile()
                        .withType("RuntimeDefault")
                        .endSeccompProfile()
                        .withCapabilities(CAPABILITIES)
                        .endSecurityContext()
                        .withNewResources()
                        .addToRequests("cpu", new Quantity("250m"))
                        .addToRequests("memory", new Quantity("256Mi"))
                        .addToRequests("ephemeral-storage", new Quantity("1Gi"))
                        .addToLimits("memory", new Quantity(profile.memory()))
                        .addToLimits("ephemeral-storage", new Quantity(profile.storage()))
                        .endResources()
                        .withVolumeMounts(new VolumeMountBuilder()
                                .withName("logins")
                                .withMountPath(LOGINS)
                                .withReadOnly(true)
                                .build())
                        .build())
                .addNewVolume()
                .withName("logins")
                .withNewSecret()
                .withSecretName(name)
                .withItems(items(request))
                .endSecret()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** Goes with its Job. The first is what the builder pushes with, the second what the node pulls with. */
    static List<io.fabric8.kubernetes.api.model.Secret> secrets(KanikoRequest request, Job job) {
        Map<String, String> content = new LinkedHashMap<>();
        content.put(CONFIG, request.logins().reveal());
        request.secrets().forEach((name, value) -> content.put(SECRET + name, value.reveal()));
        for (int i = 0; i < request.registries().size(); i++) {
            if (!request.registries().get(i).certificates().isEmpty()) {
                content.put(certificate(i), request.registries().get(i).certificates());
            }
        }
        String name = job.getMetadata().getName();
        return List.of(
                secret(job, name, "Opaque", content),
                secret(
                        job,
                        pulls(name),
                        "kubernetes.io/dockerconfigjson",
                        Map.of(".dockerconfigjson", request.pulls().reveal())));
    }

    private static io.fabric8.kubernetes.api.model.Secret secret(
            Job job, String name, String type, Map<String, String> content) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(job.getMetadata().getLabels())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .build())
                .endMetadata()
                .withType(type)
                .withStringData(content)
                .build();
    }

    private static String pulls(String job) {
        return job + "-pull";
    }

    private static List<KeyToPath> items(KanikoRequest request) {
        List<KeyToPath> items = new ArrayList<>();
        items.add(item(CONFIG, CONFIG));
        request.secrets().keySet().forEach(name -> items.add(item(SECRET + name, SECRETS + name)));
        for (int i = 0; i < request.registries().size(); i++) {
            if (!request.registries().get(i).certificates().isEmpty()) {
                items.add(item(certificate(i), certificate(i)));
            }
        }
        return items;
    }

    private static KeyToPath item(String key, String path) {
        return new KeyToPathBuilder().withKey(key).withPath(path).build();
    }

    private static String certificate(int registry) {
        return "registry-" + registry + ".crt";
    }

    private static List<String> arguments(KanikoRequest request, KanikoProfile profile) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--context=tar:///kaniko/context.tar.gz");
        arguments.add("--dockerfile=" + request.dockerfile());
        arguments.add("--destination=" + request.host() + "/" + request.repository() + ":" + request.tag());
        arguments.add("--digest-file=/dev/termination-log");
        arguments.add("--cache=true");
        arguments.add("--cache-repo=" + request.cache());
        arguments.add("--cache-ttl=168h");
        arguments.add("--push-retry=3");
        arguments.add("--image-download-retry=3");
        if (request.target() != null) {
            arguments.add("--target=" + request.target());
        }
        request.arguments().forEach((name, value) -> arguments.add("--build-arg=" + name + "=" + value));
        request.secrets()
                .keySet()
                .forEach(name -> arguments.add("--secret=id=" + name + ",src=" + LOGINS + "/" + SECRETS + name));
        for (int i = 0; i < request.registries().size(); i++) {
            KanikoRequest.Reach registry = request.registries().get(i);
            if (registry.differs()) {
                arguments.add("--registry-map=" + registry.known() + "=" + registry.address());
            }
            if (registry.insecure()) {
                arguments.add("--insecure-registry=" + registry.host());
            }
            if (!registry.certificates().isEmpty()) {
                arguments.add("--registry-certificate=" + registry.host() + "=" + LOGINS + "/" + certificate(i));
            }
        }
        // What is mirrored is reached there or not at all: behind a name there may be nobody, or somebody else.
        arguments.add("--skip-default-registry-fallback");
        arguments.addAll(profile.flavour().flags());
        arguments.addAll(profile.flags());
        return arguments;
    }
}
