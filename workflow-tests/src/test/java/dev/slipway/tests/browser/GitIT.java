package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.SshGitServer;
import dev.slipway.tests.support.TestRepository;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

class GitIT {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: secluded}
            spec:
              components:
                - name: hello
                  source: {image: "slipway.registry/base/shell:1"}
            """;

    @Test
    @DisplayName("a private repository over ssh: the fingerprint is confirmed, a key is kept, the application is read")
    void privateOverSsh(@TempDir Path data, @TempDir Path repositories) throws Exception {
        try (TestRepository repository = TestRepository.create(repositories.resolve("secluded"))) {
            repository.write("slipway.yaml", DOCUMENT).commit("Begin");
        }
        KeyPair host = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        KeyPair user = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, host.getPublic());
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "test", null, key);
        try (SshGitServer server = SshGitServer.start(repositories, host, user.getPublic(), 0);
                SlipwayProcess slipway = SlipwayProcess.in(data).start();
                Browser browser = Browser.open()) {
            String address = "ssh://127.0.0.1:" + server.port();
            String url = address + "/secluded";
            browser.signIn(slipway.link()).awaitPath("/.*");

            refused(browser.go(slipway.url("/applications/new")), url, "SLP-GIT-HOST-UNKNOWN");
            browser.picture("refs-refused");
            browser.click(".choices-box .problem a").awaitPath("/git");
            browser.await("the key of the server", () -> browser.has("[data-state=new]"));
            assertThat(browser.text("[data-state=new]")).contains(fingerprint);
            browser.picture("git-server-new");
            browser.click("[data-state=new] button.primary");
            browser.await("the confirmed server", () -> browser.has("[data-state=confirmed]"));

            refused(browser.go(slipway.url("/applications/new")), url, "SLP-GIT-DENIED");
            browser.click(".choices-box .problem a").awaitPath("/git/new");
            browser.await("the field of the key", () -> browser.has("#privateKey"));
            assertThat(browser.value("#address")).endsWith("127.0.0.1:" + server.port() + "/secluded");
            browser.type("#name", "deploy")
                    .type("#address", "https://127.0.0.1")
                    .paste("#privateKey", "not a key")
                    .click("#add");
            browser.await("both problems", () -> browser.count(".problem") == 2);
            assertThat(browser.value("#name")).isEqualTo("deploy");
            assertThat(browser.value("#privateKey"))
                    .as("a key is never shown again")
                    .isEmpty();
            browser.type("#address", address)
                    .paste("#privateKey", key.toString(StandardCharsets.US_ASCII))
                    .type("#repository", url)
                    .click("#add")
                    .awaitPath("/git");
            assertThat(browser.text("#login-deploy"))
                    .contains("ssh-ed25519 AAAA")
                    .doesNotContain("PRIVATE");
            browser.picture("git-logins");

            browser.go(slipway.url("/applications/new"));
            browser.type("#url", url).click("form.form button[type=submit]");
            browser.await("the application", () -> browser.text("h1").contains("secluded") || browser.has("#name"));
            browser.go(slipway.url("/git")).click("#remove-deploy");
            browser.await("no login", () -> !browser.has("#login-deploy"));
            assertThat(browser.complaints("status of 422")).isEmpty();
        }
    }

    /** Asks for the branches of a repository, and is told why there are none. */
    private static void refused(Browser browser, String url, String code) {
        browser.type("#url", url).tabTo("#branch").press(Keys.ARROW_DOWN);
        browser.await(
                "problem " + code, () -> browser.text(".choices-box .problem").contains(code));
    }
}
