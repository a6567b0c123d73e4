package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SignInForm;
import dev.slipway.tests.support.SlipwayProcess;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeopleIT {
    @Test
    @DisplayName("first run, invitation, roles: what somebody may not do is not offered; a token; being removed")
    void story(@TempDir Path data) {
        try (SlipwayProcess slipway = SlipwayProcess.in(data).start();
                Browser admin = Browser.open();
                Browser ben = Browser.open()) {
            admin.go(slipway.url("/")).awaitPath("/sign-in");
            assertThat(admin.text("main")).contains("Nobody can sign in yet");
            admin.signIn(slipway.link()).awaitPath("/environments/storefront-dev");

            admin.go(slipway.url("/people/new")).paste("#name", "Ben").paste("#where", "environment/nowhere");
            admin.click("#add").await("the refusal", () -> admin.has("[role=alert]"));
            assertThat(admin.text("[role=alert]")).contains("SLP-ENV-UNKNOWN");
            admin.go(slipway.url("/people/new")).paste("#name", "Ben");
            admin.read("document.querySelector('#role').value = 'VIEWER'");
            admin.paste("#where", "environment/storefront-dev").click("#add");
            admin.await("the link", () -> admin.has("#link"));
            admin.picture("person-invited");
            URI link = slipway.url(URI.create(admin.text("#link")).getPath());

            ben.go(link).choosePassword().awaitPath("/environments/storefront-dev");
            assertThat(ben.has("#deploy")).isFalse();
            assertThat(ben.has("#danger")).isFalse();
            assertThat(ben.text(".places")).doesNotContain("People", "Clusters", "Git");
            ben.picture("environment-of-a-viewer");
            ben.go(slipway.url("/environments/storefront-dev/plan"))
                    .await("the refusal", () -> ben.text("main").contains("SLP-AUTH-NOT-PERMITTED"));
            assertThat(ben.text("main")).contains("developer, operator, admin");

            admin.go(slipway.url("/people/ben"));
            admin.read("document.querySelector('#role').value = 'DEVELOPER'");
            admin.paste("#where", "application/storefront").click("#add-role");
            admin.await("the new role", () -> admin.has("[data-role=developer]"));
            ben.go(slipway.url("/environments/storefront-dev")).await("the button", () -> ben.has("#deploy"));
            assertThat(ben.has("#danger")).isFalse();

            ben.go(slipway.url("/account")).paste("#token", "laptop").click("#make-token");
            ben.await("the token", () -> ben.has("#made"));
            assertThat(ben.text("#made")).startsWith("slipway_");
            ben.picture("account");

            admin.go(slipway.url("/people/ben")).click("#remove").awaitPath("/people");
            assertThat(admin.text("#people")).doesNotContain("ben");
            ben.go(slipway.url("/environments/storefront-dev")).awaitPath("/sign-in");
            ben.paste("#name", "ben").paste("#password", SignInForm.PASSWORD).click("#sign-in");
            ben.await("the refusal", () -> ben.has("[role=alert]"));
            assertThat(ben.text("[role=alert]")).contains("SLP-AUTH-PASSWORD-WRONG");
        }
    }
}
