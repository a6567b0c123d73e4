package dev.slipway.tests.deploy;

import static dev.slipway.tests.support.SlipwayProcess.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.Ids;
import dev.slipway.tests.environment.TemporalNamespace;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.TestRepository;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerfileCrashIT {
    private static final int LINES = 25;

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "a build outlives its worker: the next one goes on with the same Job, and its log has no gap and nothing twice")
    void outlives() {
        String temporal = Engines.variable("SLIPWAY_IT_TEMPORAL");
        String registry = Engines.variable("SLIPWAY_IT_REGISTRY");
        String name = "outlives-" + Ids.next().substring(9);
        String builds = name + "-builds";
        try (TemporalNamespace namespace = TemporalNamespace.register(temporal);
                TestRepository source = TestRepository.create(data.resolve("source"));
                KubernetesClient cluster = RealCluster.admin()) {
            source.write("slipway.yaml", """
                            apiVersion: slipway.dev/v1
                            kind: Application
                            metadata: {name: %s}
                            spec:
                              components:
                                - name: web
                                  source: {git: .}
                                  security: {runAsUser: 1000}
                            """.formatted(name))
                    .write("Dockerfile", """
                            FROM %s
                            RUN for i in $(seq 1 %d); do echo line $i; sleep 1; done
                            CMD ["sleep", "100000"]
                            """.formatted(Engines.ownImage("SLIPWAY_IT_BASE_IMAGE"), LINES))
                    .commit("Takes its time");
            SlipwayProcess.Start start = SlipwayProcess.in(data.resolve("slipway"))
                    .set("slipway.demo", "false")
                    .set("slipway.git.local-folders", data.toString())
                    .set("slipway.registry.address", registry)
                    .set("slipway.registry.insecure", "true")
                    .set("slipway.builds.image", Engines.ownImage("SLIPWAY_IT_KANIKO_IMAGE"))
                    .set("slipway.builds.flavour", "google")
                    .set("slipway.builds.namespace", builds)
                    .set("slipway.temporal.target", temporal)
                    .set("slipway.temporal.namespace", namespace.name())
                    .set("slipway.clusters[0].name", "real")
                    .set("slipway.clusters[0].kubeconfig", Engines.kubeconfig());
            try {
                String run = crash(start, source, name);
                List<Job> jobs =
                        cluster.batch().v1().jobs().inNamespace(builds).list().getItems();
                assertThat(jobs).hasSize(1);
                try (SlipwayProcess again = start.start()) {
                    JsonNode end = await().atMost(Duration.ofMinutes(4))
                            .pollInterval(Duration.ofMillis(500))
                            .until(
                                    () -> json(again.get(run)),
                                    answer -> answer.path("state").asText().equals("finished"));
                    assertThat(end.path("outcome").asText())
                            .as("%s %s", end, again.lines(run))
                            .isEqualTo("succeeded");
                    assertThat(again.lines(run).stream().filter(line -> line.startsWith("line ")))
                            .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES)
                                    .mapToObj(number -> "line " + number)
                                    .toList());
                    assertThat(again.lines(run))
                            .contains("going on with Job " + builds + "/"
                                    + jobs.get(0).getMetadata().getName());
                    BuildSite.nothingIsLeft(
                            cluster,
                            new RegistryClient(new RegistrySettings("lab", registry, true, null, null)),
                            name,
                            builds,
                            again.lines(run));
                }
            } finally {
                cluster.namespaces().withName(name).delete();
                cluster.namespaces().withName(builds).delete();
            }
        }
    }

    /** Starts the run and kills Slipway while the build speaks; the run's address. */
    private static String crash(SlipwayProcess.Start start, TestRepository source, String name) {
        try (SlipwayProcess slipway = start.start()) {
            json(slipway.post(
                    "/api/v1/applications", "{\"git\":{\"url\":\"" + source.url() + "\",\"branch\":\"main\"}}"));
            json(slipway.post(
                    "/api/v1/environments",
                    "{\"name\":\"" + name + "\",\"application\":\"" + name + "\",\"cluster\":\"real\"}"));
            JsonNode accepted =
                    json(slipway.post("/api/v1/environments/" + name + "/runs", "{\"operation\":\"deploy\"}"));
            String run = "/api/v1/runs/" + accepted.path("id").asText();
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> slipway.lines(run).contains("line 5"));
            slipway.kill();
            return run;
        }
    }
}
