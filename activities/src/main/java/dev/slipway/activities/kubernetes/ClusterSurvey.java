package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.Seen;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster as a whole: whether it answers, which one it is, and whether Slipway may do there what it does. */
public final class ClusterSurvey {
    /** Without one of these, nothing can be deployed: verb, group, resource. */
    private static final List<List<String>> NEEDED = List.of(
            List.of("create", "", "namespaces"),
            List.of("list", "", "configmaps"),
            List.of("patch", "", "secrets"),
            List.of("patch", "", "services"),
            List.of("patch", "apps", "deployments"),
            List.of("watch", "apps", "deployments"),
            List.of("patch", "apps", "statefulsets"),
            List.of("patch", "batch", "jobs"),
            List.of("watch", "", "pods"),
            List.of("list", "", "events"));

    private ClusterSurvey() {}

    /** What the cluster says now. Never fails: that it can't be asked is an answer too. */
    public static Seen look(ClusterConnection cluster, ClusterStore store) {
        String address = Objects.toString(cluster.client().getMasterUrl(), "");
        ClusterErrors errors = new ClusterErrors(cluster.name());
        String where = "cluster " + cluster.name();
        try {
            String version = errors.at(where, () -> version(cluster));
            String identity = identity(cluster);
            List<Node> nodes = nodes(cluster);
            return new Seen(
                    cluster.name(),
                    identity,
                    address,
                    version,
                    nodes == null ? null : nodes.size(),
                    nodes == null ? List.of() : architectures(nodes),
                    changed(cluster, store, identity)
                            .or(() -> missing(cluster, errors))
                            .orElse(null),
                    Instant.EPOCH,
                    Instant.EPOCH);
        } catch (ProblemException e) {
            boolean answered = e.problem().code() != ProblemCode.KUBERNETES_UNREACHABLE;
            return new Seen(
                    cluster.name(),
                    null,
                    address,
                    null,
                    null,
                    List.of(),
                    e.problem(),
                    Instant.EPOCH,
                    answered ? Instant.EPOCH : null);
        }
    }

    /**
     * Environments stay where they are: what is behind the name now has to be what was there before.
     *
     * @throws ProblemException {@code SLP-K8S-CLUSTER-CHANGED}
     */
    static void requireSame(ClusterConnection cluster, ClusterStore store) {
        if (cluster.simulated()) {
            return;
        }
        changed(cluster, store, identity(cluster)).ifPresent(problem -> {
            throw new ProblemException(problem);
        });
    }

    private static Optional<Problem> changed(ClusterConnection cluster, ClusterStore store, @Nullable String identity) {
        String before = store.seen(cluster.name()).map(Seen::identity).orElse(null);
        // The simulated one has no life of its own: it comes and goes with the data folder.
        return cluster.simulated()
                        || identity == null
                        || before == null
                        || before.equals(identity)
                        || !store.used(cluster.name())
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemCode.KUBERNETES_CLUSTER_CHANGED,
                        "cluster " + cluster.name(),
                        "cluster",
                        cluster.name(),
                        "before",
                        before,
                        "now",
                        identity));
    }

    private static String version(ClusterConnection cluster) {
        String answer = cluster.client().raw("/version");
        Map<?, ?> version = Serialization.unmarshal(Objects.requireNonNullElse(answer, "{}"), Map.class);
        return Objects.toString(version.get("gitVersion"), "?");
    }

    /** {@code null}: not permitted to ask, or nothing to be known by. */
    private static @Nullable String identity(ClusterConnection cluster) {
        try {
            Namespace system = ClusterErrors.repeated(
                    () -> cluster.client().namespaces().withName("kube-system").get());
            return system == null ? null : system.getMetadata().getUid();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                return null;
            }
            throw new ClusterErrors(cluster.name()).translated(e, "cluster " + cluster.name());
        }
    }

    private static @Nullable List<Node> nodes(ClusterConnection cluster) {
        try {
            return cluster.client().nodes().list().getItems();
        } catch (KubernetesClientException e) {
            return null; // Slipway does not need to know them.
        }
    }

    private static List<String> architectures(List<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.getStatus() != null && node.getStatus().getNodeInfo() != null)
                .map(node -> node.getStatus().getNodeInfo().getOperatingSystem() + "/"
                        + node.getStatus().getNodeInfo().getArchitecture())
                .distinct()
                .sorted()
                .toList();
    }

    private static Optional<Problem> missing(ClusterConnection cluster, ClusterErrors errors) {
        List<String> missing = new ArrayList<>();
        for (List<String> needed : NEEDED) {
            SelfSubjectAccessReview review = errors.at(
                    "cluster " + cluster.name(),
                    () -> cluster.client()
                            .resource(new SelfSubjectAccessReviewBuilder()
                                    .withNewSpec()
                                    .withNewResourceAttributes()
                                    .withVerb(needed.get(0))
                                    .withGroup(needed.get(1))
                                    .withResource(needed.get(2))
                                    .endResourceAttributes()
                                    .endSpec()
                                    .build())
                            .create());
            if (review.getStatus() == null
                    || !Boolean.TRUE.equals(review.getStatus().getAllowed())) {
                missing.add(needed.get(0) + " " + needed.get(2) + (needed.get(1).isEmpty() ? "" : "." + needed.get(1)));
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemCode.KUBERNETES_FORBIDDEN,
                        "cluster " + cluster.name(),
                        "cluster",
                        cluster.name(),
                        "status",
                        "403",
                        "message",
                        String.join(", ", missing)));
    }
}
