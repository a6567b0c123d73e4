package dev.slipway.tests.kubernetes;

import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the simulated cluster keeps the Kubernetes contract")
class SimulatedKubernetesContractTest extends KubernetesContract {
    @TempDir
    static Path folder;

    private static SimulatedCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        cluster = SimulatedCluster.start(folder, 0);
        client =
                new KubernetesClientBuilder().withConfig(cluster.clientConfig()).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        cluster.close();
    }

    @Override
    KubernetesClient client() {
        return client;
    }

    @Override
    String image() {
        return "registry.example/busybox:1";
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(15);
    }
}
