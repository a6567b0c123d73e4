package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SignInForm;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

class DemoStoryIT {
    private static final List<String> FAR = List.of("pending", "queued", "running", "done");
    private static final String[] COMPONENTS = {"web", "catalog", "orders", "payments", "cache", "migrate", "db"};

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
            "by clicking: link, plan, live run, reload in mid-run, green, unchanged, a commit rebuilds what it touches")
    void story() throws IOException {
        try (TestRepository repository = TestRepository.open(data.resolve("demo/storefront"))) {
            slowDatabase(repository);
            browser.signIn(slipway.link());

            browser.awaitPath("/environments/storefront-dev");
            assertThat(browser.texts("h1")).containsExactly("storefront-dev");

            browser.click("#deploy").await("the plan", () -> browser.has("#plan #confirm"));
            assertThat(planned("Build"))
                    .contains(
                            "image/web",
                            "image/catalog",
                            "image/orders",
                            "image/payments",
                            "image/cache",
                            "image/migrate");
            browser.click("#confirm").awaitPath("/runs/[^/]+");
            String run = browser.path();

            browser.await(
                    "the database to be waited for",
                    () -> "running".equals(steps().get("deploy/db")) && "done".equals(steps().get("deploy/catalog")));
            browser.picture("story-run");
            Map<String, String> before = steps();
            browser.reload().awaitPath(run);
            Map<String, String> after = steps();
            assertThat(after).containsOnlyKeys(before.keySet());
            assertThat(after)
                    .allSatisfy((step, state) -> assertThat(FAR.indexOf(state))
                            .as("%s was %s, is %s", step, before.get(step), state)
                            .isGreaterThanOrEqualTo(FAR.indexOf(before.get(step))));

            awaitOutcome("succeeded");
            browser.await(
                    "every node to be green", () -> nodes().values().stream().allMatch("healthy"::equals));
            assertThat(nodes()).containsOnlyKeys(COMPONENTS);
            assertThat(browser.count("#topology .node.t-good")).isEqualTo(COMPONENTS.length);
            assertThat(steps().values()).containsOnly("done");

            browser.click("#to-environment").awaitPath("/environments/storefront-dev");
            browser.await(
                    "the environment to be green",
                    () -> nodes().values().stream().allMatch("healthy"::equals)
                            && browser.text("#head").contains("healthy"));

            browser.click("#deploy").click("#confirm").awaitPath("/runs/[^/]+");
            awaitOutcome("unchanged");
            assertThat(browser.text("#summary")).contains("Nothing had to be done");
            assertThat(browser.complaints()).isEmpty();

            repository.write("services/catalog/site/products.json", "[]\n").commit("Sell nothing");
            browser.go(slipway.url("/environments/storefront-dev")).click("#deploy");
            browser.await("the plan", () -> browser.has("#plan #confirm"));
            assertThat(planned("Build")).containsExactly("image/catalog");
            assertThat(planned("Change")).isNotEmpty().allMatch(text -> text.contains("catalog"));
            assertThat(planned("Create")).isEmpty();
            browser.picture("story-plan");
            browser.click("#confirm").awaitPath("/runs/[^/]+");
            awaitOutcome("succeeded");
            assertThat(steps())
                    .containsKeys("build/catalog", "deploy/catalog")
                    .doesNotContainKeys("build/web", "deploy/web");

            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    @DisplayName("by keyboard alone: sign in, plan, deploy, look at a step, go back")
    void keyboard() {
        browser.go(slipway.link()).tabTo("#name").press(SignInForm.name());
        browser.tabTo("#password").press(SignInForm.PASSWORD);
        browser.tabTo("#repeat").press(SignInForm.PASSWORD);
        browser.tabTo("#choose").press(Keys.ENTER);
        browser.awaitPath("/environments/storefront-dev");

        browser.tabTo("#deploy").press(Keys.SPACE);
        browser.await("the plan, with its button ready to press", () -> browser.isFocused("#confirm"));
        browser.press(Keys.ENTER).awaitPath("/runs/[^/]+");
        awaitOutcome("succeeded");

        browser.tabTo("#open-deploy-orders").press(Keys.ENTER);
        browser.await("the log of the step", () -> browser.text("#log-panel h2").contains("deploy/orders"));
        browser.tabTo("#topology #node-web").press(Keys.ENTER);
        browser.await("the log of another", () -> browser.text("#log-panel h2").contains("deploy/web"));

        browser.tabTo("#to-environment").press(Keys.ENTER);
        browser.awaitPath("/environments/storefront-dev");
        browser.tabTo("#node-payments").press(Keys.ENTER);
        browser.await("the component", () -> browser.text("#component h2").equals("payments"));
        assertThat(browser.complaints()).isEmpty();
    }

    /** Slow enough to look at the run while it goes on. */
    private static void slowDatabase(TestRepository repository) throws IOException {
        String document = Files.readString(repository.folder().resolve("slipway.yaml"));
        String slow = document.replace(
                "        POSTGRES_USER: shop", "        SIMULATION_READY_AFTER: 6s\n        POSTGRES_USER: shop");
        assertThat(slow).isNotEqualTo(document);
        repository.write("slipway.yaml", slow).commit("A slow database");
    }

    private void awaitOutcome(String outcome) {
        browser.await(
                "the outcome " + outcome,
                () -> browser.text("#head .state").strip().equals(outcome));
    }

    /** State by id. */
    private Map<String, String> steps() {
        return browser.attributes("#steps [data-step]", "data-step", "data-state");
    }

    private Map<String, String> nodes() {
        Map<String, String> nodes = new java.util.TreeMap<>();
        browser.attributes("#topology .node", "id", "data-state")
                .forEach((id, state) -> nodes.put(id.substring("node-".length()), state));
        return nodes;
    }

    /** What the plan on the page says of an action. */
    private List<String> planned(String action) {
        return Browser.strings(browser.read(
                "return [...document.querySelectorAll('#plan .plan-group')].filter(g => g.querySelector('b').textContent === arguments[0])"
                        + ".flatMap(g => [...g.querySelectorAll('.item')].map(i => i.querySelector('span').textContent.trim()))",
                action));
    }
}
