package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterErrors;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Jobs of builds in one cluster. Everything may be repeated.
 *
 * <p>All methods throw {@link dev.slipway.workflows.problem.ProblemException} with a {@code KUBERNETES_} code.
 */
final class KanikoJobs {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final ClusterConnection cluster;
    private final String namespace;
    private final ClusterErrors errors;

    KanikoJobs(ClusterConnection cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.errors = new ClusterErrors(cluster.name());
    }

    static String where(Job job) {
        return "Job " + job.getMetadata().getNamespace() + "/"
                + job.getMetadata().getName();
    }

    List<Job> list(Map<String, String> labels) {
        return errors.at(
                "Jobs of " + namespace,
                () -> cluster.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withLabels(labels)
                        .list()
                        .getItems());
    }

    Optional<Job> named(String name) {
        return Optional.ofNullable(
                errors.at("Job " + namespace + "/" + name, () -> resource(name).get()));
    }

    /** As it is now; {@code null}: gone, or another one has its name. */
    @Nullable
    Job current(Job job) {
        Job now = errors.at(where(job), () -> resource(job).get());
        return now == null
                        || !now.getMetadata().getUid().equals(job.getMetadata().getUid())
                ? null
                : now;
    }

    /** The latest of its pods; {@code null}: it has none. */
    @Nullable
    Pod pod(Job job) {
        return errors
                .at(
                        "Pods of " + where(job),
                        () -> cluster.client()
                                .pods()
                                .inNamespace(namespace)
                                .withLabel(
                                        "batch.kubernetes.io/controller-uid",
                                        job.getMetadata().getUid())
                                .list()
                                .getItems())
                .stream()
                .max(Comparator.comparing(one -> one.getMetadata().getCreationTimestamp()))
                .orElse(null);
    }

    /** @return empty: one of that name is there */
    Optional<Job> create(Job job) {
        return Once.create(errors, where(job), cluster.client().resource(job));
    }

    void create(Secret secret) {
        String where = "Secret " + namespace + "/" + secret.getMetadata().getName();
        var unused = Once.create(errors, where, cluster.client().resource(secret));
    }

    /** Lets a suspended one go. */
    void start(Job job) {
        errors.at(where(job), () -> resource(job).patch(MERGE, "{\"spec\":{\"suspend\":false}}"));
    }

    /** With its pod and its Secrets. */
    void delete(Job job) {
        errors.at(
                where(job),
                () -> resource(job)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }

    /** A patch of its own, that takes nothing from others. @param value {@code null}: without it. @return empty: it is gone */
    Optional<Job> annotate(Job job, String name, @Nullable String value) {
        Map<String, @Nullable String> annotation = new HashMap<>();
        annotation.put(name, value);
        String patch = Serialization.asJson(
                Map.of("metadata", Map.of("uid", job.getMetadata().getUid(), "annotations", annotation)));
        return errors.at(where(job), () -> {
            try {
                return Optional.of(resource(job).patch(MERGE, patch));
            } catch (KubernetesClientException e) {
                if (e.getCode() == NOT_FOUND || e.getCode() == CONFLICT) {
                    return Optional.empty(); // or another one of its name
                }
                throw e;
            }
        });
    }

    private ScalableResource<Job> resource(Job job) {
        return resource(job.getMetadata().getName());
    }

    private ScalableResource<Job> resource(String name) {
        return cluster.client().batch().v1().jobs().inNamespace(namespace).withName(name);
    }
}
