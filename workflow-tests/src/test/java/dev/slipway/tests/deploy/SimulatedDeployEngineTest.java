package dev.slipway.tests.deploy;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("deploying to the simulated cluster")
class SimulatedDeployEngineTest extends DeployEngineContract {
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
    void grant(String role) {
        throw new AssertionError("nothing is forbidden here: " + role);
    }

    @Override
    String image() {
        return "registry.example/busybox:1";
    }

    @Override
    String missingImage() {
        return "registry.example/none:1";
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(60);
    }
}
