package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.Conflict;
import dev.slipway.workflows.run.PlanItem.Decision;
import dev.slipway.workflows.run.Scope;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("runs and previews, and what speaks against their plans")
class PlanRunTest {
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

    @AfterEach
    void allow() {
        cluster.resource(access("")).delete();
    }

    @Test
    @DisplayName(
            "a run stops at somebody else's field, naming it; take and leave do as they say; a preview says the same")
    void choosesForConflicts() throws Exception {
        StoredEnvironment environment = deployed("contested", "replicas: 1\n");
        patch("contested", "web", "hpa-controller", "{\"spec\":{\"replicas\":2}}");
        long releases = releases(environment);

        StoredRun stopped = slipway.deploy(environment);

        assertThat(stopped.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(stopped.progress().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_CONFLICT);
            assertThat(problem.where()).isEqualTo("Deployment contested/web");
            assertThat(problem.arguments())
                    .containsEntry("field", "spec.replicas")
                    .containsEntry("manager", "hpa-controller")
                    .containsEntry("theirs", "2")
                    .containsEntry("ours", "1");
        });
        assertThat(releases(environment)).as("nothing was begun").isEqualTo(releases);
        assertThat(replicas("contested")).isEqualTo(2);

        HttpResponse<String> plan = api("/api/v1/environments/contested/plans", "{}");
        assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
        assertThat(plan.body()).contains("\"refused\":true", "\"manager\":\"hpa-controller\"", "\"decision\":\"stop\"");
        assertThat(api("/api/v1/environments/contested/plans", "{\"onConflict\":\"leave\"}")
                        .body())
                .contains("\"refused\":false", "\"decision\":\"leave\"");
        HttpResponse<String> bad = api("/api/v1/environments/contested/plans", "{\"onConflict\":\"maybe\"}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("stop, take, leave");

        StoredRun left = slipway.deploy(environment, OnConflict.LEAVE);
        assertThat(left.outcome()).as("%s", left.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(replicas("contested")).isEqualTo(2);
        StoredRun later = slipway.deploy(environment);
        assertThat(later.outcome()).as("%s", later.progress()).isEqualTo(Outcome.UNCHANGED);
        assertThat(item(later, "Deployment/web").conflicts())
                .extracting(Conflict::decision)
                .containsExactly(Decision.LEAVE);

        StoredRun taken = slipway.deploy(environment, OnConflict.TAKE);
        assertThat(taken.outcome()).as("%s", taken.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(replicas("contested")).isEqualTo(1);
    }

    @Test
    @DisplayName("a run is bound to the choice that its plan was shown with")
    void bindsTheChoice() {
        StoredEnvironment environment = deployed("bound", "replicas: 1\n");
        patch("bound", "web", "hpa-controller", "{\"spec\":{\"replicas\":2}}");

        StoredPlan stop = slipway.get(Runs.class).preview(environment.id());
        StoredPlan take =
                slipway.get(Runs.class).preview(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.TAKE);
        StoredPlan leave =
                slipway.get(Runs.class).preview(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.LEAVE);

        assertThat(List.of(stop.plan().hash(), take.plan().hash(), leave.plan().hash()))
                .doesNotHaveDuplicates();
        patch("bound", "web", "hpa-controller", "{\"spec\":{\"replicas\":4}}");
        assertThat(slipway.get(Runs.class)
                        .preview(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.LEAVE)
                        .plan()
                        .hash())
                .as("what is left to somebody may change")
                .isEqualTo(leave.plan().hash());
    }

    @Test
    @DisplayName("a missing right refuses a run before the namespace is made; the page and the API say what and how")
    void refusesWithoutRights() throws Exception {
        StoredEnvironment environment = slipway.environment(document("rights", "replicas: 1\n"), "rights");
        cluster.resource(access("create deployments.apps\npatch services\ncreate namespaces"))
                .create();

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_ACCESS);
            assertThat(problem.arguments().get("missing"))
                    .isEqualTo("create namespaces in the cluster; create deployments.apps in rights; "
                            + "patch services in rights");
            assertThat(problem.arguments().get("role"))
                    .contains("kind: ClusterRole\n", "resources: [deployments], verbs: [create]")
                    .as("there is no namespace yet that a role could be in")
                    .doesNotContain("kind: Role\n");
        });
        assertThat(cluster.namespaces().withName("rights").get()).isNull();
        HttpResponse<String> answer = api("/api/v1/environments/rights/plans", "{}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("SLP-K8S-ACCESS", "kind: ClusterRole");

        allow();
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("all findings come at once, and nothing is written")
    void findsAllAtOnce() {
        StoredEnvironment environment = deployed("limits", "replicas: 1\n");
        cluster.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace("limits")
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("pods", new Quantity("1"))
                        .endSpec()
                        .build())
                .create();
        cluster.resource(access("patch services")).create();
        patch("limits", "web", "hpa-controller", "{\"spec\":{\"replicas\":2}}");
        slipway.change("limits", document("limits", "replicas: 5\nports: [{name: http, port: 8081}]\n"));

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        ProblemCode.KUBERNETES_ACCESS, ProblemCode.KUBERNETES_QUOTA, ProblemCode.KUBERNETES_CONFLICT);
        assertThat(replicas("limits")).isEqualTo(2);
    }

    @Test
    @DisplayName("a StatefulSet whose claims change is agreed to by the plan's hash and made anew by the run")
    void recreates() {
        StoredEnvironment environment = slipway.environment(stateful("16Mi"), "anew");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        String pod = podUid("anew", "db-0");
        slipway.change("anew", stateful("32Mi"));

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(item(run, "StatefulSet/db").action()).isEqualTo(Action.RECREATE);
        assertThat(podUid("anew", "db-0")).isEqualTo(pod);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "without scale in the document the number is taken back from the autoscaler, which nobody has to choose")
    void takesTheNumberBack() {
        StoredEnvironment environment =
                deployed("by-load", "resources: {cpu: 10m}\nscale: {min: 2, max: 3, cpu: 70}\n");
        await().atMost(Duration.ofSeconds(30)).until(() -> replicas("by-load") == 2);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);

        slipway.change("by-load", document("by-load", "resources: {cpu: 10m}\nreplicas: 1\n"));
        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(replicas("by-load")).isEqualTo(1);
        assertThat(cluster.autoscaling()
                        .v2()
                        .horizontalPodAutoscalers()
                        .inNamespace("by-load")
                        .withName("web")
                        .get())
                .isNull();
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    private static StoredEnvironment deployed(String name, String more) {
        StoredEnvironment environment = slipway.environment(document(name, more), name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static String document(String name, String more) {
        return head(name) + "    - name: web\n      kind: service\n      source: {image: \"" + IMAGE + "\"}\n"
                + (more.contains("ports") ? "" : "      ports: [{name: http, port: 8080}]\n") + more.indent(6);
    }

    private static String stateful(String size) {
        return head("anew") + "    - name: db\n      kind: stateful\n      source: {image: \"" + IMAGE + "\"}\n"
                + "      volumes: [{name: data, path: /data, size: " + size + "}]\n";
    }

    private static String head(String name) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n";
    }

    private static ConfigMap access(String denied) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("simulation-access")
                .endMetadata()
                .addToData("denied", denied)
                .build();
    }

    private static void patch(String namespace, String name, String manager, String body) {
        cluster.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(manager)
                                .build(),
                        body);
    }

    private static int replicas(String namespace) {
        return cluster.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .get()
                .getSpec()
                .getReplicas();
    }

    private static String podUid(String namespace, String name) {
        return cluster.pods()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getMetadata()
                .getUid();
    }

    private static long releases(StoredEnvironment environment) {
        return slipway.get(ReleaseStore.class)
                .list(environment.id(), Long.MAX_VALUE, 100)
                .size();
    }

    private static PlanItem item(StoredRun run, String subject) {
        return slipway.get(PlanStore.class).plan(run.id()).orElseThrow().plan().items().stream()
                .filter(item -> item.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> api(String path, String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
