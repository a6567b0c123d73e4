package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.FaultyProxy.Fate;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("faults before the simulated API server")
class ClusterFaultsTest extends ClusterFaultsContract {
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    private SimulatedCluster simulated;
    private KubernetesClient cluster;

    @Override
    FaultyProxy proxied() throws IOException {
        simulated = SimulatedCluster.start(data.resolve("cluster"), 0);
        cluster = new KubernetesClientBuilder()
                .withConfig(simulated.clientConfig())
                .build();
        return FaultyProxy.before(simulated.clientConfig());
    }

    @Override
    void disconnect() {
        cluster.close();
        simulated.close();
    }

    @Override
    KubernetesClient cluster() {
        return cluster;
    }

    @Override
    String token() {
        return "first";
    }

    @Override
    String renewed() {
        return "renewed";
    }

    /** The simulated one asks nobody who he is. */
    @Override
    Fate expired() {
        return Fate.UNAUTHORIZED;
    }

    @Override
    List<String> settings() {
        return List.of();
    }

    @Override
    String workload(Duration readyAfter) {
        return """
                source: {image: "%s"}
                env: {SIMULATION_READY_AFTER: %dms}
                """.formatted(IMAGE, readyAfter.toMillis());
    }

    @Override
    String crashing() {
        return """
                source: {image: "%s"}
                env: {SIMULATION_FAIL: "Exit:3"}
                """.formatted(IMAGE);
    }

    @Test
    @DisplayName("a namespace that has gone in mid-wait ends the run, and says so")
    void namespaceHasGone() {
        StoredEnvironment environment = environment("gone", Duration.ofMinutes(5));
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(30)).until(() -> deployment("web") != null);
        cluster.namespaces().withName(environment.namespace()).delete();

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.FAILED);
        assertThat(run.progress().steps())
                .filteredOn(step -> step.id().equals("deploy/web"))
                .extracting(step -> step.problem().code())
                .containsExactly(ProblemCode.KUBERNETES_NAMESPACE_GONE);
    }

    @Test
    @DisplayName(
            "two Slipways on one namespace: the second is refused in its plan, with the first's name, and writes nothing")
    void refusesTheSecond() throws Exception {
        StoredEnvironment environment = slipway.environment(
                document("contested", workload(Duration.ofMillis(50))), null, "contested", "faulty");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        String owner = cluster.namespaces()
                .withName("contested")
                .get()
                .getMetadata()
                .getAnnotations()
                .get("slipway.dev/owner");
        Deployment before = cluster.apps()
                .deployments()
                .inNamespace("contested")
                .withName("web")
                .get();
        try (RunningSlipway second = RunningSlipway.start(
                data.resolve("second"),
                "slipway.clusters[0].name=faulty",
                "slipway.clusters[0].kubeconfig=" + data.resolve("kubeconfig"))) {
            StoredRun run = second.deploy(second.environment(
                    document("contested", workload(Duration.ofMillis(77))), null, "contested", "faulty"));

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
            assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_NAMESPACE_NOT_OURS);
                assertThat(problem.arguments()).containsEntry("owner", owner);
            });
        }
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace("contested")
                        .withName("web")
                        .get())
                .isEqualTo(before);
    }

    @Test
    @DisplayName(
            "files of more than 1 MiB, once what they look up is filled in, are refused by the plan before any write")
    void refusesWhatIsTooBig() {
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: huge}
                spec:
                  parameters: [{name: text, type: string, default: "%s"}]
                  components:
                    - name: web
                      source: {image: "%s"}
                      files: [{path: /etc/big.txt, content: "${param.text}${param.text}${param.text}"}]
                """.formatted("x".repeat(400_000), IMAGE);
        StoredEnvironment environment = slipway.environment(document, null, "huge", "faulty");

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_OBJECT_TOO_BIG);
            assertThat(problem.arguments()).containsEntry("component", "web").containsEntry("bytes", "1200000");
            assertThat(problem.arguments().get("parts")).contains("big.txt");
        });
        assertThat(cluster.namespaces().withName("huge").get()).isNull();
    }
}
