package dev.slipway.tests.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.kubernetes.log.ComponentLogs;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogIT {
    /** The loud one writes 5,000 lines a second for 12 seconds once it is told to, by its own clock. */
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: talker}
            spec:
              components:
                - name: loud
                  source: {image: "%1$s"}
                  security: {runAsUser: 1000}
                  command:
                    - sh
                    - -c
                    - |
                      printf '\\033[31mred\\033[0m \\033]0;owned\\007<b>bold</b>\\n'
                      head -c 1048576 /dev/zero | tr '\\0' x; echo
                      echo after the long line
                      sleep 20
                      for s in 1 2 3 4 5 6 7 8 9 10 11 12; do seq 1 5000 | sed 's/^/loud /'; sleep 1; done
                      echo the noise is over
                      sleep 3600
                - name: crash
                  source: {image: "%1$s"}
                  security: {runAsUser: 1000}
                  command: [sh, -c, "echo last words; sleep 1; exit 3"]
            """;

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "of real containers: inert, cut, skipped visibly when too fast, the log before a restart, no stream left open")
    void reads() throws Exception {
        String registry = Engines.variable("SLIPWAY_IT_REGISTRY");
        String image = Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
        String name = "log-" + Ids.next().substring(9);
        try (KubernetesClient cluster = RealCluster.admin();
                RunningSlipway slipway = RealCluster.running(data)) {
            StoredEnvironment environment = slipway.environment(DOCUMENT.formatted(image), null, name, "real");
            try {
                var run = slipway.start(environment);
                String loud = "/api/v1/environments/" + name + "/components/loud/log";
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(OpenLog.get(slipway, loud).body())
                                        .as("%s", slipway.get(RunStore.class).byId(run.id()))
                                        .contains("after the long line"));
                List<String> lines = OpenLog.get(slipway, loud).body().lines().toList();
                assertThat(lines.get(0)).endsWith("Z red <b>bold</b>");
                assertThat(lines.get(1)).hasSizeLessThan(17 << 10).endsWith(" KiB cut");
                assertThat(lines.get(2)).endsWith("after the long line");

                try (OpenLog open = OpenLog.follow(slipway, loud + "?follow=true")) {
                    await().atMost(Duration.ofSeconds(90))
                            .until(() -> open.lines().stream().anyMatch(line -> line.endsWith("the noise is over")));
                    long noise = open.lines().stream()
                            .filter(line -> line.contains("Z loud "))
                            .count();
                    long skipped = open.lines().stream()
                            .filter(line -> line.startsWith("# ") && line.contains("lines skipped"))
                            .mapToLong(line -> Long.parseLong(
                                    line.substring(2, line.indexOf(" lines")).replace(",", "")))
                            .sum();
                    assertThat(noise + skipped)
                            .as("every line is shown or counted")
                            .isBetween(60_000L, 60_004L);
                }

                slipway.finished(run.id(), Duration.ofMinutes(3));
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(OpenLog.get(
                                                slipway,
                                                "/api/v1/environments/" + name + "/components/crash/log?previous=true")
                                        .body())
                                .contains("last words"));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> slipway.get(ComponentLogs.class).streams() == 0);
            } finally {
                cluster.namespaces().withName(name).delete();
            }
        }
    }
}
