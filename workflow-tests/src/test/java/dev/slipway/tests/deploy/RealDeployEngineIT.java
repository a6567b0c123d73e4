package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("deploying to a real cluster")
class RealDeployEngineIT extends DeployEngineContract {
    private static final ClusterConnections CLUSTERS = new ClusterConnections();
    private static String image;

    @BeforeAll
    static void connectFirst() {
        String kubeconfig = required("SLIPWAY_IT_KUBECONFIG", "the path of a kubeconfig");
        image = required("SLIPWAY_IT_BASE_IMAGE", "a busybox image the cluster can pull");
        CLUSTERS.add(new ClusterSettings("real", Path.of(kubeconfig), null, null));
    }

    @AfterAll
    static void disconnect() {
        CLUSTERS.close();
    }

    private static String required(String variable, String meaning) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            String message = "set " + variable + " to " + meaning + " to run this test";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            assumeTrue(false, message);
            return "";
        }
        return value;
    }

    @Override
    ClusterConnection connect() {
        return CLUSTERS.byName("real");
    }

    @Override
    String image() {
        return image;
    }

    @Override
    String missingImage() {
        return image.substring(0, image.lastIndexOf('/')) + "/none:1";
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(60);
    }
}
