package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slipway is killed with -9 in the middle of a deploy of the demo and started again on the same data folder: the run
 * finishes by itself, and what it had done is not done again.
 */
abstract class CrashContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "storefront-dev";
    private static final List<String> BUILT = List.of("cache", "catalog", "migrate", "orders", "payments", "web");

    @TempDir
    private Path data;

    /** Settings of the engine: the same before and after. */
    abstract List<String> engine();

    @Test
    @DisplayName("killed while images are built: each is pushed once, and the commit is the one that was pinned")
    void killedWhileBuilding() {
        Crash crash = crash(seen -> seen.lines("build/").stream().anyMatch(line -> line.startsWith("composing")));

        assertThat(crash.before().done()).as("in the middle of the builds").doesNotContain("build/web", "deploy/web");
        finishes(crash);
    }

    @Test
    @DisplayName("killed while it waits for readiness: what was applied is not applied again")
    void killedWhileWaiting() {
        Crash crash = crash(seen -> seen.running("deploy/cache")
                && seen.lines("deploy/cache").stream().anyMatch(line -> !line.endsWith("applied")));

        assertThat(crash.before().done()).as("its build is over").contains("build/cache");
        Map<String, List<String>> lines = finishes(crash);

        assertThat(lines.get("build/cache")).isEqualTo(crash.before().lines("build/cache"));
        assertThat(lines.get("deploy/cache").stream().filter(line -> line.endsWith(" applied")))
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("killed right after the acceptance: the run is not forgotten")
    void killedAfterAcceptance() {
        finishes(crash(seen -> true));
    }

    /** What can be seen of a run from outside. */
    private record Seen(JsonNode run, JsonNode log) {
        List<String> lines(String step) {
            List<String> lines = new ArrayList<>();
            for (JsonNode line : log.path("items")) {
                if (line.path("stepId").asText().startsWith(step)) {
                    lines.add(line.path("text").asText());
                }
            }
            return lines;
        }

        List<String> done() {
            List<String> done = new ArrayList<>();
            for (JsonNode step : run.path("steps")) {
                if (step.path("state").asText().equals("done")) {
                    done.add(step.path("id").asText());
                }
            }
            return done;
        }

        boolean running(String id) {
            for (JsonNode step : run.path("steps")) {
                if (step.path("id").asText().equals(id)) {
                    return step.path("state").asText().equals("running");
                }
            }
            return false;
        }
    }

    /** @param registryPort stays the same, as the address of an image is part of what runs */
    private record Crash(String runId, int registryPort, Seen before) {}

    private Crash crash(Predicate<Seen> moment) {
        int registryPort = freePort();
        SlipwayProcess.Start start =
                SlipwayProcess.in(data).set("slipway.registry.port", Integer.toString(registryPort));
        for (String setting : engine()) {
            int equals = setting.indexOf('=');
            start.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        try (SlipwayProcess slipway = start.start()) {
            makeItLast();
            JsonNode accepted = json(slipway.post("/api/v1/environments/" + NAMESPACE + "/runs", "{}")
                    .body());
            String id = accepted.path("id").asText();
            assertThat(id).as("%s", accepted).isNotEmpty();
            Seen[] seen = new Seen[1];
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        seen[0] = new Seen(
                                json(slipway.get("/api/v1/runs/" + id).body()),
                                json(slipway.get("/api/v1/runs/" + id + "/log?limit=200")
                                        .body()));
                        return moment.test(seen[0]);
                    });
            slipway.kill();
            assertThat(seen[0].run().path("outcome").isTextual())
                    .as("it had not ended")
                    .isFalse();
            return new Crash(id, registryPort, seen[0]);
        }
    }

    /** Sources that take a moment to push, and a component that takes a moment to get ready. */
    private void makeItLast() {
        try (TestRepository repository = TestRepository.open(repositoryFolder())) {
            Path document = repository.folder().resolve("slipway.yaml");
            String cache = "    - name: cache\n      kind: service\n";
            repository.write(
                    "slipway.yaml",
                    Files.readString(document).replace(cache, cache + "      env: {SIMULATION_READY_AFTER: 4s}\n"));
            Random random = new Random(7);
            for (String component : List.of("cache", "catalog", "payments", "web")) {
                byte[] noise = new byte[6_000_000];
                random.nextBytes(noise);
                Files.write(repository.folder().resolve("services/" + component + "/site/noise"), noise);
            }
            repository.commit("Take your time");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts again and sees to it that all is as if nothing had happened; the steps' log lines. */
    private Map<String, List<String>> finishes(Crash crash) {
        String later;
        try (TestRepository repository = TestRepository.open(repositoryFolder())) {
            later = repository
                    .write("services/web/site/index.html", "<h1>Written while Slipway was down</h1>\n")
                    .commit("Too late for this run");
        }
        List<String> settings = new ArrayList<>(engine());
        settings.add("slipway.demo=true");
        settings.add("slipway.registry.port=" + crash.registryPort());
        long restarted = System.nanoTime();
        try (RunningSlipway slipway = RunningSlipway.start(data, settings.toArray(String[]::new));
                KubernetesClient cluster = slipway.simulatedCluster()) {
            long ready = System.nanoTime();
            StoredRun run = slipway.finished(crash.runId(), Duration.ofMinutes(3));
            System.out.printf(
                    "%s: started again in %d ms, run ended %d ms later%n",
                    getClass().getSimpleName(),
                    (ready - restarted) / 1_000_000,
                    (System.nanoTime() - ready) / 1_000_000);
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            Map<String, List<String>> lines = new LinkedHashMap<>();
            slipway.get(StepLog.class)
                    .read(run.id(), "", 0, 1_000)
                    .forEach(line -> lines.computeIfAbsent(line.stepId(), step -> new ArrayList<>())
                            .add(line.text()));

            builtOnce(slipway, run, crash, lines);
            appliedOnce(cluster);
            String environment = slipway.get(EnvironmentStore.class)
                    .byName(NAMESPACE)
                    .orElseThrow()
                    .id();
            assertThat(slipway.get(ReleaseStore.class).list(environment, Long.MAX_VALUE, 10))
                    .singleElement()
                    .satisfies(release -> assertThat(release.state()).isEqualTo(ReleaseStore.State.DEPLOYED));
            assertThat(slipway.get(RunStore.class).list(environment, null, null, Long.MAX_VALUE, 10))
                    .hasSize(1);

            boolean pinned = !crash.before().run().path("plan").isNull()
                    && !crash.before().run().path("plan").isMissingNode();
            List<String> commits = slipway.get(PlanStore.class).pins(run.id()).sources().values().stream()
                    .map(PinnedSource::commit)
                    .distinct()
                    .toList();
            assertThat(commits).as("one commit for all").hasSize(1);
            if (pinned) {
                assertThat(commits).doesNotContain(later);
                StoredRun next =
                        slipway.deploy(slipway.get(EnvironmentStore.class).byId(environment));
                assertThat(next.progress().steps())
                        .as("the commit is the next run's")
                        .filteredOn(step -> step.kind() == StepKind.BUILD)
                        .extracting(StepView::id)
                        .containsExactly("build/web");
                assertThat(next.outcome()).isEqualTo(Outcome.SUCCEEDED);
            }
            return lines;
        }
    }

    private static void builtOnce(RunningSlipway slipway, StoredRun run, Crash crash, Map<String, List<String>> lines) {
        for (String component : BUILT) {
            String step = "build/" + component;
            assertThat(lines.get(step).stream().filter(line -> line.contains(", pushed ")))
                    .as("%s: %s", step, lines.get(step))
                    .hasSize(1);
            if (crash.before().done().contains(step)) {
                assertThat(lines.get(step).stream().filter(line -> line.startsWith("composing")))
                        .as(step)
                        .hasSize(1);
            }
            String key = slipway.get(PlanStore.class)
                    .images(run.id())
                    .images()
                    .get(component)
                    .buildKey();
            assertThat(slipway.get(BuildStore.class).byKey(key).orElseThrow().runId())
                    .isEqualTo(run.id());
        }
        assertThat(slipway.get(ReleaseStore.class)
                        .images(slipway.get(ReleaseStore.class).ofRun(run.id()).orElseThrow()))
                .hasSize(7)
                .extracting(ReleaseImage::image)
                .allMatch(image -> image.contains("@sha256:"));
    }

    private static void appliedOnce(KubernetesClient cluster) {
        assertThat(cluster.apps().deployments().inNamespace(NAMESPACE).list().getItems())
                .hasSize(5)
                .allSatisfy(deployment ->
                        assertThat(deployment.getMetadata().getGeneration()).isEqualTo(1));
        assertThat(cluster.apps().replicaSets().inNamespace(NAMESPACE).list().getItems())
                .hasSize(5);
        assertThat(cluster.apps().statefulSets().inNamespace(NAMESPACE).list().getItems())
                .singleElement()
                .satisfies(set -> assertThat(set.getMetadata().getGeneration()).isEqualTo(1));
        assertThat(cluster.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems())
                .singleElement()
                .satisfies(job -> assertThat(job.getStatus().getSucceeded()).isEqualTo(1));
        assertThat(cluster.pods().inNamespace(NAMESPACE).list().getItems()).hasSize(8);
    }

    private Path repositoryFolder() {
        return data.resolve("demo/storefront");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
