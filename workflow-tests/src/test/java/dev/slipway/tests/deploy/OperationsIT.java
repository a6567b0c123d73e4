package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("operations on a real cluster")
class OperationsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static String image;
    private static RunningSlipway slipway;
    private static KubernetesClient cluster;
    private static final Queue<String> NAMESPACES = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        image = Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
        cluster = RealCluster.admin();
        slipway = RealCluster.running(data);
    }

    @AfterAll
    static void stop() {
        if (slipway != null) {
            slipway.close();
            NAMESPACES.forEach(name -> cluster.namespaces().withName(name).delete());
            cluster.close();
        }
    }

    @Test
    @DisplayName("a restart replaces the pods of what was chosen and no others; the next deploy writes nothing")
    void restarts() {
        String name = fresh();
        StoredEnvironment environment = deployed(name);
        Set<String> web = uids(name, "web");
        Map<String, String> others = written(name, "api", "idle");
        Set<String> otherPods = uids(name, "api", "idle");

        StoredRun run = slipway.run(environment, new Scope(Operation.RESTART, List.of("web"), false, Map.of()));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactly("restart/web");
        assertThat(uids(name, "web")).hasSize(2).doesNotContainAnyElementsOf(web);
        assertThat(uids(name, "api", "idle")).isEqualTo(otherPods);
        assertThat(written(name, "api", "idle")).isEqualTo(others);

        Set<String> restarted = uids(name, "web");
        Map<String, String> all = written(name, "web", "api", "idle");
        StoredRun next = slipway.deploy(environment);
        assertThat(next.outcome()).as("%s", next.progress()).isEqualTo(Outcome.UNCHANGED);
        assertThat(written(name, "web", "api", "idle")).isEqualTo(all);
        assertThat(uids(name, "web")).isEqualTo(restarted);
    }

    @Test
    @DisplayName("a number of replicas is reached, kept by the next deploy, and taken back; a part is deployed alone")
    void scalesAndDeploysAPart() {
        String name = fresh();
        StoredEnvironment environment = deployed(name);
        Set<String> web = uids(name, "web");
        Map<String, String> others = written(name, "api", "idle");

        scale(environment, 3);
        assertThat(uids(name, "web")).hasSize(3).containsAll(web);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(uids(name, "web")).hasSize(3);
        scale(environment, 2);
        await().atMost(SOON).untilAsserted(() -> assertThat(uids(name, "web")).hasSize(2));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(uids(name, "web")).hasSize(2);
        assertThat(written(name, "api", "idle")).isEqualTo(others);

        slipway.change(name, document(name, "later"));
        Map<String, String> untouched = written(name, "web", "idle");
        Set<String> pods = uids(name, "web", "idle");
        Set<String> api = uids(name, "api");
        StoredRun part = slipway.run(environment, new Scope(Operation.DEPLOY, List.of("api"), false, Map.of()));

        assertThat(part.outcome()).as("%s", part.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(uids(name, "api")).hasSize(1).doesNotContainAnyElementsOf(api);
        assertThat(written(name, "web", "idle")).isEqualTo(untouched);
        assertThat(uids(name, "web", "idle")).isEqualTo(pods);
    }

    @Test
    @DisplayName("a cluster added by the API, over TLS, is deployed to and heard")
    void deploysToAnAddedCluster() throws Exception {
        String name = fresh();
        String kubeconfig = Files.readString(Path.of(Engines.kubeconfig()), StandardCharsets.UTF_8);

        JsonNode added = call(
                201,
                "POST",
                "/clusters",
                JSON.createObjectNode()
                        .put("name", "added")
                        .put("kubeconfig", kubeconfig)
                        .toString());
        assertThat(added.path("state").asText()).as("%s", added).isEqualTo("reachable");
        assertThat(added.path("address").asText()).as("%s", added).startsWith("https://");
        call(
                201,
                "POST",
                "/applications",
                JSON.createObjectNode().put("document", document(name, "hello")).toString());
        call(
                201,
                "POST",
                "/environments",
                JSON.createObjectNode()
                        .put("name", name)
                        .put("application", name)
                        .put("cluster", "added")
                        .put("namespace", name)
                        .toString());
        JsonNode run = call(202, "POST", "/environments/" + name + "/runs", "{\"operation\": \"deploy\"}");

        StoredRun finished = slipway.finished(run.path("id").asText(), Duration.ofMinutes(2));
        assertThat(finished.outcome()).as("%s", finished.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(uids(name, "web")).hasSize(2);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(call(200, "GET", "/environments/" + name, null)
                                .path("state")
                                .asText())
                        .isEqualTo("healthy"));
        // Another hand takes the pods away: only its watches can tell Slipway.
        cluster.apps().deployments().inNamespace(name).withName("web").scale(0);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(call(200, "GET", "/environments/" + name, null)
                                .path("components")
                                .get(0)
                                .path("ready")
                                .asInt())
                        .isZero());
        call(409, "DELETE", "/clusters/added", null);
    }

    @Test
    @DisplayName("a rolling deploy under 50 requests a second fails none of them")
    void rollsUnderLoad() throws Exception {
        String name = fresh();
        StoredEnvironment environment = deployed(name);
        Set<String> before = uids(name, "web");
        slipway.change(name, document(name, "later"));
        String address = cluster.services()
                .inNamespace(name)
                .withName("web")
                .get()
                .getSpec()
                .getClusterIP();
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Visitors.ask(address).equals("hello"));

        long began = System.nanoTime();
        Visitors visitors = new Visitors(address);
        try (visitors) {
            await().until(() -> visitors.answers().getOrDefault("hello", 0) >= 50);
            StoredRun run = slipway.run(environment, new Scope(Operation.DEPLOY, List.of("web"), false, Map.of()));
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> allUids(name, "web").stream().noneMatch(before::contains));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "rolled in %.1f s under load: %s answered, %d failed%n",
                seconds, visitors.answers(), visitors.failures.size());

        assertThat(visitors.failures).isEmpty();
        assertThat(visitors.answers()).containsOnlyKeys("hello", "later");
        assertThat(visitors.answers().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isGreaterThan((int) (45 * seconds));
    }

    private static String fresh() {
        String name = "ops-" + Ids.next().substring(9);
        NAMESPACES.add(name);
        return name;
    }

    private static StoredEnvironment deployed(String name) {
        StoredEnvironment environment = slipway.environment(document(name, "hello"), null, name, "real");
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static void scale(StoredEnvironment environment, int replicas) {
        StoredRun run = slipway.run(environment, new Scope(Operation.SCALE, List.of(), false, Map.of("web", replicas)));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    private static List<String> steps(StoredRun run) {
        return run.progress().steps().stream().map(StepView::id).toList();
    }

    /** What changes when somebody writes these components' objects, and not when a controller keeps their status. */
    private static Map<String, String> written(String namespace, String... components) {
        Map<String, String> written = new TreeMap<>();
        for (String component : components) {
            Map<String, String> label = Map.of("slipway.dev/component", component);
            Stream.of(
                            cluster.apps()
                                    .deployments()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list(),
                            cluster.services()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list(),
                            cluster.configMaps()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list())
                    .flatMap(list -> list.getItems().stream())
                    .forEach(object -> written.put(
                            object.getKind() + "/" + object.getMetadata().getName(), of(object)));
            assertThat(written).containsKey("Deployment/" + component);
        }
        return written;
    }

    private static String of(HasMetadata object) {
        return object.getMetadata().getUid() + " " + object.getMetadata().getGeneration()
                + object.getMetadata().getManagedFields().stream()
                        .filter(entry -> !"status".equals(entry.getSubresource()))
                        .map(entry -> " " + entry.getManager() + "@" + entry.getTime())
                        .collect(Collectors.joining());
    }

    /** Of the pods that are to stay. */
    private static Set<String> uids(String namespace, String... components) {
        return pods(namespace, components)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    private static Set<String> allUids(String namespace, String... components) {
        return pods(namespace, components)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    private static Stream<Pod> pods(String namespace, String... components) {
        return cluster
                .pods()
                .inNamespace(namespace)
                .withLabelIn("slipway.dev/component", components)
                .list()
                .getItems()
                .stream();
    }

    private static JsonNode call(int status, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1" + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    /** All of them answer with the greeting, and end at once when told to. */
    private static String document(String name, String greeting) {
        String component = """
                    - name: %s
                      kind: service
                      source: {image: "%s"}
                      replicas: %d
                      ports: [{name: http, port: 8080, protocol: http}]
                      probes: {readiness: {http: {port: http, path: /index.html}, period: 1}}
                      env: {GREETING: %s}
                      resources: {cpu: 10m..500m, memory: 16Mi..64Mi}
                      security: {runAsUser: 65534}
                      dependsOn: [%s]
                      command:
                        - sh
                        - -c
                        - >-
                          mkdir -p /tmp/site; echo "$GREETING" > /tmp/site/index.html; trap 'kill $!; exit' TERM;
                          httpd -f -p 8080 -h /tmp/site & wait
                """;
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + component.formatted("web", image, 2, greeting, "api")
                + component.formatted("api", image, 1, greeting, "")
                + component.formatted("idle", image, 1, greeting, "");
    }

    /**
     * Ask 50 times a second, each over a connection of its own and never twice: the HTTP client of the JDK would ask again
     * by itself and so hide what failed.
     */
    private static final class Visitors implements AutoCloseable {
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final ExecutorService visitors = Executors.newCachedThreadPool();
        private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final long began = System.nanoTime();

        Visitors(String address) {
            clock.scheduleAtFixedRate(() -> visitors.execute(() -> visit(address)), 0, 20, TimeUnit.MILLISECONDS);
        }

        private void visit(String address) {
            long millis = (System.nanoTime() - began) / 1_000_000;
            try {
                answers.computeIfAbsent(ask(address), answer -> new AtomicInteger())
                        .incrementAndGet();
            } catch (IOException e) {
                failures.add("after " + millis + " ms: " + e);
            }
        }

        /** The body of a complete answer. */
        static String ask(String address) throws IOException {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(5000);
                socket.connect(new InetSocketAddress(address, 8080), 5000);
                socket.getOutputStream()
                        .write("GET /index.html HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                int body = answer.indexOf("\r\n\r\n");
                if (!answer.startsWith("HTTP/1.1 200 ") || body < 0 || !answer.endsWith("\n")) {
                    throw new IOException("no whole answer: " + answer);
                }
                return answer.substring(body).strip();
            }
        }

        Map<String, Integer> answers() {
            Map<String, Integer> counted = new TreeMap<>();
            answers.forEach((answer, times) -> counted.put(answer, times.get()));
            return counted;
        }

        /** Waits for those who are still asking. */
        @Override
        public void close() throws InterruptedException {
            clock.shutdown();
            assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            visitors.shutdown();
            assertThat(visitors.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
