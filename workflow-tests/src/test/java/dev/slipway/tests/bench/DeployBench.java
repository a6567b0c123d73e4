package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.bench.Documents.Node;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployBench {
    private static final int CHAIN = 20;
    private static final int READY = 200;

    @TempDir
    private Path data;

    @Test
    @DisplayName("chain: what an edge costs beyond readiness itself")
    void chain() throws Exception {
        Bench bench = Bench.named("chain").aim("inProcess.perEdgeMs", "<= 60");
        bench.metric("inProcess.perEdgeMs", perEdge("none", "in-process"));
        String cli = System.getenv("SLIPWAY_IT_TEMPORAL_CLI");
        if (cli != null) {
            bench.metric("devServer.perEdgeMs", perEdge(cli, "dev-server"));
        }
        bench.report();
    }

    /** The second of two deploys, so that a cold JVM is not measured. */
    private double perEdge(String cli, String folder) {
        List<Node> nodes = Documents.chain(CHAIN, READY);
        try (RunningSlipway slipway =
                RunningSlipway.start(data.resolve(folder), "slipway.demo=true", "slipway.temporal.cli=" + cli)) {
            double milliseconds = 0;
            for (String name : List.of("warm-up", "measured")) {
                StoredRun run = deploy(slipway, slipway.environment(Documents.document(name, nodes), name));
                milliseconds = (double) (makespan(run) - CHAIN * READY) / CHAIN;
            }
            return milliseconds;
        }
    }

    @Test
    @DisplayName("graph: makespan beside the critical path of readiness")
    void graph() throws Exception {
        Bench bench = Bench.named("graph").aim("ratio", "<= 1.05");
        List<Node> nodes = Documents.layers(50, 8, 20261123);
        try (RunningSlipway slipway = RunningSlipway.start(data, "slipway.demo=true")) {
            deploy(slipway, slipway.environment(Documents.document("warm-up", Documents.chain(5, 50)), "warm-up"));
            StoredRun run = deploy(slipway, slipway.environment(Documents.document("graph", nodes), "graph"));
            double critical = Documents.criticalPath(nodes) / 1000.0;
            double makespan = makespan(run) / 1000.0;
            bench.metric("makespanSeconds", makespan)
                    .metric("criticalPathSeconds", critical)
                    .metric("ratio", makespan / critical)
                    .metric("wholeRunSeconds", whole(run).toMillis() / 1000.0)
                    .report();
        }
    }

    @Test
    @DisplayName("noop: a deploy of 200 unchanged components")
    void noop() throws Exception {
        Bench bench = Bench.named("noop").aim("seconds", "<= 2").aim("objectsWritten", "0");
        try (RunningSlipway slipway = RunningSlipway.start(data, "slipway.demo=true");
                KubernetesClient client = slipway.simulatedCluster()) {
            StoredEnvironment environment =
                    slipway.environment(Documents.document("many", Documents.independent(200)), "many");
            StoredRun first = deploy(slipway, environment);
            List<String> before = versions(client);
            long requests = slipway.get(EmbeddedEngines.class).cluster().requests();

            StoredRun again = slipway.deploy(environment);

            long asked = slipway.get(EmbeddedEngines.class).cluster().requests() - requests;
            assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
            List<String> after = versions(client);
            after.removeAll(before);
            bench.metric("seconds", whole(again).toMillis() / 1000.0)
                    .metric("apiCalls", asked)
                    .metric("objectsWritten", after.size())
                    .metric("firstDeploySeconds", whole(first).toMillis() / 1000.0)
                    .report();
        }
    }

    @Test
    @DisplayName("thousand: the most components that a document may have, from nothing and unchanged")
    void thousand() throws Exception {
        Bench bench = Bench.named("thousand");
        try (RunningSlipway slipway = RunningSlipway.start(data, "slipway.demo=true")) {
            StoredEnvironment environment =
                    slipway.environment(Documents.document("thousand", Documents.independent(1_000)), "thousand");
            StoredRun first = deploy(slipway, environment);
            StoredRun again = slipway.deploy(environment);
            assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
            bench.metric("firstDeploySeconds", whole(first).toMillis() / 1000.0)
                    .metric("unchangedSeconds", whole(again).toMillis() / 1000.0)
                    .report();
        }
    }

    private static List<String> versions(KubernetesClient client) {
        return java.util.stream.Stream.of(
                        client.apps().deployments().inNamespace("many").list().getItems(),
                        client.services().inNamespace("many").list().getItems(),
                        client.configMaps().inNamespace("many").list().getItems(),
                        client.pods().inNamespace("many").list().getItems())
                .flatMap(List::stream)
                .map(object -> object.getMetadata().getUid() + "@"
                        + object.getMetadata().getResourceVersion())
                .collect(Collectors.toList());
    }

    private static StoredRun deploy(RunningSlipway slipway, StoredEnvironment environment) {
        StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(5));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return run;
    }

    /** From the first component's step to the end of the last, in milliseconds. */
    private static long makespan(StoredRun run) {
        List<StepView> deploys = run.progress().steps().stream()
                .filter(step -> step.kind() == StepKind.DEPLOY)
                .toList();
        return deploys.stream().mapToLong(StepView::endedAt).max().orElseThrow()
                - deploys.stream().mapToLong(StepView::startedAt).min().orElseThrow();
    }

    /** From acceptance to the recorded end. */
    private static Duration whole(StoredRun run) {
        return Duration.between(run.acceptedAt(), run.endedAt());
    }
}
