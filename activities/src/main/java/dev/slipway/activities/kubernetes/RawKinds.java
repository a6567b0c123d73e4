package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.CustomKinds.Served;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects of kinds that only the cluster knows, found by its discovery. */
final class RawKinds {
    /** How long a new definition may take until its kind is served, in milliseconds; mostly it is at once. */
    private static final long SERVED_WITHIN = 30_000;

    private static final long PAUSE = 100;

    private final ClusterConnection cluster;
    private final ClusterErrors errors;

    RawKinds(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
    }

    /** {@code Widget.example.org/one}, as plans and inventories name it. */
    String subject(HasMetadata object) {
        String group = CustomKinds.group(object.getApiVersion());
        return object.getKind() + (group.isEmpty() ? "" : "." + group) + "/"
                + object.getMetadata().getName();
    }

    /** @return {@code null}: there is none, or not even such a kind */
    @Nullable
    HasMetadata get(RenderedObject object) {
        return known(
                        ClusterWriter.where(object),
                        () -> cluster.client().resource(object.object()).get())
                .orElse(null);
    }

    /** What an inventory lists; only what is of the namespace. */
    Optional<GenericKubernetesResource> get(ObjectRef ref, String namespace) {
        return known(
                ref.kind() + " " + namespace + "/" + ref.name(),
                () -> context(ref.kind())
                        .map(context -> context.isNamespaceScoped()
                                ? cluster.client()
                                        .genericKubernetesResources(context)
                                        .inNamespace(namespace)
                                        .withName(ref.name())
                                        .get()
                                : cluster.client()
                                        .genericKubernetesResources(context)
                                        .withName(ref.name())
                                        .get())
                        .filter(object -> context(ref.kind()).orElseThrow().isNamespaceScoped()
                                || "CustomResourceDefinition".equals(object.getKind()))
                        .orElse(null));
    }

    private <T> Optional<T> known(String where, Supplier<@Nullable T> call) {
        return errors.at(where, () -> {
            try {
                return Optional.ofNullable(call.get());
            } catch (KubernetesClientException e) {
                if (e.getCode() == 404 || ClusterErrors.unknownKind(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** @param word {@code Widget.example.org}, or {@code ServiceAccount} of the core */
    private Optional<ResourceDefinitionContext> context(String word) {
        int dot = word.indexOf('.');
        String kind = dot < 0 ? word : word.substring(0, dot);
        String group = dot < 0 ? "" : word.substring(dot + 1);
        String apiVersion = "v1";
        if (!group.isEmpty()) {
            APIGroup found = cluster.client().getApiGroup(group);
            if (found == null || found.getPreferredVersion() == null) {
                return Optional.empty();
            }
            apiVersion = found.getPreferredVersion().getGroupVersion();
        }
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        return resource(apiVersion, kind)
                .map(resource -> new ResourceDefinitionContext.Builder()
                        .withGroup(group)
                        .withVersion(version)
                        .withKind(kind)
                        .withPlural(resource.getName())
                        .withNamespaced(Boolean.TRUE.equals(resource.getNamespaced()))
                        .build());
    }

    /** How the object's kind is asked for; empty: the cluster does not know it. */
    Optional<Served> served(GenericKubernetesResource object) {
        return known(
                object.getKind(),
                () -> resource(object.getApiVersion(), object.getKind())
                        .map(resource -> new Served(
                                CustomKinds.group(object.getApiVersion()),
                                resource.getName(),
                                Boolean.TRUE.equals(resource.getNamespaced())))
                        .orElse(null));
    }

    /** As {@link #served(GenericKubernetesResource)}, of what an inventory lists. */
    Optional<Served> served(String word) {
        return known(
                word,
                () -> context(word)
                        .map(context ->
                                new Served(context.getGroup(), context.getPlural(), context.isNamespaceScoped()))
                        .orElse(null));
    }

    private Optional<APIResource> resource(String apiVersion, String kind) {
        APIResourceList list = cluster.client().getApiResources(apiVersion);
        return list == null
                ? Optional.empty()
                : list.getResources().stream()
                        .filter(resource -> resource.getKind().equals(kind)
                                && !resource.getName().contains("/"))
                        .findFirst();
    }

    /** @throws ProblemException {@code SLP-K8S-DEFINITION} */
    void awaitServed(RenderedObject definition) {
        long deadline = System.nanoTime() + SERVED_WITHIN * 1_000_000;
        String group = String.valueOf(FieldPath.value(Trees.of(definition.object()), "spec.group"));
        String kind = String.valueOf(FieldPath.value(Trees.of(definition.object()), "spec.names.kind"));
        while (true) {
            HasMetadata live = get(definition);
            List<Map<?, ?>> conditions = live == null ? List.of() : conditions(live);
            if (is(conditions, "Established", "True")
                    && known(
                                    ClusterWriter.where(definition),
                                    () -> context(kind + "." + group).orElse(null))
                            .isPresent()) {
                return;
            }
            boolean refused = is(conditions, "NamesAccepted", "False");
            if (refused || System.nanoTime() > deadline) {
                String message = conditions.stream()
                        .filter(condition -> !"True".equals(condition.get("status")))
                        .filter(condition -> !refused || "NamesAccepted".equals(condition.get("type")))
                        .map(condition -> String.valueOf(condition.get("message")))
                        .findFirst()
                        .orElse("-");
                throw new ProblemException(Problem.of(
                        ProblemCode.KUBERNETES_DEFINITION,
                        ClusterWriter.where(definition),
                        "cluster",
                        cluster.name(),
                        "definition",
                        definition.ref().name(),
                        "message",
                        message));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a definition was awaited", e);
        }
    }

    private static List<Map<?, ?>> conditions(HasMetadata object) {
        return FieldPath.value(Trees.of(object), "status.conditions") instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                        .toList()
                : List.of();
    }

    private static boolean is(List<Map<?, ?>> conditions, String type, String status) {
        return conditions.stream()
                .anyMatch(condition -> type.equals(condition.get("type")) && status.equals(condition.get("status")));
    }
}
