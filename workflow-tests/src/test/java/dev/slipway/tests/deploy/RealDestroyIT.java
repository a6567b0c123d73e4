package dev.slipway.tests.deploy;

import dev.slipway.activities.store.Ids;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("destroying an environment of a real cluster")
class RealDestroyIT extends DestroyContract {
    @TempDir
    static Path data;

    private static final Queue<String> NAMESPACES = new ConcurrentLinkedQueue<>();
    private static RunningSlipway slipway;
    private static KubernetesClient cluster;
    private static String image;

    @BeforeAll
    static void start() {
        image = Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
        cluster = RealCluster.admin();
        slipway = RealCluster.running(data);
    }

    @AfterAll
    static void stop() {
        if (slipway != null) {
            slipway.close();
        }
        if (cluster != null) {
            NAMESPACES.forEach(name -> cluster.namespaces().withName(name).delete());
            cluster.close();
        }
    }

    @Override
    RunningSlipway slipway() {
        return slipway;
    }

    @Override
    KubernetesClient cluster() {
        return cluster;
    }

    @Override
    String clusterName() {
        return "real";
    }

    @Override
    String image() {
        return image;
    }

    @Override
    String name(String word) {
        String name = word + "-" + Ids.next().substring(9);
        NAMESPACES.add(name);
        return name;
    }
}
