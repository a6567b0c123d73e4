package dev.slipway.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.git.FileTree;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.BuildContext;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.ComposedImage;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.DockerIgnore;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One image from a git repository to a registry, in a JVM of its own, so that its memory and its start are its own. Prints one line
 * of JSON.
 */
final class ComposeProcess {
    static final String REPOSITORY = "bench/image";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ComposeListener QUIET = new ComposeListener() {
        @Override
        public void line(String text) {}

        @Override
        public void pushed(long bytes) {}
    };

    private ComposeProcess() {}

    /** What is composed. */
    enum What {
        /** The files of a Dockerfile's build, as the layer of a one-shot image. */
        CONTEXT,
        /** The files themselves on a base. */
        FILES
    }

    /**
     * @param folder for mirrors and files on their way
     * @param port of the registry, of this machine
     * @param base its digest, in the repository {@code bench/base}
     */
    static JsonNode run(What what, Path folder, Path repository, int port, String base, String... jvm)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(jvm));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ComposeProcess.class.getName(),
                what.name(),
                folder.toString(),
                repository.toString(),
                Integer.toString(port),
                base));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("it ended " + process.exitValue() + ": " + output);
        }
        return JSON.readTree(output.substring(output.indexOf('{')));
    }

    public static void main(String[] arguments) throws IOException {
        What what = What.valueOf(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Path repository = Path.of(arguments[2]);
        RegistryClient registry = new RegistryClient(
                new RegistrySettings("slipway.registry", "127.0.0.1:" + arguments[3], true, null, null));
        GitSource git = new GitSource(GitSettings.of(folder.resolve("mirrors"), List.of(repository.getParent())));
        String url = repository.toUri().toString();
        String commit = git.resolve(url, GitRef.branch("main"));
        git.tree(url, commit, ""); // fetched
        FileTree files = git.files(url, commit, "");
        ImageComposer composer = new ImageComposer(registry, folder.resolve("spool"));
        Composition.Base base = new Composition.Base(registry, "bench/base", arguments[4]);
        Map<String, Object> figures = new LinkedHashMap<>();
        long began = System.nanoTime();
        ComposedImage image;
        if (what == What.CONTEXT) {
            try (BuildContext context =
                    BuildContext.write(files, DockerIgnore.NONE, Set.of(), folder.resolve("spool"))) {
                figures.put("packedSeconds", seconds(began));
                figures.put("packedBytes", context.size());
                image = composed(composer, base, "/kaniko", context.asFile());
            }
        } else {
            image = composed(composer, base, "/app", files);
        }
        figures.put("seconds", seconds(began));
        figures.put("pushedBytes", image.pushedBytes());
        figures.put("digest", image.digest());
        figures.put("peakHeapMiB", peakHeap() / 1048576.0);
        System.out.println(JSON.writeValueAsString(figures));
    }

    static ComposedImage composed(ImageComposer composer, Composition.Base base, String into, FileTree files) {
        return composer.compose(
                new Composition(
                        base,
                        List.of(new Composition.Layer(into, files)),
                        new Composition.Settings(List.of("/app/start"), List.of(), "", Map.of(), "", Map.of())),
                REPOSITORY,
                null,
                QUIET);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** At most: the pools need not have been at their highest at the same time. */
    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
