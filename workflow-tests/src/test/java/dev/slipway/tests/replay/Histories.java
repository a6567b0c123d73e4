package dev.slipway.tests.replay;

import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The kept histories: {@code histories/<workflow type>/<workflow id, URL-encoded>.json}. */
final class Histories {
    /** The system property that names a folder to record to. */
    static final String FOLDER = "slipway.histories";

    private static final String ENDING = ".json";

    /**
     * One of them.
     *
     * @param type the workflow's type, {@code DeployWorkflow}
     */
    record Kept(String type, String workflowId, Path file) {
        WorkflowExecutionHistory read() {
            try {
                return WorkflowExecutionHistory.fromJson(Files.readString(file), workflowId);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return type + " " + workflowId;
        }
    }

    private Histories() {}

    /** All of a workflow type, by workflow id. */
    static List<Kept> of(String type) throws IOException {
        Path folder = root().resolve(type);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .map(file -> new Kept(type, workflowId(file), file))
                    .toList();
        }
    }

    /** The folder that is being recorded to, else the one on the class path. */
    private static Path root() {
        String folder = System.getProperty(FOLDER);
        if (folder != null) {
            return Path.of(folder);
        }
        try {
            return Path.of(Objects.requireNonNull(Histories.class.getResource("/histories"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static void keep(Path folder, String type, String workflowId, WorkflowExecutionHistory history) throws IOException {
        Path file = folder.resolve(type).resolve(URLEncoder.encode(workflowId, StandardCharsets.UTF_8) + ENDING);
        Files.createDirectories(file.getParent());
        Files.writeString(file, history.toJson(true) + "\n");
    }

    private static String workflowId(Path file) {
        String name = file.getFileName().toString();
        return URLDecoder.decode(name.substring(0, name.length() - ENDING.length()), StandardCharsets.UTF_8);
    }
}
