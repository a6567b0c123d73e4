package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.InstanceStore;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.environments.Environments;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerGoneIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "a worker that is killed leaves grey components within ten seconds, with when they were known; the next one brings them back")
    void turnsGrey() throws IOException, SQLException {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        try (SimulatedCluster simulated = SimulatedCluster.start(data.resolve("cluster"), 0);
                KubernetesClient cluster = new KubernetesClientBuilder()
                        .withConfig(simulated.clientConfig())
                        .build();
                FaultyProxy way = FaultyProxy.before(simulated.clientConfig())) {
            String kubeconfig =
                    way.kubeconfig(data.resolve("kubeconfig"), "any").toString();
            try (RunningSlipway web = RunningSlipway.start(
                    data.resolve("web"),
                    "slipway.roles=web",
                    "slipway.security.master-key=" + key,
                    "slipway.clusters[0].name=far",
                    "slipway.clusters[0].kubeconfig=" + kubeconfig)) {
                StoredEnvironment environment = web.environment("""
                        apiVersion: slipway.dev/v1
                        kind: Application
                        metadata: {name: shop}
                        spec: {components: [{name: web, source: {image: "registry.example/web:1"}}]}
                        """, null, "shop", "far");
                run(cluster, web.get(InstanceStore.class).id(), environment);
                HikariDataSource database = web.get(DataSource.class).unwrap(HikariDataSource.class);
                SlipwayProcess.Start worker = SlipwayProcess.in(data.resolve("worker"))
                        .set("slipway.roles", "worker")
                        .set("slipway.demo", "false")
                        .set("slipway.security.master-key", key)
                        .set("slipway.database.url", database.getJdbcUrl())
                        .set("slipway.database.username", database.getUsername())
                        .set("slipway.database.password", database.getPassword())
                        .set("slipway.clusters[0].name", "far")
                        .set("slipway.clusters[0].kubeconfig", kubeconfig);

                Instant killed;
                try (SlipwayProcess first = worker.launch()) {
                    await().atMost(Duration.ofSeconds(120))
                            .until(() -> view(web, environment).state().equals("healthy"));
                    assertThat(view(web, environment).known()).isNull();
                    first.kill();
                    killed = Instant.now();
                }

                await().atMost(Duration.ofSeconds(30))
                        .until(() -> view(web, environment).state().equals("unknown"));
                EnvironmentView grey = view(web, environment);
                assertThat(Duration.between(killed, Instant.now())).isLessThan(Duration.ofSeconds(10));
                assertThat(grey.known()).isBetween(killed.minusSeconds(4), killed);
                assertThat(grey.unwatched()).isTrue();
                assertThat(grey.components()).singleElement().satisfies(component -> {
                    assertThat(component.reason()).isEqualTo("SLP-WORKER-SILENT far");
                    assertThat(component.ready()).isEqualTo(1);
                });

                try (SlipwayProcess second = worker.launch()) {
                    await().atMost(Duration.ofSeconds(120))
                            .until(() -> view(web, environment).state().equals("healthy"));
                    assertThat(view(web, environment).known()).isNull();
                    assertThat(second.isAlive()).isTrue();
                }
            }
        }
    }

    private static EnvironmentView view(RunningSlipway web, StoredEnvironment environment) {
        return web.get(Environments.class).view(environment);
    }

    /** What a deploy would have left. */
    private static void run(KubernetesClient cluster, String instance, StoredEnvironment environment) {
        Map<String, String> labels = Map.of(
                "slipway.dev/instance",
                instance,
                "slipway.dev/environment",
                environment.id(),
                "slipway.dev/component",
                "web");
        cluster.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(environment.namespace())
                        .endMetadata()
                        .build())
                .create();
        cluster.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .withNamespace(environment.namespace())
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withNewSelector()
                        .withMatchLabels(labels)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("web")
                        .withImage("registry.example/web:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }
}
