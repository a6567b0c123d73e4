package dev.slipway.tests.kubernetes;

import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

/** As administrator: it is about what the simulated cluster has to do like a real one, and not about Slipway's rights. */
@DisplayName("a real cluster keeps the Kubernetes contract")
class RealKubernetesContractIT extends KubernetesContract {
    private static KubernetesClient client;
    private static String image;

    @BeforeAll
    static void connect() {
        image = Engines.variable("SLIPWAY_IT_BASE_IMAGE");
        client = RealCluster.admin();
    }

    @AfterAll
    static void disconnect() {
        if (client != null) {
            client.close();
        }
    }

    @Override
    KubernetesClient client() {
        return client;
    }

    @Override
    String image() {
        return image;
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(60);
    }
}
