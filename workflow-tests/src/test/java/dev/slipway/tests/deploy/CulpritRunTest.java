package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.run.Outcome;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain of three on the simulated cluster, of which the first has trouble: what the API and the page say meanwhile. */
class CulpritRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static final HttpClient BROWSER =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @BeforeAll
    static void start() throws Exception {
        slipway = RunningSlipway.start(data);
        Matcher link = Pattern.compile("/sign-in/[A-Za-z0-9_-]+")
                .matcher(send("/api/v1/sign-in-links", "application/json", "en", BodyPublishers.noBody()));
        assertThat(link.find()).isTrue();
        send(
                link.group(),
                "text/html",
                "en",
                BodyPublishers.ofString(SignInForm.filled(get(link.group(), "text/html", "en"))));
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("who waits says what is wrong at the root while it waits, in both languages, in API and page")
    void namesTheCulpritLive() throws Exception {
        StoredRun run = slipway.start(slipway.environment(chain("waiting", "NeverReady"), "waiting"));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(culprit(run.id(), "deploy/web", "en")
                                .path("code")
                                .asText())
                        .isEqualTo("SLP-POD-PROBE"));

        JsonNode culprit = culprit(run.id(), "deploy/web", "en");
        assertThat(culprit.path("step").asText()).isEqualTo("deploy/db");
        assertThat(culprit.path("state").asText()).isEqualTo("running");
        assertThat(culprit.path("since").isNull()).isFalse();
        assertThat(culprit.path("what").asText()).contains("readiness", "connection refused");
        assertThat(culprit(run.id(), "deploy/orders", "zh").path("what").asText())
                .contains("探针", "connection refused");
        assertThat(step(run.id(), "deploy/db", "en")
                        .path("obstacle")
                        .path("code")
                        .asText())
                .isEqualTo("SLP-POD-PROBE");
        assertThat(get("/runs/" + run.id(), "text/html", "en"))
                .contains("note-line culprit t-warn", "note-line t-warn obstacle", "connection refused");
        slipway.get(Runs.class).cancel(run.id());
        slipway.finished(run.id(), Duration.ofSeconds(60));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> slipway.get(StepLog.class).obstacles(run.id()).isEmpty());
    }

    @Test
    @DisplayName("a run that failed says its cause once, with all that was not begun for it")
    void tellsTheCauseOnce() throws Exception {
        StoredRun run = slipway.deploy(slipway.environment(chain("failing", "Exit:3"), "failing"));

        assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
        JsonNode causes = api(run.id(), "en").path("causes");
        assertThat(causes).hasSize(1);
        assertThat(causes.get(0).path("problem").path("code").asText()).isEqualTo("SLP-POD-CRASH");
        assertThat(causes.get(0).path("steps")).hasSize(1);
        assertThat(causes.get(0).path("blocked").toString()).isEqualTo("[\"deploy/orders\",\"deploy/web\"]");
        String page = get("/runs/" + run.id(), "text/html", "en");
        assertThat(page).contains("id=\"causes\"", "deploy/orders, deploy/web").containsOnlyOnce("id=\"causes\"");
        assertThat(page).contains("not begun: needs db");
    }

    private static JsonNode culprit(String run, String step, String language) throws Exception {
        return step(run, step, language).path("culprits").path(0);
    }

    private static JsonNode step(String run, String step, String language) throws Exception {
        for (JsonNode one : api(run, language).path("steps")) {
            if (one.path("id").asText().equals(step)) {
                return one;
            }
        }
        return JSON.missingNode();
    }

    private static JsonNode api(String run, String language) throws Exception {
        return JSON.readTree(get("/api/v1/runs/" + run, "application/json", language));
    }

    private static String get(String path, String type, String language) throws Exception {
        return send(path, type, language, null);
    }

    /** Pages go by the session, the API by the token. */
    private static String send(String path, String type, String language, @Nullable BodyPublisher body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", type)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept-Language", language);
        if (path.startsWith("/api/")) {
            request.header("Authorization", "Bearer " + slipway.token());
        }
        HttpResponse<String> answer = (path.startsWith("/api/") ? HttpClient.newHttpClient() : BROWSER)
                .send(
                        (body == null ? request.GET() : request.POST(body)).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isBetween(200, body == null ? 299 : 399);
        return answer.body();
    }

    private static String chain(String name, String trouble) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %1$s}
                spec:
                  components:
                    - name: db
                      source: {image: "%2$s"}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                      env: {SIMULATION_FAIL: "%3$s", SIMULATION_LOG: "out of paper"}
                    - name: orders
                      source: {image: "%2$s"}
                      dependsOn: [{component: db, when: healthy}]
                    - name: web
                      source: {image: "%2$s"}
                      dependsOn: [{component: orders, when: healthy}]
                """.formatted(name, IMAGE, trouble);
    }
}
