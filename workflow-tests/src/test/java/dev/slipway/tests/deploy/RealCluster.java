package dev.slipway.tests.deploy;

import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** A client of the real cluster, made the way Slipway makes its own. */
final class RealCluster {
    private RealCluster() {}

    static KubernetesClient client(String kubeconfig) {
        return new ClusterConnections()
                .add(new ClusterSettings("real", Path.of(kubeconfig), null, null))
                .client();
    }
}
