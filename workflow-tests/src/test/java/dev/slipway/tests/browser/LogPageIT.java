package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.browser.Browser.Scheme;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

class LogPageIT {
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final String HOSTILE =
            "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: talker}
            spec:
              components:
                - name: web
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  replicas: 2
                  env: {SIMULATION_LOG: "%s"}
            """;

    @TempDir
    private Path data;

    private Browser browser;
    private SlipwayProcess slipway;

    @BeforeEach
    void start() {
        browser = Browser.open();
        slipway = SlipwayProcess.in(data).set("slipway.demo", "true").start();
    }

    @AfterEach
    void end() {
        if (slipway != null) {
            slipway.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    @DisplayName(
            "from a run's step to its component's log: live, searched, paused, hostile lines inert; and what Slipway applies")
    void story() {
        document(HttpRequest.BodyPublishers.ofString(DOCUMENT.formatted(HOSTILE)), 201, "POST", "");
        assertThat(slipway.post("/api/v1/environments", """
                        {"name": "talker-dev", "application": "talker", "cluster": "%s"}""".formatted(EmbeddedEngines.SIMULATED_CLUSTER))
                        .statusCode())
                .isEqualTo(201);
        String run = deploy();
        browser.signIn(slipway.link()).awaitPath("/environments.*");

        browser.go(slipway.url("/runs/" + run + "?step=deploy/web"))
                .click("#component-log-link")
                .awaitPath("/environments/talker-dev/components/web/log");
        assertThat((String) browser.read("return location.search")).startsWith("?since=2");
        browser.await("the lines", () -> shown("img src=x") == 2);
        browser.await("the state", () -> browser.text("#log-state").equals("live"));
        assertThat(browser.count("#component-log img, #component-log script")).isZero();
        assertThat((String) browser.read("return document.title")).startsWith("Log of web");
        assertThat(browser.texts("#component-log .line[data-kind=text] .pod").stream()
                        .distinct())
                .hasSize(2);
        browser.picture("log-live");

        browser.type("#log-search", "ONERROR");
        browser.await("the search", () -> browser.count("#component-log .line:not([hidden])") == 2);
        assertThat(browser.text("#log-count")).startsWith("2 of ");
        browser.tabTo("#log-search").press(Keys.ENTER);
        browser.await(
                "lines of the cluster alone",
                () -> String.valueOf(browser.read("return location.search")).contains("search=ONERROR")
                        && browser.count("#component-log .line") == 2);

        browser.go(slipway.url("/environments/talker-dev?component=web"))
                .click("#open-log")
                .awaitPath("/environments/talker-dev/components/web/log")
                .await("the lines", () -> shown("img src=x") == 2);
        browser.click("#log-pause")
                .await("the pause", () -> browser.text("#log-state").equals("paused"));
        document(HttpRequest.BodyPublishers.ofString(DOCUMENT.formatted("a second word")), 200, "PUT", "/talker");
        deploy();
        assertThat(shown("a second word")).isZero();
        browser.click("#log-pause").await("what came meanwhile", () -> shown("a second word") == 2);
        assertThat(shown("img src=x")).as("nothing comes twice").isEqualTo(2);

        browser.size(390, 844).scheme(Scheme.DARK);
        assertThat((Boolean) browser.read("return document.documentElement.scrollWidth <= innerWidth"))
                .isTrue();
        browser.picture("log-phone");
        browser.size(1280, 900).scheme(Scheme.LIGHT);

        browser.go(slipway.url("/environments/talker-dev?component=web"))
                .click("#open-manifests")
                .awaitPath("/environments/talker-dev/manifests");
        assertThat(browser.text("#component-web")).contains("kind: \"Deployment\"", "SIMULATION_LOG", "a second word");
        browser.picture("manifests");
        assertThat(browser.complaints()).isEmpty();
    }

    private int shown(String text) {
        return (int) browser.texts("#component-log .line:not([hidden]) .said").stream()
                .filter(line -> line.contains(text))
                .count();
    }

    private void document(HttpRequest.BodyPublisher body, int status, String method, String path) {
        HttpResponse<String> answer = slipway.send(slipway.request("/api/v1/applications" + path)
                .header("Content-Type", "application/yaml")
                .header("If-Match", "1")
                .method(method, body)
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private String deploy() {
        HttpResponse<String> answer = slipway.post("/api/v1/environments/talker-dev/runs", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Matcher id = ID.matcher(answer.body());
        assertThat(id.find()).isTrue();
        String run = id.group(1);
        browser.await(
                "the run",
                () -> slipway.get("/api/v1/runs/" + run).body().replace(" ", "").contains("\"outcome\":\"succeeded\""));
        return run;
    }
}
