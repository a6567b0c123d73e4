package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.tests.browser.Browser.Scheme;
import dev.slipway.tests.support.ChatSender;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page in the states a person meets it in, in every size, colour and language. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern LINK = Pattern.compile("http://[^\\s\"/]+(/sign-in/[A-Za-z0-9_-]+)");
    private static final Pattern RUN = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final String OUTCOME = "\"outcome\"\\s*:\\s*\"%s\"";

    /** The ledger has a probe, so that no moment of it counts as ready before it crashes. */
    private static final String APPLICATION = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s, title: %s}
            spec:
              components:
                - name: gateway
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  dependsOn: [ledger]
                - name: ledger
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  ports: [{name: http, port: 8080, protocol: http}]
                  probes: {readiness: {http: {port: http, path: /ready}}}
                  env: {%s}
                - name: mail
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
            """;

    /** Answers that say no, which the console repeats. */
    private static final Map<String, String> EXPECTED = Map.of("not-found", "404", "proposal-refused", "422");

    private static final String COMPOSE = """
            services:
              web: {build: web, ports: ["8080:3000"], depends_on: [db], networks: [inner]}
              db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"]}
            volumes: {data: {}}
            networks: {inner: {}}
            """;

    private static final String BUILT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: web
                  source: {git: "%s", path: web}
            """;

    private static final String WRONG = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: Wrong Name}
            spec:
              components:
                - name: hello
                  kind: servce
                  colour: red
                  dependsOn: [helo]
            """;

    private static final String CHAT_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

    private final Map<String, String> pages = new LinkedHashMap<>();
    private Path data;
    private Browser browser;
    private SlipwayProcess slipway;

    @BeforeAll
    void everyState(@TempDir Path folder) throws IOException {
        data = folder;
        browser = Browser.open();
        slipway = SlipwayProcess.in(data.resolve("slipway"))
                .set("slipway.demo", "true")
                .set("slipway.git.local-folders", data.toString())
                .start();

        String succeeded = deploy("storefront-dev");
        environment("storefront-next", "storefront");
        application("paymaster", "Paymaster", "SIMULATION_READY_AFTER: 30m");
        environment("paymaster-dev", "paymaster");
        String running = deploy("paymaster-dev");
        application("broker", "Broker", "SIMULATION_FAIL: CrashLoopBackOff");
        environment("broker-dev", "broker");
        String failed = deploy("broker-dev");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(run(succeeded)).containsPattern(OUTCOME.formatted("succeeded")));
        await().atMost(SOON).untilAsserted(() -> assertThat(run(failed)).containsPattern(OUTCOME.formatted("failed")));
        await().atMost(SOON).untilAsserted(() -> assertThat(run(running)).contains("\"running\""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                slipway.get("/api/v1/environments/broker-dev").body())
                        .contains("\"degraded\""));

        pages.put("environments", "/environments");
        pages.put("environment-new", "/environments/storefront-next");
        pages.put("environment", "/environments/storefront-dev");
        pages.put("environment-component", "/environments/storefront-dev?component=orders");
        pages.put("environment-degraded", "/environments/broker-dev?component=ledger");
        pages.put("environment-busy", "/environments/paymaster-dev");
        pages.put("log", "/environments/storefront-dev/components/orders/log");
        pages.put("log-previous", "/environments/broker-dev/components/ledger/log?previous=true");
        pages.put("manifests", "/environments/storefront-dev/manifests");
        pages.put("plan", "/environments/storefront-next/plan");
        pages.put("plan-unchanged", "/environments/storefront-dev/plan");
        pages.put("run-succeeded", "/runs/" + succeeded);
        pages.put("run-running", "/runs/" + running);
        pages.put("run-failed", "/runs/" + failed);
        pages.put("applications", "/applications");
        pages.put("application", "/applications/storefront");
        pages.put("new-application-git", "/applications/new");
        pages.put("new-application-text", "/applications/new?from=text");
        try (TestRepository repository = TestRepository.create(data.resolve("shop"))) {
            repository
                    .write("web/package.json", "{\"name\": \"web\", \"scripts\": {\"start\": \"node server.js\"}}")
                    .write("compose.yaml", COMPOSE)
                    .commit("Begin");
            pages.put("proposal", "/applications/new/draft?url=" + repository.url());
            application(BUILT.formatted(repository.url()));
            pages.put("dockerfile", "/applications/shop/components/web/dockerfile");
        }
        pages.put("proposal-refused", "/applications/new/draft?url=https://127.0.0.1:1/nobody/there");
        pages.put("new-environment", "/environments/new?application=storefront");
        settings();
        pages.put("not-found", "/nothing/here");
    }

    /** What an administrator sets up, with something in it. */
    private void settings() {
        ok(slipway.send(slipway.request("/api/v1/chat-connections/team-chat")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "{\"verification\": \"signature\", \"secret\": \"" + CHAT_SECRET + "\"}"))
                .build()));
        String said = new ChatSender(slipway.url().toString(), CHAT_SECRET, "https://hooks.slack.com/x")
                .say("U0001", "link", "1")
                .body();
        pages.put("chat-link", first(Pattern.compile("(/chat/link/[A-Za-z0-9_-]+)"), said));
        pages.put("chat", "/chat");
        ok(slipway.post(
                "/api/v1/webhooks",
                "{\"name\": \"ci\", \"url\": \"http://127.0.0.1:1/\", \"events\": [\"run.failed\"]}"));
        ok(slipway.post("/api/v1/webhooks/ci/ping", ""));
        pages.put("webhooks", "/webhooks");
        pages.put("webhook-new", "/webhooks/new");
        pages.put("commit-states-new", "/webhooks/states/new");
        pages.put("outbox", "/outbox");
        ok(slipway.post("/api/v1/people", "{\"name\": \"ben\", \"roles\": [{\"role\": \"viewer\"}]}"));
        pages.put("people", "/people");
        pages.put("person", "/people/ben");
        pages.put("account", "/account");
        pages.put("audit", "/audit");
    }

    private static void ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    @AfterAll
    void end() {
        if (slipway != null) {
            slipway.close();
        }
        // Still open when no test ran because the states did not come about.
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void newPerson() {
        if (browser == null) {
            browser = Browser.open();
        }
    }

    @AfterEach
    void leave() {
        browser.close();
        browser = null;
    }

    @ParameterizedTest(name = "{0} px, {1}, {2}")
    @DisplayName("no page scrolls sideways, complains, is hard to read, half translated or out of a keyboard's reach:")
    @CsvSource({
        "1280, LIGHT, en",
        "1280, LIGHT, zh",
        "1280, DARK, en",
        "1280, DARK, zh",
        "390, LIGHT, en",
        "390, LIGHT, zh",
        "390, DARK, en",
        "390, DARK, zh"
    })
    void everyPage(int width, Scheme scheme, String language) {
        String suffix = "-" + width + "-" + scheme.word() + "-" + language;
        List<String> wrong = new ArrayList<>();
        browser.size(width, width < 500 ? 844 : 900).scheme(scheme).language(language);

        wrong.addAll(look("sign-in", suffix, slipway.url("/sign-in"), language));
        // Ten refused ones in a minute would make the address wait: there are nine of them in this class.
        wrong.addAll(look("sign-in-refused", suffix, slipway.url("/sign-in/used-long-ago"), language, "403"));
        wrong.addAll(look("sign-in-confirm", suffix, link(), language));
        browser.paste("#name", SignInForm.name()).choosePassword().awaitPath("/environments.*");
        pages.forEach((name, path) ->
                wrong.addAll(look(name, suffix, slipway.url(path), language, EXPECTED.getOrDefault(name, "(none)"))));
        browser.go(slipway.url("/applications/new?from=text"))
                .paste("#document", WRONG)
                .click("form.form button[type=submit]")
                .await("the problems", () -> browser.has("#problems"));
        wrong.addAll(look("new-application-wrong", suffix, null, language, "422"));

        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("the look at a page finds what is wrong with it")
    void looks() throws IOException {
        Path page = Files.writeString(data.resolve("wrong.html"), """
                <!DOCTYPE html><html lang="de"><title></title><body>
                <h1 id="twice">One</h1><h1 id="twice">Two</h1><main><div style="width: 3000px">wide</div></main>
                <p style="color: #999; background: #fff">pale</p><p>??state.lost_en?? nav.label</p>
                <button style="width: 9px; height: 9px"></button><button tabindex="-1">hidden</button><script>missing()</script>
                """);

        assertThat(look("wrong", "", page.toUri(), "en"))
                .anyMatch(what -> what.contains("scrolls sideways: 3008 > 1280: <div"))
                .anyMatch(what -> what.endsWith("lang is \"de\""))
                .anyMatch(what -> what.endsWith("no title"))
                .anyMatch(what -> what.endsWith("2 h1"))
                .anyMatch(what -> what.endsWith("id \"twice\" twice"))
                .anyMatch(what -> what.contains("contrast 2.85 of \"pale\""))
                .anyMatch(what -> what.endsWith("not translated: ??state.lost_en??"))
                .anyMatch(what -> what.endsWith("not translated: nav.label"))
                .anyMatch(what -> what.contains("not reached by Tab: <button tabindex"))
                .anyMatch(what -> what.endsWith("has no name: button"))
                .anyMatch(what -> what.contains("missing is not defined"))
                .hasSize(11);
    }

    @Test
    @DisplayName("who was on the way to a page gets there after signing in; a link that was used is refused")
    void wayBack() {
        browser.go(slipway.url("/applications/storefront")).awaitPath("/sign-in");
        URI link = link();

        browser.signIn(link).awaitPath("/applications/storefront");

        browser.go(link).awaitPath("/sign-in/.*");
        assertThat(browser.text("[role=alert]")).contains("SLP-AUTH-REFUSED");
        assertThat(browser.complaints("403")).isEmpty();
    }

    @Test
    @DisplayName("with several environments there are, signing in opens their list")
    void landing() {
        browser.signIn(link()).awaitPath("/environments");
        assertThat(browser.texts("tbody th")).contains("storefront-dev", "broker-dev");
    }

    @Test
    @DisplayName("a component that fails says why in words, in the picture and beside it; its run says what to do")
    void failedComponent() {
        browser.signIn(link()).awaitPath("/environments");
        browser.go(slipway.url(pages.get("environment-degraded"))).awaitPath("/environments/broker-dev");
        assertThat(browser.text("#component")).contains("ends again and again").doesNotContain("SLP-");
        assertThat(browser.texts("#node-ledger .why")).noneMatch(why -> why.contains("SLP-"));

        browser.go(slipway.url(pages.get("run-failed"))).awaitPath("/runs/.*");
        assertThat(browser.text("#step-deploy-ledger"))
                .contains("failed", "exit code 1", "Correct it", "SLP-POD-CRASH");
        assertThat(browser.text("#step-deploy-gateway")).contains("blocked");
    }

    @Test
    @DisplayName("a language chosen on the page stays chosen")
    void language() {
        browser.signIn(link()).awaitPath("/environments");
        browser.click(".languages a[lang=zh]")
                .await(
                        "Chinese",
                        () -> browser.read("return document.documentElement.lang")
                                .toString()
                                .startsWith("zh"));
        browser.go(slipway.url("/applications")).awaitPath("/applications");
        assertThat(browser.read("return document.documentElement.lang").toString())
                .startsWith("zh");
        assertThat(browser.complaints()).isEmpty();
    }

    private List<String> look(String name, String suffix, URI address, String language, String... expected) {
        if (address != null) {
            browser.go(address);
        }
        return Look.at(browser, name + suffix, language, expected);
    }

    private URI link() {
        Matcher link = LINK.matcher(slipway.post("/api/v1/sign-in-links", "").body());
        assertThat(link.find()).isTrue();
        return slipway.url(link.group(1));
    }

    private void application(String name, String title, String env) {
        application(APPLICATION.formatted(name, title, env));
    }

    private void application(String document) {
        HttpResponse<String> answer = slipway.send(slipway.request("/api/v1/applications")
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(document))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private void environment(String name, String application) {
        HttpResponse<String> answer = slipway.post(
                "/api/v1/environments", """
                        {"name": "%s", "application": "%s", "cluster": "%s"}""".formatted(name, application, EmbeddedEngines.SIMULATED_CLUSTER));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** Starts a deploy; the run's id. */
    private String deploy(String environment) {
        HttpResponse<String> answer = slipway.post("/api/v1/environments/" + environment + "/runs", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return first(RUN, answer.body());
    }

    private String run(String id) {
        return slipway.get("/api/v1/runs/" + id).body();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }
}
