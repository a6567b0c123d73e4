package dev.slipway.tests.replay;

import static org.awaitility.Awaitility.await;

import dev.slipway.tests.support.ScriptedWorld;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflow;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.deploy.PreviewWorkflow;
import dev.slipway.workflows.deploy.PreviewWorkflowImpl;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow.Entry;
import dev.slipway.workflows.environment.LaneWorkflow.LaneState;
import dev.slipway.workflows.environment.LaneWorkflowImpl;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Records histories of today's workflows. Done once for each version that is released, before its workflows change; what
 * earlier versions recorded stays:
 *
 * <pre>
 * ./mvnw -q -Pquick -pl workflow-tests -am test -Dtest=ReplayTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dslipway.histories=$PWD/workflow-tests/src/test/resources/histories -Dslipway.histories.version=0.1.0
 * </pre>
 *
 * Runs on the engine in this process, with time skipped where nothing is held.
 */
final class HistoryRecorder {
    private static final Step PREPARE = new Step(StepKind.PREPARE, null, List.of());
    private static final Step BUILD = new Step(StepKind.BUILD, "orders", List.of());
    private static final Step START = new Step(StepKind.START, "db", List.of("prepare"));
    private static final Step DB = new Step(StepKind.DEPLOY, "db", List.of("start/db"));
    private static final Step ORDERS =
            new Step(StepKind.DEPLOY, "orders", List.of("prepare", "build/orders", "deploy/db"));
    private static final Step CACHE = new Step(StepKind.DEPLOY, "cache", List.of("prepare"));
    private static final Step PRUNE =
            new Step(StepKind.PRUNE, null, List.of("deploy/db", "deploy/orders", "deploy/cache", "prepare"));
    private static final Step[] ALL = {PREPARE, BUILD, START, DB, ORDERS, CACHE, PRUNE};
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScriptedWorld world = new ScriptedWorld();
    private final Path folder;
    private final String version;

    private HistoryRecorder(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Writes {@code <type>/<id>.json} files.
     *
     * @param version becomes part of the workflow ids, so that versions stay apart
     */
    static void record(Path folder, String version) throws IOException {
        HistoryRecorder recorder = new HistoryRecorder(folder, version);
        try (TestWorkflowEnvironment engine = recorder.engine(true)) {
            recorder.deploys(engine.getWorkflowClient());
            recorder.preview(engine.getWorkflowClient());
        }
        try (TestWorkflowEnvironment engine = recorder.engine(false)) {
            recorder.cancelledDeploy(engine.getWorkflowClient());
            recorder.lane(engine.getWorkflowClient());
        } finally {
            recorder.world.releaseAll();
        }
    }

    private TestWorkflowEnvironment engine(boolean skipTime) {
        TestWorkflowEnvironment engine = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setUseTimeskipping(skipTime)
                // Else process id and host name would be kept.
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setIdentity("recorder")
                        .build())
                .build());
        for (String queue :
                List.of(TaskQueues.ORCHESTRATION, TaskQueues.BUILD, TaskQueues.cluster(ScriptedWorld.CLUSTER))) {
            Worker worker = engine.newWorker(queue);
            worker.registerWorkflowImplementationTypes(
                    LaneWorkflowImpl.class, DeployWorkflowImpl.class, PreviewWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        engine.start();
        return engine;
    }

    private void deploys(WorkflowClient client) throws IOException {
        world.plan(run("all-steps"), ALL);
        keepDeploy(client, "all-steps", Outcome.SUCCEEDED);

        keepDeploy(client, "unchanged", Outcome.UNCHANGED);

        world.fail(run("refused"), "pin", Problem.of(ProblemCode.GIT_REF_MISSING, "storefront", "ref", "mian"));
        keepDeploy(client, "refused", Outcome.REFUSED);

        world.plan(run("failed"), ALL);
        world.fail(run("failed"), "deploy/db", Problem.of(ProblemCode.POD_CRASH, "db", "exit", "3"));
        keepDeploy(client, "failed", Outcome.FAILED);

        world.plan(run("retried"), ALL);
        Problem[] trouble = new Problem[20];
        Arrays.fill(trouble, Problem.of(ProblemCode.KUBERNETES_UNREACHABLE, "cluster"));
        world.fail(run("retried"), "deploy/db", trouble);
        keepDeploy(client, "retried", Outcome.SUCCEEDED);
    }

    private void keepDeploy(WorkflowClient client, String name, Outcome expected) throws IOException {
        Outcome outcome = client.newWorkflowStub(
                        DeployWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.ORCHESTRATION)
                                .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                                .setWorkflowId(TaskQueues.runId(run(name)))
                                .build())
                .run(run(name));
        if (outcome != expected) {
            throw new IllegalStateException(name + " ended " + outcome);
        }
        keep(client, "DeployWorkflow", TaskQueues.runId(run(name)));
    }

    private void preview(WorkflowClient client) throws IOException {
        String planId = run("preview");
        world.plan(planId, ALL);
        var unused = client.newWorkflowStub(
                        PreviewWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.ORCHESTRATION)
                                .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                                .setWorkflowId(TaskQueues.previewId(planId))
                                .build())
                .preview(new PlanCall(planId, "environment", OnConflict.STOP), ScriptedWorld.CLUSTER);
        keep(client, "PreviewWorkflow", TaskQueues.previewId(planId));
    }

    private void cancelledDeploy(WorkflowClient client) throws IOException {
        String runId = run("stopped");
        world.plan(runId, ALL);
        world.hold(runId, DB.id());
        WorkflowStub stub = client.newUntypedWorkflowStub(
                "DeployWorkflow",
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                        .setWorkflowId(TaskQueues.runId(runId))
                        .build());
        var unused = stub.start(runId);
        await().atMost(PATIENCE).until(() -> world.calls(runId).contains(DB.id()));
        stub.cancel();
        await().atMost(PATIENCE).until(() -> world.end(runId) != null);
        keep(client, "DeployWorkflow", TaskQueues.runId(runId));
    }

    /** Three runs and one that is withdrawn; the history is still open: the lane waits for more. */
    private void lane(WorkflowClient client) throws IOException {
        String first = run("lane-1");
        world.plan(first, PREPARE, CACHE);
        CountDownLatch held = world.hold(first, CACHE.id());
        LaneWorkflow lane = client.newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                        .setWorkflowId(TaskQueues.laneId(version))
                        .build());
        var started = WorkflowClient.start(lane::run, LaneState.empty(version));
        for (String name : List.of("lane-1", "lane-2", "lane-2", "lane-3", "lane-4")) {
            var unused = lane.submit(new Entry(run(name), Operation.DEPLOY));
        }
        boolean withdrawn = lane.withdraw(run("lane-3"));
        held.countDown();
        await().atMost(PATIENCE)
                .until(() -> world.end(run("lane-4")) != null && lane.view().running() == null);
        if (!withdrawn) {
            throw new IllegalStateException("it did not wait");
        }
        keep(client, "LaneWorkflow", started.getWorkflowId());
    }

    private void keep(WorkflowClient client, String type, String workflowId) throws IOException {
        Histories.keep(folder, type, workflowId, client.fetchHistory(workflowId));
    }

    private String run(String name) {
        return version + "-" + name;
    }
}
