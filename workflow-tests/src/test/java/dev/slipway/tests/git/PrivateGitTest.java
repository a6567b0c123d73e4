package dev.slipway.tests.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSource;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SshGitServer;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@DisplayName("Private repositories over https and ssh")
class PrivateGitTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "s3cret-of-the-robot";
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: web
                  source: {image: registry.example/web@sha256:%s}
            """;

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static HttpsGitServer https;
    private static HttpsGitServer stranger;
    private static SshGitServer ssh;
    private static KeyPair user;

    @BeforeAll
    static void start() throws Exception {
        Path repositories = data.resolve("repositories");
        for (String name : List.of("shop", "deep/er/shop", "over-ssh", "changed", "team/one", "team/two")) {
            String application = name.replace('/', '-');
            try (TestRepository repository = TestRepository.create(repositories.resolve(name))) {
                repository
                        .write("slipway.yaml", DOCUMENT.formatted(application, "0".repeat(64)))
                        .commit("Begin");
            }
        }
        https = HttpsGitServer.start(repositories, data, "robot", PASSWORD);
        stranger = HttpsGitServer.start(repositories, data, "robot", PASSWORD);
        user = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        ssh = SshGitServer.start(repositories, KeyUtils.generateKeyPair("ssh-ed25519", 256), user.getPublic(), 0);
        Path both = data.resolve("both.pem");
        Files.writeString(both, Files.readString(https.certificate()) + Files.readString(stranger.certificate()));
        slipway = RunningSlipway.start(data.resolve("slipway"), "slipway.git.ca=" + both);
    }

    @AfterAll
    static void stop() {
        slipway.close();
        https.close();
        stranger.close();
        ssh.close();
    }

    @Test
    @DisplayName("a repository behind a password is read with the login that is nearest to it, and not without")
    void password() throws Exception {
        String url = https.url() + "/shop";
        assertThat(code(application(url))).isEqualTo("SLP-GIT-DENIED");

        int before = https.authorizations().size();
        HttpResponse<String> wrong = login(
                Map.of("name", "wrong", "address", url, "username", "robot", "password", "not it", "repository", url));
        assertThat(code(wrong)).isEqualTo("SLP-GIT-DENIED");
        assertThat(https.authorizations())
                .as("a wrong password is not tried again and again")
                .hasSize(before + 1);
        HttpResponse<String> right = login(
                Map.of("name", "shop", "address", url, "username", "robot", "password", PASSWORD, "repository", url));
        assertThat(right.statusCode()).as(right.body()).isEqualTo(201);
        HttpResponse<String> made = application(url + ".git/../shop");
        assertThat(code(made)).as("a path that leads elsewhere gets no login").startsWith("SLP-GIT-");
        assertThat(application(url).statusCode()).isEqualTo(201);
        JsonNode refs =
                get("/api/v1/applications/shop/refs").path("repositories").path(url);
        assertThat(refs.path("defaultBranch").asText()).isEqualTo("main");
        assertThat(refs.path("branches").get(0).asText()).isEqualTo("main");
    }

    @Test
    @DisplayName("a password never shows: not in answers, logs or files")
    void staysSecret(CapturedOutput output) throws Exception {
        String url = https.url() + "/deep";
        assertThat(login(Map.of("name", "deep", "address", url, "username", "robot", "password", PASSWORD))
                        .statusCode())
                .isEqualTo(201);
        assertThat(application(url + "/er/shop").statusCode()).isEqualTo(201);

        assertThat(call("GET", "/api/v1/git/logins", null).body()).doesNotContain(PASSWORD);
        assertThat(output.getAll()).contains("Slipway").doesNotContain(PASSWORD);
        try (Stream<Path> files = Files.walk(data.resolve("slipway"))) {
            assertThat(files.filter(Files::isRegularFile).filter(PrivateGitTest::holdsPassword))
                    .isEmpty();
        }
    }

    private static boolean holdsPassword(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(PASSWORD);
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    @Test
    @DisplayName("a login goes to its own server only, whatever that one redirects to")
    void staysHome() throws Exception {
        Path repositories = data.resolve("repositories");
        try (HttpsGitServer lured = HttpsGitServer.start(repositories, data, "robot", PASSWORD);
                RunningSlipway other = RunningSlipway.start(
                        data.resolve("other"),
                        "slipway.git.ca=" + chain(lured.certificate(), stranger.certificate()))) {
            lured.redirectTo(stranger.url());
            HttpResponse<String> kept = call(
                    other,
                    "POST",
                    "/api/v1/git/logins",
                    json(Map.of("name", "lured", "address", lured.url(), "username", "robot", "password", PASSWORD)));
            assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);

            HttpResponse<String> refused =
                    call(other, "POST", "/api/v1/applications", "{\"git\":{\"url\":\"" + lured.url() + "/shop\"}}");

            assertThat(code(refused)).isEqualTo("SLP-GIT-DENIED");
            assertThat(stranger.authorizations()).isEmpty();
        }
    }

    private static Path chain(Path one, Path two) throws Exception {
        return Files.writeString(data.resolve("chain.pem"), Files.readString(one) + Files.readString(two));
    }

    @Test
    @DisplayName(
            "ssh: the server's fingerprint is confirmed once, the key opens the repository, another server key is refused")
    void ssh() throws Exception {
        String url = ssh.url() + "/over-ssh";
        String host = "127.0.0.1:" + ssh.port();
        HttpResponse<String> unknown = application(url);
        assertThat(code(unknown)).isEqualTo("SLP-GIT-HOST-UNKNOWN");
        JsonNode shown = host(host);
        assertThat(shown.path("state").asText()).isEqualTo("new");
        String fingerprint = shown.path("fingerprint").asText();
        assertThat(unknown.body()).contains(fingerprint);

        assertThat(confirm(host, "SHA256:other").statusCode()).isEqualTo(404);
        assertThat(confirm(host, fingerprint).statusCode()).isEqualTo(200);
        assertThat(code(application(url))).as("without a key").isEqualTo("SLP-GIT-DENIED");
        assertThat(code(login(
                        Map.of("name", "nokey", "address", "ssh://" + host, "privateKey", "-----BEGIN NOTHING-----"))))
                .isEqualTo("SLP-GIT-KEY");
        String encrypted = openSsh(user, "pass phrase");
        assertThat(code(login(Map.of("name", "nopass", "address", "ssh://" + host, "privateKey", encrypted))))
                .isEqualTo("SLP-GIT-KEY");
        HttpResponse<String> stranger = login(Map.of(
                "name",
                "stranger",
                "address",
                "ssh://" + host,
                "privateKey",
                openSsh(KeyUtils.generateKeyPair("ssh-ed25519", 256), null),
                "repository",
                url));
        assertThat(code(stranger)).isEqualTo("SLP-GIT-DENIED");
        HttpResponse<String> kept = login(Map.of(
                "name",
                "ssh",
                "address",
                "ssh://" + host,
                "privateKey",
                encrypted.replace("\n", "\r\n"),
                "passphrase",
                "pass phrase",
                "repository",
                url));
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
        assertThat(JSON.readTree(kept.body()).path("publicKey").asText()).startsWith("ssh-ed25519 AAAA");
        HttpResponse<String> made = application(url);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(application("git@127.0.0.1:over-ssh").body())
                .as("another port is another server")
                .contains("SLP-GIT-UNREACHABLE");

        int port = ssh.port();
        ssh.close();
        assertThat(code(call("POST", "/api/v1/git/hosts", json(Map.of("host", host)))))
                .as("a server that is away is not asked, although it is known")
                .isEqualTo("SLP-GIT-UNREACHABLE");
        KeyPair changed = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        ssh = SshGitServer.start(data.resolve("repositories"), changed, user.getPublic(), port);
        HttpResponse<String> refused = application(ssh.url() + "/changed");
        assertThat(code(refused)).isEqualTo("SLP-GIT-HOST-CHANGED");
        assertThat(refused.body())
                .contains(fingerprint)
                .contains(KeyUtils.getFingerPrint(BuiltinDigests.sha256, changed.getPublic()));
        assertThat(confirm(host, KeyUtils.getFingerPrint(BuiltinDigests.sha256, changed.getPublic()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(application("ssh://" + host + "/changed").statusCode())
                .as("an address without a user goes out as git")
                .isEqualTo(201);
    }

    @Test
    @DisplayName("everything that is wrong with a login is said at once, and nothing is kept")
    void refuses() throws Exception {
        HttpResponse<String> bad =
                login(Map.of("name", "Bad Name", "address", "http://git.example/x", "username", "u"));

        assertThat(bad.body()).contains("SLP-DOC-NAME", "SLP-REQUEST-INVALID", "SLP-GIT-LOGIN-ADDRESS");
        for (String address : List.of(
                "https://user:secret@git.example", "ssh://git.example", "https://git.example/a/../b", "nonsense")) {
            HttpResponse<String> refused = login(Map.of("name", "refused", "address", address, "password", PASSWORD));
            assertThat(code(refused)).as(address).isEqualTo("SLP-GIT-LOGIN-ADDRESS");
            assertThat(refused.body()).doesNotContain("secret@").doesNotContain(PASSWORD);
        }
        assertThat(call("GET", "/api/v1/git/logins", null).body()).doesNotContain("refused");
        assertThat(call("DELETE", "/api/v1/git/logins/none", null).statusCode()).isEqualTo(404);
        String twice = "https://git.example/twice";
        assertThat(login(Map.of("name", "once", "address", twice, "password", PASSWORD))
                        .statusCode())
                .isEqualTo(201);
        assertThat(login(Map.of("name", "again", "address", twice + ".git/", "password", PASSWORD))
                        .statusCode())
                .isEqualTo(409);
        assertThat(call("DELETE", "/api/v1/git/logins/once", null).statusCode()).isEqualTo(204);
    }

    @Test
    @DisplayName(
            "a generated Dockerfile is committed with the login that is kept for the repository, and is then its own")
    void commitsDockerfiles() throws Exception {
        String url = https.url() + "/plain";
        try (TestRepository repository = TestRepository.create(data.resolve("repositories/plain"))) {
            repository.write("site/index.html", "Hello").commit("Begin");
        }
        assertThat(login(Map.of("name", "plain", "address", url, "username", "robot", "password", PASSWORD))
                        .statusCode())
                .isEqualTo(201);
        String document = DOCUMENT.formatted("plain", "0".repeat(64))
                .replaceAll("\\{image: .*}", "{git: '" + url + "', branch: main, path: site}");
        assertThat(call("POST", "/api/v1/applications", json(Map.of("document", document)))
                        .statusCode())
                .isEqualTo(201);
        String path = "/api/v1/applications/plain/components/web/dockerfile";
        JsonNode generated = get(path);
        assertThat(generated.path("text").asText()).startsWith("FROM ");
        assertThat(generated.path("generatedFor").asText()).contains("index.html");

        HttpResponse<String> committed = call("POST", path, "{}");

        assertThat(committed.statusCode()).as(committed.body()).isEqualTo(201);
        JsonNode made = JSON.readTree(committed.body());
        assertThat(made.path("branch").asText()).isEqualTo("slipway/dockerfile-web");
        assertThat(slipway.get(GitSource.class).read(url, made.path("commit").asText(), "site/Dockerfile", 10_000))
                .asString()
                .isEqualTo(generated.path("text").asText());
        assertThat(code(call("POST", path, json(Map.of("message", "again")))))
                .as("the branch is there")
                .isEqualTo("SLP-GIT-BRANCH-MOVED");
        assertThat(code(call("POST", path, json(Map.of("commit", "nonsense"))))).isEqualTo("SLP-GIT-REF-MISSING");
        assertThat(call("GET", path.replace("/web/", "/none/"), null).statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("an environment's branch is chosen, changed and given up over the API")
    void branches() throws Exception {
        assertThat(call(
                                "POST",
                                "/api/v1/applications",
                                json(Map.of("document", DOCUMENT.formatted("any", "0".repeat(64)))))
                        .statusCode())
                .isEqualTo(201);
        assertThat(call(
                                "POST",
                                "/api/v1/environments",
                                json(Map.of("name", "any-dev", "application", "any", "cluster", "simulated")))
                        .statusCode())
                .isEqualTo(201);
        String path = "/api/v1/environments/any-dev";

        call("PUT", path + "/branch", json(Map.of("branch", "feature/one")));
        assertThat(get(path).path("branch").asText()).isEqualTo("feature/one");
        assertThat(code(call("PUT", path + "/branch", json(Map.of("branch", "two\nlines")))))
                .isEqualTo("SLP-REQUEST-INVALID");
        call("PUT", path + "/branch", "{}");
        assertThat(get(path).path("branch").isNull()).isTrue();
    }

    @Test
    @DisplayName("a picker of 5,000 refs answers with those that fit, from one answer of the server")
    void manyRefs() throws Exception {
        Path repositories = data.resolve("repositories");
        try (Git git = Git.open(repositories.resolve("team/one").toFile())) {
            ObjectId head = git.getRepository().resolve("HEAD");
            BatchRefUpdate updates =
                    git.getRepository().getRefDatabase().newBatchUpdate().setAtomic(true);
            for (int i = 0; i < 5_000; i++) {
                updates.addCommand(new ReceiveCommand(
                        ObjectId.zeroId(), head, (i % 2 == 0 ? "refs/heads/feature/" : "refs/tags/v1.") + i));
            }
            try (RevWalk walk = new RevWalk(git.getRepository())) {
                updates.execute(walk, NullProgressMonitor.INSTANCE);
            }
        }
        String url = https.url() + "/team/one";
        assertThat(login(Map.of(
                                "name",
                                "team",
                                "address",
                                https.url() + "/team",
                                "username",
                                "robot",
                                "password",
                                PASSWORD))
                        .statusCode())
                .isEqualTo(201);
        assertThat(application(url).statusCode()).isEqualTo(201);

        JsonNode all =
                get("/api/v1/applications/team-one/refs").path("repositories").path(url);
        int asked = https.authorizations().size();
        JsonNode some = get("/api/v1/applications/team-one/refs?q="
                        + URLEncoder.encode("ture/49", StandardCharsets.UTF_8))
                .path("repositories")
                .path(url);

        assertThat(get("/api/v1/git/refs?q=ture%2F49&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8)))
                .as("asked by address, before there is an application")
                .isEqualTo(some);
        assertThat(java.time.Instant.parse(some.path("askedAt").asText())).isBeforeOrEqualTo(java.time.Instant.now());
        assertThat(all.path("branches")).hasSize(50);
        assertThat(all.path("branches").get(0).asText()).isEqualTo("main");
        assertThat(all.path("tags").get(0).asText()).isEqualTo("v1.4999");
        assertThat(some.path("branches"))
                .isNotEmpty()
                .allMatch(name -> name.asText().contains("ture/49"));
        assertThat(https.authorizations()).as("answered from what is known").hasSize(asked);
    }

    @Test
    @DisplayName(
            "a commit that is on no branch any more is asked for by its id, and a deleted branch is said with the nearest")
    void lostCommits() throws Exception {
        Path repository = data.resolve("repositories/team/two");
        String url = https.url() + "/team/two";
        GitSource git = slipway.get(GitSource.class);
        assertThat(login(Map.of("name", "two", "address", url, "username", "robot", "password", PASSWORD))
                        .statusCode())
                .isEqualTo(201);
        String lost;
        try (Git work = Git.open(repository.toFile())) {
            work.checkout().setCreateBranch(true).setName("feature/pay").call();
            lost = TestRepository.open(repository).write("pay.txt", "paid").commit("Pay");
            work.checkout().setName("main").call();
            work.branchDelete().setBranchNames("feature/pay").setForce(true).call();
        }

        assertThat(git.read(url, git.resolve(url, GitRef.commit(lost)), "pay.txt", 100))
                .asString()
                .isEqualTo("paid");
        assertThatThrownBy(() -> git.resolve(url, GitRef.branch("feature/pay")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.GIT_REF_MISSING));
    }

    private static String openSsh(KeyPair pair, @Nullable String passphrase) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyEncryptionContext encryption = null;
        if (passphrase != null) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(passphrase);
            encryption.setCipherName("AES");
            encryption.setCipherType("256");
            encryption.setCipherMode("CTR");
        }
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static JsonNode host(String host) throws Exception {
        for (JsonNode one : get("/api/v1/git/hosts").path("items")) {
            if (one.path("host").asText().equals(host)) {
                return one;
            }
        }
        throw new AssertionError("no key of " + host);
    }

    private static HttpResponse<String> confirm(String host, String fingerprint) throws Exception {
        return call("POST", "/api/v1/git/hosts", json(Map.of("host", host, "fingerprint", fingerprint)));
    }

    private static HttpResponse<String> application(String url) throws Exception {
        return call("POST", "/api/v1/applications", "{\"git\":{\"url\":\"" + url + "\"}}");
    }

    private static HttpResponse<String> login(Map<String, String> fields) throws Exception {
        return call("POST", "/api/v1/git/logins", json(fields));
    }

    private static String json(Map<String, String> fields) {
        ObjectNode json = JSON.createObjectNode();
        fields.forEach(json::put);
        return json.toString();
    }

    private static String code(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("code").asText();
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(call("GET", path, null).body());
    }

    private static HttpResponse<String> call(String method, String path, @Nullable String body) throws Exception {
        return call(slipway, method, path, body);
    }

    private static HttpResponse<String> call(RunningSlipway at, String method, String path, @Nullable String body)
            throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(at.url() + path))
                                .header("Authorization", "Bearer " + at.token())
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
