package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.Storefront;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorefrontIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "from its git repository to a real cluster: in order, answering over its Services, migrated; then unchanged")
    void deploysForReal() throws Exception {
        String registry = Engines.variable("SLIPWAY_IT_REGISTRY");
        Storefront.baseImages(
                registry, Engines.variable("SLIPWAY_IT_BASE_IMAGE"), Engines.variable("SLIPWAY_IT_POSTGRES_IMAGE"));
        String name = "shop-" + Ids.next().substring(9);
        try (TestRepository repository = Storefront.repository(data.resolve("source"));
                KubernetesClient cluster = RealCluster.admin();
                RunningSlipway slipway =
                        RealCluster.running(data.resolve("slipway"), "slipway.git.local-folders=" + data)) {
            StoredEnvironment environment = slipway.environment(
                    Files.readString(repository.folder().resolve("slipway.yaml"), StandardCharsets.UTF_8),
                    new GitOrigin(repository.url(), "main", "slipway.yaml"),
                    name,
                    "real");
            try {
                StoredRun first = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(4));
                assertThat(first.outcome()).as("%s", first.progress()).isEqualTo(Outcome.SUCCEEDED);
                Map<String, StepView> steps =
                        first.progress().steps().stream().collect(Collectors.toMap(StepView::id, Function.identity()));
                for (StepView step : steps.values()) {
                    assertThat(step.needs())
                            .allMatch(
                                    need -> steps.get(need).endedAt() <= step.startedAt(), "ended before " + step.id());
                }
                assertThat(notReady(cluster, name)).isEmpty();

                assertThat(answer(cluster, name, "web", "/index.html")).contains("Storefront");
                assertThat(answer(cluster, name, "web", "/orders")).contains("Sextant", "prices in EUR");

                Set<String> pods = pods(cluster, name);
                StoredRun second = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(1));
                assertThat(second.outcome()).as("%s", second.progress()).isEqualTo(Outcome.UNCHANGED);

                repository
                        .write("services/web/site/index.html", "<h1>Closed</h1>\n")
                        .commit("Close the shop");
                StoredRun third = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(2));
                assertThat(third.outcome()).as("%s", third.progress()).isEqualTo(Outcome.SUCCEEDED);
                assertThat(answer(cluster, name, "web", "/index.html")).contains("Closed");
                assertThat(pods(cluster, name).stream().filter(pods::contains)).hasSize(pods.size() - 2);
            } finally {
                cluster.namespaces().withName(name).delete();
            }
        }
    }

    private static List<String> notReady(KubernetesClient cluster, String namespace) {
        return cluster.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getLabels().get("slipway.dev/component") != null)
                .filter(pod -> !pod.getStatus().getPhase().equals("Succeeded"))
                .filter(pod -> pod.getStatus().getConditions().stream()
                        .noneMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True")))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    /** Those that are to stay: an old one may take a moment to end. */
    private static Set<String> pods(KubernetesClient cluster, String namespace) {
        return cluster.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map((Pod pod) -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    /** Over the Service's own address; a new endpoint takes a moment to be routed to. */
    private static String answer(KubernetesClient cluster, String namespace, String service, String path) {
        String address = cluster.services()
                .inNamespace(namespace)
                .withName(service)
                .get()
                .getSpec()
                .getClusterIP();
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":8080" + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                            return response.statusCode() == 200 ? response.body() : "";
                        },
                        body -> !body.isEmpty());
    }
}
