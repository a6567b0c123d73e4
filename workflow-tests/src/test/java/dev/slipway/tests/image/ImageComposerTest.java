package dev.slipway.tests.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.ComposedImage;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.Composition.Base;
import dev.slipway.activities.image.Composition.Layer;
import dev.slipway.activities.image.Composition.Settings;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.registry.Descriptor;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.registry.RemoteImage;
import dev.slipway.web.embedded.registry.EmbeddedRegistry;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.api.Git;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An image composed from a git tree")
class ImageComposerTest {
    private static final ComposeListener QUIET = new ComposeListener() {
        @Override
        public void line(String text) {}

        @Override
        public void pushed(long bytes) {}
    };

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private RegistryClient client;
    private ImageComposer composer;
    private Git git;

    @BeforeEach
    void start() throws Exception {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), InetAddress.getLoopbackAddress(), 0);
        client = client(registry);
        composer = new ImageComposer(client, folder.resolve("spool"));
        Path work = folder.resolve("work");
        git = Git.init().setDirectory(work.toFile()).setInitialBranch("main").call();
        write("app/run.sh", "#!/bin/sh\necho hello\n");
        work.resolve("app/run.sh").toFile().setExecutable(true);
        write("app/conf/names.txt", "名\n");
        Files.createSymbolicLink(work.resolve("app/host"), Path.of("/etc/hostname"));
        Files.createSymbolicLink(work.resolve("app/dangling"), Path.of("../nowhere"));
        write("assets/big.bin", "x".repeat(300_000));
        commit();
    }

    @AfterEach
    void stop() {
        git.close();
        registry.close();
    }

    @Test
    @DisplayName("keeps modes and links, follows no link, belongs to root and carries no time")
    void keepsModesAndLinks() throws Exception {
        ComposedImage image = composer.compose(composition(null, "mirrors"), "demo/app", "v1", QUIET);

        RemoteImage read = client.image("demo/app", "v1", "linux", "amd64");
        List<TarArchiveEntry> entries = entries("demo/app", read.layers().get(0));

        assertThat(read.manifest().digest()).isEqualTo(image.digest());
        assertThat(entries)
                .extracting(TarArchiveEntry::getName)
                .containsExactly(
                        "srv/app/",
                        "srv/app/conf/",
                        "srv/app/conf/names.txt",
                        "srv/app/dangling",
                        "srv/app/host",
                        "srv/app/run.sh");
        TarArchiveEntry host = entries.get(4);
        assertThat(host.isSymbolicLink()).isTrue();
        assertThat(host.getLinkName()).isEqualTo("/etc/hostname");
        assertThat(host.getSize()).isZero();
        assertThat(entries.get(3).getLinkName()).isEqualTo("../nowhere");
        assertThat(entries.get(5).getMode() & 0777).isEqualTo(0755);
        assertThat(entries.get(2).getMode() & 0777).isEqualTo(0644);
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.getLongUserId()).isZero();
            assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(1_000);
        });
        assertThat(folder.resolve("spool")).isEmptyDirectory();
    }

    @Test
    @DisplayName("says in its configuration how it runs")
    void configuration() {
        composer.compose(composition(null, "mirrors"), "demo/app", "v1", QUIET);

        RemoteImage read = client.image("demo/app", "v1", "linux", "amd64");

        assertThat(read.entrypoint()).containsExactly("/srv/app/run.sh");
        assertThat(read.user()).isEqualTo("10001");
        assertThat(read.config().path("os").asText()).isEqualTo("linux");
        assertThat(read.config().path("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(read.config().path("config").path("Env").toString()).isEqualTo("[\"A=1\"]");
        assertThat(read.config().path("rootfs").path("diff_ids").size()).isEqualTo(2);
    }

    @Test
    @DisplayName("has the same digest again, from another clone and in another registry")
    void sameDigest() throws Exception {
        ComposedImage first = composer.compose(composition(null, "mirrors"), "demo/app", null, QUIET);
        ComposedImage clone = composer.compose(composition(null, "other-mirrors"), "demo/copy", null, QUIET);
        try (EmbeddedRegistry other =
                EmbeddedRegistry.start(folder.resolve("registry2"), InetAddress.getLoopbackAddress(), 0)) {
            ImageComposer elsewhere = new ImageComposer(client(other), folder.resolve("spool2"));

            assertThat(elsewhere
                            .compose(composition(null, "third-mirrors"), "x", null, QUIET)
                            .digest())
                    .isEqualTo(first.digest());
        }
        assertThat(clone.digest()).isEqualTo(first.digest());
    }

    @Test
    @DisplayName("that the registry has costs no byte; a changed file costs its own layer only")
    void onlyWhatChanged() throws Exception {
        List<Long> progress = Collections.synchronizedList(new ArrayList<>());
        ComposeListener listener = new ComposeListener() {
            @Override
            public void line(String text) {}

            @Override
            public void pushed(long bytes) {
                progress.add(bytes);
            }
        };
        ComposedImage first = composer.compose(composition(null, "mirrors"), "demo/app", null, listener);
        ComposedImage again = composer.compose(composition(null, "mirrors"), "demo/app", null, QUIET);
        write("app/run.sh", "#!/bin/sh\necho changed\n");
        commit();
        ComposedImage changed = composer.compose(composition(null, "mirrors"), "demo/app", null, QUIET);

        assertThat(first.pushedBytes()).isGreaterThan(300_000);
        assertThat(progress).isSorted().last().isEqualTo(first.pushedBytes());
        assertThat(again).isEqualTo(new ComposedImage(first.digest(), 0));
        assertThat(changed.digest()).isNotEqualTo(first.digest());
        assertThat(changed.pushedBytes()).isBetween(1L, 20_000L);
    }

    @Test
    @DisplayName("of a base keeps what the base says, known or not, and mounts its layers within one registry")
    void baseInSameRegistry() throws Exception {
        Base base = base(client, "bases/one");

        ComposedImage image = composer.compose(composition(base, "mirrors"), "demo/app", "v1", QUIET);
        RemoteImage read = client.image("demo/app", "v1", "linux", "amd64");

        assertThat(read.layers()).hasSize(3);
        assertThat(read.config().path("config").path("StopSignal").asText()).isEqualTo("SIGQUIT");
        assertThat(read.config().path("config").path("Env").toString()).isEqualTo("[\"PATH=/bin\",\"A=1\"]");
        assertThat(read.config().path("config").has("Cmd")).isFalse();
        assertThat(image.pushedBytes()).isLessThan(400_000);
        assertThat(client.hasBlob("demo/app", read.layers().get(0).digest())).isTrue();
    }

    @Test
    @DisplayName("of a base in another registry has the base's layers copied, and the same digest as beside it")
    void baseElsewhere() throws Exception {
        try (EmbeddedRegistry other =
                EmbeddedRegistry.start(folder.resolve("registry2"), InetAddress.getLoopbackAddress(), 0)) {
            Base remote = base(client(other), "bases/one");
            Base near = base(client, "bases/one");

            ComposedImage copied = composer.compose(composition(remote, "mirrors"), "demo/copied", null, QUIET);
            ComposedImage mounted = composer.compose(composition(near, "mirrors"), "demo/mounted", null, QUIET);

            assertThat(copied.digest()).isEqualTo(mounted.digest());
            assertThat(copied.pushedBytes() - mounted.pushedBytes()).isGreaterThan(500_000);
        }
    }

    @Test
    @DisplayName("whose base does not exist, or whose registry is away, is a problem that says so")
    void problems() {
        Base missing = new Base(client, "bases/none", "sha256:" + "0".repeat(64));
        assertProblem(
                () -> composer.compose(composition(missing, "mirrors"), "x", null, QUIET), ProblemCode.IMAGE_NOT_FOUND);

        registry.close();
        assertProblem(
                () -> composer.compose(composition(null, "mirrors"), "x", null, QUIET),
                ProblemCode.REGISTRY_UNREACHABLE);
        assertThat(folder.resolve("spool")).isEmptyDirectory();
    }

    private static void assertProblem(ThrowingCallable action, ProblemCode code) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    @Test
    @DisplayName("is tagged, listed and deleted through the client")
    void tagsAndDeletes() {
        ComposedImage image = composer.compose(composition(null, "mirrors"), "demo/app", "v1", QUIET);

        client.ping();
        assertThat(client.tag("demo/app", "v1", "release-1")).isEqualTo(image.digest());
        assertThat(client.tags("demo/app")).containsExactly("release-1", "v1");
        assertThat(client.tags("demo/unknown")).isEmpty();
        assertThat(client.delete("demo/app", "v1")).isTrue();
        assertThat(client.exists("demo/app", "v1")).isFalse();
        assertThat(client.head("demo/app", "release-1").map(Descriptor::digest)).contains(image.digest());
        assertThat(client.delete("demo/app", image.digest())).isTrue();
        assertThat(client.delete("demo/app", image.digest())).isFalse();
    }

    /** A base with a configuration as other tools write it, and a layer of half a megabyte. */
    private Base base(RegistryClient at, String repository) throws Exception {
        ImageComposer here = new ImageComposer(at, folder.resolve("spool-base"));
        byte[] content = "b".repeat(600_000).getBytes();
        Layer layer = new Layer("/", sink -> {
            try (InputStream in = new ByteArrayInputStream(content)) {
                sink.file("bin/tool", true, content.length, in);
            }
        });
        Settings settings = new Settings(List.of(), List.of("/bin/tool"), "", Map.of("PATH", "/bin"), "", Map.of());
        here.compose(new Composition(null, List.of(layer), settings), repository, "plain", QUIET);
        RemoteImage plain = at.image(repository, "plain", "linux", "amd64");
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = plain.config().deepCopy();
        ((ObjectNode) config.path("config")).put("StopSignal", "SIGQUIT");
        byte[] configBytes = json.writeValueAsBytes(config);
        String digest = "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(configBytes));
        at.pushBlob(
                repository,
                new Descriptor("application/vnd.oci.image.config.v1+json", digest, configBytes.length),
                () -> new ByteArrayInputStream(configBytes),
                bytes -> {});
        JsonNode manifest = plain.manifest().json();
        ((ObjectNode) manifest.path("config")).put("digest", digest).put("size", configBytes.length);
        String pinned =
                at.putManifest(repository, "base", plain.manifest().mediaType(), json.writeValueAsBytes(manifest));
        return new Base(at, repository, pinned);
    }

    private Composition composition(@Nullable Base base, String mirrors) {
        GitSource source = new GitSource(GitSettings.of(folder.resolve(mirrors), List.of(folder)));
        String url = folder.resolve("work").toString();
        String commit = source.resolve(url, GitRef.branch("main"));
        return new Composition(
                base,
                List.of(
                        new Layer("/srv/app", source.files(url, commit, "app")),
                        new Layer("/srv/assets", source.files(url, commit, "assets"))),
                new Settings(
                        List.of("/srv/app/run.sh"),
                        List.of(),
                        "/srv/app",
                        new TreeMap<>(Map.of("A", "1")),
                        "10001",
                        Map.of()));
    }

    private List<TarArchiveEntry> entries(String repository, Descriptor layer) throws Exception {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(client.openBlob(repository, layer.digest()))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static RegistryClient client(EmbeddedRegistry registry) {
        return new RegistryClient(
                new RegistrySettings("slipway.registry", "127.0.0.1:" + registry.port(), true, null, null));
    }

    private void write(String path, String content) throws Exception {
        Path file = folder.resolve("work").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void commit() throws Exception {
        git.add().addFilepattern(".").call();
        git.commit()
                .setSign(false)
                .setAuthor("a", "a@example")
                .setCommitter("a", "a@example")
                .setMessage("x")
                .call();
    }
}
