package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDeployTest {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "the demo deploys in dependency order; nothing changed is unchanged; a commit touches only what it touches")
    void deploysTheDemo() {
        try (RunningSlipway slipway = RunningSlipway.start(data, "slipway.demo=true");
                KubernetesClient cluster = slipway.simulatedCluster();
                TestRepository repository = TestRepository.open(data.resolve("demo/storefront"))) {
            StoredEnvironment environment =
                    slipway.get(EnvironmentStore.class).byName("storefront-dev").orElseThrow();

            StoredRun first = slipway.deploy(environment);

            assertThat(first.outcome()).as("%s", first.progress()).isEqualTo(Outcome.SUCCEEDED);
            Map<String, StepView> steps =
                    first.progress().steps().stream().collect(Collectors.toMap(StepView::id, Function.identity()));
            assertThat(steps.values())
                    .filteredOn(step -> step.kind() == StepKind.BUILD)
                    .hasSize(6);
            assertThat(steps.get("deploy/orders").startedAt())
                    .isGreaterThanOrEqualTo(steps.get("deploy/db").endedAt())
                    .isGreaterThanOrEqualTo(steps.get("deploy/migrate").endedAt());
            assertThat(steps.get("deploy/web").startedAt())
                    .isGreaterThanOrEqualTo(steps.get("deploy/orders").endedAt());
            assertThat(slipway.get(ReleaseStore.class)
                            .newest(environment.id())
                            .orElseThrow()
                            .state())
                    .isEqualTo(ReleaseStore.State.DEPLOYED);
            Set<String> podsBefore = pods(cluster);
            assertThat(podsBefore).hasSize(8);

            StoredRun second = slipway.deploy(environment);

            assertThat(second.outcome()).as("%s", second.progress()).isEqualTo(Outcome.UNCHANGED);
            assertThat(pods(cluster)).isEqualTo(podsBefore);

            repository.write("services/catalog/site/products.json", "[]\n").commit("Sell nothing");
            StoredRun third = slipway.deploy(environment);

            assertThat(third.outcome()).as("%s", third.progress()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(third.progress().steps())
                    .extracting(StepView::id)
                    .contains("build/catalog", "deploy/catalog")
                    .doesNotContain("deploy/web", "deploy/orders", "build/web");
            assertThat(pods(cluster).stream().filter(podsBefore::contains)).hasSize(7);
            List<PlanItem> items = slipway.get(PlanStore.class)
                    .plan(third.id())
                    .orElseThrow()
                    .plan()
                    .items();
            assertThat(items)
                    .filteredOn(item -> item.action() == PlanItem.Action.CHANGE)
                    .allMatch(item -> "catalog".equals(item.component()));
        }
    }

    private static Set<String> pods(KubernetesClient cluster) {
        return cluster.pods().inNamespace("storefront-dev").list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(Pod::getMetadata)
                .map(metadata -> metadata.getUid())
                .collect(Collectors.toSet());
    }
}
