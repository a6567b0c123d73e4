package dev.slipway.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.deploy.FakeWorld;
import dev.slipway.workflows.environment.LaneWorkflow.Entry;
import dev.slipway.workflows.environment.LaneWorkflow.LaneState;
import dev.slipway.workflows.environment.LaneWorkflow.LaneView;
import dev.slipway.workflows.run.Operation;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LaneWorkflowTest {
    private final FakeWorld world = new FakeWorld();
    private TestWorkflowEnvironment environment;

    @BeforeEach
    void start() {
        environment = TestWorkflowEnvironment.newInstance(
                TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build());
        for (String queue : List.of(TaskQueues.ORCHESTRATION, TaskQueues.cluster("cluster"))) {
            Worker worker = environment.newWorker(queue);
            worker.registerWorkflowImplementationTypes(LaneWorkflowImpl.class, DeployWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    private LaneView submit(String runId) {
        WorkflowClient client = environment.getWorkflowClient();
        LaneWorkflow lane = client.newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(TaskQueues.laneId("environment"))
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .build());
        return WorkflowClient.executeUpdateWithStart(
                lane::submit,
                new Entry(runId, Operation.DEPLOY),
                UpdateOptions.<LaneView>newBuilder()
                        .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                        .build(),
                new WithStartWorkflowOperation<>(lane::run, LaneState.empty("environment")));
    }

    private LaneWorkflow lane() {
        return environment.getWorkflowClient().newWorkflowStub(LaneWorkflow.class, TaskQueues.laneId("environment"));
    }

    private List<String> ends() {
        return world.calls.stream().filter(call -> call.startsWith("finishRun")).toList();
    }

    @Test
    @DisplayName("runs go one at a time, in the order in which they came")
    void oneAtATime() {
        CountDownLatch first = world.hold("openRun r1");
        submit("r1");
        submit("r2");
        LaneView view = submit("r3");

        assertThat(view.running()).isEqualTo("r1");
        assertThat(view.waiting()).containsExactly("r2", "r3");
        assertThat(world.calls).doesNotContain("openRun r2");
        first.countDown();

        await().until(() -> ends().size() == 3);
        assertThat(ends())
                .containsExactly("finishRun r1 unchanged", "finishRun r2 unchanged", "finishRun r3 unchanged");
    }

    @Test
    @DisplayName("the same run submitted again is not run again")
    void knowsItsRuns() {
        submit("r1");
        await().until(() -> ends().size() == 1);

        submit("r1");
        submit("r2");

        await().until(() -> ends().size() == 2);
        assertThat(world.calls.stream().filter("openRun r1"::equals)).hasSize(1);
    }

    @Test
    @DisplayName("a run that waits can be withdrawn: it ends cancelled and never begins")
    void withdraws() {
        CountDownLatch first = world.hold("openRun r1");
        submit("r1");
        submit("r2");

        assertThat(lane().withdraw("r2")).isTrue();
        assertThat(lane().withdraw("r1")).isFalse();
        first.countDown();

        await().until(() -> ends().size() == 2);
        assertThat(ends()).containsExactlyInAnyOrder("finishRun r1 unchanged", "finishRun r2 cancelled");
        assertThat(world.calls).doesNotContain("openRun r2");
    }

    @Test
    @DisplayName("a run withdrawn before it was submitted ends cancelled, and is not let in later")
    void withdrawsBeforehand() {
        submit("r1");
        await().until(() -> ends().size() == 1);

        assertThat(lane().withdraw("r2")).isTrue();
        submit("r2");
        submit("r3");

        await().until(() -> ends().size() == 3);
        assertThat(ends())
                .containsExactly("finishRun r1 unchanged", "finishRun r2 cancelled", "finishRun r3 unchanged");
        assertThat(world.calls).doesNotContain("openRun r2");
    }

    @Test
    @DisplayName("beyond a thousand waiting runs the lane refuses")
    void refusesWhenFull() {
        world.hold("openRun r0");
        submit("r0");
        await().until(() -> world.calls.contains("openRun r0"));
        LaneWorkflow lane = lane();
        for (int i = 1; i <= LaneWorkflow.MAX_WAITING; i++) {
            var unused = lane.submit(new Entry("r" + i, Operation.DEPLOY));
        }

        assertThatThrownBy(() -> lane.submit(new Entry("one-too-many", Operation.DEPLOY)))
                .isInstanceOf(WorkflowUpdateException.class)
                .hasStackTraceContaining("1000 runs wait already");
        world.held.values().forEach(CountDownLatch::countDown);
    }
}
