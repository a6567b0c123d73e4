package dev.slipway.tests.bench;

import static org.awaitility.Awaitility.await;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterWatch;
import dev.slipway.activities.kubernetes.StatusRoom;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusBench {
    private static final int ENVIRONMENTS = 200;
    private static final int COMPONENTS = 10;
    private static final int CHANGES = 100;
    private static final String INSTANCE = "bench";

    @TempDir
    private Path data;

    /** When each component was told stopped last, by {@link System#nanoTime}. */
    private final Map<String, Long> stopped = new ConcurrentHashMap<>();

    private final Map<String, State> states = new ConcurrentHashMap<>();

    @Test
    @DisplayName("status: 200 environments of 10 components: memory, from the cluster's write to the told state, idle")
    void status() throws Exception {
        Bench bench = Bench.named("status")
                .aim("eventToStateP95Ms", "<= 500")
                .aim("idleRequestsPerMinute", "near 0 beside 30 for the pulse, whatever runs");
        try (SimulatedCluster simulated = SimulatedCluster.start(data, 0);
                ClusterConnections clusters = new ClusterConnections()) {
            ClusterConnection cluster = clusters.add("simulated", simulated.clientConfig(), true, null);
            fill(cluster.client());
            long before = used();
            try (ClusterWatch watch = new ClusterWatch(cluster, INSTANCE);
                    StatusRoom room = new StatusRoom(cluster, watch, listener())) {
                watch.start();
                await().atMost(Duration.ofMinutes(5)).until(this::allHealthy);
                bench.metric("memoryMiB", (used() - before) / 1048576.0);

                long requests = simulated.requests();
                TimeUnit.SECONDS.sleep(30);
                bench.metric("idleRequestsPerMinute", (simulated.requests() - requests) * 2);

                List<Long> latencies = new ArrayList<>();
                for (int i = 0; i < CHANGES; i++) {
                    latencies.add(stop(cluster.client(), i));
                }
                latencies.sort(null);
                bench.metric("eventToStateP50Ms", latencies.get(CHANGES / 2) / 1e6)
                        .metric("eventToStateP95Ms", latencies.get(CHANGES * 95 / 100) / 1e6)
                        .report();
            }
        }
    }

    private boolean allHealthy() {
        return states.size() == ENVIRONMENTS * COMPONENTS
                && states.values().stream().allMatch(state -> state == State.HEALTHY);
    }

    /** From the answer to the write until the listener knows: the controller's own work is in it. */
    private long stop(KubernetesClient client, int number) {
        String environment = "e" + number % ENVIRONMENTS;
        String component = "c" + number % COMPONENTS;
        client.apps()
                .deployments()
                .inNamespace(environment)
                .withName(component)
                .edit(deployment -> new DeploymentBuilder(deployment)
                        .editSpec()
                        .withReplicas(0)
                        .endSpec()
                        .build());
        long written = System.nanoTime();
        String key = environment + "/" + component;
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30))
                .until(() -> stopped.containsKey(key));
        return Math.max(0, stopped.get(key) - written);
    }

    private StatusRoom.Listener listener() {
        return new StatusRoom.Listener() {
            @Override
            public void changed(ComponentState state) {
                String key = state.environmentId() + "/" + state.component();
                states.put(key, state.state());
                if (state.state() == State.STOPPED) {
                    stopped.put(key, System.nanoTime());
                }
            }

            @Override
            public void removed(String environmentId, String component) {
                states.remove(environmentId + "/" + component);
            }
        };
    }

    private static void fill(KubernetesClient client) {
        for (int e = 0; e < ENVIRONMENTS; e++) {
            String environment = "e" + e;
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(environment)
                            .endMetadata()
                            .build())
                    .create();
            for (int c = 0; c < COMPONENTS; c++) {
                client.resource(deployment(environment, "c" + c)).create();
            }
        }
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> client.pods().inAnyNamespace().list().getItems().size() >= ENVIRONMENTS * COMPONENTS);
    }

    private static Deployment deployment(String environment, String component) {
        Map<String, String> labels = Map.of(
                "slipway.dev/instance", INSTANCE,
                "slipway.dev/environment", environment,
                "slipway.dev/component", component,
                "slipway.dev/kind", "service");
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(component)
                .withNamespace(environment)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .withMatchLabels(Map.of("slipway.dev/component", component))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(component)
                .withImage("registry.example/" + component + ":1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
