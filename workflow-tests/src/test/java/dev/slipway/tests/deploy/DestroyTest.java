package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("destroying an environment")
class DestroyTest {
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
    @DisplayName(
            "components go in reverse order, then the namespace; the name is free, the runs stay, nothing deploys it")
    void destroys() {
        StoredEnvironment environment = deployed("whole", "");
        StoredRun before = slipway.deploy(environment);

        StoredRun run = slipway.run(environment, Scope.destroy(false));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(run, "remove/web")).isLessThanOrEqualTo(begun(run, "remove/db"));
        assertThat(ended(run, "remove/db")).isLessThanOrEqualTo(begun(run, "clear"));
        assertThat(cluster.namespaces().withName("whole").get()).isNull();
        EnvironmentStore store = slipway.get(EnvironmentStore.class);
        assertThat(store.byName("whole")).isEmpty();
        assertThat(store.list("", 100)).extracting(StoredEnvironment::name).doesNotContain("whole");
        assertThat(slipway.finished(before.id(), Duration.ofSeconds(1)).environmentName())
                .isEqualTo("whole");
        assertThat(page("/api/v1/runs/" + run.id())).isEqualTo(200);
        assertThat(page("/api/v1/environments/whole")).isEqualTo(404);
        assertThatThrownBy(() -> slipway.start(environment))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.ENVIRONMENT_UNKNOWN));

        StoredEnvironment again = slipway.environment(document("whole", ""), "whole");
        assertThat(slipway.deploy(again).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName(
            "volumes are kept unless they are given up: then their namespace stays too, and the log says how it goes")
    void keepsVolumes() {
        StoredEnvironment environment = deployed("kept", "volumes: [{name: data, path: /data, size: 1Gi}]");
        assertThat(claims("kept")).isNotEmpty();

        List<PlanItem> items = plan(environment, false);
        assertThat(items).anySatisfy(item -> assertThat(item.subject()).startsWith("PersistentVolumeClaim/"));
        assertThat(actions(items, "PersistentVolumeClaim/")).containsOnly(Action.KEEP);
        assertThat(actions(items, "Namespace/")).containsExactly(Action.KEEP);
        assertThat(actions(items, "Deployment/")).containsOnly(Action.DELETE);

        StoredRun run = slipway.run(environment, Scope.destroy(false));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(claims("kept")).isNotEmpty();
        assertThat(cluster.apps().deployments().inNamespace("kept").list().getItems())
                .isEmpty();
        assertThat(cluster.pods().inNamespace("kept").list().getItems()).isEmpty();
        assertThat(log(run)).anySatisfy(line -> assertThat(line).contains("kubectl delete namespace kept"));
    }

    @Test
    @DisplayName("volumes that are given up go with their namespace")
    void deletesVolumes() {
        StoredEnvironment environment = deployed("given", "volumes: [{name: data, path: /data, size: 1Gi}]");
        assertThat(actions(plan(environment, true), "PersistentVolumeClaim/")).containsOnly(Action.DELETE);

        StoredRun run = slipway.run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster.namespaces().withName("given").get()).isNull();
    }

    @Test
    @DisplayName("what somebody else put into the namespace stays, and the namespace with it, both in the plan")
    void leavesForeignObjects() {
        StoredEnvironment environment = deployed("shared", "");
        cluster.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("shared")
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();

        assertThat(plan(environment, true))
                .contains(
                        new PlanItem("ConfigMap/theirs", null, Action.KEEP, List.of()),
                        new PlanItem("Namespace/shared", null, Action.KEEP, List.of()));
        StoredRun run = slipway.run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster.configMaps().inNamespace("shared").withName("theirs").get())
                .isNotNull();
        assertThat(cluster.services().inNamespace("shared").list().getItems()).isEmpty();
        assertThat(log(run)).anySatisfy(line -> assertThat(line).contains("ConfigMap/theirs"));
    }

    @Test
    @DisplayName("what a finalizer holds is named with the finalizer; once it is let go the same again gets through")
    void namesFinalizers() {
        StoredEnvironment environment = deployed("held", "");
        finalizers("held", "[\"example.com/cleanup\"]");

        StoredRun stuck = slipway.run(environment, Scope.destroy(false));

        assertThat(stuck.outcome()).isEqualTo(Outcome.FAILED);
        StepView web = step(stuck, "remove/web");
        assertThat(web.problem().code()).isEqualTo(ProblemCode.KUBERNETES_HELD);
        assertThat(web.problem().arguments())
                .containsEntry("finalizers", "example.com/cleanup")
                .containsEntry("object", "Deployment held/web");
        assertThat(step(stuck, "remove/db").state()).isEqualTo(StepState.BLOCKED);
        assertThat(slipway.get(EnvironmentStore.class).byName("held")).isPresent();

        finalizers("held", "null");
        StoredRun again = slipway.run(environment, Scope.destroy(false));
        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster.namespaces().withName("held").get()).isNull();
    }

    @Test
    @DisplayName("a prune names what a finalizer holds, and finds it again in the next run")
    void pruneNamesFinalizers() {
        StoredEnvironment environment = deployed("pruned", "");
        finalizers("pruned", "[\"example.com/cleanup\"]");
        slipway.change("pruned", document("pruned", "").replaceFirst("(?m)^ +- .name: web.*\n", ""));

        StoredRun stuck = slipway.deploy(environment);

        assertThat(stuck.outcome()).as("%s", stuck.progress()).isEqualTo(Outcome.FAILED);
        assertThat(step(stuck, "remove/web").problem().code()).isEqualTo(ProblemCode.KUBERNETES_HELD);
        finalizers("pruned", "null");
        StoredRun again = slipway.deploy(environment);
        assertThat(again.outcome()).as("%s", again.progress()).isIn(Outcome.SUCCEEDED, Outcome.UNCHANGED);
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace("pruned")
                        .withName("web")
                        .get())
                .isNull();
    }

    @Test
    @DisplayName(
            "components that leave together go in reverse order of their needs, the next only when the one before has gone")
    void leavesInOrder() {
        StoredEnvironment environment = chain("leaving");
        finalizers("leaving", "[\"example.com/cleanup\"]");
        slipway.change("leaving", onlyOther("leaving"));

        StoredRun stuck = slipway.deploy(environment);

        assertThat(stuck.outcome()).as("%s", stuck.progress()).isEqualTo(Outcome.FAILED);
        assertThat(step(stuck, "remove/web").problem().arguments())
                .containsEntry("finalizers", "example.com/cleanup")
                .containsEntry("object", "Deployment leaving/web");
        assertThat(step(stuck, "remove/api").needs()).containsExactly("remove/web");
        assertThat(step(stuck, "remove/api").state()).isEqualTo(StepState.BLOCKED);
        assertThat(step(stuck, "remove/db").state()).isEqualTo(StepState.BLOCKED);
        assertThat(deployments("leaving")).containsExactlyInAnyOrder("web", "api", "db", "other");

        // The newest document has none of them any more: who needed whom is told by the one before.
        finalizers("leaving", "null");
        StoredRun again = slipway.deploy(environment);

        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(again, "remove/api")).isLessThanOrEqualTo(begun(again, "remove/db"));
        assertThat(deployments("leaving")).containsExactly("other");
        assertThat(cluster.configMaps()
                        .inNamespace("leaving")
                        .withName("slipway-inventory")
                        .get()
                        .getData()
                        .get("objects"))
                .contains("Deployment/other/other")
                .doesNotContain("/web\n", "/api\n", "/db\n");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "what is left of components that no document has any more is destroyed in the order of their needs, too")
    void destroysWhatLeftInOrder() {
        StoredEnvironment environment = chain("rest");
        finalizers("rest", "[\"example.com/cleanup\"]");
        slipway.change("rest", onlyOther("rest"));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.FAILED);
        finalizers("rest", "null");

        StoredRun run = slipway.run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(step(run, "remove/db").needs()).containsExactly("remove/api");
    }

    /** web needs api, api needs db; other is on its own. */
    private static StoredEnvironment chain(String name) {
        String document = onlyOther(name)
                + component("db", "volumes: [{name: data, path: /data, size: 1Mi}]")
                + component("api", "dependsOn: [db]")
                + component("web", "dependsOn: [api]");
        StoredEnvironment environment = slipway.environment(document, name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static String onlyOther(String name) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + component("other", "replicas: 1");
    }

    private static String component(String name, String more) {
        return "    - {name: " + name + ", source: {image: \"" + IMAGE + "\"}, " + more + "}\n";
    }

    private static List<String> deployments(String namespace) {
        return cluster.apps().deployments().inNamespace(namespace).list().getItems().stream()
                .map(deployment -> deployment.getMetadata().getName())
                .toList();
    }

    @Test
    @DisplayName(
            "an environment that was never deployed is destroyed too; a namespace of somebody else's is not touched")
    void forgets() {
        cluster.resource(new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                        .withNewMetadata()
                        .withName("never")
                        .endMetadata()
                        .build())
                .create();
        StoredEnvironment environment = slipway.environment(document("never", ""), "never");

        assertThat(slipway.run(environment, Scope.destroy(true)).outcome()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(cluster.namespaces().withName("never").get().getMetadata().getDeletionTimestamp())
                .isNull();
        assertThat(slipway.get(EnvironmentStore.class).byName("never")).isEmpty();
    }

    @Test
    @DisplayName("the API destroys by DELETE, and takes no other word for the volumes than keep and delete")
    void destroysOverTheApi() throws Exception {
        StoredEnvironment environment = deployed("api", "");

        assertThat(delete("/api/v1/environments/api?volumes=maybe").statusCode())
                .isEqualTo(400);
        HttpResponse<String> accepted = delete("/api/v1/environments/api");

        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String run = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(slipway.finished(run.substring(run.lastIndexOf('/') + 1), Duration.ofMinutes(1))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.get(EnvironmentStore.class).lives(environment.id())).isFalse();
        assertThat(delete("/api/v1/environments/api").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> delete(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(slipway.url() + path)).DELETE());
    }

    private static int page(String path) {
        try {
            return send(HttpRequest.newBuilder(URI.create(slipway.url() + path)).GET())
                    .statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        request.header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void finalizers(String namespace, String list) {
        cluster.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":" + list + "}}");
    }

    private static StoredEnvironment deployed(String name, String more) {
        StoredEnvironment environment = slipway.environment(document(name, more), name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static String document(String name, String more) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - {name: web, kind: service, source: {image: "%s"}, ports: [{name: http, port: 80}], dependsOn: [{component: db, when: healthy}]}
                    - {name: db, kind: service, source: {image: "%s"}%s}
                """.formatted(name, IMAGE, IMAGE, more.isEmpty() ? "" : ", " + more);
    }

    private static List<PlanItem> plan(StoredEnvironment environment, boolean deleteVolumes) {
        return slipway.get(Runs.class)
                .preview(environment.id(), Scope.destroy(deleteVolumes), OnConflict.STOP)
                .plan()
                .items();
    }

    private static List<Action> actions(List<PlanItem> items, String kind) {
        return items.stream()
                .filter(item -> item.subject().startsWith(kind))
                .map(PlanItem::action)
                .toList();
    }

    private static List<?> claims(String namespace) {
        return cluster.persistentVolumeClaims().inNamespace(namespace).list().getItems();
    }

    private static List<String> log(StoredRun run) {
        return slipway.get(StepLog.class).read(run.id(), "clear", 0, 100).stream()
                .map(StepLog.Line::text)
                .toList();
    }

    private static long begun(StoredRun run, String step) {
        return step(run, step).startedAt();
    }

    private static long ended(StoredRun run, String step) {
        return step(run, step).endedAt();
    }

    private static StepView step(StoredRun run, String id) {
        return run.progress().steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
