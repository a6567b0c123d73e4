package dev.slipway.tests.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.GitLoginStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.SshGitServer;
import dev.slipway.workflows.run.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Dockerfile of a private repository, on the real cluster")
class PrivateGitBuildIT {
    private static final String PASSWORD = "s3cret-of-the-robot";

    @TempDir
    private Path data;

    @Test
    @DisplayName("over https with a password is built and runs")
    void https() {
        try (HttpsGitServer server = HttpsGitServer.start(data, data, "robot", PASSWORD);
                BuildSite site = new BuildSite(data, "slipway.git.ca=" + server.certificate())) {
            site.slipway()
                    .get(GitLoginStore.class)
                    .add(new GitLogin(
                            "robot",
                            GitLogin.Kind.PASSWORD,
                            server.url() + "/source",
                            "robot",
                            Secret.of(PASSWORD),
                            null,
                            null,
                            null));
            builds(site, server.url() + "/source");
        }
    }

    @Test
    @DisplayName("over ssh with a key is built and runs")
    void ssh() throws Exception {
        KeyPair host = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        KeyPair user = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "test", null, key);
        try (SshGitServer server = SshGitServer.start(data, host, user.getPublic(), 0);
                BuildSite site = new BuildSite(data)) {
            GitLoginStore logins = site.slipway().get(GitLoginStore.class);
            String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, host.getPublic());
            logins.showed("127.0.0.1", server.port(), PublicKeyEntry.toString(host.getPublic()), fingerprint);
            assertThat(logins.confirm("127.0.0.1", server.port(), fingerprint, "test"))
                    .isTrue();
            logins.add(new GitLogin(
                    "key",
                    GitLogin.Kind.SSH_KEY,
                    server.url() + "/source",
                    "git",
                    Secret.of(key.toString(StandardCharsets.US_ASCII)),
                    null,
                    PublicKeyEntry.toString(user.getPublic()),
                    null));
            builds(site, server.url() + "/source");
        }
    }

    private static void builds(BuildSite site, String url) {
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source: {git: .}
                      security: {runAsUser: 1000}
                """.formatted(site.name());
        site.source()
                .write("slipway.yaml", document)
                .write(
                        "Dockerfile",
                        "FROM " + BuildSite.base() + "\nCOPY slipway.yaml /\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n")
                .commit("Private");
        StoredEnvironment environment =
                site.slipway().environment(document, new GitOrigin(url, "main", "slipway.yaml"), site.name(), "real");

        StoredRun run = site.finished(environment);

        assertThat(run.outcome())
                .as("%s %s %s", run.progress(), site.problems(run), site.log(run))
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(site.log(run)).anyMatch(line -> line.startsWith("packing " + url));
        assertThat(site.log(run).toString()).doesNotContain(PASSWORD);
        site.nothingIsLeft(run);
    }
}
