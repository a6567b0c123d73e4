package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.tests.bench.ComposeProcess.What;
import dev.slipway.web.embedded.registry.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.PackInserter;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a git tree to an image in a registry: how fast, in how much memory, and against Jib. */
class ComposeBench {
    private static final String JIB = "com.google.cloud.tools:jib-maven-plugin:3.5.1:build";
    private static final int FOLDERS = 200;
    private static final int FILES = 20_000;
    private static final int FILE_BYTES = 15_000;
    private static final int SMALL_HEAP = 64;
    private static final int ROUNDS = 5;
    private static final int JARS = 30;
    private static final int JAR_BYTES = 2_000_000;
    private static final int SMALL_FILES = 300;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("context: a tree of 300 MB in 20,000 files to a one-shot image")
    void context() throws Exception {
        Bench bench = Bench.named("context").aim("peakHeapMiB", "<= 256").aim("smallHeap.limitMiB", "<= 256");
        Path repository = bigRepository(folder.resolve("big.git"));
        try (EmbeddedRegistry registry =
                EmbeddedRegistry.start(folder.resolve("registry"), InetAddress.getLoopbackAddress(), 0)) {
            String base = base(registry);
            double megabytes = (double) FILES * FILE_BYTES / 1_000_000;
            JsonNode usual = ComposeProcess.run(
                    What.CONTEXT, folder.resolve("usual"), repository, registry.port(), base, "-Xmx256m");
            JsonNode small = ComposeProcess.run(
                    What.CONTEXT,
                    folder.resolve("small"),
                    repository,
                    registry.port(),
                    base,
                    "-Xmx" + SMALL_HEAP + "m");
            bench.metric("megabytes", megabytes)
                    .metric(
                            "megabytesPerSecond",
                            megabytes / usual.get("seconds").asDouble())
                    .metric("packedSeconds", usual.get("packedSeconds").asDouble())
                    .metric("packedMegabytes", usual.get("packedBytes").asDouble() / 1_000_000)
                    .metric("peakHeapMiB", usual.get("peakHeapMiB").asDouble())
                    .metric(
                            "smallHeap.megabytesPerSecond",
                            megabytes / small.get("seconds").asDouble())
                    .metric("smallHeap.limitMiB", SMALL_HEAP);
        }
        bench.report();
    }

    @Test
    @DisplayName("jib: the same 60 MB on the same base, composed by Slipway, by jib-core and by Jib's Maven plugin")
    void jib() throws Exception {
        Bench bench = Bench.named("jib").aim("process.ratio", "<= 1.1").aim("warm.ratio", "<= 1.1");
        try (EmbeddedRegistry registry =
                EmbeddedRegistry.start(folder.resolve("registry"), InetAddress.getLoopbackAddress(), 0)) {
            String base = base(registry);
            List<Double> plugin = new ArrayList<>();
            List<Double> pluginGoal = new ArrayList<>();
            List<Double> process = new ArrayList<>();
            List<Double> core = new ArrayList<>();
            List<Double> warm = new ArrayList<>();
            List<Double> fetch = new ArrayList<>();
            Path maven = mavenProject();
            RegistryClient client = new RegistryClient(
                    new RegistrySettings("slipway.registry", "127.0.0.1:" + registry.port(), true, null, null));
            plugin(maven, registry, base, tree("plugin-first", 0), "first"); // downloads its own parts
            for (int round = 1; round <= ROUNDS; round++) {
                Path tree = tree("tree-" + round, round);
                Path repository = repository(folder.resolve("app-" + round + ".git"), tree);

                long began = System.nanoTime();
                JsonNode ours = ComposeProcess.run(
                        What.FILES, folder.resolve("process-" + round), repository, registry.port(), base, "-Xmx256m");
                process.add(seconds(began));
                assertThat(ours.get("pushedBytes").asLong())
                        .as("all of it travels")
                        .isGreaterThan((long) JARS * JAR_BYTES);

                Path other = tree("plugin-tree-" + round, 100 + round); // nothing of it is in the registry yet
                began = System.nanoTime();
                pluginGoal.add(plugin(maven, registry, base, other, "round-" + round));
                plugin.add(seconds(began));

                Path third = tree("core-tree-" + round, 200 + round);
                began = System.nanoTime();
                core(registry, base, third, round);
                core.add(seconds(began));

                Path fourth = tree("warm-tree-" + round, 300 + round);
                GitSource git = new GitSource(GitSettings.of(folder.resolve("warm-" + round), List.of(folder)));
                Path last = repository(folder.resolve("warm-" + round + ".git"), fourth);
                String url = last.toUri().toString();
                began = System.nanoTime();
                String commit = git.resolve(url, GitRef.branch("main"));
                git.tree(url, commit, "");
                fetch.add(seconds(began)); // Jib begins with a checkout that somebody else has made
                began = System.nanoTime();
                ComposeProcess.composed(
                        new ImageComposer(client, folder.resolve("warm-spool")),
                        new Composition.Base(client, "bench/base", base),
                        "/app",
                        git.files(url, commit, ""));
                warm.add(seconds(began));
            }
            bench.metric("process.slipwaySeconds", median(process))
                    .metric("process.pluginSeconds", median(plugin))
                    .metric("process.pluginGoalSeconds", median(pluginGoal))
                    .metric("process.ratio", median(process) / median(plugin))
                    .metric("process.ratioToGoal", median(process) / median(pluginGoal))
                    .metric("warm.fetchSeconds", median(fetch))
                    .metric("warm.slipwaySeconds", median(warm))
                    .metric("warm.jibCoreSeconds", median(core))
                    .metric("warm.ratio", median(warm) / median(core));
        }
        bench.report();
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElse(Double.NaN);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** An image of 30 MB, made by Jib, for both. @return its digest */
    private String base(EmbeddedRegistry registry) throws Exception {
        Path file = folder.resolve("base.bin");
        byte[] content = new byte[30_000_000];
        new Random(1).nextBytes(content);
        Files.write(file, content);
        return Jib.fromScratch()
                .setFormat(ImageFormat.OCI)
                .addLayer(List.of(file), AbsoluteUnixPath.get("/usr/lib"))
                .containerize(containerizer(registry, "bench/base", "base"))
                .getDigest()
                .toString();
    }

    private void core(EmbeddedRegistry registry, String base, Path tree, int round) throws Exception {
        var layer = com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer.builder();
        try (Stream<Path> children = Files.list(tree)) {
            for (Path child : children.toList()) {
                layer.addEntryRecursive(child, AbsoluteUnixPath.get("/app").resolve(child.getFileName()));
            }
        }
        var unused = Jib.from(RegistryImage.named("127.0.0.1:" + registry.port() + "/bench/base@" + base))
                .setFormat(ImageFormat.OCI)
                .addFileEntriesLayer(layer.build())
                .setEntrypoint("/app/start")
                .containerize(containerizer(registry, "bench/core", "core-" + round));
    }

    private Containerizer containerizer(EmbeddedRegistry registry, String repository, String cache) throws Exception {
        return Containerizer.to(RegistryImage.named("127.0.0.1:" + registry.port() + "/" + repository))
                .setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(folder.resolve("jib-base-cache"))
                .setApplicationLayersCache(folder.resolve("jib-" + cache))
                .setToolName("slipway");
    }

    /** A project that has nothing to compile: what is measured is the image. */
    private Path mavenProject() throws IOException {
        Path project = Files.createDirectories(folder.resolve("maven"));
        Files.createDirectories(project.resolve("target/classes"));
        Files.writeString(project.resolve("target/classes/empty"), "");
        Files.writeString(project.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>bench</groupId>
                  <artifactId>bench</artifactId>
                  <version>1</version>
                </project>
                """);
        return project;
    }

    /** @return how long the goal itself took, as Maven says */
    private static double plugin(Path project, EmbeddedRegistry registry, String base, Path tree, String tag)
            throws IOException, InterruptedException {
        String host = "127.0.0.1:" + registry.port();
        Process process = new ProcessBuilder(
                        Path.of("..", "mvnw").toAbsolutePath().normalize().toString(),
                        "-B",
                        "-ntp",
                        "-f",
                        project.resolve("pom.xml").toString(),
                        "com.google.cloud.tools:jib-maven-plugin:" + System.getProperty("bench.jib", "3.5.1")
                                + ":build",
                        "-DsendCredentialsOverHttp=true",
                        "-Djib.allowInsecureRegistries=true",
                        "-Djib.from.image=" + host + "/bench/base@" + base,
                        "-Djib.to.image=" + host + "/bench/plugin:" + tag,
                        "-Djib.container.format=OCI",
                        "-Djib.container.entrypoint=/app/start",
                        "-Djib.extraDirectories.paths=" + tree)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        var time = java.util.regex.Pattern.compile("Total time:\\s+([0-9.]+) s").matcher(output);
        assertThat(time.find()).as(output).isTrue();
        return Double.parseDouble(time.group(1));
    }

    /** Jars and small files as an application has them; another seed is another content. */
    private Path tree(String name, int seed) throws IOException {
        Path tree = Files.createDirectories(folder.resolve(name));
        Random random = new Random(seed);
        byte[] jar = new byte[JAR_BYTES];
        Files.createDirectories(tree.resolve("lib"));
        for (int i = 0; i < JARS; i++) {
            random.nextBytes(jar);
            Files.write(tree.resolve("lib/part-" + i + ".jar"), jar);
        }
        Files.createDirectories(tree.resolve("classes"));
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.writeString(tree.resolve("classes/File" + i + ".txt"), ("line " + seed + " " + i + "\n").repeat(100));
        }
        return tree;
    }

    private static Path repository(Path folder, Path tree) throws IOException {
        try (Repository repository = bare(folder);
                PackInserter inserter = ((ObjectDirectory) repository.getObjectDatabase()).newPackInserter()) {
            TreeFormatter root = new TreeFormatter();
            for (String name : List.of("classes", "lib")) {
                TreeFormatter inner = new TreeFormatter();
                try (Stream<Path> files = Files.list(tree.resolve(name))) {
                    for (Path file : files.sorted().toList()) {
                        inner.append(
                                file.getFileName().toString(),
                                FileMode.REGULAR_FILE,
                                inserter.insert(Constants.OBJ_BLOB, Files.readAllBytes(file)));
                    }
                }
                root.append(name, FileMode.TREE, inserter.insert(inner));
            }
            commit(repository, inserter, inserter.insert(root));
        }
        return folder;
    }

    /** Half of each file is text, half is noise: as sources with their assets. */
    private static Path bigRepository(Path folder) throws IOException {
        try (Repository repository = bare(folder);
                PackInserter inserter = ((ObjectDirectory) repository.getObjectDatabase()).newPackInserter()) {
            Random random = new Random(2);
            TreeFormatter root = new TreeFormatter();
            for (int f = 0; f < FOLDERS; f++) {
                TreeFormatter inner = new TreeFormatter();
                for (int i = 0; i < FILES / FOLDERS; i++) {
                    byte[] content = new byte[FILE_BYTES];
                    random.nextBytes(content);
                    byte[] text = ("the " + f + ". folder and its " + i + ". file\n").getBytes(StandardCharsets.UTF_8);
                    for (int at = 0; at < FILE_BYTES / 2; at++) {
                        content[at] = text[at % text.length];
                    }
                    inner.append(
                            String.format(Locale.ROOT, "file-%03d", i),
                            FileMode.REGULAR_FILE,
                            inserter.insert(Constants.OBJ_BLOB, content));
                }
                root.append(String.format(Locale.ROOT, "folder-%03d", f), FileMode.TREE, inserter.insert(inner));
            }
            commit(repository, inserter, inserter.insert(root));
        }
        return folder;
    }

    private static Repository bare(Path folder) throws IOException {
        Repository repository =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        repository.create(true);
        return repository;
    }

    private static void commit(Repository repository, PackInserter inserter, ObjectId tree) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setAuthor(new PersonIdent("a", "a@example"));
        commit.setCommitter(new PersonIdent("a", "a@example"));
        commit.setMessage("all of it");
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        RefUpdate update = repository.updateRef("refs/heads/main");
        update.setNewObjectId(id);
        update.forceUpdate();
    }
}
