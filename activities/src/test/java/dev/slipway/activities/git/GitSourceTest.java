package dev.slipway.activities.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Git is read without a checkout")
class GitSourceTest {
    @TempDir
    Path folder;

    private Git git;
    private String url;
    private GitSource source;

    @BeforeEach
    void repository() throws Exception {
        Path work = folder.resolve("work");
        git = Git.init().setDirectory(work.toFile()).setInitialBranch("main").call();
        write("slipway.yaml", "kind: Application");
        write("app/run.sh", "#!/bin/sh");
        write("app/data.txt", "data");
        work.resolve("app/run.sh").toFile().setExecutable(true);
        Files.createSymbolicLink(work.resolve("app/host"), Path.of("/etc/hostname"));
        commit("first");
        url = work.toString();
        source = new GitSource(GitSettings.of(folder.resolve("mirrors"), List.of(folder)));
    }

    @AfterEach
    void close() {
        git.close();
    }

    @Test
    @DisplayName("a branch, a tag (annotated or not), the default branch and a commit are resolved to a commit")
    void resolves() throws Exception {
        String first = source.resolve(url, GitRef.branch("main"));
        git.tag().setName("light").setAnnotated(false).call();
        git.tag().setName("v1").setAnnotated(true).setMessage("one").call();
        git.checkout().setCreateBranch(true).setName("feature/x").call();
        write("app/data.txt", "more");
        String second = commit("second");

        assertThat(source.resolve(url, GitRef.branch("feature/x"))).isEqualTo(second);
        assertThat(source.resolve(url, GitRef.tag("v1"))).isEqualTo(first);
        assertThat(source.resolve(url, GitRef.tag("light"))).isEqualTo(first);
        assertThat(source.resolve(url, GitRef.defaultBranch())).isEqualTo(second);
        assertThat(source.resolve(url, GitRef.commit(first))).isEqualTo(first);
        assertThat(source.resolve("file://" + url, GitRef.branch("main"))).isEqualTo(first);
    }

    @Test
    @DisplayName("a missing branch is a problem that names the nearest ones")
    void missingBranch() throws Exception {
        git.branchCreate().setName("develop").call();

        Problem problem = problem(() -> source.resolve(url, GitRef.branch("mian")));

        assertThat(problem.code()).isEqualTo(ProblemCode.GIT_REF_MISSING);
        assertThat(problem.arguments()).containsEntry("ref", "mian").containsEntry("nearest", "main, develop");
        assertThat(problem(() -> source.resolve(url, GitRef.tag("v1"))).arguments())
                .containsEntry("nearest", "-");
        for (String commit : List.of("0".repeat(40), "HEAD", "--upload-pack=x")) {
            assertThat(problem(() -> source.resolve(url, GitRef.commit(commit))).code())
                    .isEqualTo(ProblemCode.GIT_REF_MISSING);
        }
    }

    @Test
    @DisplayName("a tree's id changes with the files below it and with nothing else")
    void treeIds() throws Exception {
        String first = source.resolve(url, GitRef.branch("main"));
        write("other.txt", "elsewhere");
        String second = commit("elsewhere");
        write("app/data.txt", "changed");
        String third = commit("here");

        assertThat(source.tree(url, second, "app")).isEqualTo(source.tree(url, first, "app"));
        assertThat(source.tree(url, third, "./app/")).isNotEqualTo(source.tree(url, first, "app"));
        assertThat(source.tree(url, second, "")).isNotEqualTo(source.tree(url, first, "."));
    }

    @Test
    @DisplayName("a small file is read whole, a big one and a missing one are problems")
    void reads() {
        String commit = source.resolve(url, GitRef.branch("main"));

        assertThat(source.read(url, commit, "slipway.yaml", 1000)).asString().isEqualTo("kind: Application");
        assertThat(problem(() -> source.read(url, commit, "slipway.yaml", 5)).code())
                .isEqualTo(ProblemCode.GIT_TOO_BIG);
        for (String path : List.of("none.yaml", "app", "app/host", "../x", "/etc/passwd", "app/host/x", "a//b")) {
            assertThat(problem(() -> source.read(url, commit, path, 1000)).code())
                    .as(path)
                    .isEqualTo(ProblemCode.GIT_PATH_MISSING);
        }
    }

    @Test
    @DisplayName("a walk gives modes, sizes, contents, and links as links")
    void walks() throws Exception {
        String commit = source.resolve(url, GitRef.branch("main"));

        assertThat(walk(commit, "app"))
                .containsExactly(
                        Map.entry("data.txt", "- data"),
                        Map.entry("host", "-> /etc/hostname"),
                        Map.entry("run.sh", "x #!/bin/sh"));
        assertThat(walk(commit, "app/run.sh")).containsExactly(Map.entry("run.sh", "x #!/bin/sh"));
        assertThat(problem(() -> walk(commit, "nowhere")).code()).isEqualTo(ProblemCode.GIT_PATH_MISSING);
    }

    @Test
    @DisplayName("a commit that is in the mirror needs no remote, a new one is fetched")
    void mirror() throws Exception {
        String first = source.resolve(url, GitRef.branch("main"));
        source.tree(url, first, "");
        write("app/data.txt", "new");
        String second = commit("second");
        source.tree(url, second, "");
        Files.move(folder.resolve("work"), folder.resolve("gone"));

        assertThat(source.read(url, first, "app/data.txt", 100)).asString().isEqualTo("data");
        assertThat(source.read(url, second, "app/data.txt", 100)).asString().isEqualTo("new");
        assertThat(problem(() -> source.resolve(url, GitRef.branch("main"))).code())
                .isEqualTo(ProblemCode.GIT_NOT_A_REPOSITORY);
    }

    @Test
    @DisplayName("many who need the same new commit at once all get it")
    void joined() {
        String commit = source.resolve(url, GitRef.branch("main"));

        List<CompletableFuture<String>> trees = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> source.tree(url, commit, "app")))
                .toList();

        assertThat(trees.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    @DisplayName("a branch that was rewritten and one that makes way for another are fetched")
    void rewritten() throws Exception {
        git.branchCreate().setName("topic").call();
        source.tree(url, source.resolve(url, GitRef.branch("topic")), "");
        git.branchDelete().setBranchNames("topic").setForce(true).call();
        git.branchCreate().setName("topic/one").call();
        write("app/data.txt", "amended");
        git.add().addFilepattern(".").call();
        git.commit().setAmend(true).setSign(false).setMessage("again").call();

        String commit = source.resolve(url, GitRef.branch("main"));

        assertThat(source.read(url, commit, "app/data.txt", 100)).asString().isEqualTo("amended");
    }

    @Test
    @DisplayName("submodules and LFS pointers are refused by name")
    void unsupported() throws Exception {
        write("lfs/big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n");
        git.add().addFilepattern(".").call();
        var index = git.getRepository().lockDirCache();
        var editor = index.editor();
        editor.add(new org.eclipse.jgit.dircache.DirCacheEditor.PathEdit("sub/module") {
            @Override
            public void apply(DirCacheEntry entry) {
                entry.setFileMode(FileMode.GITLINK);
                entry.setObjectId(ObjectId.fromString("1".repeat(40)));
            }
        });
        editor.commit();
        String commit = git.commit().setSign(false).setMessage("x").call().name();

        assertThat(problem(() -> walk(commit, "lfs")).arguments()).containsEntry("feature", "lfs");
        assertThat(problem(() -> walk(commit, "sub")).arguments())
                .containsEntry("feature", "submodule")
                .containsEntry("path", "module");
    }

    @Test
    @DisplayName("a tree made by hand, with a link and a folder of one name or a name that climbs, is refused")
    void malformedTree() throws Exception {
        assertThat(problem(() -> walk(handmade("a", "a"), "")).arguments()).containsEntry("feature", "malformed-tree");
        assertThat(problem(() -> walk(handmade("a", ".."), "")).arguments()).containsEntry("feature", "malformed-tree");
    }

    @Test
    @DisplayName("a few objects that say a million files, or terabytes, are refused before they are read")
    void bombs() throws Exception {
        try (ObjectInserter inserter = git.getRepository().newObjectInserter()) {
            ObjectId small = inserter.insert(Constants.OBJ_BLOB, new byte[] {1});
            ObjectId big = inserter.insert(Constants.OBJ_BLOB, new byte[40 << 20]);
            String million = commit(inserter, nested(inserter, small, 100, 3));
            String huge = commit(inserter, nested(inserter, big, 120, 1));

            assertThat(problem(() -> count(million)).code()).isEqualTo(ProblemCode.GIT_TOO_MANY);
            assertThat(problem(() -> count(huge)).arguments())
                    .containsEntry("limit", "4 GiB")
                    .containsEntry("path", "");
        }
    }

    /** Folders in folders, of so many each; the innermost with so many times the same file. */
    private static ObjectId nested(ObjectInserter inserter, ObjectId file, int each, int deep) throws IOException {
        ObjectId item = file;
        FileMode mode = FileMode.REGULAR_FILE;
        for (int level = 0; level < deep; level++) {
            TreeFormatter tree = new TreeFormatter();
            for (int i = 0; i < each; i++) {
                tree.append(String.format(Locale.ROOT, "%04d", i), mode, item);
            }
            item = inserter.insert(tree);
            mode = FileMode.TREE;
        }
        return item;
    }

    private void count(String commit) throws IOException {
        source.files(url, commit, "").walk(new FileSink() {
            @Override
            public void file(String name, boolean executable, long size, InputStream content) {}

            @Override
            public void symlink(String name, String target) {}
        });
    }

    @ParameterizedTest
    @DisplayName(
            "an address that is no address, or dangerous, or has credentials in it, is refused and never repeated with them")
    @CsvSource(textBlock = """
            ext::sh -c touch% /tmp/x,             not-a-url
            ext::sh,                              protocol
            --upload-pack=touch,                  not-a-url
            https://user:secret@git.example/a,    credentials
            https://token@git.example/a,          credentials
            ssh://git:secret@git.example/a,       credentials
            ssh://-oProxyCommand=x/a,             not-a-url
            http://git.example,                   not-a-url
            ftp://git.example/a,                  protocol
            file://other.example/a,               protocol
            relative/path,                        protocol
            https:/git.example/a,                 not-a-url
            '',                                   not-a-url
            """)
    void hostileUrls(String hostile, String reason) {
        Problem problem = problem(() -> source.resolve(hostile, GitRef.branch("main")));

        assertThat(problem.code()).isEqualTo(ProblemCode.GIT_URL);
        assertThat(problem.arguments()).containsEntry("reason", reason);
        assertThat(problem.toString()).doesNotContain("secret", "token@");
    }

    @ParameterizedTest
    @DisplayName("addresses that people use are taken")
    @ValueSource(
            strings = {
                "https://git.example/a/b.git",
                "http://git.example:8080/a",
                "ssh://git@git.example:22/a/b",
                "git@git.example:a/b.git",
                "git.example:a/b.git",
                "git://git.example/a"
            })
    void goodUrls(String good) {
        assertThat(GitUrl.parse(good, List.of()).text()).isNotBlank();
    }

    @ParameterizedTest
    @DisplayName("an ssh address that names nobody goes out as git, never as who started Slipway")
    @CsvSource({
        "ssh://git.example/a,          ssh://git@git.example/a",
        "ssh://git.example:2222/a@b,   ssh://git@git.example:2222/a@b",
        "git.example:team/a,           ssh://git@git.example/team/a",
        "robot@git.example:team/a,     ssh://robot@git.example/team/a",
        "ssh://robot@git.example/a,    ssh://robot@git.example/a"
    })
    void sshUser(String given, String asked) {
        assertThat(GitUrl.parse(given, List.of()).text()).isEqualTo(asked);
    }

    @Test
    @DisplayName("a folder of this machine is a repository only where that is allowed")
    void localOnlyWhenAllowed() {
        GitSource strict = new GitSource(GitSettings.of(folder.resolve("m"), List.of(folder.resolve("elsewhere"))));

        for (String local : List.of(url, "file://" + url)) {
            Problem problem = problem(() -> strict.resolve(local, GitRef.branch("main")));
            assertThat(problem.code()).isEqualTo(ProblemCode.GIT_URL);
            assertThat(problem.arguments()).containsEntry("reason", "local");
        }
    }

    @Test
    @DisplayName("a host that is away, unknown, silent, closed to us or without git: each is a problem of its own")
    void remotes() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(code("http://127.0.0.1:" + closed + "/a")).isEqualTo(ProblemCode.GIT_UNREACHABLE);
        assertThat(code("https://no-such-host.invalid/a")).isEqualTo(ProblemCode.GIT_UNREACHABLE);
        assertThat(code("ssh://git@127.0.0.1:" + closed + "/a")).isEqualTo(ProblemCode.GIT_UNREACHABLE);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(code("http://127.0.0.1:" + silent.getLocalPort() + "/a")).isEqualTo(ProblemCode.GIT_TIMEOUT);
        }
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        web.createContext("/private", exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        web.createContext("/page", exchange -> {
            byte[] page = "<html>no git</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        web.createContext("/forbidden", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        web.start();
        try {
            String host = "http://127.0.0.1:" + web.getAddress().getPort();
            assertThat(code(host + "/private/a")).isEqualTo(ProblemCode.GIT_DENIED);
            assertThat(code(host + "/forbidden/a")).isEqualTo(ProblemCode.GIT_DENIED);
            assertThat(code(host + "/page/a")).isEqualTo(ProblemCode.GIT_NOT_A_REPOSITORY);
            assertThat(code(host + "/none/a")).isEqualTo(ProblemCode.GIT_NOT_A_REPOSITORY);
        } finally {
            web.stop(0);
        }
        assertThat(code(folder.resolve("empty").toString())).isEqualTo(ProblemCode.GIT_NOT_A_REPOSITORY);
    }

    @ParameterizedTest
    @DisplayName("why a server cannot be reached is said in words, not in a library's")
    @CsvSource({
        "https://no-such-host.invalid/a,   the host name is not known",
        "ssh://git@no-such-host.invalid/a, the host name is not known",
        "http://127.0.0.1:1/a,             connection refused",
        "ssh://git@127.0.0.1:1/a,          connection refused"
    })
    void reasons(String address, String reason) {
        Problem problem = refusal(address);

        assertThat(problem.code()).isEqualTo(ProblemCode.GIT_UNREACHABLE);
        assertThat(problem.arguments()).containsEntry("reason", reason);
    }

    @Test
    @DisplayName("a repository beyond the limit is refused")
    void tooBig() {
        GitSettings small = new GitSettings(
                folder.resolve("small"),
                List.of(folder),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                1_000,
                1_000_000,
                List.of());
        String commit = source.resolve(url, GitRef.branch("main"));

        assertThat(problem(() -> new GitSource(small).tree(url, commit, "")).code())
                .isEqualTo(ProblemCode.GIT_TOO_BIG);
    }

    @Test
    @DisplayName(
            "beyond the size of the cache the mirror goes that was not used for the longest time, never one in use")
    void evicts() throws Exception {
        Path mirrors = folder.resolve("full");
        GitSource full = new GitSource(new GitSettings(
                mirrors,
                List.of(folder),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                1_000_000,
                300_000,
                List.of()));
        byte[] noise = new byte[200_000];
        new java.util.Random(4).nextBytes(noise);
        List<String> urls = new java.util.ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            Path work = folder.resolve(name);
            try (Git other = Git.init()
                    .setDirectory(work.toFile())
                    .setInitialBranch("main")
                    .call()) {
                Files.write(work.resolve("noise"), noise);
                Files.writeString(work.resolve("name"), name);
                other.add().addFilepattern(".").call();
                other.commit().setMessage(name).setSign(false).call();
            }
            urls.add(work.toString());
        }
        String first = full.resolve(urls.get(0), GitRef.branch("main"));
        full.files(urls.get(0), first, "").walk(new FileSink() {
            @Override
            public void file(String path, boolean executable, long size, InputStream content) {
                // While the first one is read, two others come, and the older of those goes.
                if (path.equals("name")) {
                    for (String url : urls.subList(1, 3)) {
                        full.tree(url, full.resolve(url, GitRef.branch("main")), "");
                        pause();
                    }
                }
            }

            @Override
            public void symlink(String path, String target) {}
        });

        assertThat(mirrors(mirrors))
                .as("the one in use and the newest, which was in use too")
                .hasSize(2);
        assertThat(full.read(urls.get(0), first, "name", 100)).asString().isEqualTo("one");
        String second = full.resolve(urls.get(1), GitRef.branch("main"));
        assertThat(full.read(urls.get(1), second, "name", 100))
                .as("what went is fetched again")
                .asString()
                .isEqualTo("two");
        assertThat(mirrors(mirrors)).as("nothing else is in use now").hasSize(1);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Path> mirrors(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(one -> one.toString().endsWith(".git")).toList();
        }
    }

    @Test
    @DisplayName("a commit that a forced push took off its branch is still built from a mirror that has it")
    void forcedPush() throws Exception {
        String lost = source.resolve(url, GitRef.branch("main"));
        source.tree(url, lost, "");
        write("app/data.txt", "amended");
        git.add().addFilepattern(".").call();
        git.commit().setAmend(true).setMessage("other").setSign(false).call();
        String now = source.resolve(url, GitRef.branch("main"));

        assertThat(now).isNotEqualTo(lost);
        assertThat(source.tree(url, now, "app")).isNotEqualTo(source.tree(url, lost, "app"));
    }

    private ProblemCode code(String address) {
        return refusal(address).code();
    }

    private Problem refusal(String address) {
        GitSource impatient = new GitSource(new GitSettings(
                folder.resolve("mirrors"),
                List.of(folder),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                1_000_000,
                10_000_000,
                List.of()));
        return problem(() -> impatient.resolve(address, GitRef.branch("main")));
    }

    private static Problem problem(ThrowingCallable action) {
        ProblemException[] seen = new ProblemException[1];
        assertThatThrownBy(action).isInstanceOfSatisfying(ProblemException.class, e -> seen[0] = e);
        return seen[0].problem();
    }

    private Map<String, String> walk(String commit, String path) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        source.files(url, commit, path).walk(new FileSink() {
            @Override
            public void file(String name, boolean executable, long size, InputStream content) throws IOException {
                byte[] bytes = content.readAllBytes();
                assertThat(bytes).hasSize((int) size);
                seen.put(name, (executable ? "x " : "- ") + new String(bytes, StandardCharsets.UTF_8));
            }

            @Override
            public void symlink(String name, String target) {
                seen.put(name, "-> " + target);
            }
        });
        return seen;
    }

    /** A commit whose root has a link {@code first} and a folder {@code second}, which git itself would not write. */
    private String handmade(String first, String second) throws IOException {
        try (ObjectInserter inserter = git.getRepository().newObjectInserter()) {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, "/etc".getBytes(StandardCharsets.UTF_8));
            TreeFormatter inner = new TreeFormatter();
            inner.append("passwd", FileMode.REGULAR_FILE, blob);
            ObjectId tree = inserter.insert(inner);
            TreeFormatter root = new TreeFormatter();
            root.append(first, FileMode.SYMLINK, blob);
            root.append(second, FileMode.TREE, tree);
            return commit(inserter, inserter.insert(root));
        }
    }

    private String commit(ObjectInserter inserter, ObjectId tree) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setAuthor(new PersonIdent("a", "a@example"));
        commit.setCommitter(new PersonIdent("a", "a@example"));
        commit.setMessage("by hand");
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        RefUpdate update = git.getRepository().updateRef("refs/heads/hand-" + tree.name());
        update.setNewObjectId(id);
        update.forceUpdate();
        return id.name();
    }

    private void write(String path, String content) throws IOException {
        Path file = folder.resolve("work").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String commit(String message) throws Exception {
        git.add().addFilepattern(".").call();
        return git.commit()
                .setSign(false)
                .setAuthor("a", "a@example")
                .setCommitter("a", "a@example")
                .setMessage(message)
                .call()
                .name();
    }
}
