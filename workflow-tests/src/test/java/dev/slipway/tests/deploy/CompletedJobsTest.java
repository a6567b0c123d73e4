package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.PlanView;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletedJobsTest {
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);
    private static final String NEEDS = "dependsOn: [migrate]\n";

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
    static void stop() {
        cluster.close();
        slipway.close();
    }

    @Test
    @DisplayName("a job that completed and was deleted by hand is not run again; another content of it is")
    void isNotRunAgain() {
        StoredEnvironment environment = deployed("hand", job(""), job("second", ""), web(NEEDS));
        delete("hand", "migrate");
        delete("hand", "second");

        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
        slipway.change("hand", document("hand", job(""), job("second", ""), web(NEEDS + "env: {A: b}\n")));
        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactly("prepare", "deploy/web");
        assertThat(items(run))
                .filteredOn(PlanItem::completed)
                .extracting(PlanItem::subject)
                .containsExactly("Job/migrate", "Job/second");
        assertThat(PlanView.of(slipway.get(PlanStore.class).plan(run.id()).orElseThrow())
                        .groups()
                        .get("keep"))
                .filteredOn(PlanView.Item::completed)
                .hasSize(2);
        assertThat(jobs("hand")).isEmpty();

        slipway.change("hand", document("hand", job("env: {A: b}\n"), job("second", ""), web(NEEDS)));
        StoredRun changed = slipway.deploy(environment);

        assertThat(changed.outcome()).as("%s", changed.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(jobs("hand")).extracting(one -> one.getMetadata().getName()).containsExactly("migrate");
    }

    @Test
    @DisplayName("a job that its own time to live has removed is not made anew for a file of it that was lost")
    void isNotMadeAnew() {
        String lives = "patch: {spec: {ttlSecondsAfterFinished: 0}}\nfiles: [{path: /a, content: b}]\n";
        StoredEnvironment environment = deployed("ttl", job(lives), web(NEEDS));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(jobs("ttl")).isEmpty());
        cluster.configMaps()
                .inNamespace("ttl")
                .withLabel("slipway.dev/component", "migrate")
                .delete();

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run.progress().steps())
                .filteredOn(step -> step.id().equals("deploy/migrate"))
                .extracting(StepView::state)
                .containsExactly(StepState.DONE);
        assertThat(jobs("ttl")).isEmpty();
        assertThat(cluster.configMaps()
                        .inNamespace("ttl")
                        .withLabel("slipway.dev/component", "migrate")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    @DisplayName("a part knows that the job it needs has completed, and a part with the job does not run it")
    void partsKnow() {
        StoredEnvironment environment = deployed("parts", job(""), web(NEEDS));
        delete("parts", "migrate");
        slipway.change("parts", document("parts", job(""), web(NEEDS + "env: {A: b}\n")));

        StoredRun without = slipway.run(environment, part(false));

        assertThat(without.outcome()).as("%s", without.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(items(without)).extracting(PlanItem::action).doesNotContain(Action.UNAWAITED);
        slipway.change("parts", document("parts", job(""), web(NEEDS + "env: {A: c}\n")));

        StoredRun with = slipway.run(environment, part(true));

        assertThat(with.outcome()).as("%s", with.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(items(with)).anyMatch(PlanItem::completed);
        assertThat(jobs("parts")).isEmpty();
    }

    @Test
    @DisplayName(
            "going back after another content has failed runs the older one again, as does a new start after a destroy")
    void forgets() {
        StoredEnvironment environment = deployed("back", job(""), web(""));
        slipway.change("back", document("back", job("env: {SIMULATION_FAIL: \"Exit:4\"}\n"), web("")));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.FAILED);
        delete("back", "migrate");
        slipway.change("back", document("back", job(""), web("")));

        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(jobs("back")).hasSize(1);

        // Somebody's object keeps the namespace, and with it the inventory.
        cluster.configMaps()
                .inNamespace("back")
                .resource(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();
        StoredRun destroyed = slipway.run(environment, Scope.whole(Operation.DESTROY));
        assertThat(destroyed.outcome()).as("%s", destroyed.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster.configMaps()
                        .inNamespace("back")
                        .withName("slipway-inventory")
                        .get()
                        .getMetadata()
                        .getAnnotations())
                .satisfiesAnyOf(
                        annotations -> assertThat(annotations).isNull(),
                        annotations -> assertThat(annotations).doesNotContainKey("completed.slipway.dev/migrate"));
    }

    private static Scope part(boolean withDependencies) {
        return new Scope(Operation.DEPLOY, List.of("web"), withDependencies, Map.of());
    }

    private static StoredEnvironment deployed(String name, String... components) {
        StoredEnvironment environment = slipway.environment(document(name, components), name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static void delete(String namespace, String job) {
        cluster.batch().v1().jobs().inNamespace(namespace).withName(job).delete();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(jobs(namespace))
                        .extracting(one -> one.getMetadata().getName())
                        .doesNotContain(job));
    }

    private static List<Job> jobs(String namespace) {
        return cluster.batch().v1().jobs().inNamespace(namespace).list().getItems();
    }

    private static List<PlanItem> items(StoredRun run) {
        return slipway.get(PlanStore.class).plan(run.id()).orElseThrow().plan().items();
    }

    private static List<String> steps(StoredRun run) {
        return run.progress().steps().stream().map(StepView::id).toList();
    }

    private static String document(String name, String... components) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + String.join("", components);
    }

    private static String job(String more) {
        return job("migrate", more);
    }

    private static String job(String name, String more) {
        return component(name, "job", more);
    }

    private static String web(String more) {
        return component("web", "service", more);
    }

    private static String component(String name, String kind, String more) {
        return "    - name: " + name + "\n      kind: " + kind + "\n      source: {image: \"" + IMAGE + "\"}\n"
                + more.indent(6);
    }
}
