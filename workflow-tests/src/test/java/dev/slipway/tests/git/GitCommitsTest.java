package dev.slipway.tests.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.activities.git.FileChange;
import dev.slipway.activities.git.GitCommits;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.GitHostKey;
import dev.slipway.activities.store.GitKeyring;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.SshGitServer;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file is added to a branch")
class GitCommitsTest {
    private static final String PATH = "services/web/Dockerfile";
    private static final String CONTENT = "FROM scratch\nCOPY . /\n";

    @TempDir
    Path data;

    private HttpsGitServer https;
    private SshGitServer ssh;
    private GitSettings settings;
    private GitKeyring keyring;
    private GitCommits commits;
    private GitSource source;
    private String url;
    private String base;
    private String message = "build: add a Dockerfile";

    @BeforeEach
    void start() throws Exception {
        Path repositories = data.resolve("repositories");
        try (TestRepository work = TestRepository.create(data.resolve("work"))) {
            work.write("services/web/index.html", "Hello\n")
                    .executable("services/web-tools/run.sh", "#!/bin/sh\n")
                    .symlink("services/latest", "web")
                    .commit("Begin");
            Git.cloneRepository()
                    .setURI(work.url())
                    .setBare(true)
                    .setDirectory(repositories.resolve("shop").toFile())
                    .call()
                    .close();
        }
        https = HttpsGitServer.start(repositories, data, "robot", "secret");
        KeyPair user = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        KeyPair host = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        ssh = SshGitServer.start(repositories, host, user.getPublic(), 0);
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "test", null, key);
        keyring = new Keyring(
                List.of(
                        new GitLogin(
                                "password",
                                GitLogin.Kind.PASSWORD,
                                https.url(),
                                "robot",
                                Secret.of("secret"),
                                null,
                                null,
                                null),
                        new GitLogin(
                                "key",
                                GitLogin.Kind.SSH_KEY,
                                "ssh://127.0.0.1:" + ssh.port(),
                                "",
                                Secret.of(key.toString(StandardCharsets.US_ASCII)),
                                null,
                                null,
                                null)),
                PublicKeyEntry.toString(host.getPublic()));
        settings = new GitSettings(
                data.resolve("mirrors"),
                List.of(),
                Duration.ofSeconds(20),
                Duration.ofMinutes(1),
                1L << 30,
                1L << 30,
                Trust.read(https.certificate()));
        commits = new GitCommits(settings, keyring);
        source = new GitSource(settings, keyring);
        url = https.url() + "/shop";
        base = source.resolve(url, GitRef.branch("main"));
    }

    @AfterEach
    void stop() {
        https.close();
        ssh.close();
    }

    private record Keyring(List<GitLogin> logins, String hostKey) implements GitKeyring {
        @Override
        public List<GitHostKey> confirmed(String host, int port) {
            return List.of(new GitHostKey(host, port, hostKey, "", Instant.EPOCH, Instant.EPOCH, "test"));
        }

        @Override
        public void showed(String host, int port, String key, String fingerprint) {}
    }

    private FileChange change(String branch, boolean fresh) {
        return new FileChange(url, base, branch, fresh, PATH, CONTENT, message, "ana");
    }

    @Test
    @DisplayName("over https and ssh, its own branch or a new one: one commit, whose only difference is the file")
    void adds() throws Exception {
        String first = commits.add(change("main", false));

        url = "ssh://127.0.0.1:" + ssh.port() + "/shop";
        String second = commits.add(change("slipway/dockerfile-web", true));

        assertThat(source.resolve(url, GitRef.branch("main"))).isEqualTo(first);
        assertThat(source.resolve(url, GitRef.branch("slipway/dockerfile-web"))).isEqualTo(second);
        assertThat(source.read(url, second, PATH, 100)).asString().isEqualTo(CONTENT);
        assertThat(source.tree(url, first, "services/web-tools"))
                .isEqualTo(source.tree(url, base, "services/web-tools"));
        try (Git git = Git.open(data.resolve("repositories/shop").toFile())) {
            RevCommit commit = git.getRepository().parseCommit(ObjectId.fromString(first));
            assertThat(commit.getParent(0).name()).isEqualTo(base);
            assertThat(commit.getAuthorIdent().getName()).isEqualTo("ana");
            assertThat(commit.getFullMessage()).isEqualTo("build: add a Dockerfile\n");
            assertThat(changed(first)).containsExactly("A\t" + PATH);
        }
    }

    @Test
    @DisplayName("a branch that moved meanwhile, or is there already, stays as it is")
    void moved() throws Exception {
        String newer = commits.add(change("main", false));

        message = "build: another Dockerfile";
        assertThat(problem(change("main", false)).code()).isEqualTo(ProblemCode.GIT_BRANCH_MOVED);
        assertThat(problem(change("main", true)).code()).isEqualTo(ProblemCode.GIT_BRANCH_MOVED);
        assertThat(source.resolve(url, GitRef.branch("main"))).isEqualTo(newer);

        base = newer;
        assertThat(problem(change("main", false)).code()).isEqualTo(ProblemCode.GIT_FILE_EXISTS);
    }

    @Test
    @DisplayName("a protected branch and a login that may only read are refused in the server's words")
    void refused() throws Exception {
        Path hook = data.resolve("repositories/shop/hooks/pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\ngrep -q refs/heads/main && echo main is protected >&2 && exit 1\nexit 0\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        Problem hooked = problem(change("main", false));
        assertThat(hooked.code()).isEqualTo(ProblemCode.GIT_PUSH_REFUSED);
        assertThat(hooked.arguments().get("reason")).contains("main is protected");
        assertThat(commits.add(change("slipway/dockerfile-web", true))).hasSize(40);

        https.readOnly();
        ssh.readOnly();
        assertThat(problem(change("other", true)).code()).isEqualTo(ProblemCode.GIT_PUSH_REFUSED);
        assertThat(problem(change("no..branch", true)).arguments()).containsEntry("reason", "not-a-branch");
        assertThat(source.resolve(url, GitRef.branch("main"))).isEqualTo(base);
        url = "ssh://127.0.0.1:" + ssh.port() + "/shop";
        assertThat(problem(change("other", true)).code()).isEqualTo(ProblemCode.GIT_PUSH_REFUSED);
    }

    @Test
    @DisplayName("what lies beside it may unfold without end, and is not looked at; the tree stays in git's order")
    void besideABomb() throws Exception {
        Path repository = data.resolve("repositories/shop");
        try (Git git = Git.open(repository.toFile());
                ObjectInserter inserter = git.getRepository().newObjectInserter()) {
            ObjectId file = inserter.insert(Constants.OBJ_BLOB, new byte[0]);
            ObjectId bomb = tree(inserter, Map.of("x", file));
            for (int i = 0; i < 12; i++) {
                ObjectId below = bomb;
                bomb = tree(
                        inserter,
                        IntStream.range(0, 10).boxed().collect(Collectors.toMap(n -> "d" + n + "/", n -> below)));
            }
            ObjectId web = tree(
                    inserter,
                    Map.of("Docker/", bomb, "Dockerfile-", file, "Dockerfile.dev", file, "Dockerfile0/", bomb));
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree(inserter, Map.of("bomb/", bomb, "services/", tree(inserter, Map.of("web/", web)))));
            commit.setParentId(ObjectId.fromString(base));
            commit.setAuthor(new PersonIdent("ana", "ana@example.org"));
            commit.setCommitter(commit.getAuthor());
            base = inserter.insert(commit).name();
            inserter.flush();
        }
        git("update-ref", "refs/heads/main", base);

        String added = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> commits.add(change("main", false)));

        assertThat(changed(added)).containsExactly("A\t" + PATH);
        assertThat(git("ls-tree", "--name-only", added, "services/web/"))
                .extracting(path -> path.substring(path.lastIndexOf('/') + 1))
                .containsExactly("Docker", "Dockerfile", "Dockerfile-", "Dockerfile.dev", "Dockerfile0");
    }

    /** @param entries by name; with a slash at the end: a tree */
    private static ObjectId tree(ObjectInserter inserter, Map<String, ObjectId> entries) throws IOException {
        TreeFormatter tree = new TreeFormatter();
        new TreeMap<>(entries)
                .forEach((name, id) -> tree.append(
                        name.replace("/", ""), name.endsWith("/") ? FileMode.TREE : FileMode.REGULAR_FILE, id));
        return inserter.insert(tree);
    }

    private Problem problem(FileChange change) {
        return catchThrowableOfType(ProblemException.class, () -> commits.add(change))
                .problem();
    }

    private List<String> changed(String commit) throws Exception {
        return git("diff", "--name-status", base, commit);
    }

    private List<String> git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
        command.addAll(List.of(words));
        Process git = new ProcessBuilder(command)
                .directory(data.resolve("repositories/shop").toFile())
                .start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
