package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that asks, by clicking: the question comes without a reload, is answered, and the page says who said what. */
class QuestionPageIT {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: api
                  source: {image: "slipway.registry/base/shell:1"}
                  env: {SIMULATION_FAIL: "Exit:3"}
                - name: web
                  source: {image: "slipway.registry/base/shell:1"}
                  dependsOn: [api]
            """;

    @TempDir
    private Path data;

    private final List<String> wrong = new ArrayList<>();

    @Test
    @DisplayName(
            "a failed step asks on the run's page; paused, resumed, tried again, skipped with a reason: the run goes on")
    void answers() {
        try (Browser browser = Browser.open();
                SlipwayProcess slipway =
                        SlipwayProcess.in(data).set("slipway.demo", "true").start()) {
            assertThat(slipway.send(slipway.request("/api/v1/applications")
                                    .header("Content-Type", "application/yaml")
                                    .POST(HttpRequest.BodyPublishers.ofString(DOCUMENT))
                                    .build())
                            .statusCode())
                    .isEqualTo(201);
            assertThat(slipway.post("/api/v1/environments", """
                            {"name": "shop-dev", "application": "shop", "cluster": "%s"}""".formatted(EmbeddedEngines.SIMULATED_CLUSTER))
                            .statusCode())
                    .isEqualTo(201);
            browser.size(1280, 900).language("en");
            browser.signIn(slipway.link()).awaitPath("/environments.*");
            browser.go(slipway.url("/environments/shop-dev"))
                    .click("#deploy")
                    .await("the plan", () -> browser.has("#plan #confirm"))
                    .click("#confirm")
                    .awaitPath("/runs/.*");
            browser.await("the question", () -> browser.has("#question-deploy-api-1"));
            assertThat(browser.text("#questions")).contains("deploy/api has failed", "exit code 3");
            assertThat(browser.texts("#questions button[name=choice]"))
                    .containsExactly("Edit and retry", "Retry", "Skip", "Roll back", "Stop and leave");
            wrong.addAll(Look.everywhere(browser, "run-question"));
            browser.click("#questions details summary");
            wrong.addAll(Look.at(browser, "run-question-edit-1280-light-en", "en"));

            browser.click("#pause").await("the pause", () -> browser.has("#paused"));
            browser.click("#resume").await("no pause", () -> !browser.has("#paused"));

            browser.click("#questions button[value=retry]")
                    .await("the same once more", () -> browser.has("#question-deploy-api-2"));
            browser.type("#questions input[name=reason]", "known to be broken")
                    .click("#questions button[value=skip]")
                    .await("the end", () -> browser.text("#head").contains("succeeded"));
            browser.click("#answers summary");
            assertThat(browser.text("#answers")).contains("Retry", "Skip", "known to be broken");
            wrong.addAll(Look.at(browser, "run-answered-1280-light-en", "en"));
            assertThat(wrong).isEmpty();
        }
    }
}
