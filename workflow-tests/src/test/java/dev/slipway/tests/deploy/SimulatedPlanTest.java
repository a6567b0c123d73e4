package dev.slipway.tests.deploy;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("planning on the simulated cluster")
class SimulatedPlanTest extends PlanContract {
    @TempDir
    static Path folder;

    private static SimulatedCluster simulated;
    private static ClusterConnections clusters;

    @BeforeAll
    static void start() throws IOException {
        simulated = SimulatedCluster.start(folder, 0);
        clusters = new ClusterConnections();
        clusters.add("simulated", simulated.clientConfig(), true, null);
    }

    @AfterAll
    static void stop() {
        clusters.close();
        simulated.close();
    }

    @Override
    ClusterConnection connect() {
        return clusters.byName("simulated");
    }

    @Override
    KubernetesClient admin() {
        return connect().client();
    }

    @Override
    ClusterConnection without(String namespace, String right) {
        admin().resource(access(right)).create();
        return connect();
    }

    @Override
    void grant(String role) {
        allow();
    }

    @AfterEach
    void allow() {
        admin().resource(access("")).delete();
    }

    private static ConfigMap access(String denied) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("simulation-access")
                .endMetadata()
                .addToData("denied", denied)
                .build();
    }

    /** Nothing is kept out there: no container runs. */
    @Override
    @Nullable
    Boolean admits(Pod pod) {
        return null;
    }

    @Override
    String image() {
        return "registry.example/busybox:1";
    }
}
