package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.kubernetes.BuildRights;
import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterErrors;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;

/**
 * Where builds run: a namespace of profile {@code baseline}, as a builder has to be root in its container, whose pods nobody reaches
 * and which do not reach the address where clouds hand out the node's credentials. Made when it is not there; else left as it is.
 */
final class BuildNamespace {
    private static final String ANYWHERE = "0.0.0.0/0";
    private static final String ANYWHERE_6 = "::/0";
    private static final List<String> CLOUD = List.of("169.254.0.0/16");

    private BuildNamespace() {}

    /** Sees to it that it is there. Safe to repeat, and for several at once. */
    static void ensure(ClusterConnection cluster, String name) {
        ClusterErrors errors = new ClusterErrors(cluster.name());
        KubernetesClient client = cluster.client();
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of(
                        "app.kubernetes.io/managed-by", "slipway", "pod-security.kubernetes.io/enforce", "baseline"))
                .endMetadata()
                .build();
        make(errors, "Namespace " + name, client.namespaces().resource(namespace));
        var policy = new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName(BuildRights.POLICY)
                .withNamespace(name)
                .withLabels(KanikoJob.all())
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .addNewEgress()
                .addNewTo()
                .withNewIpBlock()
                .withCidr(ANYWHERE)
                .withExcept(CLOUD)
                .endIpBlock()
                .endTo()
                .addNewTo()
                .withNewIpBlock()
                .withCidr(ANYWHERE_6)
                .endIpBlock()
                .endTo()
                .endEgress()
                .endSpec()
                .build();
        make(errors, "NetworkPolicy " + name + "/" + BuildRights.POLICY, client.resource(policy));
    }

    private static <T> void make(ClusterErrors errors, String where, Resource<T> wished) {
        if (errors.at(where, wished::get) == null) {
            Once.create(errors, where, wished);
        }
    }
}
