package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullSecretTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: pulled}
            spec:
              components:
                - {name: ours, source: {image: "slipway.registry/base/shell:1"}}
                - {name: theirs, source: {image: "registry.example/any@sha256:%s"}}
            """.formatted("0".repeat(64));

    @TempDir
    private Path data;

    @Test
    @DisplayName("a cluster pulls from Slipway's registry with its credentials; another password restarts nothing")
    void pullsWithCredentials() throws Exception {
        int port = freePort();
        String registry = "127.0.0.1:" + port;
        List<String> pods;
        try (RunningSlipway slipway = started(port, "correct-horse");
                KubernetesClient cluster = slipway.simulatedCluster()) {
            StoredEnvironment environment = slipway.environment(DOCUMENT, "pulled");
            StoredRun run = slipway.deploy(environment);
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);

            assertThat(credentials(cluster)).isEqualTo(config(registry, "puller:correct-horse"));
            assertThat(secretsOf(cluster, "ours")).containsExactly("slipway-registry");
            assertThat(secretsOf(cluster, "theirs")).isEmpty();
            assertThat(slipway.get(PlanStore.class).plan(run.id()).orElseThrow().toString())
                    .doesNotContain("correct-horse");
            HttpResponse<String> shown = manifests(slipway);
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(shown.body())
                    .contains("imagePullSecrets", ".dockerconfigjson")
                    .doesNotContain("correct-horse", base64("puller:correct-horse"), credentials(cluster));
            assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
            pods = pods(cluster);
        }
        try (RunningSlipway slipway = started(port, "battery-staple");
                KubernetesClient cluster = slipway.simulatedCluster()) {
            StoredEnvironment environment =
                    slipway.get(EnvironmentStore.class).byName("pulled").orElseThrow();
            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(credentials(cluster)).isEqualTo(config(registry, "puller:battery-staple"));
            assertThat(pods(cluster)).isEqualTo(pods);
        }
    }

    @Test
    @DisplayName(
            "each registry of the settings has its Secret where it is used, a user that only pulls gets there instead of"
                    + " the one that pushes, and what is configured no more is removed")
    void severalRegistries() throws Exception {
        int port = freePort();
        String[] login = {
            "slipway.demo=true",
            "slipway.registry.port=" + port,
            "slipway.registry.username=pusher",
            "slipway.registry.password=push-secret",
            "slipway.registry.pull-username=reader",
            "slipway.registry.pull-password=read-secret",
            "slipway.registries[0].address=registry.example",
            "slipway.registries[0].username=them",
            "slipway.registries[0].password=their-secret",
            "slipway.registries[1].address=unused.example",
            "slipway.registries[1].username=them",
            "slipway.registries[1].password=their-secret",
        };
        List<String> pods;
        try (RunningSlipway slipway = RunningSlipway.start(data, login);
                KubernetesClient cluster = slipway.simulatedCluster()) {
            StoredEnvironment environment = slipway.environment(DOCUMENT, "pulled");
            StoredRun run = slipway.deploy(environment);
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);

            assertThat(credentials(cluster)).isEqualTo(config("127.0.0.1:" + port, "reader:read-secret"));
            assertThat(credentials(cluster, "slipway-registry-registry.example"))
                    .isEqualTo(config("registry.example", "them:their-secret"));
            assertThat(secretsOf(cluster, "ours")).containsExactly("slipway-registry");
            assertThat(secretsOf(cluster, "theirs")).containsExactly("slipway-registry-registry.example");
            assertThat(registrySecrets(cluster))
                    .containsExactlyInAnyOrder("slipway-registry", "slipway-registry-registry.example");
            assertThat(manifests(slipway).body()).doesNotContain("their-secret", base64("them:their-secret"));
            pods = pods(cluster);
        }
        login[8] = "slipway.registries[0].password=their-new-secret";
        try (RunningSlipway slipway = RunningSlipway.start(data, login);
                KubernetesClient cluster = slipway.simulatedCluster()) {
            StoredRun run = slipway.deploy(
                    slipway.get(EnvironmentStore.class).byName("pulled").orElseThrow());
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(credentials(cluster, "slipway-registry-registry.example"))
                    .isEqualTo(config("registry.example", "them:their-new-secret"));
            assertThat(pods(cluster)).isEqualTo(pods);
        }
        try (RunningSlipway slipway = started(port, "push-secret");
                KubernetesClient cluster = slipway.simulatedCluster()) {
            StoredRun run = slipway.deploy(
                    slipway.get(EnvironmentStore.class).byName("pulled").orElseThrow());
            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(registrySecrets(cluster)).containsExactly("slipway-registry");
            assertThat(secretsOf(cluster, "theirs")).isEmpty();
        }
    }

    private static List<String> registrySecrets(KubernetesClient cluster) {
        return cluster.secrets().inNamespace("pulled").list().getItems().stream()
                .map(secret -> secret.getMetadata().getName())
                .filter(name -> name.startsWith("slipway-registry"))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private RunningSlipway started(int port, String password) {
        return RunningSlipway.start(
                data,
                "slipway.demo=true",
                "slipway.registry.port=" + port,
                "slipway.registry.username=puller",
                "slipway.registry.password=" + password);
    }

    private static String credentials(KubernetesClient cluster) {
        return credentials(cluster, "slipway-registry");
    }

    private static String credentials(KubernetesClient cluster, String name) {
        Secret secret = cluster.secrets().inNamespace("pulled").withName(name).get();
        assertThat(secret.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
        return new String(
                Base64.getDecoder().decode(secret.getData().get(".dockerconfigjson")), StandardCharsets.UTF_8);
    }

    private static String config(String registry, String login) {
        return "{\"auths\":{\"" + registry + "\":{\"auth\":\"" + base64(login) + "\"}}}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> secretsOf(KubernetesClient cluster, String component) {
        return cluster
                .apps()
                .deployments()
                .inNamespace("pulled")
                .withName(component)
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getImagePullSecrets()
                .stream()
                .map(LocalObjectReference::getName)
                .toList();
    }

    private static List<String> pods(KubernetesClient cluster) {
        TreeSet<String> ids = new TreeSet<>();
        for (Pod pod : cluster.pods().inNamespace("pulled").list().getItems()) {
            ids.add(pod.getMetadata().getUid());
        }
        assertThat(ids).hasSize(2);
        return List.copyOf(ids);
    }

    private static HttpResponse<String> manifests(RunningSlipway slipway) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/environments/pulled/manifests"))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
