package dev.slipway.tests.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long after the kubelet's own report a run names the cause of a failure. */
class CauseBench {
    private static final int REPEATS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: web
                  kind: service
                  source: {image: "%s"}
                  security: {runAsUser: 65534}
                  command: [sh, -c, "%s"]
            """;

    @TempDir
    private Path data;

    @Test
    @DisplayName("causes: from the report of a bad image, and of a crash, to its name in the run")
    void causes() throws Exception {
        Bench bench = Bench.named("causes")
                .aim("image.slowestSeconds", "<= 5")
                .aim("crash.slowestSeconds", "<= 5")
                .aim("crash.takenForHealthy", "0");
        String image = Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
        try (KubernetesClient admin = RealCluster.admin();
                RunningSlipway slipway = RealCluster.running(data)) {
            // Of a registry that nobody reaches: what one that is reached does not have is refused by the plan.
            String none = "registry.invalid/none@sha256:" + "0".repeat(64);
            List<Double> images = new ArrayList<>();
            List<Double> crashes = new ArrayList<>();
            int taken = 0;
            for (int i = 0; i < REPEATS; i++) {
                images.add(measured(slipway, admin, none, "sleep 3600", CauseBench::waits)
                        .seconds());
                Named crash = measured(slipway, admin, image, "echo no such table; exit 3", CauseBench::ended);
                if (crash.outcome() == Outcome.SUCCEEDED) {
                    taken++;
                } else {
                    crashes.add(crash.seconds());
                }
            }
            report(bench, "image", images);
            report(bench, "crash", crashes);
            bench.metric("crash.takenForHealthy", taken);
        }
        bench.report();
    }

    private static void report(Bench bench, String name, List<Double> seconds) {
        bench.metric(
                        name + ".medianSeconds",
                        seconds.stream()
                                .sorted()
                                .skip(seconds.size() / 2)
                                .findFirst()
                                .orElse(Double.NaN))
                .metric(
                        name + ".slowestSeconds",
                        seconds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
    }

    /** @param seconds from the report, as somebody else saw it, to the name */
    private record Named(double seconds, Outcome outcome) {}

    private static Named measured(
            RunningSlipway slipway,
            KubernetesClient admin,
            String image,
            String script,
            Predicate<ContainerState> reports)
            throws Exception {
        String name = "cause-" + Ids.next().substring(9);
        StoredEnvironment environment =
                slipway.environment(DOCUMENT.formatted(name, image, script), null, name, "real");
        AtomicLong reported = new AtomicLong();
        Watcher<Pod> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                boolean seen = pod.getStatus().getContainerStatuses().stream()
                        .map(ContainerStatus::getState)
                        .anyMatch(reports);
                if (seen) {
                    reported.compareAndSet(0, System.nanoTime());
                }
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        try (Watch watch = admin.pods().inNamespace(name).watch(watcher)) {
            StoredRun run = slipway.start(environment);
            long named = await().atMost(Duration.ofMinutes(2))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> named(slipway, run.id()) ? System.nanoTime() : 0, moment -> moment != 0);
            StoredRun ended = slipway.finished(run.id(), Duration.ofMinutes(2));
            await().atMost(Duration.ofMinutes(1)).until(() -> reported.get() != 0);
            return new Named((named - reported.get()) / 1e9, ended.outcome());
        } finally {
            admin.namespaces().withName(name).delete();
        }
    }

    private static boolean waits(ContainerState state) {
        return state.getWaiting() != null
                && ("ErrImagePull".equals(state.getWaiting().getReason())
                        || "ImagePullBackOff".equals(state.getWaiting().getReason()));
    }

    private static boolean ended(ContainerState state) {
        return state.getTerminated() != null
                || state.getWaiting() != null
                        && "CrashLoopBackOff".equals(state.getWaiting().getReason());
    }

    /** Whether a step of the run says what is wrong, or the run is over without. */
    private static boolean named(RunningSlipway slipway, String run) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/runs/" + run))
                        .header("Authorization", "Bearer " + slipway.token())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode shown = JSON.readTree(answer.body());
        for (JsonNode step : shown.path("steps")) {
            if (step.path("problem").path("code").asText().startsWith("SLP-POD")
                    || step.path("obstacle").path("code").asText().startsWith("SLP-POD")) {
                return true;
            }
        }
        return shown.path("outcome").isTextual();
    }
}
