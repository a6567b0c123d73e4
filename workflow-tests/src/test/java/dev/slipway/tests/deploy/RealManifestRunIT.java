package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the rights of {@code ops/kubernetes/role.yaml} and exactly those that the plans print besides. */
@DisplayName("runs with raw objects on a real cluster")
class RealManifestRunIT extends ManifestRunContract {
    @TempDir
    static Path data;

    private static RunningSlipway running;
    private static KubernetesClient administrator;
    private final List<HasMetadata> granted = new ArrayList<>();

    @BeforeAll
    static void start() {
        administrator = RealCluster.admin();
        running = RealCluster.running(data);
    }

    @AfterAll
    static void stop() {
        if (running != null) {
            running.close();
        }
        administrator.close();
    }

    @Test
    @DisplayName(
            "an image of a raw object that its registry does not have, or that Kubernetes would not start as it is,"
                    + " is a finding")
    void looksAtImages() {
        String missing = image().substring(0, image().lastIndexOf(':')) + ":none";
        StoredEnvironment environment = environment(helper(missing, "")
                + helper(image(), "").replace("name: helper", "name: other").replace("runAsUser: 1000, ", "")
                + "      images: [\"" + image() + "\"]\n");

        assertThat(findings(environment))
                .extracting(problem -> problem.code() + " " + problem.where())
                .containsExactlyInAnyOrder(
                        "SLP-IMAGE-NOT-FOUND Deployment " + name + "/helper",
                        "SLP-IMAGE-MANIFEST-USER Deployment " + name + "/other");
    }

    @Override
    RunningSlipway slipway() {
        return running;
    }

    @Override
    KubernetesClient cluster() {
        return administrator;
    }

    @Override
    String clusterName() {
        return "real";
    }

    @Override
    String image() {
        return Engines.variable("SLIPWAY_IT_BASE_IMAGE");
    }

    @Override
    void admit(StoredEnvironment environment) {
        for (Problem problem : findings(environment)) {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_ACCESS);
            assertThat(problem.arguments().get("missing")).doesNotContain("secrets", "deployments");
            administrator
                    .load(new ByteArrayInputStream(
                            problem.arguments().get("role").getBytes(StandardCharsets.UTF_8)))
                    .items()
                    .forEach(object -> {
                        administrator.resource(object).fieldManager("test").serverSideApply();
                        granted.add(object);
                    });
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> findings(environment).isEmpty());
    }

    /** Of a preview; what keeps it from being made is one too. */
    private static List<Problem> findings(StoredEnvironment environment) {
        try {
            return running.get(Runs.class).preview(environment.id()).skeleton().problems();
        } catch (dev.slipway.workflows.problem.ProblemException e) {
            return e.problems();
        }
    }

    @AfterEach
    void withdraw() {
        granted.forEach(object -> administrator.resource(object).delete());
        granted.clear();
    }
}
