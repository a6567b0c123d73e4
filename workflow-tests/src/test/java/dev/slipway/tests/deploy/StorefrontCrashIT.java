package dev.slipway.tests.deploy;

import static dev.slipway.tests.support.SlipwayProcess.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.Ids;
import dev.slipway.tests.environment.TemporalNamespace;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.Storefront;
import dev.slipway.tests.support.TestRepository;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorefrontCrashIT {

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "on a real Temporal and a real cluster: killed in mid-run, the run finishes; each image is pushed once, nothing applied twice")
    void survives() {
        String temporal = Engines.variable("SLIPWAY_IT_TEMPORAL");
        String registry = Engines.variable("SLIPWAY_IT_REGISTRY");
        Storefront.baseImages(
                registry, Engines.variable("SLIPWAY_IT_BASE_IMAGE"), Engines.variable("SLIPWAY_IT_POSTGRES_IMAGE"));
        String name = "crash-" + Ids.next().substring(9);
        try (TemporalNamespace namespace = TemporalNamespace.register(temporal);
                TestRepository repository = Storefront.repository(data.resolve("source"));
                KubernetesClient cluster = RealCluster.admin()) {
            // A file of its own in every component: no other test has built these images before.
            List.of("web/site", "catalog/site", "orders/app", "payments/site", "cache/site", "migrate/sql")
                    .forEach(folder -> repository.write("services/" + folder + "/" + name + ".txt", name));
            repository.commit("Only here");
            SlipwayProcess.Start start = SlipwayProcess.in(data.resolve("slipway"))
                    .set("slipway.demo", "false")
                    .set("slipway.git.local-folders", data.toString())
                    .set("slipway.registry.address", registry)
                    .set("slipway.registry.insecure", "true")
                    .set("slipway.temporal.target", temporal)
                    .set("slipway.temporal.namespace", namespace.name())
                    .set("slipway.clusters[0].name", "real")
                    .set("slipway.clusters[0].kubeconfig", Engines.kubeconfig());
            try {
                String run = crash(start, repository, name);
                try (SlipwayProcess again = start.start()) {
                    JsonNode end = await().atMost(Duration.ofMinutes(4))
                            .pollInterval(Duration.ofMillis(500))
                            .until(() -> json(again.get(run)), answer -> state(answer, "finished"));
                    assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("succeeded");
                    assertThat(again.lines(run))
                            .filteredOn(line -> line.startsWith("pushed sha256:") && !line.contains("bytes"))
                            .hasSize(6)
                            .doesNotHaveDuplicates();
                }
                cluster.apps()
                        .deployments()
                        .inNamespace(name)
                        .list()
                        .getItems()
                        .forEach(deployment -> assertThat(
                                        deployment.getMetadata().getGeneration())
                                .as(deployment.getMetadata().getName())
                                .isEqualTo(1));
                assertThat(cluster.batch().v1().jobs().inNamespace(name).list().getItems())
                        .hasSize(1);
            } finally {
                cluster.namespaces().withName(name).delete();
            }
        }
    }

    /** Starts the run and kills Slipway while a component is being waited for; the run's address. */
    private static String crash(SlipwayProcess.Start start, TestRepository repository, String name) {
        try (SlipwayProcess slipway = start.start()) {
            json(slipway.post(
                    "/api/v1/applications", "{\"git\":{\"url\":\"" + repository.url() + "\",\"branch\":\"main\"}}"));
            json(slipway.post(
                    "/api/v1/environments",
                    "{\"name\":\"" + name + "\",\"application\":\"storefront\",\"cluster\":\"real\"}"));
            JsonNode accepted =
                    json(slipway.post("/api/v1/environments/" + name + "/runs", "{\"operation\":\"deploy\"}"));
            String run = "/api/v1/runs/" + accepted.path("id").asText();
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> json(slipway.get(run)).path("steps"), StorefrontCrashIT::builtAndDeploying);
            slipway.kill();
            return run;
        }
    }

    /** Every image is pushed and said to be, and a component is waited for. */
    private static boolean builtAndDeploying(JsonNode steps) {
        boolean deploying = false;
        for (JsonNode step : steps) {
            String state = step.path("state").asText();
            if (step.path("kind").asText().equals("build") && !state.equals("done")) {
                return false;
            }
            deploying |= step.path("kind").asText().equals("deploy") && state.equals("running");
        }
        return deploying;
    }

    private static boolean state(JsonNode run, String state) {
        return run.path("state").asText().equals(state);
    }
}
