package dev.slipway.workflows.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployWorkflowTest {
    private static final Step PREPARE = new Step(StepKind.PREPARE, null, List.of());
    private static final Step BUILD = new Step(StepKind.BUILD, "orders", List.of());
    private static final Step DB = new Step(StepKind.DEPLOY, "db", List.of("prepare"));
    private static final Step ORDERS =
            new Step(StepKind.DEPLOY, "orders", List.of("prepare", "build/orders", "deploy/db"));
    private static final Step CACHE = new Step(StepKind.DEPLOY, "cache", List.of("prepare"));
    private static final Step PRUNE =
            new Step(StepKind.PRUNE, null, List.of("deploy/db", "deploy/orders", "deploy/cache"));

    private static final Step PRUNE_ONLY = new Step(StepKind.PRUNE, null, List.of("prepare"));

    private final FakeWorld world = new FakeWorld();
    private TestWorkflowEnvironment environment;

    @BeforeEach
    void start() {
        environment = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder().build())
                .build());
        for (String queue : List.of(TaskQueues.ORCHESTRATION, TaskQueues.BUILD, TaskQueues.cluster("cluster"))) {
            Worker worker = environment.newWorker(queue);
            worker.registerWorkflowImplementationTypes(DeployWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    private WorkflowStub begin() {
        WorkflowClient client = environment.getWorkflowClient();
        WorkflowStub run = client.newUntypedWorkflowStub(
                "DeployWorkflow",
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(TaskQueues.runId("r1"))
                        .build());
        run.start("r1");
        return run;
    }

    private Outcome run() {
        return begin().getResult(Outcome.class);
    }

    private Progress recorded() {
        return world.finished.get("r1").progress();
    }

    private StepState state(String step) {
        return recorded().steps().stream()
                .filter(view -> view.id().equals(step))
                .map(StepView::state)
                .collect(Collectors.toList())
                .get(0);
    }

    @Test
    @DisplayName(
            "a step waits as long as its plan says, and the engine gives it more; one of a plan of before ten minutes")
    void passesDeadlinesOn() {
        world.plan(PREPARE, DB, CACHE.within(86_400));

        assertThat(begin().getResult(Outcome.class)).isEqualTo(Outcome.SUCCEEDED);

        assertThat(world.deadlines).containsEntry("deploy/db", 600).containsEntry("deploy/cache", 86_400);
        assertThat(world.timeouts)
                .containsEntry("deploy/db", Duration.ofMinutes(130))
                .containsEntry("deploy/cache", Duration.ofHours(26));
    }

    @Test
    @DisplayName("plans, opens the release, then every step after its needs, and records the outcome")
    void succeeds() {
        world.plan(PREPARE, BUILD, DB, ORDERS, CACHE, PRUNE);

        assertThat(run()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(world.calls)
                .startsWith("openRun r1", "pin", "planImages", "planDeploy", "startRun r1", "openRelease")
                .endsWith("prune", "finishRun r1 succeeded");
        assertThat(world.calls.indexOf("deploy/orders"))
                .isGreaterThan(world.calls.indexOf("deploy/db"))
                .isGreaterThan(world.calls.indexOf("build/orders"));
        assertThat(recorded().steps()).allMatch(step -> step.state() == StepState.DONE && step.endedAt() > 0);
    }

    @Test
    @DisplayName("nothing to do ends unchanged: no release, no step")
    void unchanged() {
        assertThat(run()).isEqualTo(Outcome.UNCHANGED);

        assertThat(world.calls)
                .containsExactly("openRun r1", "pin", "planImages", "planDeploy", "finishRun r1 unchanged");
    }

    @Test
    @DisplayName("a plan that cannot be made refuses the run with its problems; nothing is written")
    void refusesWhatCannotBePlanned() {
        world.failing("pin", Problem.of(ProblemCode.GIT_REF_MISSING, "storefront", "ref", "mian"));

        assertThat(run()).isEqualTo(Outcome.REFUSED);

        assertThat(recorded().problems()).extracting(Problem::code).containsExactly(ProblemCode.GIT_REF_MISSING);
        assertThat(world.calls).doesNotContain("openRelease", "planDeploy");
    }

    @Test
    @DisplayName("a plan other than the one agreed to is refused")
    void refusesAnotherPlan() {
        world.agreedPlan = "other";
        world.plan = new PlanSkeleton("hash", false, List.of(PREPARE));

        assertThat(run()).isEqualTo(Outcome.REFUSED);

        assertThat(recorded().problems()).extracting(Problem::code).containsExactly(ProblemCode.RUN_PLAN_CHANGED);
    }

    @Test
    @DisplayName("a step that needs a person fails at once; siblings finish, dependants are blocked")
    void failsButSiblingsFinish() {
        world.plan(PREPARE, BUILD, DB, ORDERS, CACHE, PRUNE);
        world.failing("deploy/db", Problem.of(ProblemCode.POD_CRASH, "db", "exit", "3"));

        assertThat(run()).isEqualTo(Outcome.FAILED);

        assertThat(state("deploy/db")).isEqualTo(StepState.FAILED);
        assertThat(state("deploy/orders")).isEqualTo(StepState.BLOCKED);
        assertThat(state("deploy/cache")).isEqualTo(StepState.DONE);
        assertThat(world.calls.stream().filter("deploy/db"::equals)).hasSize(1);
    }

    @Test
    @DisplayName("trouble that may pass is retried until it has passed")
    void retriesWhatMayPass() {
        world.plan(PREPARE, DB);
        Problem away = Problem.of(ProblemCode.KUBERNETES_UNREACHABLE, "cluster");
        Problem[] longTrouble = new Problem[20];
        java.util.Arrays.fill(longTrouble, away);
        world.failing("deploy/db", longTrouble);

        assertThat(run()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(recorded().steps().get(1).attempt()).isEqualTo(3);
    }

    @Test
    @DisplayName("cancelling ends what runs, starts nothing new, and takes back what was done")
    void stops() {
        world.plan(PREPARE, DB, ORDERS_WITHOUT_BUILD);
        world.hold("deploy/db");
        WorkflowStub run = begin();
        await().until(() -> world.calls.contains("deploy/db"));

        run.cancel();

        // The engine closes a run that was asked to cancel as cancelled, whatever it returns; ours is what is recorded.
        assertThatThrownBy(() -> run.getResult(Outcome.class)).hasRootCauseInstanceOf(CanceledFailure.class);
        assertThat(world.finished.get("r1").outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(world.calls)
                .contains("cancelled deploy/db", "undo deploy/db", "undo prepare", "finishRun r1 cancelled")
                .doesNotContain("deploy/orders");
    }

    private static final Step ORDERS_WITHOUT_BUILD =
            new Step(StepKind.DEPLOY, "orders", List.of("prepare", "deploy/db"));

    @Test
    @DisplayName("progress says what runs, and what each waiting step waits for")
    void tellsProgress() {
        world.plan(PREPARE, DB, ORDERS_WITHOUT_BUILD);
        CountDownLatch db = world.hold("deploy/db");
        WorkflowStub run = begin();
        await().until(() -> world.calls.contains("deploy/db"));

        Progress progress = run.query("progress", Progress.class);

        assertThat(progress.steps().get(1).state()).isEqualTo(StepState.RUNNING);
        assertThat(progress.steps().get(2).state()).isEqualTo(StepState.PENDING);
        assertThat(progress.steps().get(2).waitsFor()).containsExactly("deploy/db");
        db.countDown();
        assertThat(run.getResult(Outcome.class)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run.query("progress", Progress.class).revision()).isGreaterThan(progress.revision());
    }

    @Test
    @DisplayName("a run that is over already ends at once, with its outcome")
    void doesNotRunTwice() {
        world.plan(PREPARE);
        run();
        int calls = world.calls.size();

        assertThat(run()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(world.calls).hasSize(calls + 1);
    }

    @Test
    @DisplayName("its own history replays")
    void replays() throws Exception {
        world.plan(PREPARE, BUILD, DB, ORDERS, CACHE, PRUNE);
        run();

        WorkflowReplayer.replayWorkflowExecution(
                environment.getWorkflowClient().fetchHistory(TaskQueues.runId("r1")), DeployWorkflowImpl.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openRelease", "prune"})
    @DisplayName("a cancelled run records its end only when what it had begun to write is written")
    void endsAfterItsLastWrite(String write) {
        world.plan(PREPARE, PRUNE_ONLY);
        CountDownLatch writing = world.hold(write);
        WorkflowStub run = begin();
        await().until(() -> world.calls.contains(write));

        run.cancel();

        await().during(Duration.ofMillis(700))
                .until(() -> world.calls.stream().noneMatch(call -> call.startsWith("finishRun")));
        writing.countDown();
        await().until(() -> world.finished.containsKey("r1"));
        assertThat(world.finished.get("r1").outcome()).isIn(Outcome.CANCELLED, Outcome.SUCCEEDED);
    }
}
