package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.tests.browser.Browser.Scheme;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.web.embedded.EmbeddedEngines;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be done with an environment that runs, each by clicking, each with its plan first. */
class OperationsPageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENVIRONMENT = "/environments/shop-dev";
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: web
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  env: {WORD: "%1$s"}
                  dependsOn: [api]
                - name: api
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  env: {WORD: "%1$s"}
                - name: db
                  kind: stateful
                  source: {image: "slipway.registry/base/shell:1"}
                  volumes: [{name: data, path: /data, size: 1Mi}]
            """;

    @TempDir
    private Path data;

    private final List<String> wrong = new ArrayList<>();
    private Browser browser;
    private SlipwayProcess slipway;
    private KubernetesClient cluster;
    private String suffix;
    private String language;

    @BeforeEach
    void start() {
        browser = Browser.open();
        slipway = SlipwayProcess.in(data).set("slipway.demo", "true").start();
        String address = json(slipway.get("/api/v1/clusters"))
                .findParents("name")
                .get(0)
                .path("address")
                .asText();
        cluster = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(address)
                        .withHttp2Disable(true)
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
        document("one", 201, "POST", "");
        assertThat(slipway.post("/api/v1/environments", """
                        {"name": "shop-dev", "application": "shop", "cluster": "%s"}""".formatted(EmbeddedEngines.SIMULATED_CLUSTER))
                        .statusCode())
                .isEqualTo(201);
        String run = json(slipway.post("/api/v1" + ENVIRONMENT + "/runs", "{}"))
                .path("id")
                .asText();
        assertThat(ended("/runs/" + run)).isEqualTo("succeeded");
    }

    @AfterEach
    void end() {
        if (cluster != null) {
            cluster.close();
        }
        if (slipway != null) {
            slipway.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest(name = "{0} px, {1}, {2}")
    @DisplayName(
            "restart, scale, deploy a part, settle a conflict, destroy: the plan, its button, the run, what is then:")
    @CsvSource({"1280, LIGHT, en", "390, DARK, zh"})
    void operates(int width, Scheme scheme, String tag) {
        language = tag;
        suffix = "-" + width + "-" + scheme.word() + "-" + tag;
        browser.size(width, width < 500 ? 844 : 900).scheme(scheme).language(tag);
        browser.signIn(slipway.link()).awaitPath("/environments.*");

        restarts();
        scales();
        deploysAPart();
        settlesConflicts();
        destroys();

        assertThat(wrong).isEmpty();
    }

    private void restarts() {
        open("?component=web").click("#restart-part");
        plan("restart-part");
        assertThat(browser.text("#plan-part")).isEqualTo("web");
        assertThat(confirmed()).isEqualTo("succeeded");
        assertThat(steps()).containsExactly("restart/web");

        open("").click("#restart");
        plan("restart");
        assertThat(browser.count("#plan-part")).isZero();
        assertThat(confirmed()).isEqualTo("succeeded");
        assertThat(steps()).containsExactlyInAnyOrder("restart/web", "restart/api", "restart/db");
    }

    private void scales() {
        open("?component=web").type("#scale-replicas", "3");
        String since = since();
        cluster.pods()
                .inNamespace("shop-dev")
                .withLabel("slipway.dev/component", "web")
                .delete();
        browser.await("the panel to be another", () -> !since.equals(since()));
        assertThat(browser.value("#scale-replicas")).as("what was written").isEqualTo("3");
        browser.click("#scale-button");
        plan("scale");
        assertThat(browser.text("#plan")).contains("spec.replicas");
        assertThat(confirmed()).isEqualTo("succeeded");
        assertThat(deployment().getStatus().getReadyReplicas()).isEqualTo(3);
        open("?component=web")
                .await(
                        "the number on the page",
                        () -> browser.value("#scale-replicas").equals("3"));
    }

    private String since() {
        return (String) browser.read("return document.querySelector('#component dl time')?.dateTime ?? ''");
    }

    private void deploysAPart() {
        document("two", 200, "PUT", "/shop");
        open("").click("#deploy").await("the plan", () -> browser.has("#plan #confirm"));
        browser.click("#choose-part summary")
                .click("#choose-part input[name=component][value=web]")
                .click("#choose-part button[type=submit]")
                .await("the part", () -> browser.text("#plan-part").equals("web"));
        plan("part");
        assertThat(browser.text("#plan")).doesNotContain("Deployment/api");
        browser.click("#plan-dependencies")
                .await("what it needs", () -> browser.text("#plan").contains("Deployment/api"));
        browser.click("#plan-dependencies")
                .await("the part alone", () -> !browser.text("#plan").contains("Deployment/api"));
        assertThat(confirmed()).isEqualTo("succeeded");
        assertThat(steps()).contains("deploy/web").doesNotContain("deploy/api");
        open("?component=api").click("#deploy-part");
        plan("part-of-panel");
        assertThat(confirmed()).isEqualTo("succeeded");
    }

    private void settlesConflicts() {
        cluster.apps()
                .deployments()
                .inNamespace("shop-dev")
                .withName("web")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager("hpa-controller")
                                .withForce(true)
                                .build(),
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},"
                                + "\"spec\":{\"replicas\":5}}");

        open("").click("#deploy").await("the conflict", () -> browser.has("#conflicts"));
        assertThat(browser.text("#conflicts")).contains("hpa-controller", "spec.replicas", "5", "3");
        assertThat(browser.has("#confirm")).isFalse();
        wrong.addAll(Look.at(browser, "plan-conflict" + suffix, language));
        for (String choice : List.of("leave", "stop", "take")) {
            browser.click("#conflict-" + choice)
                    .await(choice, () -> browser.has("#conflict-" + choice + "[aria-current=true]"));
            assertThat(browser.has("#confirm")).as(choice).isEqualTo(!choice.equals("stop"));
            wrong.addAll(Look.at(browser, "plan-conflict-" + choice + suffix, language));
        }
        assertThat(confirmed()).isEqualTo("succeeded");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
    }

    private void destroys() {
        open("").click("#danger input[value=delete]").click("#destroy");
        plan("destroy");
        assertThat(browser.text("#plan")).contains("PersistentVolumeClaim/");
        assertThat(browser.has("#destroy-volumes")).isTrue();
        browser.type("#confirm-name", "shop").click("#confirm");
        assertThat(browser.has("#confirm-name:invalid")).as("another name").isTrue();
        assertThat(browser.path()).isEqualTo(ENVIRONMENT);
        browser.type("#confirm-name", "shop-dev");
        assertThat(confirmed()).isEqualTo("succeeded");
        wrong.addAll(Look.at(browser, "run-destroy" + suffix, language));
        assertThat(cluster.namespaces().withName("shop-dev").get()).isNull();
        browser.go(slipway.url("/environments")).awaitPath("/environments");
        assertThat(browser.texts("tbody th")).isNotEmpty().doesNotContain("shop-dev");
        assertThat(browser.complaints()).isEmpty();
    }

    private Browser open(String query) {
        return browser.go(slipway.url(ENVIRONMENT + query)).awaitPath(ENVIRONMENT);
    }

    private void plan(String name) {
        browser.await("the plan", () -> browser.has("#plan #confirm"));
        wrong.addAll(Look.at(browser, "plan-" + name + suffix, language));
    }

    /** Starts what is planned and waits for its end: the outcome. */
    private String confirmed() {
        browser.click("#confirm").awaitPath("/runs/[^/]+");
        String outcome = ended(browser.path());
        browser.await("the end on the page", () -> browser.has("#head .state") && !browser.has("#stop"));
        return outcome;
    }

    private List<String> steps() {
        return List.copyOf(browser.attributes("#steps [data-step]", "data-step", "data-state")
                .keySet());
    }

    private String ended(String run) {
        browser.await(
                "the run's end",
                () -> json(slipway.get("/api/v1" + run)).path("outcome").isTextual());
        return json(slipway.get("/api/v1" + run)).path("outcome").asText();
    }

    private Deployment deployment() {
        return cluster.apps()
                .deployments()
                .inNamespace("shop-dev")
                .withName("web")
                .get();
    }

    private void document(String word, int status, String method, String path) {
        HttpResponse<String> answer = slipway.send(slipway.request("/api/v1/applications" + path)
                .header("Content-Type", "application/yaml")
                .header("If-Match", "1")
                .method(method, HttpRequest.BodyPublishers.ofString(DOCUMENT.formatted(word)))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }
}
