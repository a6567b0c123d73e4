package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.FaultyProxy.Fate;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Slipway that reaches its cluster through a proxy that misbehaves in the middle of a deploy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterFaultsContract {
    @TempDir
    static Path data;

    FaultyProxy proxy;
    RunningSlipway slipway;
    private @Nullable String namespace;

    /** The cluster as its administrator sees it, without faults. */
    abstract KubernetesClient cluster();

    /** As Slipway signs in. */
    abstract String token();

    abstract FaultyProxy proxied() throws IOException;

    /** What {@link RunningSlipway} needs for images of this cluster. */
    abstract List<String> settings();

    /** What the components are made of: image, program, and a readiness that takes its time. */
    abstract String workload(Duration readyAfter);

    @BeforeAll
    void start() throws IOException {
        proxy = proxied();
        List<String> all = new ArrayList<>(settings());
        all.add("slipway.clusters[0].name=faulty");
        all.add("slipway.clusters[0].kubeconfig=" + proxy.kubeconfig(data.resolve("kubeconfig"), token()));
        slipway = RunningSlipway.start(data.resolve("first"), all.toArray(String[]::new));
    }

    @AfterAll
    void stop() throws IOException {
        if (slipway != null) {
            slipway.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        disconnect();
    }

    /** Ends what {@link #proxied} began, as far as it came. */
    abstract void disconnect();

    @AfterEach
    void heal() {
        proxy.fault(request -> Fate.PASS);
        proxy.away(false);
        proxy.clockAhead(Duration.ZERO);
        if (namespace != null) {
            cluster().namespaces().withName(namespace).delete();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW", "TOO_MANY", "ERROR", "RESET", "CUT"})
    @DisplayName("every fifth request and a cut watch: the deploy succeeds, nothing is applied twice with effect")
    void goesOn(Fate fate) {
        StoredEnvironment environment =
                environment(fate.name().toLowerCase(Locale.ROOT).replace('_', '-'), Duration.ofMillis(1_500));
        AtomicInteger count = new AtomicInteger();
        proxy.fault(request ->
                !request.target().contains("/version") && count.incrementAndGet() % 5 == 0 ? fate : Fate.PASS);
        proxy.cutAll();
        int before = proxy.requests().size();

        StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(5));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertAppliedOnce();
        assertThat(proxy.requests().size() - before).as("requests").isLessThan(500);
    }

    @Test
    @DisplayName("an API server that is away for 20 s in mid-wait, and whose watches have expired when it is back")
    void survivesARestart() {
        StoredEnvironment environment = environment("restarted", Duration.ofSeconds(6));
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60)).until(() -> deployment("web") != null);
        int before = proxy.requests().size();

        proxy.away(true);
        await().pollDelay(Duration.ofSeconds(20)).atMost(Duration.ofSeconds(25)).until(() -> true);
        int meanwhile = proxy.requests().size() - before;
        AtomicInteger watches = new AtomicInteger();
        proxy.fault(request -> request.watch() && watches.incrementAndGet() <= 5 ? Fate.GONE : Fate.PASS);
        proxy.away(false);

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertAppliedOnce();
        assertThat(watches).as("watches begun anew").hasValueGreaterThan(5);
        assertThat(meanwhile).as("requests in 20 s").isLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {-10, 10})
    @DisplayName(
            "a cluster whose clock is ten minutes behind or ahead: causes, restarts, since when, and logs since when")
    void otherClock(int minutes) throws Exception {
        proxy.clockAhead(Duration.ofMinutes(minutes));
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        StoredEnvironment environment = environment("clock", documentOf(workload(Duration.ofMillis(100)), crashing()));

        StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(2));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.FAILED);
        assertThat(run.progress().steps())
                .filteredOn(step -> "bad".equals(step.component()))
                .extracting(step -> step.problem().code())
                .containsExactly(ProblemCode.POD_CRASH);
        assertThat(Instant.parse(deployment("web").getMetadata().getCreationTimestamp()))
                .as("by the cluster's own clock")
                .isBetween(before.minusSeconds(2), Instant.now());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                slipway.get(ComponentStateStore.class).of(environment.id()))
                        .hasSize(2)
                        .allSatisfy(state -> assertThat(state.since()).isBetween(before, Instant.now()))
                        .anySatisfy(state -> {
                            assertThat(state.component()).isEqualTo("bad");
                            assertThat(state.state()).isEqualTo(State.DEGRADED);
                            assertThat(state.restarts()).isPositive();
                        })
                        .anySatisfy(state -> assertThat(state.state()).isEqualTo(State.HEALTHY)));
        assertThat(log("since=5m").lines()).as("written a moment ago").isNotEmpty();
        assertThat(log("since=" + Instant.now().plusSeconds(300)).lines())
                .as("to be written")
                .isEmpty();
    }

    /** A program that ends with code 3, again and again. */
    abstract String crashing();

    private String log(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/environments/" + namespace
                                        + "/components/web/log?" + query))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    @DisplayName("a token that is not accepted any more: the run goes on when the kubeconfig has a new one")
    void renewsItsToken() throws Exception {
        StoredEnvironment environment = environment("expired", Duration.ofMillis(100));
        String renewed = renewed();
        AtomicInteger refused = new AtomicInteger();
        proxy.fault(request -> {
            if (!request.write() || request.head().contains("Bearer " + renewed)) {
                return Fate.PASS;
            }
            refused.incrementAndGet();
            return expired();
        });
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> slipway.get(RunStore.class).byId(started.id()).state() == RunState.RUNNING
                        && refused.get() > 0);

        proxy.kubeconfig(data.resolve("kubeconfig"), renewed);

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    /** Another token of the same account. */
    abstract String renewed() throws IOException;

    abstract Fate expired();

    @Test
    @DisplayName(
            "a Deployment deleted by hand while it is waited for is applied again; a pod is replaced and no matter")
    void appliesAgainWhatIsDeleted() {
        StoredEnvironment environment = environment("deleted", Duration.ofSeconds(4));
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60)).until(() -> !pods().isEmpty());
        cluster().resource(pods().get(0)).delete();
        String uid = deployment("web").getMetadata().getUid();
        cluster().apps().deployments().inNamespace(namespace).withName("web").delete();

        StoredRun run = slipway.finished(started.id(), Duration.ofMinutes(2));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(deployment("web").getMetadata().getUid()).isNotEqualTo(uid);
    }

    @Test
    @DisplayName("a namespace deleted by hand in mid-wait: the step says at once since when it goes and what holds it")
    void namesTheNamespace() {
        StoredEnvironment environment = environment("going", Duration.ofSeconds(30));
        StoredRun started = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60)).until(() -> !pods().isEmpty());
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
        hold();
        cluster().namespaces().withName(namespace).delete();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Problem problem = slipway.get(StepLog.class).obstacles(started.id()).get("deploy/web");
            assertThat(problem).isNotNull();
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_NAMESPACE_TERMINATING);
            assertThat(problem.arguments()).containsEntry("namespace", namespace);
            assertThat(Instant.parse(problem.arguments().get("since"))).isBetween(before, Instant.now());
            assertThat(problem.arguments().get("held")).contains("configmaps. has 1", "example.com/hold in 1");
        });
        letGo();
        slipway.get(Runs.class).cancel(started.id());
        slipway.finished(started.id(), Duration.ofMinutes(2));
    }

    /** Something in the namespace that does not go by itself. */
    private void hold() {
        cluster()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("held")
                        .addToFinalizers("example.com/hold")
                        .endMetadata()
                        .build())
                .create();
    }

    private void letGo() {
        cluster().configMaps().inNamespace(namespace).withName("held").edit(held -> {
            held.getMetadata().setFinalizers(List.of());
            return held;
        });
    }

    private void assertAppliedOnce() {
        assertThat(cluster().apps().deployments().inNamespace(namespace).list().getItems())
                .hasSize(2)
                .allSatisfy(d -> assertThat(d.getMetadata().getGeneration()).isEqualTo(1));
        assertThat(pods()).hasSize(2);
    }

    StoredEnvironment environment(String name, Duration readyAfter) {
        return environment(name, application -> document(application, workload(readyAfter)));
    }

    private StoredEnvironment environment(String name, UnaryOperator<String> document) {
        namespace = "faults-" + name + "-" + Ids.next().substring(9);
        return slipway.environment(document.apply(namespace), null, namespace, "faulty");
    }

    private static UnaryOperator<String> documentOf(String web, String bad) {
        return name ->
                """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                %s
                    - name: bad
                %s
                """.formatted(name, web.indent(6).stripTrailing(), bad.indent(6).stripTrailing());
    }

    static String document(String name, String workload) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                %s
                    - name: api
                      dependsOn: [web]
                %s
                """.formatted(
                name, workload.indent(6).stripTrailing(), workload.indent(6).stripTrailing());
    }

    Deployment deployment(String name) {
        return cluster()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private List<Pod> pods() {
        return cluster().pods().inNamespace(namespace).list().getItems();
    }
}
