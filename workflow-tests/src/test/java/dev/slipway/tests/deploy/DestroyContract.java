package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Sight;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What goes when an environment is destroyed, what stays, and what is said about what can't go. */
abstract class DestroyContract {
    abstract RunningSlipway slipway();

    /** As its administrator. */
    abstract KubernetesClient cluster();

    /** As Slipway calls it. */
    abstract String clusterName();

    /** With a shell. */
    abstract String image();

    /** An environment's name and namespace, unlike that of any other run of these tests. */
    abstract String name(String word);

    @Test
    @DisplayName(
            "components go in reverse order, then the namespace; the name is free, the runs stay, nothing deploys it")
    void destroys() {
        String name = name("whole");
        StoredEnvironment environment = deployed(name, "");
        StoredRun before = slipway().deploy(environment);

        StoredRun run = slipway().run(environment, Scope.destroy(false));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(run, "remove/web")).isLessThanOrEqualTo(begun(run, "remove/db"));
        assertThat(ended(run, "remove/db")).isLessThanOrEqualTo(begun(run, "clear"));
        assertThat(cluster().namespaces().withName(name).get()).isNull();
        EnvironmentStore store = slipway().get(EnvironmentStore.class);
        assertThat(store.byName(name)).isEmpty();
        assertThat(store.list(Sight.EVERYTHING, "", 100))
                .extracting(StoredEnvironment::name)
                .doesNotContain(name);
        assertThat(slipway().finished(before.id(), Duration.ofSeconds(1)).environmentName())
                .isEqualTo(name);
        assertThat(page("/api/v1/runs/" + run.id())).isEqualTo(200);
        assertThat(page("/api/v1/environments/" + name)).isEqualTo(404);
        assertThatThrownBy(() -> slipway().start(environment))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.ENVIRONMENT_UNKNOWN));

        StoredEnvironment again = environment(name, "");
        assertThat(slipway().deploy(again).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName(
            "volumes are kept unless they are given up: then their namespace stays too, and the log says how it goes")
    void keepsVolumes() {
        String name = name("kept");
        StoredEnvironment environment = deployed(name, "volumes: [{name: data, path: /data, size: 1Mi}]");
        assertThat(claims(name)).isNotEmpty();

        List<PlanItem> items = plan(environment, false);
        assertThat(items).anySatisfy(item -> assertThat(item.subject()).startsWith("PersistentVolumeClaim/"));
        assertThat(actions(items, "PersistentVolumeClaim/")).containsOnly(Action.KEEP);
        assertThat(actions(items, "Namespace/")).containsExactly(Action.KEEP);
        assertThat(actions(items, "Deployment/")).containsOnly(Action.DELETE);

        StoredRun run = slipway().run(environment, Scope.destroy(false));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(claims(name)).isNotEmpty();
        assertThat(cluster().apps().deployments().inNamespace(name).list().getItems())
                .isEmpty();
        assertThat(cluster().pods().inNamespace(name).list().getItems()).isEmpty();
        assertThat(log(run)).anySatisfy(line -> assertThat(line).contains("kubectl delete namespace " + name));
    }

    @Test
    @DisplayName("volumes that are given up go with their namespace")
    void deletesVolumes() {
        String name = name("given");
        StoredEnvironment environment = deployed(name, "volumes: [{name: data, path: /data, size: 1Mi}]");
        assertThat(actions(plan(environment, true), "PersistentVolumeClaim/")).containsOnly(Action.DELETE);

        StoredRun run = slipway().run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster().namespaces().withName(name).get()).isNull();
    }

    @Test
    @DisplayName("what somebody else put into the namespace stays, and the namespace with it, both in the plan")
    void leavesForeignObjects() {
        String name = name("shared");
        StoredEnvironment environment = deployed(name, "");
        cluster()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(name)
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();

        assertThat(plan(environment, true))
                .contains(
                        new PlanItem("ConfigMap/theirs", null, Action.KEEP, List.of()),
                        new PlanItem("Namespace/" + name, null, Action.KEEP, List.of()));
        StoredRun run = slipway().run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster().configMaps().inNamespace(name).withName("theirs").get())
                .isNotNull();
        assertThat(cluster().services().inNamespace(name).list().getItems()).isEmpty();
        assertThat(log(run)).anySatisfy(line -> assertThat(line).contains("ConfigMap/theirs"));
    }

    @Test
    @DisplayName("what a finalizer holds is named with the finalizer; once it is let go the same again gets through")
    void namesFinalizers() {
        String name = name("held");
        StoredEnvironment environment = deployed(name, "");
        finalizers(name, "[\"example.com/cleanup\"]");

        StoredRun stuck = slipway().run(environment, Scope.destroy(false));

        assertThat(stuck.outcome()).isEqualTo(Outcome.FAILED);
        StepView web = step(stuck, "remove/web");
        assertThat(web.problem().code()).isEqualTo(ProblemCode.KUBERNETES_HELD);
        assertThat(web.problem().arguments())
                .containsEntry("finalizers", "example.com/cleanup")
                .containsEntry("object", "Deployment " + name + "/web");
        assertThat(step(stuck, "remove/db").state()).isEqualTo(StepState.BLOCKED);
        assertThat(slipway().get(EnvironmentStore.class).byName(name)).isPresent();

        finalizers(name, "null");
        StoredRun again = slipway().run(environment, Scope.destroy(false));
        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster().namespaces().withName(name).get()).isNull();
    }

    @Test
    @DisplayName("a prune names what a finalizer holds, and finds it again in the next run")
    void pruneNamesFinalizers() {
        String name = name("pruned");
        StoredEnvironment environment = deployed(name, "");
        finalizers(name, "[\"example.com/cleanup\"]");
        slipway().change(name, document(name, "").replaceFirst("(?m)^ +- .name: web.*\n", ""));

        StoredRun stuck = slipway().deploy(environment);

        assertThat(stuck.outcome()).as("%s", stuck.progress()).isEqualTo(Outcome.FAILED);
        assertThat(step(stuck, "remove/web").problem().code()).isEqualTo(ProblemCode.KUBERNETES_HELD);
        finalizers(name, "null");
        StoredRun again = slipway().deploy(environment);
        assertThat(again.outcome()).as("%s", again.progress()).isIn(Outcome.SUCCEEDED, Outcome.UNCHANGED);
        assertThat(cluster()
                        .apps()
                        .deployments()
                        .inNamespace(name)
                        .withName("web")
                        .get())
                .isNull();
    }

    @Test
    @DisplayName(
            "components that leave together go in reverse order of their needs, the next only when the one before has gone")
    void leavesInOrder() {
        String name = name("leaving");
        StoredEnvironment environment = chain(name);
        finalizers(name, "[\"example.com/cleanup\"]");
        slipway().change(name, onlyOther(name));

        StoredRun stuck = slipway().deploy(environment);

        assertThat(stuck.outcome()).as("%s", stuck.progress()).isEqualTo(Outcome.FAILED);
        assertThat(step(stuck, "remove/web").problem().arguments())
                .containsEntry("finalizers", "example.com/cleanup")
                .containsEntry("object", "Deployment " + name + "/web");
        assertThat(step(stuck, "remove/api").needs()).containsExactly("remove/web");
        assertThat(step(stuck, "remove/api").state()).isEqualTo(StepState.BLOCKED);
        assertThat(step(stuck, "remove/db").state()).isEqualTo(StepState.BLOCKED);
        assertThat(deployments(name)).containsExactlyInAnyOrder("web", "api", "db", "other");

        // The newest document has none of them any more: who needed whom is told by the one before.
        finalizers(name, "null");
        StoredRun again = slipway().deploy(environment);

        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(again, "remove/api")).isLessThanOrEqualTo(begun(again, "remove/db"));
        assertThat(deployments(name)).containsExactly("other");
        assertThat(cluster()
                        .configMaps()
                        .inNamespace(name)
                        .withName("slipway-inventory")
                        .get()
                        .getData()
                        .get("objects"))
                .contains("Deployment/other/other")
                .doesNotContain("/web\n", "/api\n", "/db\n");
        assertThat(slipway().deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "what is left of components that no document has any more is destroyed in the order of their needs, too")
    void destroysWhatLeftInOrder() {
        String name = name("rest");
        StoredEnvironment environment = chain(name);
        finalizers(name, "[\"example.com/cleanup\"]");
        slipway().change(name, onlyOther(name));
        assertThat(slipway().deploy(environment).outcome()).isEqualTo(Outcome.FAILED);
        finalizers(name, "null");

        StoredRun run = slipway().run(environment, Scope.destroy(true));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(step(run, "remove/db").needs()).containsExactly("remove/api");
    }

    /** web needs api, api needs db; other is on its own. */
    private StoredEnvironment chain(String name) {
        String document = onlyOther(name)
                + component("db", "volumes: [{name: data, path: /data, size: 1Mi}]")
                + component("api", "dependsOn: [db]")
                + component("web", "dependsOn: [api]");
        StoredEnvironment environment = slipway().environment(document, null, name, clusterName());
        StoredRun run = slipway().deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private String onlyOther(String name) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + component("other", "replicas: 1");
    }

    private String component(String name, String more) {
        return "    - {name: " + name + ", " + pod() + ", " + more + "}\n";
    }

    private List<String> deployments(String namespace) {
        return cluster().apps().deployments().inNamespace(namespace).list().getItems().stream()
                .map(deployment -> deployment.getMetadata().getName())
                .toList();
    }

    @Test
    @DisplayName(
            "an environment that was never deployed is destroyed too; a namespace of somebody else's is not touched")
    void forgets() {
        String name = name("never");
        cluster()
                .resource(new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        StoredEnvironment environment = environment(name, "");

        assertThat(slipway().run(environment, Scope.destroy(true)).outcome()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(cluster().namespaces().withName(name).get().getMetadata().getDeletionTimestamp())
                .isNull();
        assertThat(slipway().get(EnvironmentStore.class).byName(name)).isEmpty();
    }

    int page(String path) {
        try {
            return send(HttpRequest.newBuilder(URI.create(slipway().url() + path))
                            .GET())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        request.header("Authorization", "Bearer " + slipway().token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private void finalizers(String namespace, String list) {
        cluster()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":" + list + "}}");
    }

    StoredEnvironment deployed(String name, String more) {
        StoredEnvironment environment = environment(name, more);
        StoredRun run = slipway().deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private StoredEnvironment environment(String name, String more) {
        return slipway().environment(document(name, more), null, name, clusterName());
    }

    private String document(String name, String more) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %1$s}
                spec:
                  components:
                    - {name: web, kind: service, ports: [{name: http, port: 8080}], dependsOn: [{component: db, when: healthy}], %2$s}
                    - {name: db, kind: stateful, %2$s%3$s}
                """.formatted(name, pod(), more.isEmpty() ? "" : ", " + more);
    }

    private String pod() {
        return "source: {image: \"" + image() + "\"}, security: {runAsUser: 65534}, "
                + "command: [sh, -c, \"trap 'exit 0' TERM; sleep 3600 & wait\"]";
    }

    private List<PlanItem> plan(StoredEnvironment environment, boolean deleteVolumes) {
        return slipway()
                .get(Runs.class)
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

    private List<?> claims(String namespace) {
        return cluster().persistentVolumeClaims().inNamespace(namespace).list().getItems();
    }

    private List<String> log(StoredRun run) {
        return slipway().get(StepLog.class).read(run.id(), "clear", 0, 100).stream()
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
