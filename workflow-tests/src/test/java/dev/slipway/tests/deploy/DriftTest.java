package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTest {
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

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
    @DisplayName("an owned field that was edited by hand is in the plan and put right; what others set stays")
    void putsHandEditsRight() {
        StoredEnvironment environment = deployed("edited", service("web", ""), service("api", ""));
        cluster.apps()
                .deployments()
                .inNamespace("edited")
                .withName("web")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager("kubectl-edit")
                                .build(),
                        "{\"metadata\":{\"labels\":{\"team\":\"theirs\"}},\"spec\":{\"replicas\":3}}");
        await().until(() -> pods("edited", "web").size() == 3);

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(changes(run)).singleElement().satisfies(item -> {
            assertThat(item.subject()).isEqualTo("Deployment/web");
            assertThat(item.fields()).containsExactly(new PlanItem.FieldChange("spec.replicas", "3", "1"));
        });
        assertThat(run.progress().steps()).extracting(StepView::id).doesNotContain("deploy/api");
        Deployment web = cluster.apps()
                .deployments()
                .inNamespace("edited")
                .withName("web")
                .get();
        assertThat(web.getSpec().getReplicas()).isEqualTo(1);
        assertThat(web.getMetadata().getLabels()).containsEntry("team", "theirs");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("a component that the document no longer has is deleted, a stranger in the namespace is not")
    void prunesItsOwn() {
        StoredEnvironment environment = deployed("pruned", service("web", ""), service("old", files("gone soon")));
        cluster.configMaps()
                .inNamespace("pruned")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();
        String untouched = pods("pruned", "web").get(0).getMetadata().getUid();
        slipway.change("pruned", document("pruned", service("web", "")));

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run.progress().steps())
                .extracting(StepView::id)
                .contains("prune")
                .doesNotContain("deploy/web");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(pods("pruned", "old")).isEmpty());
        assertThat(cluster.apps().deployments().inNamespace("pruned").list().getItems())
                .extracting(deployment -> deployment.getMetadata().getName())
                .containsExactly("web");
        assertThat(cluster.configMaps().inNamespace("pruned").withName("theirs").get())
                .isNotNull();
        assertThat(pods("pruned", "web"))
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactly(untouched);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("a changed file restarts who mounts it and nobody else")
    void restartsWhoMounts() {
        StoredEnvironment environment =
                deployed("mounted", service("reader", files("one")), service("other", files("other")));
        String reader = pods("mounted", "reader").get(0).getMetadata().getUid();
        String other = pods("mounted", "other").get(0).getMetadata().getUid();
        slipway.change(
                "mounted", document("mounted", service("reader", files("two")), service("other", files("other"))));

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(changes(run)).extracting(PlanItem::component).containsOnly("reader");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(pods("mounted", "reader"))
                        .singleElement()
                        .satisfies(pod -> assertThat(pod.getMetadata().getUid()).isNotEqualTo(reader)));
        assertThat(pods("mounted", "other"))
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactly(other);
    }

    @Test
    @DisplayName("a job that completed is not run again when something else changes; one that failed is")
    void runsJobsOnce() {
        String job = component("once", "job", "");
        StoredEnvironment environment = deployed("jobs", job, service("web", ""));
        String ran = jobUid("jobs", "once");
        slipway.change("jobs", document("jobs", job, service("web", "env: {A: b}")));

        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(jobUid("jobs", "once")).isEqualTo(ran);

        String failing = component("once", "job", "env: {SIMULATION_FAIL: \"Exit:4\", SIMULATION_LOG: \"no table\"}");
        slipway.change("jobs", document("jobs", failing, service("web", "env: {A: b}")));
        StoredRun failed = slipway.deploy(environment);
        assertThat(failed.outcome()).as("%s", failed.progress()).isEqualTo(Outcome.FAILED);
        String first = jobUid("jobs", "once");
        StoredRun again = slipway.deploy(environment);
        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.FAILED);
        assertThat(jobUid("jobs", "once")).isNotEqualTo(first);
    }

    private static StoredEnvironment deployed(String name, String... components) {
        StoredEnvironment environment = slipway.environment(document(name, components), name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static List<PlanItem> changes(StoredRun run) {
        return slipway.get(PlanStore.class).plan(run.id()).orElseThrow().plan().items().stream()
                .filter(item -> item.action() == PlanItem.Action.CHANGE)
                .toList();
    }

    private static List<Pod> pods(String namespace, String component) {
        return cluster
                .pods()
                .inNamespace(namespace)
                .withLabels(Map.of("slipway.dev/component", component))
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .collect(Collectors.toList());
    }

    private static String jobUid(String namespace, String name) {
        return cluster.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getMetadata()
                .getUid();
    }

    private static String document(String name, String... components) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + String.join("", components);
    }

    private static String service(String name, String more) {
        return component(
                name,
                "service",
                "ports: [{name: http, port: 8080}]\nprobes: {readiness: {tcp: http, period: 1}}\n" + more);
    }

    private static String files(String content) {
        return "files: [{path: /etc/app/file, content: " + content + "}]";
    }

    private static String component(String name, String kind, String more) {
        return "    - name: " + name + "\n      kind: " + kind + "\n      source: {image: \"" + IMAGE + "\"}\n"
                + more.indent(6);
    }
}
