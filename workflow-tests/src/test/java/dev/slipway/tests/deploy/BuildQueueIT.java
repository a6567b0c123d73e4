package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.BuildStore.State;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds on the real cluster that wait for a place, or for one another. */
class BuildQueueIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path data;

    private BuildSite site;

    @BeforeEach
    void start() {
        site = new BuildSite(data, "slipway.builds.at-once=1");
    }

    @AfterEach
    void tidy() {
        site.close();
    }

    @Test
    @DisplayName("a build without a place says so as what keeps its step, and no longer when it has one")
    void waits() {
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + "\nARG N\nRUN echo $N && sleep 6\n");
        StoredEnvironment environment = site.environmentOf("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - {name: web, source: {git: ., build: {args: {N: "1"}}}}
                    - {name: worker, source: {git: ., build: {args: {N: "2"}}}}
                """.formatted(site.name()));
        StepLog log = site.slipway().get(StepLog.class);
        StoredRun run = site.slipway().start(environment, Scope.whole(Operation.BUILD));

        await().atMost(LONG).until(() -> !log.obstacles(run.id()).isEmpty());

        Map<String, Problem> obstacles = log.obstacles(run.id());
        assertThat(obstacles).hasSize(1);
        assertThat(obstacles.values()).allSatisfy(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.BUILD_QUEUED);
            assertThat(problem.arguments()).containsEntry("running", "1").containsEntry("before", "0");
        });
        StoredRun end = site.finished(run);
        assertThat(end.outcome()).as("%s %s", end.progress(), site.log(end)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(log.obstacles(run.id())).isEmpty();
    }

    @Test
    @DisplayName(
            "a deploy joins the build that runs already, keeps it when that run is cancelled, and is the last to end it")
    void joins() {
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + "\nRUN echo here I am && sleep 600\n");
        StoredEnvironment environment = site.environment("{}");
        BuildStore builds = site.slipway().get(BuildStore.class);
        Runs runs = site.slipway().get(Runs.class);
        StoredRun first = site.slipway().start(environment, Scope.whole(Operation.BUILD));
        await().atMost(LONG).until(() -> site.log(first).contains("here I am"));
        StoredRun deploy = site.slipway().start(environment);
        await().atMost(LONG).until(() -> site.log(deploy).stream().anyMatch(line -> line.startsWith("going on with ")));

        runs.cancel(first.id());

        StoredRun stopped = site.slipway().finished(first.id(), Duration.ofSeconds(5));
        assertThat(stopped.outcome()).isEqualTo(Outcome.CANCELLED);
        Build build = builds.ofRun(deploy.id()).get(0).build();
        assertThat(build.id()).isEqualTo(builds.ofRun(first.id()).get(0).build().id());
        assertThat(build.state()).isEqualTo(State.RUNNING);
        assertThat(build.job()).isEqualTo(site.jobs().get(0).getMetadata().getName());
        assertThat(site.log(deploy)).as("the log of the build that it joined").contains("here I am");
        runs.cancel(deploy.id());
        await().atMost(Duration.ofSeconds(5)).until(() -> site.jobs().isEmpty());
        assertThat(site.finished(deploy).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(builds.byId(build.id()).state()).isEqualTo(State.CANCELLED);
        assertThat(site.log(deploy)).as("compressed by now").contains("here I am");
    }
}
