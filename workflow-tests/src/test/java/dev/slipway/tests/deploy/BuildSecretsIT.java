package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.Engines;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Build secrets on the real cluster. */
class BuildSecretsIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "an instruction mounts a secret, nobody else sees its value; another value is another build, the same is none")
    void mounted() {
        String fork = System.getenv("SLIPWAY_IT_KANIKO_FORK_IMAGE");
        Assumptions.assumeTrue(
                fork != null, "set SLIPWAY_IT_KANIKO_FORK_IMAGE to an image of the fork in the lab's registry");
        try (BuildSite site = new BuildSite(
                data,
                "slipway.builds.image=" + ImageReference.OWN_REGISTRY + fork.substring(fork.indexOf('/')),
                "slipway.builds.flavour=osscontainertools")) {
            StoredEnvironment environment = environment(site, "type: secret");
            ParameterStore parameters = site.slipway().get(ParameterStore.class);
            parameters.put(environment.id(), "token", Secret.of("first-secret"));

            StoredRun first = site.finished(environment);

            assertThat(first.outcome())
                    .as("%s %s", first.progress(), site.log(first))
                    .isEqualTo(Outcome.SUCCEEDED);
            assertThat(site.log(first)).contains("it is ***").noneMatch(line -> line.contains("first-secret"));
            site.nothingIsLeft(first);
            assertThat(site.finished(environment).outcome()).isEqualTo(Outcome.UNCHANGED);

            parameters.put(environment.id(), "token", Secret.of("second-secret"));
            StoredRun second = site.finished(environment);

            assertThat(second.outcome())
                    .as("%s %s", second.progress(), site.log(second))
                    .isNotEqualTo(Outcome.FAILED);
            assertThat(site.log(second)).anyMatch(line -> line.startsWith("building by "));
            site.nothingIsLeft(second);
        }
    }

    @Test
    @DisplayName("a preview makes no value up; the build does, and it is the version that the plan says")
    void generated() {
        // Whether its builder can do what its flavour says is of no interest here.
        try (BuildSite site = new BuildSite(data, "slipway.builds.flavour=osscontainertools")) {
            StoredEnvironment environment = environment(site, "type: secret, generate: 20");
            ParameterStore parameters = site.slipway().get(ParameterStore.class);
            // What tests begin with has its values already; what people make has none.
            site.slipway()
                    .get(JdbcClient.class)
                    .sql("delete from parameter_secret where environment_id = :environment")
                    .param("environment", environment.id())
                    .update();

            site.slipway().get(Runs.class).preview(environment.id(), Scope.whole(Operation.BUILD), OnConflict.STOP);

            assertThat(parameters.versions(environment.id())).doesNotContainKey("token");
            StoredRun run = site.finished(site.slipway().start(environment, Scope.whole(Operation.BUILD)));
            assertThat(site.log(run)).anyMatch(line -> line.startsWith("building by "));
            assertThat(parameters.versions(environment.id())).containsEntry("token", 1);
        }
    }

    @Test
    @DisplayName("a builder that cannot mount secrets is refused by the plan, with what to configure")
    void refused() {
        try (BuildSite site = new BuildSite(data)) {
            StoredEnvironment environment = environment(site, "type: secret");
            site.slipway().get(ParameterStore.class).put(environment.id(), "token", Secret.of("first-secret"));

            StoredRun run = site.finished(environment);

            assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(site.problems(run)).extracting(Problem::code).containsExactly(ProblemCode.BUILD_SECRETS);
            assertThat(site.problems(run).get(0).arguments())
                    .containsEntry("secrets", "token")
                    .containsEntry("image", Engines.ownImage("SLIPWAY_IT_KANIKO_IMAGE"));
        }
    }

    /** @param parameter as in the document: its type, and how it is generated */
    private static StoredEnvironment environment(BuildSite site, String parameter) {
        site.source().write("Dockerfile", """
                FROM %s
                RUN --mount=type=secret,id=token echo "it is $(cat /run/secrets/token)"
                USER 1000
                CMD ["sleep", "100000"]
                """.formatted(BuildSite.base()));
        return site.environmentOf("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  parameters: [{name: token, %s}]
                  components:
                    - name: web
                      source: {git: ., build: {secrets: [token]}}
                      security: {runAsUser: 1000}
                """.formatted(site.name(), parameter));
    }
}
