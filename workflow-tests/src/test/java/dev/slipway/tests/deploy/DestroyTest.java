package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("destroying an environment")
class DestroyTest extends DestroyContract {
    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static KubernetesClient cluster;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        cluster = slipway.simulatedCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        slipway.close();
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
        return EmbeddedEngines.SIMULATED_CLUSTER;
    }

    @Override
    String image() {
        return "registry.example/any@sha256:" + "0".repeat(64);
    }

    @Override
    String name(String word) {
        return word;
    }

    @Test
    @DisplayName("the API destroys by DELETE, and takes no other word for the volumes than keep and delete")
    void destroysOverTheApi() throws Exception {
        StoredEnvironment environment = deployed("api", "");

        assertThat(delete("/api/v1/environments/api?volumes=maybe").statusCode())
                .isEqualTo(400);
        HttpResponse<String> accepted = delete("/api/v1/environments/api");

        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String run = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(slipway.finished(run.substring(run.lastIndexOf('/') + 1), Duration.ofMinutes(1))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.get(EnvironmentStore.class).lives(environment.id())).isFalse();
        assertThat(delete("/api/v1/environments/api").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(slipway.url() + path)).DELETE());
    }
}
