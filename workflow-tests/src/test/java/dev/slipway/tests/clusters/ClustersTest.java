package dev.slipway.tests.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClustersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static SimulatedCluster other;

    @BeforeAll
    static void start() throws Exception {
        slipway = RunningSlipway.start(data.resolve("slipway"));
        other = SimulatedCluster.start(data.resolve("other"), 0);
    }

    @AfterAll
    static void stop() {
        slipway.close();
        other.close();
    }

    @Test
    @DisplayName("a cluster is added, deployed to and removed while Slipway runs, and not removed while it is used")
    void comesAndGoes() throws Exception {
        HttpResponse<String> added =
                add("second", kubeconfig(other.clientConfig().getMasterUrl()));

        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        JsonNode view = JSON.readTree(added.body());
        assertThat(view.path("state").asText()).isEqualTo("reachable");
        assertThat(view.path("version").asText()).startsWith("v1.");
        assertThat(view.path("kind").asText()).isEqualTo("added");
        assertThat(view.path("context").asText()).isEqualTo("here");
        assertThat(view.path("environments").asInt()).isZero();
        StoredEnvironment environment = slipway.environment(document("moved"), null, "moved", "second");
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(other.clientConfig()).build()) {
            assertThat(client.apps()
                            .deployments()
                            .inNamespace("moved")
                            .withName("web")
                            .get())
                    .isNotNull();
        }

        HttpResponse<String> used = call("DELETE", "/api/v1/clusters/second", null);
        assertThat(used.statusCode()).isEqualTo(409);
        assertThat(code(used)).isEqualTo(ProblemCode.KUBERNETES_CLUSTER_IN_USE.id());

        // Nobody can delete an environment yet, so the store does.
        slipway.get(JdbcClient.class)
                .sql("delete from environment where name = 'moved'")
                .update();
        assertThat(call("DELETE", "/api/v1/clusters/second", null).statusCode()).isEqualTo(204);
        assertThat(call("GET", "/api/v1/clusters/second", null).statusCode()).isEqualTo(404);
        assertThat(add("second", kubeconfig(other.clientConfig().getMasterUrl()))
                        .statusCode())
                .isEqualTo(201);
        assertThat(call("DELETE", "/api/v1/clusters/second", null).statusCode()).isEqualTo(204);
    }

    @Test
    @DisplayName("a cluster that does not answer is refused in words, and nothing of it is kept")
    void refusesTheUnreachable() throws Exception {
        HttpResponse<String> refused = add("away", kubeconfig("http://127.0.0.1:1"));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(code(refused)).isEqualTo(ProblemCode.KUBERNETES_UNREACHABLE.id());
        assertThat(call("GET", "/api/v1/clusters/away", null).statusCode()).isEqualTo(404);
        assertThat(slipway.get(ClusterStore.class).all())
                .noneMatch(cluster -> cluster.name().equals("away"));
    }

    @Test
    @DisplayName(
            "what comes from the settings is shown as such and stays; a name is given once; hostile input is refused")
    void refuses() throws Exception {
        JsonNode all =
                JSON.readTree(call("GET", "/api/v1/clusters", null).body()).path("items");
        assertThat(all.get(0).path("name").asText()).isEqualTo("simulated");
        assertThat(all.get(0).path("kind").asText()).isEqualTo("simulated");
        assertThat(code(call("DELETE", "/api/v1/clusters/simulated", null)))
                .isEqualTo(ProblemCode.KUBERNETES_CLUSTER_FIXED.id());
        String good = kubeconfig(other.clientConfig().getMasterUrl());
        assertThat(code(add("simulated", good))).isEqualTo(ProblemCode.KUBERNETES_CLUSTER_EXISTS.id());
        assertThat(code(add("Bad Name", good))).isEqualTo(ProblemCode.DOC_NAME.id());
        assertThat(code(add("hostile", good.replace("user: {}", "user: {exec: {command: sh}}"))))
                .isEqualTo(ProblemCode.KUBERNETES_KUBECONFIG.id());
        assertThat(code(call("POST", "/api/v1/clusters", "{\"name\": \"a\"}")))
                .isEqualTo(ProblemCode.REQUEST_INVALID.id());
        assertThat(call("POST", "/api/v1/clusters/nobody/test", null).statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("behind a name stays the cluster that its environments were made in: another one is refused")
    void staysTheSame() throws Exception {
        assertThat(add("same", kubeconfig(other.clientConfig().getMasterUrl())).statusCode())
                .isEqualTo(201);
        StoredEnvironment environment = slipway.environment(document("same"), null, "same", "same");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        slipway.get(JdbcClient.class)
                .sql("update cluster_seen set identity = 'another' where name = 'same'")
                .update();

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_CLUSTER_CHANGED));
        JsonNode view =
                JSON.readTree(call("POST", "/api/v1/clusters/same/test", null).body());
        assertThat(view.path("state").asText()).isEqualTo("unusable");
        assertThat(view.path("problem").path("code").asText()).isEqualTo(ProblemCode.KUBERNETES_CLUSTER_CHANGED.id());
    }

    @Test
    @DisplayName("a kubeconfig is kept sealed and never given back")
    void keepsCredentials() throws Exception {
        String text = kubeconfig(other.clientConfig().getMasterUrl());
        assertThat(add("sealed", text).statusCode()).isEqualTo(201);

        byte[] kept = slipway.get(JdbcClient.class)
                .sql("select kubeconfig from cluster where name = 'sealed'")
                .query(byte[].class)
                .single();

        assertThat(new String(kept, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("127.0.0.1");
        assertThat(call("GET", "/api/v1/clusters/sealed", null).body()).doesNotContain("kubeconfig", "users");
    }

    @Test
    @DisplayName("the API deploys a part, restarts and scales; what does not fit together is a bad request")
    void partsByApi() throws Exception {
        StoredEnvironment environment = slipway.environment(document("byapi"), "byapi");
        String path = "/api/v1/environments/byapi";
        JsonNode plan = JSON.readTree(
                call("POST", path + "/plans", "{\"components\": [\"web\"]}").body());
        assertThat(plan.path("items").findValuesAsText("component"))
                .contains("web")
                .doesNotContain("api");
        HttpResponse<String> started = call(
                "POST",
                path + "/runs",
                "{\"operation\": \"deploy\", \"components\": [\"web\"], \"withDependencies\": true, \"plan\": \""
                        + plan.path("hash").asText() + "\"}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        assertThat(JSON.readTree(started.body()).path("components").toString()).isEqualTo("[\"web\"]");
        assertThat(ended(started)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(call("POST", path + "/runs", "{\"operation\": \"restart\", \"components\": [\"web\"]}")))
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended(call("POST", path + "/runs", "{\"operation\": \"scale\", \"replicas\": {\"web\": 2}}")))
                .isEqualTo(Outcome.SUCCEEDED);
        for (String bad : new String[] {
            "{\"operation\": \"scale\"}",
            "{\"operation\": \"scale\", \"replicas\": {\"web\": -1}}",
            "{\"operation\": \"scale\", \"replicas\": {\"web\": 100000}}",
            "{\"operation\": \"scale\", \"replicas\": {\"web\": null}}",
            "{\"operation\": \"restart\", \"replicas\": {\"web\": 1}}",
            "{\"operation\": \"restart\", \"components\": [\"web\"], \"withDependencies\": true}",
            "{\"components\": [null]}",
        }) {
            assertThat(call("POST", path + "/runs", bad).statusCode()).as(bad).isEqualTo(400);
            assertThat(call("POST", path + "/plans", bad).statusCode()).as(bad).isEqualTo(400);
        }
        HttpResponse<String> unknown = call("POST", path + "/plans", "{\"components\": [\"nobody\"]}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(code(unknown)).isEqualTo(ProblemCode.RUN_COMPONENT_UNKNOWN.id());
        assertThat(environment.cluster()).isEqualTo("simulated");
    }

    private static Outcome ended(HttpResponse<String> started) throws Exception {
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        return slipway.finished(JSON.readTree(started.body()).path("id").asText(), java.time.Duration.ofMinutes(2))
                .outcome();
    }

    private static HttpResponse<String> add(String name, String kubeconfig) throws Exception {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("kubeconfig", kubeconfig);
        return call("POST", "/api/v1/clusters", body.toString());
    }

    private static String code(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("code").asText();
    }

    private static HttpResponse<String> call(String method, String path, @Nullable String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static String kubeconfig(String server) {
        return """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: one, user: me}}]
                clusters: [{name: one, cluster: {server: "%s"}}]
                users: [{name: me, user: {}}]
                """.formatted(server);
    }

    private static String document(String name) {
        String component = "    - name: %s\n      source: {image: \"" + IMAGE + "\"}\n      kind: service\n";
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + component.formatted("web") + component.formatted("api");
    }
}
