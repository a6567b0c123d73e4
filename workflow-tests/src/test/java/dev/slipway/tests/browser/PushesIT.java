package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.HookClient;
import dev.slipway.tests.support.HookClient.Answer;
import dev.slipway.tests.support.HookClient.Hook;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class PushesIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: web, kind: service, source: {image: "registry.example/any@sha256:%s"}}
            """.formatted("0".repeat(64));

    @Test
    @DisplayName(
            "a hook and a rule are added by form; a signed push starts the run that its delivery leads to, and each"
                    + " that starts nothing says exactly why; what could not be started is started again")
    void story(@TempDir Path data) {
        try (TestRepository repository = TestRepository.create(data.resolve("team/shop"));
                RunningSlipway slipway =
                        RunningSlipway.start(data.resolve("slipway"), "slipway.git.local-folders=" + data);
                Browser browser = Browser.open()) {
            repository.write("slipway.yaml", DOCUMENT).commit("Open");
            slipway.environment(
                    DOCUMENT,
                    new GitOrigin(repository.url(), "main", "slipway.yaml"),
                    "shop-dev",
                    EmbeddedEngines.SIMULATED_CLUSTER);
            HookClient provider = new HookClient(slipway);
            browser.signIn(link(slipway)).awaitPath("/environments/shop-dev");
            List<String> wrong = new ArrayList<>();

            browser.click(".places a[href='/hooks']").awaitPath("/hooks");
            assertThat(browser.text("main")).contains("No hook yet", "Nothing was delivered yet");
            browser.click("#add-hook").awaitPath("/hooks/new");
            wrong.addAll(Look.at(browser, "hook-new", "en"));
            browser.paste("#name", "team").paste("#address", "nowhere").click("#add");
            browser.await("the refusal", () -> browser.text("[role=alert]").contains("SLP-HOOK-ADDRESS"));
            assertThat(browser.value("#name")).isEqualTo("team");
            assertThat(browser.complaints("status of 422")).isEmpty();
            browser.paste("#address", repository.url()).click("#add");
            browser.await("the secret", () -> browser.has("#secret"));
            wrong.addAll(Look.at(browser, "hook-secret-1280-light-en", "en"));
            Hook hook = new Hook("", URI.create(browser.text("#target")).getPath(), browser.text("#secret"));
            assertThat(hook.secret()).startsWith("whsec_");
            browser.size(390, 844);
            wrong.addAll(Look.at(browser, "hook-secret-390-light-en", "en"));
            browser.size(1280, 900)
                    .go(url(slipway, "/hooks"))
                    .click("main th a")
                    .awaitPath("/hooks/.*");
            assertThat(browser.text("main")).contains("team").doesNotContain(hook.secret());
            assertThat(browser.has("#secret")).isFalse();

            browser.go(url(slipway, "/environments/shop-dev"))
                    .click("main a[href$='/pushes']")
                    .awaitPath(".*/pushes");
            assertThat(browser.text("main")).contains(repository.url(), "main", "No rule yet");
            wrong.addAll(Look.at(browser, "pushes-empty", "en"));
            browser.click("#add-rule").awaitPath(".*/pushes/new");
            wrong.addAll(Look.everywhere(browser, "push-rule-new"));
            browser.paste("#branches", "main\nrelease/**").click("#save").awaitPath(".*/pushes");
            assertThat(browser.text("[data-rule]")).contains("main, release/**");
            browser.paste("#try-ref", "develop").click("#try-it");
            browser.await("what would come of it", () -> browser.has("#tried"));
            assertThat(browser.text("#tried")).contains("starts nothing", "The branch does not match");

            Answer started = provider.github(hook, "one", "push", push(repository, "main"));
            Answer skipped = provider.github(hook, "two", "push", push(repository, "develop"));
            provider.github(new Hook("", hook.path(), "wrong"), "three", "push", push(repository, "main"));
            assertThat(List.of(started.status(), skipped.status())).containsOnly(202);

            browser.go(url(slipway, "/hooks"));
            await(browser, started, "started");
            await(browser, skipped, "skipped");
            assertThat(browser.text("[data-delivery='" + skipped.id() + "']"))
                    .contains("shop-dev: The branch does not match: develop against main, release/**.");
            assertThat(browser.text("[data-state=refused]")).contains("not signed with a secret of this hook");
            wrong.addAll(Look.everywhere(browser, "deliveries"));
            browser.click("[data-delivery='" + skipped.id() + "'] th a").awaitPath("/hooks/deliveries/.*");
            assertThat(browser.text("#results")).contains("The branch does not match: develop against main");
            assertThat(browser.has("#again")).isFalse();
            wrong.addAll(Look.everywhere(browser, "delivery-skipped"));

            browser.go(url(slipway, "/hooks/deliveries/" + started.id()));
            wrong.addAll(Look.at(browser, "delivery-started", "en"));
            browser.click("#results a[href^='/runs/']").awaitPath("/runs/.*");
            String run = browser.path().substring("/runs/".length());
            assertThat(slipway.finished(run, LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
            browser.reload();
            assertThat(browser.text("main")).contains("hook/team");
            browser.go(url(slipway, "/environments/shop-dev/pushes"));
            assertThat(browser.texts("#results [data-state]")).hasSize(2);
            assertThat(browser.has("#results a[href='/hooks/deliveries/" + skipped.id() + "']"))
                    .isTrue();
            wrong.addAll(Look.everywhere(browser, "pushes"));

            // Nothing that a browser can do makes a start fail.
            slipway.get(JdbcClient.class).sql("""
                            update push_result set state = 'failed', run_id = null,
                              problem = '{"code": "SLP-ENGINE-UNREACHABLE", "where": "", "arguments": {"reason": "UNAVAILABLE"}}'
                            where delivery_id = :id
                            """).param("id", started.id()).update();
            browser.go(url(slipway, "/hooks/deliveries/" + started.id()));
            assertThat(browser.text("#results")).contains("failed");
            wrong.addAll(Look.at(browser, "delivery-failed", "en"));
            browser.click("#again").awaitPath("/hooks/deliveries/.*");
            browser.await("the second run", () -> {
                browser.reload();
                return browser.has("#results a[href^='/runs/']");
            });
            browser.click("#results a[href^='/runs/']").awaitPath("/runs/(?!" + run + ").*");
            assertThat(slipway.finished(browser.path().substring("/runs/".length()), LIMIT)
                            .outcome())
                    .isEqualTo(Outcome.UNCHANGED);
            assertThat(wrong).isEmpty();
        }
    }

    /** The list is no live page. */
    private static void await(Browser browser, Answer delivery, String state) {
        browser.await(state, () -> {
            browser.reload();
            return browser.has("[data-delivery='" + delivery.id() + "'][data-state=" + state + "]");
        });
    }

    private static URI link(RunningSlipway slipway) {
        String link =
                Api.of(slipway).post("/sign-in-links", "").body().path("link").asText();
        return url(slipway, URI.create(link).getPath());
    }

    private static URI url(RunningSlipway slipway, String path) {
        return URI.create(slipway.url() + path);
    }

    private static String push(TestRepository repository, String branch) {
        return """
                {"ref": "refs/heads/%s", "before": "%s", "after": "%s", "forced": false,
                 "commits": [{"id": "%s", "message": "Rename the flags", "added": [], "modified": ["slipway.yaml"], "removed": []}],
                 "head_commit": {"message": "Rename the flags"},
                 "repository": {"clone_url": "%s", "default_branch": "main"}, "pusher": {"name": "ann"}}""".formatted(branch, "1".repeat(40), "2".repeat(40), "2".repeat(40), repository.url());
    }
}
