package dev.slipway.tests.api;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The program schemathesis, in a Python environment of its own in the cache folder; installed there once by pip.
 *
 * @param program its path
 * @see <a href="https://schemathesis.readthedocs.io">schemathesis</a>
 */
record Schemathesis(Path program) {
    private static final String VERSION = "4.32.5";
    private static final int MOST_LINES = 150;

    /** What every answer has to hold. Who may come in at all is {@code ApiTest}'s: here all come in. */
    private static final List<String> CHECKS = List.of(
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
            "negative_data_rejection",
            "unsupported_method",
            "allow_header_conformance",
            "use_after_free");

    /** @param success nothing was found */
    record Result(boolean success, String output) {
        /** The beginning of what it found, else its last words. */
        String end() {
            List<String> lines = output.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("= FAILURES =")) {
                    return String.join("\n", lines.subList(i, Math.min(lines.size(), i + MOST_LINES)));
                }
            }
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
        }
    }

    /** Skips the caller, or fails it with {@code SLIPWAY_IT_REQUIRED=true}, where it cannot be installed. */
    static Schemathesis installed() throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "slipway", "schemathesis-" + VERSION);
        Path program = folder.resolve("bin/schemathesis");
        if (!Files.isExecutable(program)) {
            Optional<String> refusal = install(folder);
            if (refusal.isPresent()) {
                String message = "no schemathesis: install python3 with venv and pip; " + refusal.get();
                if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                    Assertions.fail(message);
                }
                Assumptions.abort(message);
            }
        }
        return new Schemathesis(program);
    }

    private static Optional<String> install(Path folder) throws IOException, InterruptedException {
        for (List<String> command : List.of(
                List.of("python3", "-m", "venv", folder.toString()),
                List.of(
                        folder.resolve("bin/pip").toString(),
                        "install",
                        "-q",
                        "--disable-pip-version-check",
                        "schemathesis==" + VERSION))) {
            try {
                Result result = run(command, Map.of(), 300);
                if (!result.success()) {
                    return Optional.of(result.end());
                }
            } catch (IOException missing) {
                return Optional.of(String.valueOf(missing.getMessage()));
            }
        }
        return Optional.empty();
    }

    /**
     * Asks everything that the description has, in ways that fit and ways that do not.
     *
     * @param run that there is
     */
    Result ask(String url, String token, String run) throws IOException, InterruptedException, URISyntaxException {
        Path settings =
                Path.of(Schemathesis.class.getResource("/api/schemathesis.toml").toURI());
        return run(
                List.of(
                        program.toString(),
                        "--config-file",
                        settings.toString(),
                        "run",
                        url + "/v3/api-docs",
                        "--url",
                        url,
                        "--no-color",
                        "--phases",
                        "coverage,fuzzing",
                        "--checks",
                        String.join(",", CHECKS),
                        // An open stream of events ends with its run only.
                        "--exclude-path-regex",
                        "/events$"),
                Map.of("SLIPWAY_TOKEN", token, "SLIPWAY_RUN", run),
                300);
    }

    private static Result run(List<String> command, Map<String, String> environment, long seconds)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("schemathesis", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(output.getParent().toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            String text = Files.readString(output);
            return new Result(
                    ended && process.exitValue() == 0, ended ? text : text + "\nnot done after " + seconds + " s");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
