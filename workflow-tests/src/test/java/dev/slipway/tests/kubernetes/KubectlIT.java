package dev.slipway.tests.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kubectl on the simulated cluster")
class KubectlIT {
    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: main, image: "registry.example/web:1"}]}
            """;

    @TempDir
    Path folder;

    private String kubectl;
    private SimulatedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        kubectl = System.getenv("SLIPWAY_IT_KUBECTL");
        if (kubectl == null || kubectl.isBlank()) {
            String message = "set SLIPWAY_IT_KUBECTL to the path of kubectl to run this test";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            assumeTrue(false, message);
        }
        Files.writeString(folder.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
        cluster = SimulatedCluster.start(folder.resolve("cluster"), 0);
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @DisplayName("applies on the server's side, waits for the rollout, reads, and deletes")
    void appliesReadsAndDeletes() throws Exception {
        assertThat(run(MANIFEST, "apply", "--server-side", "--validate=false", "-f", "-"))
                .contains("deployment.apps/web serverside-applied");
        assertThat(run("", "rollout", "status", "deployment/web", "--timeout=30s"))
                .contains("successfully rolled out");
        assertThat(run("", "get", "deployments")).contains("NAME", "web");
        assertThat(run("", "get", "deploy", "web", "-o", "jsonpath={.status.availableReplicas}"))
                .isEqualTo("1");
        assertThat(run("", "get", "pods", "-l", "app=web", "-o", "name")).startsWith("pod/web-");
        assertThat(run("", "logs", "deployment/web")).contains("[simulated]");
        assertThat(run("", "delete", "deployment", "web", "--wait", "--timeout=30s"))
                .contains("deleted");
        assertThat(run("", "get", "deployments", "-o", "name")).isEmpty();
    }

    private String run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                kubectl,
                "--server=" + cluster.url(),
                "--kubeconfig=" + folder.resolve("kubeconfig"),
                "--cache-dir=" + folder.resolve("cache")));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("kubectl does not end: " + command);
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
