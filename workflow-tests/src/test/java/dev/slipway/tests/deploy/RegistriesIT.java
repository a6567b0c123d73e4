package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.CopiedImage;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "images of a registry with a password run beside those built on them in an open one; a wrong password is a"
                    + " finding with the registry's words and the setting")
    void anotherRegistry() {
        String open = Engines.variable("SLIPWAY_IT_REGISTRY");
        String closed = Engines.variable("SLIPWAY_IT_REGISTRY_AUTH");
        String user = Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_USER");
        String password = Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_PASSWORD");
        String name = "closed-" + Ids.next().substring(9);
        RegistryClient target = CopiedImage.closed();
        // Of its own for every run: a node pulls what it has not got yet.
        String digest = CopiedImage.copy("SLIPWAY_IT_BASE_IMAGE", target, name);
        try (TestRepository source = TestRepository.create(data.resolve("source"));
                KubernetesClient cluster = RealCluster.admin()) {
            String document = document(name, closed);
            source.write("site/index.html", "<h1>Closed</h1>\n")
                    .write("slipway.yaml", document)
                    .commit("A site");
            try {
                try (RunningSlipway slipway = started(open, closed, user, "not-" + password)) {
                    StoredRun refused = slipway.finished(
                            slipway.start(environment(slipway, document, source, name))
                                    .id(),
                            Duration.ofMinutes(1));
                    assertThat(refused.outcome()).as("%s", refused.progress()).isEqualTo(Outcome.REFUSED);
                    assertThat(refused.progress().problems())
                            .extracting(Problem::where)
                            .containsExactly("component given", "component built");
                    assertThat(refused.progress().problems()).allSatisfy(problem -> {
                        assertThat(problem.code()).isEqualTo(ProblemCode.REGISTRY_DENIED);
                        assertThat(problem.arguments())
                                .containsEntry("registry", closed)
                                .containsEntry(
                                        "setting", "slipway.registries[0].username, slipway.registries[0].password");
                        assertThat(problem.arguments().get("reason")).contains("401", "UNAUTHORIZED");
                    });
                    assertThat(cluster.namespaces().withName(name).get()).isNull();
                }
                try (RunningSlipway slipway = started(open, closed, user, password)) {
                    StoredEnvironment environment = slipway.get(dev.slipway.activities.store.EnvironmentStore.class)
                            .byName(name)
                            .orElseThrow();
                    StoredRun run = slipway.finished(slipway.start(environment).id(), Duration.ofMinutes(3));
                    assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
                    assertThat(cluster.pods().inNamespace(name).list().getItems())
                            .hasSize(2)
                            .allSatisfy(pod -> assertThat(pod.getStatus()
                                            .getContainerStatuses()
                                            .get(0)
                                            .getReady())
                                    .isTrue());
                    assertThat(cluster.apps()
                                    .deployments()
                                    .inNamespace(name)
                                    .withName("given")
                                    .get()
                                    .getSpec()
                                    .getTemplate()
                                    .getSpec()
                                    .getImagePullSecrets())
                            .hasSize(1);
                }
            } finally {
                cluster.namespaces().withName(name).delete();
                target.delete(name, digest);
            }
        }
    }

    private static StoredEnvironment environment(
            RunningSlipway slipway, String document, TestRepository source, String name) {
        return slipway.environment(document, new GitOrigin(source.url(), "main", "slipway.yaml"), name, "real");
    }

    private RunningSlipway started(String open, String closed, String user, String password) {
        return RealCluster.running(
                data.resolve("slipway"),
                "slipway.git.local-folders=" + data,
                "slipway.registries[0].address=" + closed,
                "slipway.registries[0].insecure=true",
                "slipway.registries[0].username=" + user,
                "slipway.registries[0].password=" + password);
    }

    private static String document(String name, String closed) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %1$s}
                spec:
                  components:
                    - name: given
                      source: {image: "%2$s/%1$s:1"}
                      command: [sh, -c, "exec sleep 100000"]
                      security: {runAsUser: 1000}
                    - name: built
                      source:
                        git: .
                        build: {builder: jib, base: "%2$s/%1$s:1", layout: {/srv: site}, entrypoint: [sleep, "100000"]}
                      security: {runAsUser: 1000}
                """.formatted(name, closed);
    }
}
