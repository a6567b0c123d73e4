package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.bench.Documents.Node;
import dev.slipway.tests.environment.TemporalNamespace;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real API server: nodes that only say that they run pods for scale, the real one where containers matter. */
class ClusterBench {
    private static final String ENGINE = "slipway.temporal.target";

    @TempDir
    private Path data;

    private ClusterConnections connections;
    private KubernetesClient client;
    private final List<String> namespaces = new ArrayList<>();

    @BeforeEach
    void connect() {
        String kubeconfig = System.getenv("SLIPWAY_IT_KUBECONFIG");
        if (kubeconfig != null) {
            connections = new ClusterConnections();
            ClusterConnection real = connections.add(new ClusterSettings("real", Path.of(kubeconfig), null, null));
            client = real.client();
        }
    }

    @AfterEach
    void tidy() {
        if (connections != null) {
            namespaces.forEach(name -> client.namespaces().withName(name).delete());
            connections.close();
        }
    }

    @Test
    @DisplayName(
            "kwok: 50 components with the fixed mix of readiness, makespan beside the critical path of what was seen")
    void kwok() throws Exception {
        Bench bench = Bench.named("kwok").aim("inProcess.ratio", "<= 1.10").aim("temporal.ratio", "<= 1.10");
        Engines.variable("SLIPWAY_IT_KWOK_NODES");
        List<Node> mixed = Documents.layers(50, 8, 20261123);
        mix(bench, "inProcess", mixed, "slipway.temporal.cli=none");
        mix(bench, "inProcess.slowEachLayer", Documents.slowInEachLayer(50, 8, 20261124), "slipway.temporal.cli=none");
        try (TemporalNamespace namespace = TemporalNamespace.register(Engines.variable("SLIPWAY_IT_TEMPORAL"))) {
            mix(
                    bench,
                    "temporal",
                    mixed,
                    ENGINE + "=" + Engines.variable("SLIPWAY_IT_TEMPORAL"),
                    "slipway.temporal.namespace=" + namespace.name());
        }
        bench.report();
    }

    private void mix(Bench bench, String name, List<Node> nodes, String... engine) {
        try (RunningSlipway slipway = start(name, engine)) {
            deploy(slipway, environment(slipway, Documents.onFakeNodes("warm-up", Documents.chain(3, 0), image())));
            StoredEnvironment environment = environment(slipway, Documents.onFakeNodes("mix", nodes, image()));
            try (ReadinessClock clock = ReadinessClock.watch(client, environment.namespace())) {
                StoredRun run = deploy(slipway, environment);
                double critical = clock.criticalPath(nodes) / 1000.0;
                double makespan = makespan(run) / 1000.0;
                bench.metric(name + ".makespanSeconds", makespan)
                        .metric(name + ".criticalPathSeconds", critical)
                        .metric(name + ".ratio", makespan / critical);
            }
        }
    }

    @Test
    @DisplayName("many: 200 unchanged components, then one changed of them; kubectl with the same objects beside it")
    void many() throws Exception {
        Bench bench = Bench.named("many")
                .aim("unchangedSeconds", "<= 4")
                .aim("unchangedObjectsWritten", "0")
                .aim("unchangedPodsRestarted", "0")
                .aim("oneChangedWorkloads", "1")
                .aim("oneChangedPods", "1");
        Engines.variable("SLIPWAY_IT_KWOK_NODES");
        try (RunningSlipway slipway = start("many", "slipway.temporal.cli=none")) {
            List<Node> nodes = Documents.independent(200);
            StoredEnvironment environment = environment(slipway, Documents.onFakeNodes("many", nodes, image()));
            StoredRun first = deploy(slipway, environment);
            bench.metric("first200Seconds", seconds(first));
            List<String> objects = objects(environment.namespace());
            List<String> pods = pods(environment.namespace());

            StoredRun again = slipway.deploy(environment);

            assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.UNCHANGED);
            bench.metric("unchangedSeconds", seconds(again))
                    .metric("unchangedObjectsWritten", beyond(objects(environment.namespace()), objects))
                    .metric("unchangedPodsRestarted", beyond(pods(environment.namespace()), pods));

            String changed = Documents.onFakeNodes("many", nodes, image())
                    .replaceFirst("- name: c77\n", "- name: c77\n      env: {CHANGED: 'yes'}\n");
            slipway.change(environment.applicationName(), named(changed, environment));
            List<String> workloads = workloads(environment.namespace());
            StoredRun one = deploy(slipway, environment);
            bench.metric("oneChangedSeconds", seconds(one))
                    .metric("oneChangedWorkloads", beyond(workloads(environment.namespace()), workloads))
                    .metric("oneChangedPods", beyond(pods(environment.namespace()), pods));
            besideKubectl(bench, slipway, environment);
        }
        bench.report();
    }

    /**
     * The same objects by {@code kubectl apply --server-side}: taken over once, unchanged, and in a namespace of their
     * own until {@code kubectl wait} sees them available. It knows no order, which these components do not have.
     */
    private void besideKubectl(Bench bench, RunningSlipway slipway, StoredEnvironment environment) throws Exception {
        HttpResponse<Path> rendered = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        slipway.url() + "/api/v1/environments/" + environment.name() + "/manifests"))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofFile(data.resolve("rendered.yaml")));
        assertThat(rendered.statusCode()).isEqualTo(200);
        String objects = Files.readString(rendered.body());
        bench.metric("kubectl.ownedSeconds", kubectl(apply(environment.namespace(), objects)))
                .metric("kubectl.unchangedSeconds", kubectl(apply(environment.namespace(), objects)));
        String beside = environment.namespace() + "-kubectl";
        namespaces.add(beside);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(beside)
                        .endMetadata()
                        .build())
                .create();
        double applied = kubectl(apply(
                beside,
                objects.replaceAll("namespace: \"?" + environment.namespace() + "\"?", "namespace: " + beside)));
        double available = kubectl(List.of(
                "--namespace", beside, "wait", "deployment", "--all", "--for=condition=Available", "--timeout=5m"));
        bench.metric("kubectl.first200Seconds", applied + available);
    }

    private List<String> apply(String namespace, String objects) throws IOException {
        Path file = Files.writeString(data.resolve(namespace + ".yaml"), objects);
        return List.of(
                "--namespace", namespace, "apply", "--server-side", "--force-conflicts", "--filename", file.toString());
    }

    /** How long the command took, in seconds. */
    private double kubectl(List<String> arguments) throws Exception {
        Path log = data.resolve("kubectl.log");
        List<String> command = new ArrayList<>(List.of(
                Engines.variable("SLIPWAY_IT_KUBECTL"), "--kubeconfig", Engines.variable("SLIPWAY_IT_KUBECONFIG")));
        command.addAll(arguments);
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return (System.nanoTime() - begin) / 1e9;
    }

    @Test
    @DisplayName("growth: how the time of a first deploy and its history grow with 50, 200 and 500 components")
    void growth() throws Exception {
        Bench bench = Bench.named("growth");
        Engines.variable("SLIPWAY_IT_KWOK_NODES");
        try (TemporalNamespace namespace = TemporalNamespace.register(Engines.variable("SLIPWAY_IT_TEMPORAL"));
                RunningSlipway slipway = start(
                        "growth",
                        ENGINE + "=" + Engines.variable("SLIPWAY_IT_TEMPORAL"),
                        "slipway.temporal.namespace=" + namespace.name())) {
            deploy(slipway, environment(slipway, Documents.onFakeNodes("warm-up", Documents.chain(3, 0), image())));
            for (int count : List.of(50, 200, 500)) {
                StoredEnvironment environment =
                        environment(slipway, Documents.onFakeNodes("growth", Documents.independent(count), image()));
                StoredRun run = deploy(slipway, environment);
                WorkflowExecutionInfo history = namespace.execution("run/" + run.id());
                bench.metric(count + ".seconds", seconds(run))
                        .metric(count + ".events", history.getHistoryLength())
                        .metric(count + ".historyKiB", history.getHistorySizeBytes() / 1024.0);
            }
        }
        bench.report();
    }

    @Test
    @DisplayName("chain on a real node: what an edge costs beyond readiness as the cluster shows it")
    void realChain() throws Exception {
        Bench bench = Bench.named("realChain").aim("perEdgeMs", "<= 250");
        Engines.variable("SLIPWAY_IT_KUBECONFIG");
        List<Node> nodes = Documents.chain(20, 0);
        try (RunningSlipway slipway = start("chain", "slipway.temporal.cli=none")) {
            deploy(slipway, environment(slipway, Documents.onRealNodes("warm-up", Documents.chain(2, 0), image())));
            StoredEnvironment environment = environment(slipway, Documents.onRealNodes("chain", nodes, image()));
            try (ReadinessClock clock = ReadinessClock.watch(client, environment.namespace())) {
                StoredRun run = deploy(slipway, environment);
                double ready = clock.criticalPath(nodes);
                bench.metric("makespanSeconds", makespan(run) / 1000.0)
                        .metric("podsSeconds", ready / 1000.0)
                        .metric("perEdgeMs", (makespan(run) - ready) / nodes.size());
            }
        }
        bench.report();
    }

    private RunningSlipway start(String folder, String... engine) {
        return RunningSlipway.start(
                data.resolve(folder),
                Stream.concat(
                                Stream.of(engine),
                                Stream.of(
                                        "slipway.registry.address=" + Engines.variable("SLIPWAY_IT_REGISTRY"),
                                        "slipway.registry.insecure=true",
                                        "slipway.clusters[0].name=real",
                                        "slipway.clusters[0].kubeconfig=" + Engines.variable("SLIPWAY_IT_KUBECONFIG")))
                        .toArray(String[]::new));
    }

    private static String image() {
        return Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
    }

    /** Its application, namespace and own name are one that nobody else uses. */
    private StoredEnvironment environment(RunningSlipway slipway, String document) {
        String name = "bench-" + Ids.next().substring(9);
        namespaces.add(name);
        return slipway.environment(
                document.replaceFirst("metadata: \\{name: [^}]+}", "metadata: {name: " + name + "}"),
                null,
                name,
                "real");
    }

    private static String named(String document, StoredEnvironment environment) {
        return document.replaceFirst(
                "metadata: \\{name: [^}]+}", "metadata: {name: " + environment.applicationName() + "}");
    }

    private static StoredRun deploy(RunningSlipway slipway, StoredEnvironment environment) {
        StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(10));
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return run;
    }

    private static long makespan(StoredRun run) {
        List<StepView> deploys = run.progress().steps().stream()
                .filter(step -> step.kind() == StepKind.DEPLOY)
                .toList();
        return deploys.stream().mapToLong(StepView::endedAt).max().orElseThrow()
                - deploys.stream().mapToLong(StepView::startedAt).min().orElseThrow();
    }

    private static double seconds(StoredRun run) {
        return Duration.between(run.acceptedAt(), run.endedAt()).toMillis() / 1000.0;
    }

    private List<String> workloads(String namespace) {
        return versions(
                client.apps().deployments().inNamespace(namespace).list().getItems(), true);
    }

    /** What Slipway writes: a workload counts by its generation, as its status is the cluster's. */
    private List<String> objects(String namespace) {
        List<String> all = new ArrayList<>(workloads(namespace));
        all.addAll(versions(client.services().inNamespace(namespace).list().getItems(), false));
        all.addAll(versions(client.configMaps().inNamespace(namespace).list().getItems(), false));
        return all;
    }

    private List<String> pods(String namespace) {
        return client.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }

    private static List<String> versions(List<? extends HasMetadata> objects, boolean byGeneration) {
        return objects.stream()
                .map(HasMetadata::getMetadata)
                .map(metadata -> metadata.getUid() + "@"
                        + (byGeneration ? metadata.getGeneration() : metadata.getResourceVersion()))
                .collect(Collectors.toList());
    }

    private static double beyond(List<String> after, List<String> before) {
        return after.stream().filter(one -> !before.contains(one)).count();
    }

    /** When the cluster itself showed a Deployment for the first time, and when it was available: by this process's own clock. */
    private static final class ReadinessClock implements AutoCloseable {
        private final Map<String, Long> made = new TreeMap<>();
        private final Map<String, Long> ready = new TreeMap<>();
        private final AutoCloseable informer;

        private ReadinessClock(KubernetesClient client, String namespace) {
            var deployments = client.apps().deployments().inNamespace(namespace).inform();
            deployments.addEventHandler(new io.fabric8.kubernetes.client.informers.ResourceEventHandler<>() {
                @Override
                public void onAdd(io.fabric8.kubernetes.api.model.apps.Deployment deployment) {
                    seen(deployment);
                }

                @Override
                public void onUpdate(
                        io.fabric8.kubernetes.api.model.apps.Deployment before,
                        io.fabric8.kubernetes.api.model.apps.Deployment deployment) {
                    seen(deployment);
                }

                @Override
                public void onDelete(io.fabric8.kubernetes.api.model.apps.Deployment gone, boolean unknown) {}
            });
            informer = deployments::stop;
        }

        static ReadinessClock watch(KubernetesClient client, String namespace) {
            return new ReadinessClock(client, namespace);
        }

        private synchronized void seen(io.fabric8.kubernetes.api.model.apps.Deployment deployment) {
            String name = deployment.getMetadata().getName();
            long now = System.nanoTime() / 1_000_000;
            made.putIfAbsent(name, now);
            Integer available = deployment.getStatus() == null
                    ? null
                    : deployment.getStatus().getAvailableReplicas();
            if (available != null && available >= deployment.getSpec().getReplicas()) {
                ready.putIfAbsent(name, now);
            }
        }

        /** The longest way through the graph, in milliseconds of readiness as the cluster showed it. */
        synchronized double criticalPath(List<Node> nodes) {
            return Documents.criticalPath(nodes.stream()
                    .map(node ->
                            new Node(node.name(), (int) (ready.get(node.name()) - made.get(node.name())), node.needs()))
                    .toList());
        }

        @Override
        public void close() throws IllegalStateException {
            try {
                informer.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
