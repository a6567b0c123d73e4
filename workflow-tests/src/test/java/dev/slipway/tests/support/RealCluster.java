package dev.slipway.tests.support;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The real cluster, connected to the way Slipway connects. */
public final class RealCluster {
    private RealCluster() {}

    /** What a test sets up and looks at, it does as the cluster's administrator; the caller closes it. */
    public static KubernetesClient admin() {
        return connected(new ClusterConnections(), "admin", Engines.variable("SLIPWAY_IT_KUBECONFIG"))
                .client();
    }

    /**
     * A Slipway that deploys to it, by the name {@code real}, with Slipway's own account, from the real registry.
     *
     * @param settings put over these
     */
    public static RunningSlipway running(Path data, String... settings) {
        return RunningSlipway.start(
                data,
                Stream.concat(
                                Stream.of(
                                        "slipway.registry.address=" + Engines.variable("SLIPWAY_IT_REGISTRY"),
                                        "slipway.registry.insecure=true",
                                        "slipway.clusters[0].name=real",
                                        "slipway.clusters[0].kubeconfig=" + Engines.kubeconfig()),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    /** As Slipway itself; the caller closes it. */
    public static KubernetesClient slipway() {
        return slipways(new ClusterConnections()).client();
    }

    /** As Slipway itself, with the rights that it has and no more; ends with the connections. */
    public static ClusterConnection slipways(ClusterConnections connections) {
        return connected(connections, "real", Engines.kubeconfig());
    }

    private static ClusterConnection connected(ClusterConnections connections, String name, String kubeconfig) {
        return connections.add(new ClusterSettings(name, Path.of(kubeconfig), null, null));
    }
}
