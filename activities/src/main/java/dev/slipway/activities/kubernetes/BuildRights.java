package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Access.Need;
import dev.slipway.workflows.problem.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which rights builds in a cluster need: those that Slipway's account does not have are named, all at once, before anything is sent. */
public final class BuildRights {
    /** Name of the NetworkPolicy of the namespace that builds run in. */
    public static final String POLICY = "slipway-builds";

    private BuildRights() {}

    /**
     * @param namespace that builds run in; it need not be there
     * @return {@code SLP-K8S-ACCESS}, with the role that grants what is missing; empty: nothing is
     * @throws dev.slipway.workflows.problem.ProblemException when the cluster does not answer
     */
    public static Optional<Problem> missing(ClusterConnection cluster, String namespace) {
        Set<Need> needs = new TreeSet<>();
        add(needs, Namespace.class, namespace, "get");
        add(needs, NetworkPolicy.class, namespace, "get");
        if (!Access.there(cluster.client().namespaces().withName(namespace))) {
            add(needs, Namespace.class, "", "create");
        }
        if (!Access.there(cluster.client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .withName(POLICY))) {
            add(needs, NetworkPolicy.class, namespace, "create");
        }
        add(needs, Job.class, namespace, "get", "list", "create", "patch", "delete");
        add(needs, Secret.class, namespace, "create");
        add(needs, Pod.class, namespace, "list");
        needs.add(new Need("", "pods/log", "get", namespace));
        Access access = new Access(cluster);
        Set<Need> missing = access.missing(needs);
        return missing.isEmpty() ? Optional.empty() : Optional.of(access.problem(missing, namespace));
    }

    private static void add(Set<Need> needs, Class<? extends HasMetadata> type, String namespace, String... verbs) {
        Stream.of(verbs).forEach(verb -> needs.add(Need.of(type, verb, namespace)));
    }
}
