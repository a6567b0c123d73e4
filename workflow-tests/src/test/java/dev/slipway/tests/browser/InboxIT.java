package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: web
                  source: {image: "registry.example/any@sha256:%s"}
                  ports: [{name: http, port: 8080, protocol: http}]
                  probes: {readiness: {http: {port: http, path: /ready}}}
                  env: {%s}
            """;

    @Test
    @DisplayName("who watches an environment finds in the inbox what ended badly there until it is mended or done with;"
            + " who does not see the environment finds nothing")
    void story(@TempDir Path data) {
        try (RunningSlipway slipway = RunningSlipway.start(data);
                Browser ana = Browser.open();
                Browser cai = Browser.open()) {
            StoredEnvironment shop =
                    slipway.environment(document("shop", "SIMULATION_FAIL: CrashLoopBackOff"), "shop-dev");
            slipway.environment(document("vault", ""), "vault-dev");
            Api admin = Api.of(slipway);
            Api bo = admin.with(admin.service("bo", "developer", ", \"environment\": \"shop-dev\""));
            enter(ana, admin, slipway, "ana", "{\"role\": \"developer\", \"application\": \"shop\"}")
                    .awaitPath("/environments/shop-dev");
            enter(cai, admin, slipway, "cai", "{\"role\": \"viewer\", \"environment\": \"vault-dev\"}")
                    .awaitPath("/environments/vault-dev");
            List<String> wrong = new ArrayList<>();

            ana.click(".places a[href='/inbox']").awaitPath("/inbox");
            assertThat(ana.text("main")).contains("Nothing needs you");
            wrong.addAll(Look.everywhere(ana, "inbox-empty"));
            ana.click("#part-mine").await("mine", () -> ana.text("main").contains("You have started nothing yet"));
            ana.click("#part-watching").await("watching", () -> ana.text("main").contains("You watch nothing yet"));

            ana.go(url(slipway, "/environments/shop-dev")).click("#watch");
            ana.await("the other button", () -> ana.text("#watch").equals("Stop watching"));
            String failed = started(bo);
            assertThat(slipway.finished(failed, LIMIT).outcome()).isEqualTo(Outcome.FAILED);

            ana.go(url(slipway, "/inbox"));
            assertThat(ana.text("#part-needs .number")).isEqualTo("1");
            assertThat(ana.text("[data-run='" + failed + "']")).contains("Deploy 1", "failed", "shop-dev", "bo · API");
            wrong.addAll(Look.everywhere(ana, "inbox-needs"));
            ana.click("[data-run='" + failed + "'] a").awaitPath("/runs/" + failed);
            assertThat(ana.text("main")).contains("SLP-POD-CRASH");
            ana.go(url(slipway, "/inbox")).click("[data-run='" + failed + "'] button");
            ana.await("it to be done with", () -> ana.text("main").contains("Nothing needs you"));
            assertThat(ana.has("#part-needs .number")).isFalse();

            slipway.change("shop", document("shop", ""));
            ana.go(url(slipway, "/environments/shop-dev")).click("#deploy");
            ana.await("the plan", () -> ana.has("#confirm")).click("#confirm").awaitPath("/runs/.*");
            String own = ana.path().substring("/runs/".length());
            assertThat(slipway.finished(own, LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
            ana.go(url(slipway, "/inbox?part=mine"));
            assertThat(ana.attributes("[data-run]", "data-run", "data-run")).containsOnlyKeys(own);
            assertThat(ana.text("#runs")).contains("Deploy 2", "succeeded", "ana · button");
            ana.click("#part-watching").await("both", () -> ana.count("[data-run]") == 2);
            wrong.addAll(Look.everywhere(ana, "inbox-watching"));
            ana.go(url(slipway, "/environments/shop-dev")).click("#watch");
            ana.await("the first button", () -> ana.text("#watch").equals("Watch"));
            ana.go(url(slipway, "/inbox?part=watching"));
            assertThat(ana.has("[data-run]")).isFalse();

            for (String part : List.of("needs", "mine", "watching")) {
                cai.go(url(slipway, "/inbox?part=" + part));
                assertThat(cai.text("main")).as(part).doesNotContain("shop");
            }
            assertThat(cai.complaints()).isEmpty();
            cai.go(url(slipway, "/runs/" + failed));
            assertThat(cai.text("main")).contains("SLP-RUN-UNKNOWN").doesNotContain("shop");
            cai.go(url(slipway, "/environments/shop-dev"));
            assertThat(cai.text("main")).contains("SLP-ENV-UNKNOWN");
            assertThat(cai.has("#watch")).isFalse();
            assertThat(wrong).isEmpty();
        }
    }

    /** Invited with a role, and signed in. */
    private static Browser enter(Browser browser, Api admin, RunningSlipway slipway, String name, String role) {
        admin.post("/people", "{\"name\": \"" + name + "\", \"roles\": [" + role + "]}");
        String link =
                admin.post("/people/" + name + "/links", "").body().path("link").asText();
        return browser.go(url(slipway, URI.create(link).getPath())).choosePassword();
    }

    private static String started(Api api) {
        return api.post("/environments/shop-dev/runs", "{}").body().path("id").asText();
    }

    private static URI url(RunningSlipway slipway, String path) {
        return URI.create(slipway.url() + path);
    }

    private static String document(String name, String env) {
        return DOCUMENT.formatted(name, "0".repeat(64), env);
    }
}
