package dev.slipway.tests.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.kubernetes.log.ComponentLogs;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: talker}
            spec:
              parameters: [{name: key, type: secret, generate: 24}]
              components:
                - name: web
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  replicas: 2
                  env: {SIMULATION_LOG: "%s", KEY: "${param.key}"}
                - {name: quiet, kind: service, source: {image: "slipway.registry/base/shell:1"}}
            """;

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static StoredEnvironment environment;

    @BeforeAll
    static void deploy() {
        slipway = RunningSlipway.start(data, "slipway.demo=true");
        environment = slipway.environment(DOCUMENT.formatted("<script>alert(1)</script> needle"), "talker");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("without following: every pod's lines with its name in front, and the answer ends")
    void reads() throws Exception {
        HttpResponse<String> answer = OpenLog.get(slipway, log("web", ""));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(answer.body().lines().filter(line -> line.contains("needle")))
                .hasSize(2);
        assertThat(answer.body().lines())
                .allMatch(line -> line.matches("web-\\S+ 2\\S+Z .*"))
                .anyMatch(line -> line.endsWith("<script>alert(1)</script> needle"));
        assertThat(answer.body()
                        .lines()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .distinct())
                .hasSize(2);
        await().until(() -> slipway.get(ComponentLogs.class).streams() == 0);
    }

    @Test
    @DisplayName("searched, from a moment on, of one pod: only what was asked for")
    void narrows() throws Exception {
        assertThat(OpenLog.get(slipway, log("web", "search=NEEDLE")).body().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("needle"));
        assertThat(OpenLog.get(slipway, log("web", "since=2100-01-01T00:00:00Z"))
                        .body())
                .isEmpty();
        String pod = OpenLog.get(slipway, log("web", "")).body().split(" ", 2)[0];
        assertThat(OpenLog.get(slipway, log("web", "since=1h&search=needle&pod=" + pod))
                        .body()
                        .lines())
                .hasSize(1)
                .allMatch(line -> line.startsWith(pod));
    }

    @Test
    @DisplayName(
            "what cannot be read says why: no such component, no such moment, no container before this one, nobody")
    void refuses() throws Exception {
        assertThat(OpenLog.get(slipway, log("nobody", "")).body()).contains("SLP-REQUEST-NOT-FOUND");
        HttpResponse<String> moment = OpenLog.get(slipway, log("web", "since=yesterday"));
        assertThat(moment.statusCode()).isEqualTo(400);
        assertThat(moment.body()).contains("SLP-REQUEST-INVALID", "since");
        HttpResponse<String> before = OpenLog.get(slipway, log("web", "previous=true"));
        assertThat(before.statusCode()).isEqualTo(404);
        assertThat(before.body()).contains("SLP-LOG-NONE", "previous terminated container");
        HttpResponse<String> absent = OpenLog.get(slipway, log("web", "pod=web-gone"));
        assertThat(absent.body()).contains("SLP-LOG-NONE");
    }

    @Test
    @DisplayName(
            "followed: a pod that comes is picked up, one that goes is told, and who leaves ends the cluster's streams")
    void follows() throws Exception {
        ComponentLogs logs = slipway.get(ComponentLogs.class);
        try (OpenLog open = OpenLog.follow(slipway, log("web", "follow=true"))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> count(open, "needle") == 2);
            assertThat(open.lines()).noneMatch(line -> line.startsWith("#"));
            assertThat(logs.streams()).isEqualTo(2);

            slipway.change("talker", DOCUMENT.formatted("another word"));
            assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(count(open, "another word")).as("%s", open.lines()).isEqualTo(2);
                assertThat(count(open, "has started")).as("%s", open.lines()).isEqualTo(2);
                assertThat(count(open, "has ended")).as("%s", open.lines()).isEqualTo(2);
            });
            assertThat(count(open, "needle")).isEqualTo(2);
            assertThat(logs.streams()).isEqualTo(2);
        }

        await().atMost(Duration.ofSeconds(60)).until(() -> logs.streams() == 0);
        slipway.change("talker", DOCUMENT.formatted("<script>alert(1)</script> needle"));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("what Slipway applies: every object as YAML, no secret, the image as the cluster pulls it")
    void manifests() throws Exception {
        String key = slipway.get(ParameterStore.class)
                .secrets(environment.id())
                .get("key")
                .reveal();
        HttpResponse<String> answer = OpenLog.get(slipway, "/api/v1/environments/talker/manifests");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/yaml;charset=UTF-8");
        assertThat(answer.body())
                .contains("kind: \"Namespace\"", "kind: \"Deployment\"", "kind: \"Secret\"", "env.KEY: \"***\"")
                .contains("secretKeyRef")
                .contains("/base/shell@sha256:")
                .doesNotContain(key)
                .doesNotContain(java.util.Base64.getEncoder()
                        .encodeToString(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(OpenLog.get(slipway, "/api/v1/environments/nowhere/manifests")
                        .statusCode())
                .isEqualTo(404);
    }

    private static long count(OpenLog open, String text) {
        return List.copyOf(open.lines()).stream()
                .filter(line -> line.contains(text))
                .count();
    }

    private static String log(String component, String query) {
        return "/api/v1/environments/talker/components/" + component + "/log?" + query;
    }
}
