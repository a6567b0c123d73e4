package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterWatch;
import dev.slipway.activities.kubernetes.ClusterWriter;
import dev.slipway.activities.kubernetes.StatusRoom;
import dev.slipway.activities.kubernetes.render.RenderInput;
import dev.slipway.activities.kubernetes.render.Renderer;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.ServerVersion;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.application.ApplicationCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSilenceDeployEngineTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "a cluster that falls silent has unknown components within ten seconds, and known ones when it is back")
    void tellsSilence() throws IOException {
        AtomicReference<ComponentState> last = new AtomicReference<>();
        StatusRoom.Listener listener = new StatusRoom.Listener() {
            @Override
            public void changed(ComponentState state) {
                last.set(state);
            }

            @Override
            public void removed(String environmentId, String component) {
                last.set(null);
            }
        };
        try (ClusterConnections clusters = new ClusterConnections()) {
            SimulatedCluster simulated = SimulatedCluster.start(folder, 0);
            int port = URI.create(simulated.url()).getPort();
            ClusterConnection cluster = clusters.add("simulated", simulated.clientConfig(), true, null);
            try (ClusterWatch watch = new ClusterWatch(cluster, "test");
                    StatusRoom room = new StatusRoom(cluster, watch, listener)) {
                watch.start();
                Rendering rendering = render();
                ClusterWriter writer = new ClusterWriter(cluster);
                rendering.objects().forEach(object -> writer.apply(object, field -> true));
                await().until(() -> state(last) == State.HEALTHY);

                simulated.close();
                await().atMost(Duration.ofSeconds(60)).until(() -> state(last) == State.UNKNOWN);
                Instant known = last.get().known();
                assertThat(known).as("when it was heard last").isNotNull();
                assertThat(last.get().since())
                        .as("told within ten seconds")
                        .isBetween(known.plusSeconds(5), known.plusSeconds(10));
                assertThat(last.get().reason()).isEqualTo("SLP-K8S-UNREACHABLE simulated");

                try (SimulatedCluster back = SimulatedCluster.start(folder, port)) {
                    await().atMost(Duration.ofSeconds(30)).until(() -> state(last) == State.HEALTHY);
                    assertThat(last.get().known()).isNull();
                }
            }
        }
    }

    private static State state(AtomicReference<ComponentState> last) {
        ComponentState state = last.get();
        return state == null ? null : state.state();
    }

    private static Rendering render() {
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: shop}
                spec:
                  components:
                    - {name: web, kind: service, source: {image: registry.example/web}}
                """;
        return Renderer.render(new RenderInput(
                ApplicationCheck.read(document).orElseThrow(),
                "silent",
                "dev",
                "silent-dev",
                "test",
                Map.of("web", "registry.example/web:1"),
                Map.of(),
                Map.of(),
                List.of(),
                Secret.of("key"),
                new ServerVersion(1, 34)));
    }
}
