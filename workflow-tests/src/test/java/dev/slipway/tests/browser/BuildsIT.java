package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.browser.Browser.Scheme;
import dev.slipway.tests.support.SlipwayProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildsIT {
    @Test
    @DisplayName("images are built alone by one button; each build is listed, with its log, and leads on to the deploy")
    void builds(@TempDir Path data) throws Exception {
        try (SlipwayProcess slipway =
                        SlipwayProcess.in(data).set("slipway.demo", "true").start();
                Browser browser = Browser.open()) {
            browser.signIn(slipway.link()).awaitPath("/.*");
            browser.go(slipway.url("/builds"));
            assertThat(browser.has(".empty")).isTrue();
            browser.picture("builds-empty");

            browser.go(slipway.url("/environments/storefront-dev")).click("#build");
            browser.await("the plan", () -> browser.has("#confirm"));
            browser.picture("builds-plan");
            browser.click("#confirm").awaitPath("/runs/.*");
            browser.await("the end", () -> browser.text("#summary").contains("the images are in the registry"));
            browser.picture("builds-run");

            browser.go(slipway.url("/builds?application=storefront&component=web&state=succeeded"));
            assertThat(browser.count("tbody tr")).isEqualTo(1);
            browser.click("tbody tr a").awaitPath("/builds/.+");
            assertThat(browser.text("#log-panel .log"))
                    .contains("composing from")
                    .contains("pushed");
            assertThat(browser.text("#facts")).contains("slipway.registry/storefront/web@sha256:");
            List<String> wrong = new ArrayList<>();
            URI one = slipway.url(browser.path());
            for (URI page : List.of(one, slipway.url("/builds"))) {
                for (String language : List.of("en", "zh")) {
                    for (int across : List.of(1280, 390)) {
                        Scheme scheme = across == 390 ? Scheme.DARK : Scheme.LIGHT;
                        browser.size(across, 900)
                                .scheme(scheme)
                                .language(language)
                                .go(page);
                        String name = (page == one ? "build-" : "builds-") + language + "-" + across;
                        wrong.addAll(Look.at(browser, name, language));
                    }
                }
            }
            assertThat(wrong).isEmpty();
            browser.size(1280, 900).scheme(Scheme.LIGHT).language("en").go(one);
            browser.click("#start").awaitPath("/environments/storefront-dev/plan");
            browser.await("the plan", () -> browser.has("#confirm"));
            browser.go(slipway.url("/builds?state=failed"));
            assertThat(browser.has(".empty")).isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
