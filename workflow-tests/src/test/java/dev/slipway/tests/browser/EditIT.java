package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SlipwayProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EditIT {
    private static final String DOCUMENT = """
            # Who greets
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: hello   # the first
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  ports: [{name: http, port: 8080, protocol: http}]

                # at the door
                - name: gate
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  dependsOn: [hello]

                - name: side
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
            """;

    private Browser browser;
    private SlipwayProcess slipway;
    private String app = "";
    private int applications;

    @BeforeAll
    void start(@TempDir Path data) {
        browser = Browser.open();
        slipway = SlipwayProcess.in(data).set("slipway.demo", "true").start();
        browser.signIn(slipway.link()).awaitPath("/environments/.*");
    }

    @AfterAll
    void end() {
        if (slipway != null) {
            slipway.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void create() {
        browser.size(1280, 900).scheme(Browser.Scheme.LIGHT);
        app = "greeter" + ++applications;
        assertThat(slipway.send(slipway.request("/api/v1/applications")
                                .header("Content-Type", "application/yaml")
                                .POST(BodyPublishers.ofString(DOCUMENT.formatted(app)))
                                .build())
                        .statusCode())
                .isEqualTo(201);
        browser.go(slipway.url("/applications/" + app));
    }

    @AfterEach
    void quiet() {
        // What is refused answers 4xx, which the console repeats.
        assertThat(browser.complaints("status of 422", "status of 412", "status of 409"))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "as text: a mistake is told while typing, with its line; mended, the difference is shown, saved, and the"
                    + " plan tells what it means")
    void text() {
        assertThat(slipway.post(
                                "/api/v1/environments",
                                "{\"application\": \"" + app + "\", \"name\": \"" + app
                                        + "-dev\", \"cluster\": \"simulated\"}")
                        .statusCode())
                .isEqualTo(201);
        browser.click("#edit").awaitPath("/applications/.*/edit");
        browser.await("the numbers", () -> browser.text(".gutter").contains("20"));
        String document = browser.value("#document");
        assertThat(document).isEqualTo(DOCUMENT.formatted(app));

        browser.paste("#document", document.replace("kind: service\n      source", "kind: servce\n      source"));
        browser.await("the problem", () -> browser.text("#verdict").contains("servce"));
        browser.click("#verdict a[data-line]");
        assertThat((String) browser.read("const a = document.getElementById('document');"
                        + " return a.value.substring(a.selectionStart, a.selectionEnd)"))
                .contains("servce");
        browser.picture("edit-problem");

        browser.paste("#document", document.replace("port: 8080", "port: 8081"));
        browser.await("no problem", () -> browser.has("#verdict .t-good"));
        browser.click("#review").awaitPath("/applications/.*/review");
        assertThat(browser.texts(".textdiff .removed"))
                .singleElement()
                .asString()
                .contains("port: 8080");
        assertThat(browser.texts(".textdiff .added")).singleElement().asString().contains("port: 8081");
        browser.picture("edit-review");
        browser.type("#message", "Another port").click("#save").awaitPath("/applications/" + app);

        assertThat(browser.text("#saved")).contains("2");
        browser.picture("edit-saved");
        browser.click("#saved a").awaitPath("/environments/.*/plan");
        browser.await("the plan", () -> browser.has("#confirm"));

        browser.go(slipway.url("/applications/" + app + "/revisions"));
        assertThat(browser.text("main")).contains("Another port").contains("admin");
        assertThat(browser.texts(".textdiff .added")).hasSize(1);
        browser.picture("edit-revisions");
        browser.click("button[name=number][value='1']").awaitPath("/applications/.*/restore");
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(slipway.get("/api/v1/applications/" + app + "/revisions/3").body())
                .contains("port: 8080");
    }

    @Test
    @DisplayName("an edge is added by picking two components; one that closes a circle is refused with the way out")
    void edges() {
        browser.click("#edge-from option[value=side]")
                .click("#edge-to option[value=gate]")
                .click("#add-edge button")
                .awaitPath("/applications/.*/edges");
        assertThat(browser.texts(".textdiff .added")).last().asString().contains("component: gate");
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(browser.texts("#edges li")).hasSize(2);

        browser.click("#edge-from option[value=hello]")
                .click("#edge-to option[value=side]")
                .click("#add-edge button")
                .awaitPath("/applications/.*/edges");
        assertThat(browser.text("#problems")).contains("SLP-DOC-CYCLE").contains("linked");
        assertThat(browser.has("#save")).isFalse();
        browser.picture("edit-cycle");

        browser.go(slipway.url("/applications/" + app)).picture("edit-application");
        browser.click("#edges li:last-child button").awaitPath("/applications/.*/edges");
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(browser.texts("#edges li")).hasSize(1);
        assertThat(document()).contains("# the first", "# at the door");
    }

    @Test
    @DisplayName(
            "by form: rows are added, mistakes are told while typing, and nothing of the text but the field changes")
    void form() {
        browser.click("a[href$='/components/hello']").awaitPath("/applications/.*/components/hello");
        browser.type("#f-replicas", "many");
        browser.await("the problem", () -> browser.text("#verdict").contains("replicas"));
        browser.type("#f-replicas", "3");
        browser.await("no problem", () -> browser.has("#verdict .t-good"));
        browser.click("details:has(#f-env) > summary");
        browser.type("#f-env [data-row]:last-child input", "GREETING");
        browser.paste("#f-env [data-row]:last-child textarea", "good: day # really");
        browser.click("#f-env [data-add]");
        assertThat(browser.isFocused("#f-env [data-row]:last-child input")).isTrue();
        browser.type("#f-env [data-row]:last-child input", "LANG");
        browser.paste("#f-env [data-row]:last-child textarea", "en");
        browser.picture("edit-form");
        browser.size(390, 800).scheme(Browser.Scheme.DARK).picture("edit-form-390-dark");
        assertThat((Boolean) browser.read(
                        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .isTrue();
        browser.size(1280, 900).click("#review").awaitPath("/applications/.*/components/hello");
        browser.await("the difference", () -> browser.has("#save"));
        browser.click("#save").awaitPath("/applications/" + app);

        assertThat(document()).isEqualTo(DOCUMENT.formatted(app).replace("""
                                      source: {image: "slipway.registry/base/shell:1"}
                                      ports: [{name: http, port: 8080, protocol: http}]
                                """, """
                                      source: {image: "slipway.registry/base/shell:1"}
                                      replicas: 3
                                      ports: [{name: http, port: 8080, protocol: http}]
                                      env: {GREETING: "good: day # really", LANG: en}
                                """));
    }

    @Test
    @DisplayName(
            "a component is added and removed by form; who refers to a removed one is told; parameters are changed")
    void components() {
        browser.click("#new-component").awaitPath("/applications/.*/new-component");
        browser.type("#f-name", "cache").type("#f-source-image", "slipway.registry/base/shell:1");
        browser.click("#review");
        browser.await("the difference", () -> browser.has("#save"));
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(document())
                .startsWith(DOCUMENT.formatted(app).stripTrailing())
                .contains("- name: cache");

        browser.go(slipway.url("/applications/" + app + "/components/hello"));
        assertThat(browser.text("main")).contains("gate.dependsOn");
        browser.click("#remove").awaitPath("/applications/.*/remove");
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(document()).doesNotContain("name: hello", "dependsOn").contains("# at the door");

        browser.click("#settings").awaitPath("/applications/.*/settings");
        browser.type("#f-metadata-title", "<b>Greeter</b>").click("#review");
        browser.await("the difference", () -> browser.has("#save"));
        browser.click("#save").awaitPath("/applications/" + app);
        assertThat(browser.text("h1")).isEqualTo("<b>Greeter</b>");
    }

    @Test
    @DisplayName(
            "who saves a text that somebody else changed meanwhile is told and keeps what was typed; git's documents"
                    + " are refused with the place where they are changed")
    void changedMeanwhile() {
        browser.go(slipway.url("/applications/" + app + "/edit"));
        String mine = DOCUMENT.formatted(app).replace("8080", "8082");
        browser.paste("#document", mine).click("#review").awaitPath("/applications/.*/review");
        assertThat(put(app, DOCUMENT.formatted(app).replace("8080", "8090"), "\"1\"")
                        .statusCode())
                .isEqualTo(200);

        browser.click("#save");
        browser.await("the refusal", () -> browser.text("#problems").contains("SLP-APP-CHANGED"));
        assertThat(browser.has("#save")).isFalse();
        browser.click("#again").awaitPath("/applications/.*/edit");
        assertThat(browser.value("#document")).isEqualTo(mine);

        HttpResponse<String> late = put(app, DOCUMENT.formatted(app), "\"1\"");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.body()).contains("SLP-REQUEST-CHANGED");
        assertThat(slipway.get("/api/v1/applications/" + app + "/revisions/1/diff/2")
                        .body())
                .contains("8080", "8090", "\"added\":1", "\"removed\":1");
        assertThat(slipway.get("/api/v1/applications/" + app + "/revisions/9").statusCode())
                .isEqualTo(404);
        HttpResponse<String> git = put("storefront", DOCUMENT.formatted("storefront"), "\"1\"");
        assertThat(git.statusCode()).isEqualTo(409);
        assertThat(git.body()).contains("SLP-APP-IN-GIT", "slipway.yaml");
        browser.go(slipway.url("/applications/storefront/edit"));
        assertThat(browser.has("#document")).isFalse();
        assertThat(browser.text("main")).contains("slipway.yaml");
    }

    private HttpResponse<String> put(String name, String document, String seen) {
        return slipway.send(slipway.request("/api/v1/applications/" + name)
                .header("Content-Type", "application/yaml")
                .header("If-Match", seen)
                .PUT(BodyPublishers.ofString(document))
                .build());
    }

    private String document() {
        browser.go(slipway.url("/applications/" + app + "/edit"));
        String document = browser.value("#document");
        browser.go(slipway.url("/applications/" + app));
        return document;
    }
}
