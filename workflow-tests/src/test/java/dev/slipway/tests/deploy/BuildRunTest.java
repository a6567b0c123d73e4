package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("runs that build")
class BuildRunTest {
    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway =
                RunningSlipway.start(data.resolve("slipway"), "slipway.demo=true", "slipway.git.local-folders=" + data);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("components of one source at the same moment are one build, and all run its image")
    void shares() {
        try (TestRepository source = TestRepository.create(data.resolve("shared"))) {
            // It takes a moment, so that the others meet the first.
            source.write("site/index.html", "words ".repeat(1_000_000));
            StoredEnvironment environment = environment(
                    source,
                    "shared",
                    "{builder: jib, base: \"slipway.registry/base/shell:1\", layout: {/srv: site}, entrypoint: [sh]}",
                    "a",
                    "b",
                    "c",
                    "d");

            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            List<PlannedImage> images = List.copyOf(
                    slipway.get(PlanStore.class).images(run.id()).images().values());
            assertThat(images).hasSize(4);
            assertThat(images)
                    .extracting(PlannedImage::digest)
                    .containsOnly(images.get(0).digest());
            assertThat(images)
                    .extracting(PlannedImage::repository)
                    .containsOnly(images.get(0).repository());
        }
    }

    @Test
    @DisplayName("a Dockerfile is refused where nothing can build it, with what to configure, and never faked")
    void refusesDockerfiles() {
        try (TestRepository source = TestRepository.create(data.resolve("docker"))) {
            source.write("Dockerfile", "FROM slipway.registry/base/shell:1\nRUN true\n");
            StoredEnvironment environment = environment(source, "docker", "{}", "a");

            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
            assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ProblemCode.BUILD_SIMULATED);
                assertThat(problem.where()).isEqualTo("component a");
            });
        }
    }

    private static StoredEnvironment environment(
            TestRepository source, String name, String build, String... components) {
        StringBuilder document = new StringBuilder("apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: "
                + name + "}\nspec:\n  components:\n");
        for (String component : components) {
            document.append("    - {name: ")
                    .append(component)
                    .append(", source: {git: ., build: ")
                    .append(build)
                    .append("}, security: {runAsUser: 1000}}\n");
        }
        source.write("slipway.yaml", document.toString()).commit("A document");
        return slipway.environment(
                document.toString(),
                new GitOrigin(source.url(), "main", "slipway.yaml"),
                name,
                EmbeddedEngines.SIMULATED_CLUSTER);
    }
}
