package dev.slipway.tests.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.GitHostKey;
import dev.slipway.activities.store.GitKeyring;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.SshGitServer;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Git servers are asked only where Slipway may go")
class GuardedGitTest {
    @TempDir
    Path data;

    private HttpsGitServer https;

    @BeforeEach
    void start() throws Exception {
        try (TestRepository repository = TestRepository.create(data.resolve("repositories/shop"))) {
            repository.write("slipway.yaml", "kind: Application").commit("Begin");
        }
        https = HttpsGitServer.start(data.resolve("repositories"), data, "robot", "secret");
    }

    @AfterEach
    void stop() {
        https.close();
    }

    @Test
    @DisplayName("this machine is closed by every protocol, whether something listens or not")
    void closed() throws Exception {
        try (SshGitServer ssh = SshGitServer.start(
                        data.resolve("repositories"),
                        KeyUtils.generateKeyPair("ssh-ed25519", 256),
                        KeyUtils.generateKeyPair("ssh-ed25519", 256).getPublic(),
                        0);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String url : List.of(
                    https.url() + "/shop",
                    https.url().replace("127.0.0.1", "localhost") + "/shop",
                    "https://2130706433/shop",
                    ssh.url() + "/shop",
                    "git@127.0.0.1:shop",
                    "http://127.0.0.1:" + silent.getLocalPort() + "/shop",
                    "git://127.0.0.1:" + silent.getLocalPort() + "/shop",
                    "https://169.254.169.254/latest/meta-data")) {
                assertRefused(source(OutboundGuard.of(List.of())), url);
            }
        }
        assertThat(https.authorizations()).isEmpty();
    }

    @Test
    @DisplayName("an allowed network is open: by name and address over https, without encryption by address only")
    void open() {
        GitSource source = source(OutboundGuard.of(List.of("127.0.0.0/8")));

        assertThat(source.resolve(https.url() + "/shop", GitRef.branch("main"))).hasSize(40);
        assertThat(source.resolve(https.url().replace("127.0.0.1", "localhost") + "/shop", GitRef.branch("main")))
                .hasSize(40);
        assertRefused(source, "http://localhost:1/shop");
        assertThatThrownBy(() -> source.reach("http://127.0.0.1:1/shop"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.GIT_UNREACHABLE));
    }

    @Test
    @DisplayName("a redirect is checked like an address")
    void redirect() {
        GitSource source = source(OutboundGuard.of(List.of("127.0.0.1")));
        https.redirectTo(https.url().replace("127.0.0.1", "127.0.0.2"));

        assertRefused(source, https.url() + "/shop");
    }

    private GitSource source(OutboundGuard guard) {
        GitSettings settings = new GitSettings(
                data.resolve("mirrors"),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                1L << 30,
                1L << 30,
                trusted(),
                guard);
        return new GitSource(
                settings,
                new Keyring(List.of(
                        login("address", https.url()), login("name", https.url().replace("127.0.0.1", "localhost")))));
    }

    private static GitLogin login(String name, String address) {
        return new GitLogin(name, GitLogin.Kind.PASSWORD, address, "robot", Secret.of("secret"), null, null, null);
    }

    private List<java.security.cert.X509Certificate> trusted() {
        try {
            return Trust.read(https.certificate());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertRefused(GitSource source, String url) {
        assertThatThrownBy(() -> source.reach(url))
                .as(url)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).as(url).isEqualTo(ProblemCode.OUTBOUND_REFUSED));
    }

    private record Keyring(List<GitLogin> logins) implements GitKeyring {
        @Override
        public List<GitHostKey> confirmed(String host, int port) {
            return List.of();
        }

        @Override
        public void showed(String host, int port, String key, String fingerprint) {}
    }
}
