package dev.slipway.web.embedded.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What only the simulation has; what a real cluster has too is in the Kubernetes contract. */
class SimulatedClusterTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    @DisplayName("kill -9 in the middle of writing loses nothing that was acknowledged")
    void survivesKill() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        try (ClusterProcess process = ClusterProcess.start(folder)) {
            ExecutorService writers = Executors.newFixedThreadPool(4);
            AtomicBoolean dead = new AtomicBoolean();
            for (int i = 0; i < 4; i++) {
                int writer = i;
                writers.execute(() -> {
                    for (int n = 0; !dead.get(); n++) {
                        String name = "w" + writer + "-" + n % 50;
                        String version = write(process.url(), name, Integer.toString(n));
                        if (version == null) {
                            return;
                        }
                        acknowledged.put(name, version);
                    }
                });
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> acknowledged.size() >= 150);
            process.kill();
            dead.set(true);
            writers.shutdown();
            assertThat(writers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }

        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            acknowledged.forEach((name, version) -> {
                ConfigMap found = client.configMaps()
                        .inNamespace("default")
                        .withName(name)
                        .get();
                assertThat(found).as(name).isNotNull();
                // One more write may have got in whose answer did not get out.
                assertThat(Long.parseLong(found.getMetadata().getResourceVersion()))
                        .as(name)
                        .isGreaterThanOrEqualTo(Long.parseLong(version));
            });
        }
    }

    @Test
    @DisplayName("pods and deployments go on where they were when the cluster comes back")
    void goesOnAfterRestart() throws IOException {
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            client.resource(job(client, "slow", "ready-after: 1s", 0)).create();
            await().until(() -> !pods(client, "slow").isEmpty());
        }
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            await().atMost(Duration.ofSeconds(10)).until(() -> succeeded(client, "slow") == 1);
            assertThat(pods(client, "slow")).hasSize(1);
        }
    }

    @Test
    @DisplayName("an informer that was away hears of what came and went meanwhile")
    void informerCatchesUp() throws IOException {
        int port;
        try (SimulatedCluster first = SimulatedCluster.start(folder, 0)) {
            port = URI.create(first.url()).getPort();
            try (KubernetesClient client = client(first)) {
                client.resource(map("stays", "1")).create();
                client.resource(map("goes", "1")).create();
            }
        }
        SimulatedCluster before = SimulatedCluster.start(folder, port);
        try (KubernetesClient client = client(before);
                SharedIndexInformer<ConfigMap> informer = client.configMaps()
                        .inNamespace("default")
                        .withLabel("test", "yes")
                        .inform()) {
            assertThat(informer.getStore().list()).hasSize(2);
            before.close();
            try (SimulatedCluster elsewhere = SimulatedCluster.start(folder, 0);
                    KubernetesClient other = client(elsewhere)) {
                other.resource(map("stays", "2")).update();
                other.configMaps().inNamespace("default").withName("goes").delete();
                other.resource(map("comes", "1")).create();
            }
            try (SimulatedCluster after = SimulatedCluster.start(folder, port)) {
                await().atMost(Duration.ofSeconds(15))
                        .untilAsserted(() -> assertThat(informer.getStore().list())
                                .extracting(map -> map.getMetadata().getName() + " "
                                        + map.getData().get("k"))
                                .containsExactlyInAnyOrder("stays 2", "comes 1"));
                assertThat(after.url()).endsWith(Integer.toString(port));
            }
        } finally {
            before.close();
        }
    }

    @Test
    @DisplayName("a watch from a version that is no longer known is refused with 410 Expired")
    void refusesOldVersions() throws Exception {
        String old;
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            old = client.resource(map("a", "1")).create().getMetadata().getResourceVersion();
            client.resource(map("a", "2")).update();
        }
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0)) {
            HttpResponse<String> answer = get(cluster, "?watch=1&timeoutSeconds=1&resourceVersion=" + old);

            assertThat(answer.statusCode()).isEqualTo(410);
            JsonNode status = Json.MAPPER.readTree(answer.body());
            assertThat(Json.text(status, "reason")).isEqualTo("Expired");
            assertThat(get(cluster, "?watch=1&resourceVersion=nonsense").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    @DisplayName("a watch ends with a bookmark at the cluster's version, also when only other kinds changed")
    void bookmarks() throws Exception {
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            String secrets = cluster.url() + "/api/v1/namespaces/default/secrets";
            JsonNode list = Json.MAPPER.readTree(
                    HTTP.send(HttpRequest.newBuilder(URI.create(secrets)).build(), BodyHandlers.ofString())
                            .body());
            String from = Json.text(list, "metadata", "resourceVersion");
            String made = client.resource(map("a", "1")).create().getMetadata().getResourceVersion();
            String watch = secrets + "?watch=1&timeoutSeconds=1&resourceVersion=" + from;

            String silent = HTTP.send(HttpRequest.newBuilder(URI.create(watch)).build(), BodyHandlers.ofString())
                    .body();
            String marked = HTTP.send(
                            HttpRequest.newBuilder(URI.create(watch + "&allowWatchBookmarks=true"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();

            assertThat(silent).isBlank();
            JsonNode bookmark = Json.MAPPER.readTree(marked);
            assertThat(Json.text(bookmark, "type")).isEqualTo("BOOKMARK");
            assertThat(Json.text(bookmark, "object", "kind")).isEqualTo("Secret");
            assertThat(Long.parseLong(Json.text(bookmark, "object", "metadata", "resourceVersion")))
                    .isGreaterThanOrEqualTo(Long.parseLong(made));
        }
    }

    @Test
    @DisplayName("a job told to fail first fails as often and then succeeds")
    void failsFirst() throws IOException {
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0);
                KubernetesClient client = client(cluster)) {
            client.resource(job(client, "flaky", "fail: 'Exit:7', simulation.slipway.dev/fail-first: '2'", 3))
                    .create();
            client.resource(job(client, "hopeless", "fail: 'Exit:7', simulation.slipway.dev/fail-first: '2'", 1))
                    .create();

            await().until(() -> succeeded(client, "flaky") == 1);
            assertThat(client.batch()
                            .v1()
                            .jobs()
                            .inNamespace("default")
                            .withName("flaky")
                            .get()
                            .getStatus()
                            .getFailed())
                    .isEqualTo(2);
            assertThat(pods(client, "flaky"))
                    .extracting(pod -> pod.getStatus().getPhase())
                    .containsExactlyInAnyOrder("Failed", "Failed", "Succeeded");
            await().until(
                            () -> client
                                    .batch()
                                    .v1()
                                    .jobs()
                                    .inNamespace("default")
                                    .withName("hopeless")
                                    .get()
                                    .getStatus()
                                    .getConditions()
                                    .stream()
                                    .anyMatch(condition -> condition.getReason().equals("BackoffLimitExceeded")));
        }
    }

    @Test
    @DisplayName("what is no JSON, too large, or not in the API is refused and breaks nothing")
    void refusesNonsense() throws Exception {
        try (SimulatedCluster cluster = SimulatedCluster.start(folder, 0)) {
            assertThat(post(cluster, "{").statusCode()).isEqualTo(400);
            assertThat(post(cluster, "[]").statusCode()).isEqualTo(400);
            assertThat(post(cluster, "a: [").statusCode()).isEqualTo(400);
            assertThat(post(cluster, "x".repeat((3 << 20) + 1)).statusCode()).isEqualTo(413);
            assertThat(get(cluster, "/../../%2e%2e/x").statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(get(cluster, "?limit=many").statusCode()).isEqualTo(400);
            assertThat(get(cluster, "?labelSelector=" + "a%20in%20(").statusCode())
                    .isEqualTo(400);
            assertThat(get(cluster, "").statusCode()).isEqualTo(200);
        }
    }

    private static KubernetesClient client(SimulatedCluster cluster) {
        return new KubernetesClientBuilder().withConfig(cluster.clientConfig()).build();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("test", "yes")
                .endMetadata()
                .withData(Map.of("k", value))
                .build();
    }

    private static Job job(KubernetesClient client, String name, String simulation, int backoffLimit) {
        return client.getKubernetesSerialization().unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: default}
                spec:
                  backoffLimit: %d
                  template:
                    metadata: {annotations: {simulation.slipway.dev/%s}}
                    spec:
                      restartPolicy: Never
                      containers: [{name: main, image: "registry.example/job:1"}]
                """.formatted(name, backoffLimit, simulation), Job.class);
    }

    private static java.util.List<Pod> pods(KubernetesClient client, String job) {
        return client.pods()
                .inNamespace("default")
                .withLabel("job-name", job)
                .list()
                .getItems();
    }

    private static int succeeded(KubernetesClient client, String name) {
        Job job =
                client.batch().v1().jobs().inNamespace("default").withName(name).get();
        Integer succeeded = job.getStatus().getSucceeded();
        return succeeded == null ? 0 : succeeded;
    }

    /** Applies a config map; its version, or null when nobody answered. */
    private static String write(String url, String name, String value) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        url + "/api/v1/namespaces/default/configmaps/" + name + "?fieldManager=test&force=true"))
                .header("Content-Type", "application/apply-patch+yaml")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString(
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                                        + "\"},\"data\":{\"k\":\"" + value + "\"}}",
                                StandardCharsets.UTF_8))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new KubernetesClientException(answer.body());
            }
            return Json.text(Json.MAPPER.readTree(answer.body()), "metadata", "resourceVersion");
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static HttpResponse<String> get(SimulatedCluster cluster, String rest) throws Exception {
        URI uri = URI.create(cluster.url() + "/api/v1/namespaces/default/configmaps" + rest);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(SimulatedCluster cluster, String body) throws Exception {
        URI uri = URI.create(cluster.url() + "/api/v1/namespaces/default/configmaps");
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
