package dev.slipway.tests.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.ScriptedWorld;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow.Entry;
import dev.slipway.workflows.environment.LaneWorkflow.LaneState;
import dev.slipway.workflows.environment.LaneWorkflow.LaneView;
import dev.slipway.workflows.environment.LaneWorkflowImpl;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a Temporal server of its own, which finds a history long after 40 events instead of 4,096. */
@DisplayName("a lane whose history gets long")
class LaneRolloverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Step DEPLOY = new Step(StepKind.DEPLOY, "web", List.of());
    private static final String LANE = TaskQueues.laneId("long");

    @TempDir
    Path folder;

    private final ScriptedWorld world = new ScriptedWorld();
    private Process server;
    private WorkflowServiceStubs stubs;
    private WorkflowClient client;
    private WorkerFactory workers;

    @BeforeEach
    void start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        server = new ProcessBuilder(
                        Engines.variable("SLIPWAY_IT_TEMPORAL_CLI"),
                        "server",
                        "start-dev",
                        "--ip",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--headless",
                        "--log-level",
                        "warn",
                        "--dynamic-config-value",
                        "limit.historyCount.suggestContinueAsNew=40")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("temporal.log").toFile())
                .start();
        stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .validateAndBuildWithDefaults());
        stubs.connect(Duration.ofSeconds(60));
        client = WorkflowClient.newInstance(stubs);
        workers = WorkerFactory.newInstance(client);
        for (String queue : List.of(TaskQueues.ORCHESTRATION, TaskQueues.cluster(ScriptedWorld.CLUSTER))) {
            Worker worker = workers.newWorker(
                    queue,
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(10_000)
                            .build());
            worker.registerWorkflowImplementationTypes(LaneWorkflowImpl.class, DeployWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        workers.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        world.releaseAll();
        if (workers != null) {
            workers.shutdownNow();
            workers.awaitTermination(10, TimeUnit.SECONDS);
        }
        if (stubs != null) {
            stubs.shutdownNow();
        }
        if (server != null) {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("goes on in a new one with its queue: none is lost, none is doubled, and the order is kept")
    void keepsTheQueue() {
        List<String> all =
                IntStream.range(0, 30).mapToObj(i -> "long-%02d".formatted(i)).toList();
        world.plan(all.get(0), DEPLOY);
        CountDownLatch first = world.hold(all.get(0), DEPLOY.id());
        submit(all.get(0));
        await().atMost(PATIENCE).until(() -> world.calls(all.get(0)).contains(DEPLOY.id()));
        // Half of them wait when the history gets long ...
        all.subList(1, 15).forEach(this::submit);
        String before = runOfLane();
        first.countDown();

        // ... and half come, each twice, while the lane goes on in new histories.
        for (String run : all.subList(15, 30)) {
            submit(run);
            submit(run);
        }

        await().atMost(PATIENCE).until(() -> world.end(all.get(29)) != null);
        List<String> begun = world.calls().stream()
                .filter(call -> call.endsWith(" openRun"))
                .map(call -> call.substring(0, call.indexOf(' ')))
                .toList();
        assertThat(begun).containsExactlyElementsOf(all);
        assertThat(all).allSatisfy(run -> assertThat(world.end(run)).isNotNull());
        assertThat(histories(before)).as("histories of the lane").hasSizeGreaterThanOrEqualTo(2);
    }

    /** The runs of the lane's workflow from one on, each followed by the one that it continued as. */
    private List<String> histories(String first) {
        List<String> runs = new ArrayList<>();
        String run = first;
        while (!run.isEmpty()) {
            runs.add(run);
            List<HistoryEvent> events = client.fetchHistory(LANE, run).getEvents();
            run = events.get(events.size() - 1)
                    .getWorkflowExecutionContinuedAsNewEventAttributes()
                    .getNewExecutionRunId();
        }
        return runs;
    }

    private String runOfLane() {
        return client.newUntypedWorkflowStub(LANE).describe().getExecution().getRunId();
    }

    private void submit(String runId) {
        LaneWorkflow lane = client.newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(LANE)
                        .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .build());
        var unused = WorkflowClient.executeUpdateWithStart(
                lane::submit,
                new Entry(runId, Operation.DEPLOY),
                UpdateOptions.<LaneView>newBuilder()
                        .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                        .build(),
                new WithStartWorkflowOperation<>(lane::run, LaneState.empty("long")));
    }
}
