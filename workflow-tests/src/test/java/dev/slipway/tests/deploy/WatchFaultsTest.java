package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import dev.slipway.activities.kubernetes.ClusterWatch;
import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.LiveState;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.FaultyProxy.Fate;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchFaultsTest {
    @TempDir
    private Path data;

    @ParameterizedTest
    @EnumSource(names = {"GONE", "ERROR", "TOO_MANY", "UNAUTHORIZED", "RESET", "CUT"})
    @DisplayName(
            "a watch whose beginning fails twice is begun again, without haste, and shows what has happened meanwhile")
    void beginsAgain(Fate fate) throws IOException {
        try (SimulatedCluster simulated = SimulatedCluster.start(data.resolve("cluster"), 0);
                KubernetesClient direct = new KubernetesClientBuilder()
                        .withConfig(simulated.clientConfig())
                        .build();
                FaultyProxy proxy = FaultyProxy.before(simulated.clientConfig());
                ClusterConnections clusters = new ClusterConnections();
                ClusterWatch watch = new ClusterWatch(
                        clusters.add(new ClusterSettings(
                                "faulty", proxy.kubeconfig(data.resolve("kubeconfig"), "any"), null, null)),
                        "test")) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::synced);
            AtomicInteger failed = new AtomicInteger();
            proxy.fault(request ->
                    request.watch() && request.target().contains("/deployments") && failed.incrementAndGet() <= 2
                            ? fate
                            : Fate.PASS);
            int before = proxy.requests().size();

            proxy.cutAll();
            direct.resource(new DeploymentBuilder()
                            .withNewMetadata()
                            .withName("web")
                            .withNamespace("default")
                            .addToLabels("slipway.dev/instance", "test")
                            .addToLabels("slipway.dev/environment", "e")
                            .addToLabels("slipway.dev/component", "web")
                            .endMetadata()
                            .withNewSpec()
                            .withReplicas(0)
                            .withNewSelector()
                            .addToMatchLabels("a", "b")
                            .endSelector()
                            .withNewTemplate()
                            .withNewMetadata()
                            .addToLabels("a", "b")
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("web")
                            .withImage("registry.example/any:1")
                            .endContainer()
                            .endSpec()
                            .endTemplate()
                            .endSpec()
                            .build())
                    .create();
            // Listed or watched: either way it has to go on, so the second change is what counts.
            await().atMost(Duration.ofSeconds(30)).until(() -> failed.get() >= 2);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> watch.components().contains(new Key("e", "web")));
            direct.apps().deployments().inNamespace("default").withName("web").delete();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !watch.components().contains(new Key("e", "web")));
            assertThat(proxy.requests().size() - before).as("requests").isLessThan(120);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG", "STALL"})
    @DisplayName("an answer that never comes or never ends is given up within half a minute, as trouble that may pass")
    void givesUp(Fate fate) throws IOException {
        try (SimulatedCluster simulated = SimulatedCluster.start(data.resolve("cluster"), 0);
                FaultyProxy proxy = FaultyProxy.before(simulated.clientConfig());
                ClusterConnections clusters = new ClusterConnections()) {
            ClusterConnection cluster = clusters.add(
                    new ClusterSettings("faulty", proxy.kubeconfig(data.resolve("kubeconfig"), "any"), null, null));
            AtomicInteger asked = new AtomicInteger();
            proxy.fault(request -> asked.incrementAndGet() == 1 ? fate : Fate.PASS);

            long before = System.nanoTime();
            Throwable failure = catchThrowable(() -> LiveState.read(cluster, "default", "e"));

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(35));
            if (failure != null) {
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                problem -> assertThat(problem.problem().code())
                                        .isEqualTo(ProblemCode.KUBERNETES_UNREACHABLE));
            }
            assertThat(LiveState.read(cluster, "default", "e").namespace()).isNotNull();
        }
    }
}
