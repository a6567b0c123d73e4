package dev.slipway.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ops/slipway} as people call it, against a Slipway that runs. */
class CommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    /** Tests run in the folder of their module. */
    private static final Path SCRIPT = Path.of("../ops/slipway");

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        jar = jar();
        slipway = RunningSlipway.start(data.resolve("slipway"));
        slipway.environment(document("quick", ""), "quick");
        slipway.environment(document("slow", "\n      env: {SIMULATION_READY_AFTER: 60m}"), "slow");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    private static String document(String name, String more) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source: {image: "%s"}%s
                """.formatted(name, IMAGE, more);
    }

    /** In place of the packaged one, which the tests come before: it names the classes that they run with. */
    private static Path jar() throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.slipway.web.SlipwayApplication");
        main.put(
                Attributes.Name.CLASS_PATH,
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(classes)
                        .map(path -> Path.of(path).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = data.resolve("slipway.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** A command that runs. */
    private record Called(Process process, Path out, Path err) {
        Called ended() throws InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return this;
        }

        int exit() {
            return process.exitValue();
        }

        String said() throws IOException {
            return Files.readString(out);
        }

        String complained() throws IOException {
            return Files.readString(err);
        }
    }

    private static Called begin(String token, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
        // Whoever started this in the background took Ctrl-C from it, and what it starts inherits that.
        if (Files.isExecutable(Path.of("/usr/bin/env"))
                && System.getProperty("os.name").equals("Linux")) {
            command.addAll(0, List.of("/usr/bin/env", "--default-signal=INT"));
        }
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(data, "out", "");
        Path err = Files.createTempFile(data, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("SLIPWAY_JAR", jar.toString());
        builder.environment().put("SLIPWAY_DATA", data.resolve("never").toString());
        builder.environment().put("SLIPWAY_URL", slipway.url());
        builder.environment().put("SLIPWAY_TOKEN", token);
        builder.environment().put("LC_ALL", "C");
        return new Called(builder.start(), out, err);
    }

    private static Called call(String... arguments) throws Exception {
        return begin(slipway.token(), arguments).ended();
    }

    @Test
    @DisplayName("plan, deploy with that plan, status, runs and logs tell one story, and end with 0")
    void story() throws Exception {
        JsonNode plan = JSON.readTree(call("plan", "quick", "--json").said());
        Called deploy =
                call("deploy", "quick", "--follow", "--plan", plan.path("hash").asText());

        assertThat(deploy.exit()).as(deploy.said() + deploy.complained()).isZero();
        assertThat(deploy.said()).contains("Run 1 of quick", "deploy/web", "succeeded", slipway.url() + "/runs/");
        assertThat(deploy.said()).doesNotContain("\u001b");
        Called status = call("status", "quick");
        assertThat(status.said()).contains("healthy", "web", "1/1", "release 1", "(simulated)");
        JsonNode runs = JSON.readTree(call("runs", "quick", "--json").said());
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).path("trigger").asText()).isEqualTo("api");
        assertThat(call("logs", runs.get(0).path("id").asText(), "-f").exit()).isZero();

        Called stale = call("deploy", "quick", "--follow", "--plan", "0".repeat(64));
        assertThat(stale.exit()).isEqualTo(1);
        assertThat(stale.said() + stale.complained()).contains("refused", "SLP-RUN-PLAN-CHANGED");
    }

    @Test
    @DisplayName("JSON is followed line by line, and the last line is the run as it ended")
    void followsAsJson() throws Exception {
        Called deploy = call("deploy", "quick", "-f", "--json");

        assertThat(deploy.exit()).isZero();
        List<String> lines = deploy.said().lines().toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(JSON.readTree(line).has("id")).isTrue());
        assertThat(JSON.readTree(lines.get(lines.size() - 1)).path("outcome").asText())
                .isIn("succeeded", "unchanged");
    }

    @Test
    @DisplayName("a wrong token ends with 3, an unknown name with 5, a component that is not there with 5")
    void refusals() throws Exception {
        Called wrong = begin("a-wrong-token-of-16-characters", "status").ended();
        assertThat(wrong.exit()).isEqualTo(3);
        assertThat(wrong.complained()).contains("SLP-AUTH-REFUSED");

        Called unknown = call("deploy", "nowhere");
        assertThat(unknown.exit()).isEqualTo(5);
        assertThat(unknown.complained()).contains("nowhere", "SLP-ENV-UNKNOWN");

        Called component = call("plan", "quick", "-c", "nothing");
        assertThat(component.exit()).isEqualTo(5);
        assertThat(component.complained()).contains("nothing");
    }

    @Test
    @DisplayName("Ctrl-C ends the command with 130 and says that the run goes on; cancel ends the run")
    void interrupted() throws Exception {
        StoredRun open = slipway.start(
                slipway.environment(document("slow2", "\n      env: {SIMULATION_READY_AFTER: 60m}"), "slow2"));
        Called deploy = begin(slipway.token(), "deploy", "slow", "--follow");
        await().atMost(Duration.ofSeconds(60)).until(() -> deploy.said().contains("deploy/web"));

        new ProcessBuilder("kill", "-INT", Long.toString(deploy.process().pid()))
                .start()
                .waitFor();

        assertThat(deploy.ended().exit()).isEqualTo(130);
        assertThat(deploy.complained()).contains("The run goes on without this command", "slipway cancel ");
        StoredRun run = slipway.get(RunStore.class).list(null, null, null, Long.MAX_VALUE, 50).stream()
                .filter(one -> one.environmentName().equals("slow"))
                .findFirst()
                .orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.RUNNING);

        assertThat(call("cancel", "slow").exit()).isZero();
        assertThat(slipway.finished(run.id(), Duration.ofSeconds(30)).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(call("cancel", open.id()).exit()).isZero();
        assertThat(call("cancel", "slow").exit()).isEqualTo(5);
    }

    @Test
    @DisplayName("no word that it does not know starts a server, and each of its commands is known to the script")
    void noServer() throws Exception {
        Called unknown = call("deplyo", "quick");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.complained()).contains("deplyo");

        assertThat(call("audit-verify").exit()).isZero();
        assertThat(call().said()).contains("deploy", "audit-verify");
        assertThat(call("version").said()).startsWith("slipway ");
        assertThat(data.resolve("never")).doesNotExist();
    }
}
