package dev.slipway.tests.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that ask, are answered and are undone, over the API and on the simulated cluster: what people see of them. */
class QuestionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path data;

    private static RunningSlipway slipway;
    private static KubernetesClient cluster;
    private static Api api;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        cluster = slipway.simulatedCluster();
        api = Api.of(slipway);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        slipway.close();
    }

    /** A database that is there before the web is deployed, whose program ends with {@code exit}; 0: it goes on. */
    private static String document(String name, String version, int exit) {
        String fail = exit == 0 ? "" : ", SIMULATION_FAIL: \"Exit:" + exit + "\"";
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: db
                      kind: stateful
                      source: {image: "%s"}
                      ports: [{name: sql, port: 5432}]
                      volumes: [{name: data, path: /data, size: 1Gi}]
                    - name: web
                      source: {image: "%s"}
                      ports: [{name: http, port: 8080}]
                      files: [{path: /etc/web.conf, content: "version=%s"}]
                      env: {VERSION: "%s"%s}
                      dependsOn: [{component: db, when: healthy}]
                """.formatted(name, image("db", "1"), image("web", version), version, version, fail);
    }

    /** By digest: nobody asks a registry for it. */
    private static String image(String name, String version) {
        return "registry.example/" + name + "@sha256:" + version.repeat(64);
    }

    private static String begin(StoredEnvironment environment, String body) {
        Api.Answer answer = api.post("/environments/" + environment.name() + "/runs", body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        return answer.body().path("id").asText();
    }

    private static JsonNode run(String id) {
        return api.get("/runs/" + id).body();
    }

    private static JsonNode question(String id) {
        await().atMost(LIMIT).until(() -> open(run(id)) != null);
        return open(run(id));
    }

    private static JsonNode open(JsonNode run) {
        for (JsonNode question : run.path("questions")) {
            if (question.path("answer").isNull()) {
                return question;
            }
        }
        return null;
    }

    private static Api.Answer answer(String id, String json) {
        return api.post("/runs/" + id + "/answers", json);
    }

    private static StoredRun end(String id) {
        return slipway.finished(id, LIMIT);
    }

    /** Everything of the environment, without what changes by itself. */
    private static List<String> objects(StoredEnvironment environment) {
        String namespace = environment.namespace();
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(cluster.apps().deployments().inNamespace(namespace).list().getItems());
        all.addAll(cluster.apps().statefulSets().inNamespace(namespace).list().getItems());
        all.addAll(cluster.services().inNamespace(namespace).list().getItems());
        all.addAll(cluster.configMaps().inNamespace(namespace).list().getItems());
        all.addAll(cluster.secrets().inNamespace(namespace).list().getItems());
        all.addAll(cluster.serviceAccounts().inNamespace(namespace).list().getItems());
        all.addAll(
                cluster.persistentVolumeClaims().inNamespace(namespace).list().getItems());
        all.addAll(cluster.batch().v1().jobs().inNamespace(namespace).list().getItems());
        return all.stream()
                .map(one -> one.getKind() + "/" + one.getMetadata().getName())
                .sorted()
                .toList();
    }

    @Test
    @DisplayName(
            "a step that fails for good asks; edit and retry takes another image, and the environment and its release know it")
    void editsAndRetries() {
        StoredEnvironment environment = slipway.environment(document("edits", "1", 3), "edits");
        String id = begin(environment, "{\"onFailure\": \"ask\"}");

        JsonNode question = question(id);
        assertThat(question.path("step").asText()).isEqualTo("deploy/web");
        assertThat(question.path("problem").path("fix").asText()).isNotEmpty();
        assertThat(run(id).path("state").asText()).isEqualTo("waiting");
        assertThat(api.get("/runs?state=waiting&environment=edits").body().path("items"))
                .hasSize(1);

        Api.Answer bad = answer(id, "{\"choice\": \"edit\", \"inputs\": {\"env\": \"nonsense\"}}");
        assertThat(bad.status()).isEqualTo(200);
        JsonNode again = question(id);
        assertThat(again.path("id").asText())
                .as("asked once more, with what is wrong")
                .isEqualTo("deploy/web#2");
        assertThat(again.path("problem").path("code").asText()).isEqualTo("SLP-REQUEST-INVALID");

        Api.Answer edited = answer(
                id,
                "{\"choice\": \"edit\", \"inputs\": {\"image\": \"" + image("web", "9")
                        + "\", \"env\": \"SIMULATION_FAIL=\"}}");
        assertThat(edited.status()).as("%s", edited).isEqualTo(200);

        StoredRun run = end(id);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace(environment.namespace())
                        .withName("web")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .isEqualTo(image("web", "9"));
        assertThat(slipway.get(EnvironmentStore.class).byId(environment.id()).overrides())
                .contains(image("web", "9"));
        assertThat(slipway.get(ReleaseStore.class).ofRun(id).orElseThrow().document())
                .contains(image("web", "9"));
        assertThat(slipway.deploy(environment).outcome())
                .as("what was changed stays")
                .isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("the second presser is told who did what; a skipped step says why; whoever comes after the end too")
    void countsOneAnswer() {
        StoredEnvironment environment = slipway.environment(document("counted", "1", 3), "counted");
        String id = begin(environment, "{\"onFailure\": \"ask\"}");
        question(id);

        Api.Answer reasonless = answer(id, "{\"choice\": \"skip\"}");
        assertThat(reasonless.status()).isEqualTo(400);
        assertThat(answer(id, "{\"choice\": \"dance\"}").status()).isEqualTo(400);
        assertThat(answer(id, "{\"choice\": \"skip\", \"reason\": \"known to be broken\"}")
                        .status())
                .isEqualTo(200);
        Api.Answer second = answer(id, "{\"question\": \"deploy/web#1\", \"choice\": \"retry\"}");

        assertThat(second.status()).as("%s", second).isEqualTo(409);
        assertThat(second.code()).isEqualTo("SLP-RUN-ANSWERED");
        assertThat(end(id).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run(id).path("questions")
                        .path(0)
                        .path("answer")
                        .path("reason")
                        .asText())
                .isEqualTo("known to be broken");
        Api.Answer late = answer(id, "{\"question\": \"deploy/web#1\", \"choice\": \"retry\"}");
        assertThat(late.code()).isIn("SLP-RUN-ANSWERED", "SLP-RUN-FINISHED");
    }

    @Test
    @DisplayName("cancelling the first deploy leaves nothing: no namespace, and so no object and no volume")
    void undoesAFirstDeploy() {
        StoredEnvironment environment = slipway.environment(document("fresh", "1", 3), "fresh");
        String id = begin(environment, "{\"onFailure\": \"ask\"}");
        question(id);
        assertThat(objects(environment)).contains("StatefulSet/db", "PersistentVolumeClaim/data-db-0");

        assertThat(api.post("/runs/" + id + "/cancel", "{}").status()).isEqualTo(202);

        StoredRun run = end(id);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.CANCELLED);
        assertThat(cluster.namespaces().withName(environment.namespace()).get()).isNull();
        assertThat(objects(environment)).isEmpty();
        assertThat(run.progress().steps())
                .filteredOn(StepView::acted)
                .allSatisfy(step -> assertThat(step.state()).isEqualTo(StepState.UNDONE));
    }

    @Test
    @DisplayName(
            "rolling back a later deploy brings back what was there: images, files, components that had gone, and no more")
    void rollsBackAChange() {
        StoredEnvironment environment = slipway.environment(document("change", "1", 0), "change");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        List<String> before = objects(environment);
        slipway.change(
                "change",
                document("change", "2", 4)
                        .replace("name: db", "name: store")
                        .replace("component: db", "component: store"));

        String id = begin(environment, "{\"onFailure\": \"rollback\"}");

        StoredRun run = end(id);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(objects(environment)).isEqualTo(before);
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace(environment.namespace())
                        .withName("web")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .isEqualTo(image("web", "1"));
        slipway.change("change", document("change", "1", 0));
        assertThat(slipway.deploy(environment).outcome())
                .as("it is as if nothing had happened")
                .isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("a destruction that is cancelled brings back what it had deleted")
    void undoesADestruction() {
        StoredEnvironment environment = slipway.environment(document("spared", "1", 0), "spared");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        List<String> before = objects(environment);
        cluster.services().inNamespace(environment.namespace()).withName("db").edit(service -> {
            service.getMetadata().setFinalizers(List.of("example.com/held"));
            return service;
        });
        String id = begin(environment, "{\"operation\": \"destroy\", \"onFailure\": \"ask\"}");
        JsonNode question = question(id);
        assertThat(question.path("problem").path("code").asText()).isEqualTo("SLP-K8S-HELD");
        assertThat(objects(environment)).doesNotContain("Deployment/web");
        cluster.services().inNamespace(environment.namespace()).withName("db").edit(service -> {
            service.getMetadata().setFinalizers(List.of());
            return service;
        });

        answer(id, "{\"choice\": \"rollBack\"}");

        StoredRun run = end(id);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(objects(environment)).isEqualTo(before);
    }

    @Test
    @DisplayName("pause, resume, force stop: each by API, each says what is wrong with the request")
    void takesOrders() {
        StoredEnvironment environment = slipway.environment(document("orders", "1", 3), "orders");
        String id = begin(environment, "{\"onFailure\": \"ask\"}");
        question(id);

        assertThat(api.post("/runs/" + id + "/pause", "{\"step\": \"deploy/nothing\"}")
                        .code())
                .isEqualTo("SLP-RUN-STEP-UNKNOWN");
        assertThat(api.post("/runs/" + id + "/pause", "{}").body().path("paused"))
                .extracting(JsonNode::asText)
                .containsExactly("run");
        assertThat(answer(id, "{\"choice\": \"retry\"}").status()).isEqualTo(200);
        await().atMost(LIMIT).until(() -> run(id).toString().contains("\"state\":\"paused\""));
        assertThat(api.post("/runs/" + id + "/resume", "{}").body().path("paused"))
                .isEmpty();
        question(id);

        assertThat(api.post("/runs/" + id + "/terminate", "{}").status()).isEqualTo(400);
        assertThat(api.post("/runs/" + id + "/terminate", "{\"confirm\": \"" + id + "\"}")
                        .status())
                .isEqualTo(202);
        assertThat(end(id).outcome()).isEqualTo(Outcome.TERMINATED);
        assertThat(objects(environment)).as("nothing is undone").contains("StatefulSet/db");
        assertThat(slipway.deploy(environment).outcome()).as("the lane goes on").isEqualTo(Outcome.FAILED);
    }
}
