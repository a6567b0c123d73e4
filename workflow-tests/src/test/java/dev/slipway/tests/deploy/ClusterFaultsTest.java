package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.FaultyProxy.Fate;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two Slipways, of which the first reaches the cluster through a proxy that misbehaves; the API server is the simulated one. */
class ClusterFaultsTest {
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    @TempDir
    static Path data;

    private static SimulatedCluster simulated;
    private static KubernetesClient cluster;
    private static FaultyProxy proxy;
    private static RunningSlipway slipway;

    @BeforeAll
    static void start() throws IOException {
        simulated = SimulatedCluster.start(data.resolve("cluster"), 0);
        cluster = new KubernetesClientBuilder()
                .withConfig(simulated.clientConfig())
                .build();
        proxy = FaultyProxy.before(simulated.url());
        slipway = RunningSlipway.start(
                data.resolve("first"),
                "slipway.clusters[0].name=faulty",
                "slipway.clusters[0].kubeconfig=" + proxy.kubeconfig(data.resolve("kubeconfig"), "first"));
    }

    @AfterAll
    static void stop() throws IOException {
        slipway.close();
        proxy.close();
        cluster.close();
        simulated.close();
    }

    @AfterEach
    void heal() throws IOException {
        proxy.fault(request -> Fate.PASS);
        proxy.away(false);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW", "TOO_MANY", "ERROR", "RESET", "CUT"})
    @DisplayName("every fifth request and a cut watch: the deploy succeeds, nothing is applied twice with effect")
    void goesOn(Fate fate) {
        String name = "faults-" + fate.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        StoredEnvironment environment = environment(name, 1_500);
        AtomicInteger count = new AtomicInteger();
        proxy.fault(request ->
                !request.target().contains("/version") && count.incrementAndGet() % 5 == 0 ? fate : Fate.PASS);
        proxy.cutAll();
        int before = proxy.requests().size();

        StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(5));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertAppliedOnce(name);
        assertThat(proxy.requests().size() - before).as("requests").isLessThan(500);
    }

    @Test
    @DisplayName("an API server that is away for 20 s in mid-wait, and whose watches have expired when it is back")
    void survivesARestart() throws Exception {
        StoredEnvironment environment = environment("restarted", 6_000);
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(30)).until(() -> deployment("restarted", "web") != null);
        int before = proxy.requests().size();

        proxy.away(true);
        await().pollDelay(Duration.ofSeconds(20)).atMost(Duration.ofSeconds(25)).until(() -> true);
        int meanwhile = proxy.requests().size() - before;
        AtomicInteger watches = new AtomicInteger();
        proxy.fault(request -> request.watch() && watches.incrementAndGet() <= 5 ? Fate.GONE : Fate.PASS);
        proxy.away(false);

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertAppliedOnce("restarted");
        assertThat(meanwhile).as("requests in 20 s").isLessThan(400);
    }

    @Test
    @DisplayName("a token that is not accepted any more: the run goes on when the kubeconfig has a new one")
    void renewsItsToken() throws Exception {
        StoredEnvironment environment = environment("expired", 100);
        proxy.fault(request ->
                request.write() && !request.head().contains("Bearer renewed") ? Fate.UNAUTHORIZED : Fate.PASS);
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> slipway.get(RunStore.class).byId(started.id()).state() == RunState.RUNNING
                        && proxy.requests().stream().filter(r -> r.write()).count() > 0);

        proxy.kubeconfig(data.resolve("kubeconfig"), "renewed");

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName(
            "a Deployment deleted by hand while it is waited for is applied again; a pod is replaced and no matter")
    void appliesAgainWhatIsDeleted() {
        StoredEnvironment environment = environment("deleted", 4_000);
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(30)).until(() -> !pods("deleted").isEmpty());
        cluster.resource(pods("deleted").get(0)).delete();
        String uid = deployment("deleted", "web").getMetadata().getUid();
        cluster.apps().deployments().inNamespace("deleted").withName("web").delete();

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(1));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(deployment("deleted", "web").getMetadata().getUid()).isNotEqualTo(uid);
    }

    @Test
    @DisplayName(
            "two Slipways on one namespace: the second is refused in its plan, with the first's name, and writes nothing")
    void refusesTheSecond() throws Exception {
        StoredEnvironment environment = environment("contested", 50);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        String owner = cluster.namespaces()
                .withName("contested")
                .get()
                .getMetadata()
                .getAnnotations()
                .get("slipway.dev/owner");
        Deployment before = deployment("contested", "web");
        try (RunningSlipway second = RunningSlipway.start(
                data.resolve("second"),
                "slipway.clusters[0].name=faulty",
                "slipway.clusters[0].kubeconfig=" + data.resolve("kubeconfig"))) {
            StoredRun run = second.deploy(second.environment(document("contested", 77), null, "contested", "faulty"));

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
            assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_NAMESPACE_NOT_OURS);
                assertThat(problem.arguments()).containsEntry("owner", owner);
            });
        }
        assertThat(deployment("contested", "web")).isEqualTo(before);
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

    private static void assertAppliedOnce(String namespace) {
        assertThat(cluster.apps().deployments().inNamespace(namespace).list().getItems())
                .hasSize(2)
                .allSatisfy(d -> assertThat(d.getMetadata().getGeneration()).isEqualTo(1));
        assertThat(pods(namespace)).hasSize(2);
    }

    private static StoredEnvironment environment(String name, int readyAfter) {
        return slipway.environment(document(name, readyAfter), null, name, "faulty");
    }

    private static String document(String name, int readyAfter) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - {name: web, source: {image: "%s"}, env: {SIMULATION_READY_AFTER: %dms}}
                    - {name: api, source: {image: "%s"}, env: {SIMULATION_READY_AFTER: %dms}, dependsOn: [web]}
                """.formatted(name, IMAGE, readyAfter, IMAGE, readyAfter);
    }

    private static Deployment deployment(String namespace, String name) {
        return cluster.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static List<Pod> pods(String namespace) {
        return cluster.pods().inNamespace(namespace).list().getItems();
    }
}
