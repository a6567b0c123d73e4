package dev.slipway.tests.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.tests.support.ScriptedWorld;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow.Entry;
import dev.slipway.workflows.environment.LaneWorkflow.LaneState;
import dev.slipway.workflows.environment.LaneWorkflow.LaneView;
import dev.slipway.workflows.environment.LaneWorkflowImpl;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each test has an environment, and so a lane, of its own: side by side. */
@DisplayName("a lane on a Temporal server")
@Execution(ExecutionMode.CONCURRENT)
class LaneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Step DEPLOY = new Step(StepKind.DEPLOY, "web", List.of());

    private static final ScriptedWorld world = new ScriptedWorld();
    private static TemporalNamespace namespace;
    private static WorkflowClient client;
    private static WorkerFactory workers;

    @BeforeAll
    static void connect() {
        namespace = TemporalNamespace.register(address());
        client = namespace.client();
        workers = WorkerFactory.newInstance(client);
        WorkerOptions options = WorkerOptions.newBuilder()
                .setMaxHeartbeatThrottleInterval(Duration.ofMillis(500))
                .setDefaultHeartbeatThrottleInterval(Duration.ofMillis(500))
                .setDefaultDeadlockDetectionTimeout(10_000)
                .build();
        for (String queue : List.of(TaskQueues.ORCHESTRATION, TaskQueues.cluster(ScriptedWorld.CLUSTER))) {
            Worker worker = workers.newWorker(queue, options);
            worker.registerWorkflowImplementationTypes(LaneWorkflowImpl.class, DeployWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        workers.start();
    }

    @AfterAll
    static void disconnect() {
        world.releaseAll();
        if (workers != null) {
            workers.shutdownNow();
            workers.awaitTermination(10, TimeUnit.SECONDS);
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private static String address() {
        String address = System.getenv("SLIPWAY_IT_TEMPORAL");
        if (address == null || address.isBlank()) {
            String message = "set SLIPWAY_IT_TEMPORAL to host:port of a Temporal server to run this test";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            assumeTrue(false, message);
        }
        return address;
    }

    @Test
    @DisplayName("runs go one at a time, in the order in which they came")
    void oneAtATime() {
        var first = hold("order-1");
        submit("order", "order-1");
        awaitCall("order-1", "deploy/web");
        submit("order", "order-2");
        submit("order", "order-3");
        LaneView view = submit("order", "order-4");

        assertThat(view.running()).isEqualTo("order-1");
        assertThat(view.waiting()).containsExactly("order-2", "order-3", "order-4");
        assertThat(world.calls("order-2")).isEmpty();
        first.countDown();
        awaitEnd("order-4", Outcome.UNCHANGED);

        assertThat(world.end("order-1")).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.calls())
                .filteredOn(call -> call.startsWith("order-") && (call.contains("openRun") || call.contains("finish")))
                .containsExactly(
                        "order-1 openRun",
                        "order-1 finishRun succeeded",
                        "order-2 openRun",
                        "order-2 finishRun unchanged",
                        "order-3 openRun",
                        "order-3 finishRun unchanged",
                        "order-4 openRun",
                        "order-4 finishRun unchanged");
    }

    @Test
    @DisplayName("lanes of different environments do not wait for one another")
    void lanesAreIndependent() {
        var busy = hold("busy-1");
        submit("busy", "busy-1");
        awaitCall("busy-1", "deploy/web");

        submit("idle", "idle-1");

        awaitEnd("idle-1", Outcome.UNCHANGED);
        assertThat(world.end("busy-1")).isNull();
        busy.countDown();
        awaitEnd("busy-1", Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("the same run submitted while it waits, while it runs and after its end runs once")
    void runsOnce() {
        var first = hold("twice-1");
        submit("twice", "twice-1");
        awaitCall("twice-1", "deploy/web");
        submit("twice", "twice-1");
        submit("twice", "twice-2");
        assertThat(submit("twice", "twice-2").waiting()).containsExactly("twice-2");
        first.countDown();
        awaitEnd("twice-2", Outcome.UNCHANGED);

        submit("twice", "twice-1");
        submit("twice", "twice-3");

        awaitEnd("twice-3", Outcome.UNCHANGED);
        for (String run : List.of("twice-1", "twice-2", "twice-3")) {
            assertThat(world.calls(run)).filteredOn("openRun"::equals).hasSize(1);
        }
    }

    @Test
    @DisplayName("a run that waits can be withdrawn: it ends cancelled, never begins, and the others keep their order")
    void withdraws() {
        var first = hold("leave-1");
        submit("leave", "leave-1");
        awaitCall("leave-1", "deploy/web");
        submit("leave", "leave-2");
        submit("leave", "leave-3");

        assertThat(lane("leave").withdraw("leave-2")).isTrue();
        assertThat(lane("leave").withdraw("leave-2")).isFalse();
        assertThat(lane("leave").withdraw("leave-1")).isFalse();
        assertThat(lane("leave").view().waiting()).containsExactly("leave-3");
        submit("leave", "leave-2");
        first.countDown();

        awaitEnd("leave-3", Outcome.UNCHANGED);
        assertThat(world.calls("leave-2")).containsExactly("finishRun cancelled");
    }

    @Test
    @DisplayName("a run that was terminated from outside is recorded as terminated, and the lane goes on")
    void outlivesTermination() {
        hold("killed-1");
        submit("killed", "killed-1");
        awaitCall("killed-1", "deploy/web");
        submit("killed", "killed-2");

        run("killed-1").terminate("by a person");

        awaitEnd("killed-2", Outcome.UNCHANGED);
        assertThat(world.end("killed-1")).isEqualTo(Outcome.TERMINATED);
        assertThat(world.calls("killed-1"))
                .filteredOn(call -> call.startsWith("finishRun"))
                .hasSize(1);
        // Its step notices at its next heartbeat that nobody waits for it.
        awaitCall("killed-1", "cancelled deploy/web");
    }

    @Test
    @DisplayName("a run that is cancelled stops its steps, takes back what they did, and the lane goes on")
    void outlivesCancel() {
        hold("stopped-1");
        submit("stopped", "stopped-1");
        awaitCall("stopped-1", "deploy/web");
        submit("stopped", "stopped-2");

        run("stopped-1").cancel();

        awaitEnd("stopped-2", Outcome.UNCHANGED);
        assertThat(world.end("stopped-1")).isEqualTo(Outcome.CANCELLED);
        assertThat(world.calls("stopped-1")).contains("cancelled deploy/web", "undo deploy/web");
    }

    @Test
    @DisplayName("a lane that is terminated leaves no run going unseen: its run is asked to stop, and says so itself")
    void stopsWhatRunsWhenItEnds() {
        hold("parent-1");
        submit("parent", "parent-1");
        awaitCall("parent-1", "deploy/web");

        WorkflowStub.fromTyped(lane("parent")).terminate("by a person");

        awaitEnd("parent-1", Outcome.CANCELLED);
        assertThat(world.calls("parent-1")).contains("cancelled deploy/web");
        submit("parent", "parent-2");
        awaitEnd("parent-2", Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "an idle lane ends after a minute; the next submission starts it anew, and an old run is not run again")
    void startsAnew() {
        submit("rest", "rest-1");
        awaitEnd("rest-1", Outcome.UNCHANGED);
        WorkflowStub lane = WorkflowStub.fromTyped(lane("rest"));

        await().atMost(Duration.ofSeconds(120))
                .until(() ->
                        lane.describe().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
        submit("rest", "rest-1");
        submit("rest", "rest-2");

        awaitEnd("rest-2", Outcome.UNCHANGED);
        // The lane forgot it, the store did not: it is opened, found over and left.
        assertThat(world.calls("rest-1"))
                .containsExactly("openRun", "pin", "planImages", "planDeploy", "finishRun unchanged", "openRun");
    }

    private static java.util.concurrent.CountDownLatch hold(String runId) {
        world.plan(runId, DEPLOY);
        return world.hold(runId, DEPLOY.id());
    }

    private static LaneView submit(String environment, String runId) {
        LaneWorkflow lane = client.newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(TaskQueues.laneId(environment))
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .build());
        return WorkflowClient.executeUpdateWithStart(
                lane::submit,
                new Entry(runId, Operation.DEPLOY),
                UpdateOptions.<LaneView>newBuilder()
                        .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                        .build(),
                new WithStartWorkflowOperation<>(lane::run, LaneState.empty(environment)));
    }

    private static LaneWorkflow lane(String environment) {
        return client.newWorkflowStub(LaneWorkflow.class, TaskQueues.laneId(environment));
    }

    private static WorkflowStub run(String runId) {
        return client.newUntypedWorkflowStub(TaskQueues.runId(runId));
    }

    private static void awaitCall(String runId, String what) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(world.calls(runId)).contains(what));
    }

    private static void awaitEnd(String runId, Outcome outcome) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(world.end(runId)).isEqualTo(outcome));
    }
}
