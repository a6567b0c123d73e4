package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Manifest;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The document's raw objects, with look-ups filled in and images pinned. Kinds that components are made of have their
 * type; any other is taken as it is, for the cluster alone knows what it means.
 */
public final class RawObjects {
    private static final Map<String, Class<? extends HasMetadata>> TYPED = Stream.<Class<? extends HasMetadata>>of(
                    ConfigMap.class,
                    Secret.class,
                    PersistentVolumeClaim.class,
                    EndpointSlice.class,
                    Service.class,
                    Ingress.class,
                    PodDisruptionBudget.class,
                    Deployment.class,
                    StatefulSet.class,
                    DaemonSet.class,
                    Job.class,
                    CronJob.class,
                    HorizontalPodAutoscaler.class)
            .collect(Collectors.toMap(
                    type -> HasMetadata.getApiVersion(type) + "/" + HasMetadata.getKind(type), Function.identity()));

    private RawObjects() {}

    /**
     * @param pulled what all the pods of these objects pull
     */
    record Raw(List<HasMetadata> objects, Set<String> pulled) {
        Raw {
            objects = List.copyOf(objects);
            pulled = Set.copyOf(pulled);
        }
    }

    /** @throws ProblemException {@code SLP-DOC-TYPE} for a value that such an object cannot have */
    static Raw of(RenderInput input, Values values) {
        List<HasMetadata> definitions = new ArrayList<>();
        List<HasMetadata> others = new ArrayList<>();
        List<Map<String, @Nullable Object>> trees = input.application().manifests().stream()
                .map(manifest -> tree(manifest, input, values))
                .toList();
        Set<String> accounts =
                trees.stream().map(RawPods::account).flatMap(Optional::stream).collect(Collectors.toSet());
        Set<String> pulled = new TreeSet<>();
        for (int i = 0; i < trees.size(); i++) {
            Map<String, @Nullable Object> tree = trees.get(i);
            pulled.addAll(RawPods.images(tree));
            RawPods.pullWith(tree, input.pullSecrets(), accounts::contains);
            HasMetadata object = object("spec.manifests[" + i + "]", tree);
            (definition(object) ? definitions : others).add(object);
        }
        definitions.addAll(others);
        return new Raw(definitions, pulled);
    }

    private static Map<String, @Nullable Object> tree(Manifest manifest, RenderInput input, Values values) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        manifest.object().forEach((key, value) -> tree.put(key, resolved(value, manifest, input, values)));
        if (manifest.kind().equals("Secret")
                && manifest.group().isEmpty()
                && tree.remove("stringData") instanceof Map<?, ?> texts) {
            // The server owns no key of stringData: what is taken out of the document would stay.
            Map<Object, @Nullable Object> data = new LinkedHashMap<>();
            if (tree.get("data") instanceof Map<?, ?> given) {
                data.putAll(given);
            }
            texts.forEach((key, text) -> data.put(
                    key, Base64.getEncoder().encodeToString(String.valueOf(text).getBytes(StandardCharsets.UTF_8))));
            tree.put("data", data);
        }
        return tree;
    }

    private static @Nullable Object resolved(
            @Nullable Object value, Manifest manifest, RenderInput input, Values values) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(key, resolved(each, manifest, input, values)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(resolved(each, manifest, input, values)));
            return copy;
        }
        if (value instanceof String text) {
            return manifest.images().contains(text)
                    ? input.images().getOrDefault(Manifest.imageKey(text), text)
                    : values.resolve(text);
        }
        return value;
    }

    private static HasMetadata object(String where, Map<String, @Nullable Object> tree) {
        Class<? extends HasMetadata> type =
                TYPED.getOrDefault(tree.get("apiVersion") + "/" + tree.get("kind"), GenericKubernetesResource.class);
        try {
            return Serialization.jsonMapper().convertValue(tree, type);
        } catch (IllegalArgumentException | tools.jackson.core.JacksonException e) {
            String message = type == Secret.class
                    ? "data"
                    : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.DOC_TYPE,
                            where,
                            "found",
                            message,
                            "example",
                            "kubectl explain " + tree.get("kind")),
                    e);
        }
    }

    /** Whether it is a CustomResourceDefinition, which all environments of a cluster share. */
    public static boolean definition(HasMetadata object) {
        return object.getKind().equals("CustomResourceDefinition")
                && object.getApiVersion().startsWith("apiextensions.k8s.io/");
    }

    /** As {@link #definition(HasMetadata)}, of what an inventory lists. */
    public static boolean definition(ObjectRef ref) {
        return ref.kind().equals("CustomResourceDefinition.apiextensions.k8s.io");
    }

    /** {@code Deployment} for a kind with a type here, {@code Certificate.cert-manager.io} for any other of a group. */
    static String word(HasMetadata object) {
        String version = object.getApiVersion();
        int slash = version.indexOf('/');
        return object instanceof GenericKubernetesResource && slash > 0
                ? object.getKind() + "." + version.substring(0, slash)
                : object.getKind();
    }
}
