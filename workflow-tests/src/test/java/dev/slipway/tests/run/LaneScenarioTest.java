package dev.slipway.tests.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.AtOnce;
import dev.slipway.tests.support.RunHistories;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.access.Caller;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import dev.slipway.workflows.run.Trigger;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneScenarioTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static KubernetesClient cluster;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        cluster = slipway.simulatedCluster();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            // Whatever happened to the runs here: their workflows can go on with what was written of it.
            assertThat(RunHistories.of(slipway).replay()).isPositive();
        } finally {
            cluster.close();
            slipway.close();
        }
    }

    @Test
    @DisplayName("a hundred requests with one key are one run and one release")
    void oneKeyIsOneRun() {
        StoredEnvironment environment = slipway.environment(document("one-key", "300ms"), name());

        List<StoredRun> started = AtOnce.run(100, i -> slipway.start(environment, "the button"));

        assertThat(started)
                .extracting(StoredRun::id)
                .containsOnly(started.get(0).id());
        assertThat(slipway.finished(started.get(0).id(), LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.start(environment, "the button").id())
                .isEqualTo(started.get(0).id());
        assertThat(runs(environment)).hasSize(1);
        assertThat(slipway.get(ReleaseStore.class).list(environment.id(), Long.MAX_VALUE, 10))
                .hasSize(1);
    }

    @Test
    @DisplayName("runs of an environment go one at a time in the order of acceptance, and each ends")
    void keepsTheOrder() {
        StoredEnvironment environment = slipway.environment(document("order", "500ms"), name());

        List<StoredRun> started =
                Stream.generate(() -> slipway.start(environment)).limit(4).toList();
        List<StoredRun> ended =
                started.stream().map(run -> slipway.finished(run.id(), LIMIT)).toList();

        assertThat(ended)
                .extracting(StoredRun::outcome)
                .containsExactly(Outcome.SUCCEEDED, Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED);
        for (int i = 1; i < ended.size(); i++) {
            assertThat(ended.get(i).startedAt())
                    .isAfterOrEqualTo(ended.get(i - 1).endedAt());
        }
    }

    @Test
    @DisplayName("a run that waits is cancelled without having begun; the others are not disturbed")
    void cancelsOneThatWaits() {
        StoredEnvironment environment = slipway.environment(document("waiting", "2s"), name());
        StoredRun first = slipway.start(environment);
        StoredRun second = slipway.start(environment);
        StoredRun third = slipway.start(environment);
        deploying(first, "slow");

        slipway.get(Runs.class).cancel(second.id());

        StoredRun cancelled = slipway.finished(second.id(), Duration.ofSeconds(5));
        assertThat(cancelled.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(cancelled.startedAt()).isNull();
        assertThat(slipway.get(ReleaseStore.class).ofRun(second.id())).isEmpty();
        assertThat(slipway.finished(first.id(), LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.finished(third.id(), LIMIT).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThatThrownBy(() -> slipway.get(Runs.class).cancel(second.id()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.RUN_FINISHED));
    }

    @Test
    @DisplayName("a run that runs is stopped: what it did stays, nothing new starts, the next one goes on from there")
    void stopsOneThatRuns() {
        StoredEnvironment environment = slipway.environment(document("running", "10m"), name());
        StoredRun run = slipway.start(environment);
        deploying(run, "slow");

        Api.of(slipway).post("/runs/" + run.id() + "/stop", "{}");

        StoredRun stopped = slipway.finished(run.id(), Duration.ofSeconds(10));
        assertThat(stopped.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(step(stopped, "deploy/slow").state()).isEqualTo(StepState.CANCELLED);
        assertThat(step(stopped, "deploy/after").startedAt()).isZero();
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace(environment.name())
                        .list()
                        .getItems())
                .extracting(deployment -> deployment.getMetadata().getName())
                .containsExactly("slow");
        assertThat(slipway.get(ReleaseStore.class).ofRun(run.id()).orElseThrow().state())
                .isNotIn(ReleaseStore.State.DEPLOYING, ReleaseStore.State.DEPLOYED);

        slipway.change("running", document("running", "100ms"));
        StoredRun next = slipway.deploy(environment);
        assertThat(next.outcome()).as("%s", next.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("a cancel counts in whatever moment it comes, also between two runs of the lane")
    void cancelsInAnyMoment() {
        StoredEnvironment environment = slipway.environment(document("moments", "10m"), name());

        for (int delay = 0; delay <= 120; delay += 12) {
            StoredRun run = slipway.start(environment);
            long until = System.nanoTime() + Duration.ofMillis(delay).toNanos();
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() >= until);
            slipway.get(Runs.class).cancel(run.id());
            assertThat(slipway.finished(run.id(), Duration.ofSeconds(15)).outcome())
                    .as("cancelled after %s ms", delay)
                    .isEqualTo(Outcome.CANCELLED);
        }
        assertThat(cluster.namespaces().withName(environment.name()).get())
                .as("nothing of it is left")
                .isNull();
    }

    @Test
    @DisplayName("a run with the agreed plan goes; one whose plan has changed since is refused and writes nothing")
    void holdsToTheAgreedPlan() {
        StoredEnvironment environment = slipway.environment(document("agreed", "50ms"), name());
        StoredPlan agreed = slipway.get(Runs.class).preview(environment.id());
        slipway.change("agreed", document("agreed", "60ms"));

        StoredRun refused = slipway.finished(start(environment, agreed).id(), LIMIT);

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.progress().problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo(ProblemCode.RUN_PLAN_CHANGED);
        assertThat(refused.progress().problems().get(0).arguments())
                .containsEntry("agreed", agreed.plan().hash());
        assertThat(cluster.namespaces().withName(environment.name()).get()).isNull();
        assertThat(slipway.get(ReleaseStore.class).newest(environment.id())).isEmpty();

        StoredPlan fresh = slipway.get(Runs.class).preview(environment.id());
        assertThat(fresh.plan().hash())
                .isNotEqualTo(agreed.plan().hash())
                .isEqualTo(
                        slipway.get(Runs.class).preview(environment.id()).plan().hash());
        assertThat(slipway.finished(start(environment, fresh).id(), LIMIT).outcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("a preview changes nothing: no namespace, no release, and of what runs no version")
    void previewsOnly() {
        StoredEnvironment environment = slipway.environment(document("looked-at", "50ms"), name());

        StoredPlan first = slipway.get(Runs.class).preview(environment.id());
        assertThat(first.skeleton().unchanged()).isFalse();
        assertThat(cluster.namespaces().withName(environment.name()).get()).isNull();
        assertThat(slipway.get(ReleaseStore.class).newest(environment.id())).isEmpty();
        assertThat(runs(environment)).isEmpty();

        slipway.deploy(environment);
        slipway.change("looked-at", document("looked-at", "70ms"));
        Map<String, String> versions = versions(environment.name());
        StoredPlan second = slipway.get(Runs.class).preview(environment.id());

        assertThat(second.skeleton().unchanged()).isFalse();
        assertThat(versions(environment.name())).isEqualTo(versions);
        assertThat(slipway.get(ReleaseStore.class).list(environment.id(), Long.MAX_VALUE, 10))
                .hasSize(1);
        cluster.configMaps()
                .inNamespace(environment.name())
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();
        assertThat(slipway.get(Runs.class).preview(environment.id()).plan().hash())
                .as("what is not ours is in no plan")
                .isEqualTo(second.plan().hash());
    }

    private static StoredRun start(StoredEnvironment environment, StoredPlan agreed) {
        return slipway.get(Runs.class)
                .start(
                        new RunRequest(
                                Operation.DEPLOY,
                                environment.id(),
                                Trigger.API,
                                "test",
                                agreed.plan().hash(),
                                Ids.next()),
                        Caller.admin("test", Trigger.API, ""));
    }

    private static void deploying(StoredRun run, String component) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cluster.apps()
                                .deployments()
                                .inNamespace(run.environmentName())
                                .withName(component)
                                .get()
                        != null);
    }

    private static List<StoredRun> runs(StoredEnvironment environment) {
        return slipway.get(RunStore.class).list(environment.id(), null, null, Long.MAX_VALUE, 200).stream()
                .filter(run -> run.state() != RunState.ACCEPTED)
                .toList();
    }

    private static StepView step(StoredRun run, String id) {
        return run.progress().steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> versions(String namespace) {
        return Stream.<List<? extends HasMetadata>>of(
                        cluster.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        cluster.pods().inNamespace(namespace).list().getItems(),
                        cluster.configMaps().inNamespace(namespace).list().getItems(),
                        cluster.services().inNamespace(namespace).list().getItems())
                .flatMap(List::stream)
                .collect(Collectors.toMap(
                        object -> object.getKind() + "/" + object.getMetadata().getName(),
                        object -> object.getMetadata().getResourceVersion()));
    }

    private static String name() {
        return "lane-" + Ids.next();
    }

    private static String document(String application, String readyAfter) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: slow
                      kind: service
                      source: {image: "registry.example/any@sha256:%s"}
                      env: {SIMULATION_READY_AFTER: %s}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                    - name: after
                      kind: service
                      source: {image: "registry.example/any@sha256:%s"}
                      env: {SIMULATION_READY_AFTER: 50ms}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                      dependsOn: [slow]
                """.formatted(application, "0".repeat(64), readyAfter, "1".repeat(64));
    }
}
