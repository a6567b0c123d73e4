package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Sight;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildBench {
    private static final int ROUNDS = 11;
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: again}
            spec:
              components:
                - name: web
                  source:
                    git: .
                    build: {builder: jib, base: "slipway.registry/base/shell:1", layout: {/srv: big, /etc/web: small}, entrypoint: [sh]}
                  security: {runAsUser: 1000}
            """;

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "secondBuild: an unchanged tree once more, from its start to its end in the engine of this process; then one changed file")
    void secondBuild() throws Exception {
        Bench bench = Bench.named("secondBuild")
                .aim("unchangedMilliseconds", "<= 300")
                .aim("unchangedPushedBytes", "0")
                .aim("oneFilePushedBytes", "<= 10000");
        try (TestRepository source = TestRepository.create(data.resolve("source"));
                RunningSlipway slipway = RunningSlipway.start(
                        data.resolve("slipway"), "slipway.demo=true", "slipway.git.local-folders=" + data)) {
            for (int i = 0; i < 200; i++) {
                source.write("big/" + i + ".txt", ("file " + i + " ").repeat(15_000));
            }
            source.write("small/web.conf", "port = 80");
            source.write("slipway.yaml", DOCUMENT).commit("A document");
            StoredEnvironment environment = slipway.environment(
                    DOCUMENT,
                    new GitOrigin(source.url(), "main", "slipway.yaml"),
                    "again",
                    EmbeddedEngines.SIMULATED_CLUSTER);
            BuildStore builds = slipway.get(BuildStore.class);
            Scope build = Scope.whole(Operation.BUILD);
            assertThat(slipway.run(environment, build).outcome()).isEqualTo(Outcome.SUCCEEDED);
            bench.metric("firstPushedBytes", pushed(builds));

            double[] took = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                StoredRun again = slipway.run(environment, build);
                assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
                took[round] =
                        Duration.between(again.acceptedAt(), again.endedAt()).toNanos() / 1e6;
            }
            assertThat(all(builds)).as("none was built").hasSize(1);
            bench.metric(
                            "unchangedMilliseconds",
                            DoubleStream.of(took)
                                    .sorted()
                                    .skip(ROUNDS / 2)
                                    .findFirst()
                                    .orElseThrow())
                    .metric("unchangedPushedBytes", 0);

            source.write("small/web.conf", "port = 81").commit("Another port");
            assertThat(slipway.run(environment, build).outcome()).isEqualTo(Outcome.SUCCEEDED);
            bench.metric("oneFilePushedBytes", pushed(builds)).report();
        }
    }

    private static double pushed(BuildStore builds) {
        Long bytes = all(builds).get(0).pushedBytes();
        return bytes == null ? -1 : bytes;
    }

    private static List<Build> all(BuildStore builds) {
        return builds.list(Sight.EVERYTHING, "again", null, null, Long.MAX_VALUE, 10);
    }
}
