package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.build.ImageBuildActivities;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.State;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.environment.TemporalNamespace;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.Engines;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build on the real cluster whose run is terminated on a real Temporal server. */
class ForgottenBuildIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "a run that is ended from outside leaves its Job to nobody: it is found, and goes with all that it has")
    void terminated() {
        String temporal = Engines.variable("SLIPWAY_IT_TEMPORAL");
        try (TemporalNamespace namespace = TemporalNamespace.register(temporal);
                BuildSite site = new BuildSite(
                        data,
                        "slipway.temporal.target=" + temporal,
                        "slipway.temporal.namespace=" + namespace.name())) {
            site.source().write("Dockerfile", "FROM " + BuildSite.base() + "\nRUN echo here I am && sleep 600\n");
            StoredRun run = site.slipway().start(site.environment("{}"), Scope.whole(Operation.BUILD));
            await().atMost(Duration.ofMinutes(2)).until(() -> site.log(run).contains("here I am"));
            BuildStore builds = site.slipway().get(BuildStore.class);
            String build = builds.ofRun(run.id()).get(0).build().id();

            site.slipway()
                    .get(WorkflowClient.class)
                    .newUntypedWorkflowStub(TaskQueues.runId(run.id()))
                    .terminate("by a person");

            StoredRun end = site.finished(run);
            assertThat(end.outcome()).isEqualTo(Outcome.TERMINATED);
            site.slipway().get(ImageBuildActivities.class).endForgotten();
            assertThat(builds.byId(build).state()).isEqualTo(State.CANCELLED);
            site.nothingIsLeft(end);
        }
    }
}
