package dev.slipway.tests.deploy;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.EmbeddedEngines;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("runs with raw objects on the simulated cluster")
class SimulatedManifestRunTest extends ManifestRunContract {
    @TempDir
    static Path data;

    private static RunningSlipway running;
    private static KubernetesClient administrator;

    @BeforeAll
    static void start() {
        running = RunningSlipway.start(data);
        administrator = running.simulatedCluster();
    }

    @AfterAll
    static void stop() {
        administrator.close();
        running.close();
    }

    @Override
    RunningSlipway slipway() {
        return running;
    }

    @Override
    KubernetesClient cluster() {
        return administrator;
    }

    @Override
    String clusterName() {
        return EmbeddedEngines.SIMULATED_CLUSTER;
    }

    @Override
    String image() {
        return "registry.example/any@sha256:" + "0".repeat(64);
    }

    @Override
    void admit(StoredEnvironment environment) {}
}
