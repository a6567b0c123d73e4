package dev.slipway.workflows.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.Leftover;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Questions, pauses and endings of a run, as seen by who gives the answers. */
class RunControlTest {
    private static final Step PREPARE = new Step(StepKind.PREPARE, null, List.of());
    private static final Step DB = new Step(StepKind.DEPLOY, "db", List.of("prepare"));
    private static final Step CACHE = new Step(StepKind.DEPLOY, "cache", List.of("prepare"));
    private static final Step ORDERS = new Step(StepKind.DEPLOY, "orders", List.of("prepare", "deploy/db"));
    private static final Problem CRASH = Problem.of(ProblemCode.POD_CRASH, "db", "exit", "3");

    private final FakeWorld world = new FakeWorld();
    private TestWorkflowEnvironment environment;
    private WorkflowStub run;

    @BeforeEach
    void start() {
        environment = TestWorkflowEnvironment.newInstance();
        for (String queue : List.of(TaskQueues.ORCHESTRATION, TaskQueues.BUILD, TaskQueues.cluster("cluster"))) {
            Worker worker = environment.newWorker(queue);
            worker.registerWorkflowImplementationTypes(DeployWorkflowImpl.class);
            worker.registerActivitiesImplementations(world);
        }
        environment.start();
        world.plan(PREPARE, DB, CACHE, ORDERS);
        world.onFailure = OnFailure.ASK;
    }

    @AfterEach
    void stop() {
        try {
            if (run != null && world.finished.containsKey("r1")) {
                WorkflowReplayer.replayWorkflowExecution(
                        environment.getWorkflowClient().fetchHistory(TaskQueues.runId("r1")), DeployWorkflowImpl.class);
            }
        } catch (Exception e) {
            throw new AssertionError("its own history does not replay", e);
        } finally {
            environment.close();
        }
    }

    private void begin() {
        run = environment
                .getWorkflowClient()
                .newUntypedWorkflowStub(
                        "DeployWorkflow",
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.ORCHESTRATION)
                                .setWorkflowId(TaskQueues.runId("r1"))
                                .build());
        run.start("r1");
    }

    private Progress progress() {
        return run.query("progress", Progress.class);
    }

    private Question asked(String id) {
        await().until(() -> progress().questions().stream()
                .anyMatch(question -> question.id().equals(id) && question.open()));
        return progress().questions().stream()
                .filter(question -> question.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private StepState state(String step) {
        return progress().steps().stream()
                .filter(view -> view.id().equals(step))
                .findFirst()
                .map(StepView::state)
                .orElse(StepState.PENDING);
    }

    private Answer answer(String question, Choice choice, String who, Map<String, String> inputs) {
        return run.update("answer", Answer.class, new Reply(question, choice, who, "because", inputs));
    }

    private Answer answer(String question, Choice choice) {
        return answer(question, choice, "ana", Map.of());
    }

    private Outcome outcome() {
        return run.getResult(Outcome.class);
    }

    private static List<Problem> refusal(Runnable what) {
        try {
            what.run();
        } catch (WorkflowUpdateException refused) {
            return ((ApplicationFailure) refused.getCause())
                    .getDetails()
                    .get(Problems.class)
                    .problems();
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    @DisplayName("a step that failed for good asks; its siblings go on, and it is done once it is tried again")
    void asksAndRetries() {
        world.failing("deploy/db", CRASH);
        begin();

        Question question = asked("deploy/db#1");
        await().until(() -> state("deploy/cache") == StepState.DONE);

        assertThat(question.choices())
                .containsExactly(Choice.RETRY, Choice.EDIT, Choice.SKIP, Choice.ROLL_BACK, Choice.STOP);
        assertThat(question.problem()).isEqualTo(CRASH);
        assertThat(state("deploy/db")).isEqualTo(StepState.PARKED);
        assertThat(state("deploy/orders")).isEqualTo(StepState.PENDING);
        assertThat(progress().state()).isEqualTo(RunState.WAITING);

        answer("deploy/db#1", Choice.RETRY);

        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
        Progress end = world.finished.get("r1").progress();
        assertThat(end.questions()).singleElement().satisfies(one -> {
            assertThat(one.answer().who()).isEqualTo("ana");
            assertThat(one.answer().choice()).isEqualTo(Choice.RETRY);
        });
        assertThat(end.steps().get(1).attempt()).isEqualTo(2);
        assertThat(end.steps().get(1).tries())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(ProblemCode.POD_CRASH.id()));
        assertThat(world.calls).contains("ask deploy/db#1", "answered deploy/db#1 retry");
    }

    @Test
    @DisplayName("a step that waits for a person holds no slot: more than may run at once can wait")
    void parkedStepsHoldNoSlot() {
        List<Step> builds = IntStream.range(0, 6)
                .mapToObj(i -> new Step(StepKind.BUILD, "c" + i, List.of()))
                .toList();
        world.plan(builds.toArray(Step[]::new));
        builds.forEach(build -> world.failing(build.id(), CRASH));
        begin();

        await().until(() -> progress().questions().size() == 6);

        builds.forEach(build -> answer(build.id() + "#1", Choice.SKIP));
        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("skipping needs a reason, and what needs the step goes on")
    void skips() {
        world.failing("deploy/db", CRASH);
        begin();
        asked("deploy/db#1");

        assertThat(refusal(() -> run.update(
                        "answer", Answer.class, new Reply("deploy/db#1", Choice.SKIP, "ana", " ", Map.of()))))
                .extracting(Problem::where)
                .containsExactly("reason");
        answer("deploy/db#1", Choice.SKIP);

        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.calls).contains("deploy/orders");
        assertThat(world.finished
                        .get("r1")
                        .progress()
                        .questions()
                        .get(0)
                        .answer()
                        .reason())
                .isEqualTo("because");
    }

    @Test
    @DisplayName("of two who answer at once one counts; the other is told who said what, and may say the same again")
    void countsOneAnswer() {
        world.failing("deploy/db", CRASH);
        CountDownLatch held = world.hold("deploy/orders");
        begin();
        asked("deploy/db#1");

        List<CompletableFuture<Answer>> both = List.of(
                CompletableFuture.supplyAsync(() -> answer("deploy/db#1", Choice.RETRY, "ana", Map.of())),
                CompletableFuture.supplyAsync(() -> answer("deploy/db#1", Choice.SKIP, "ben", Map.of())));
        await().until(() -> both.stream().allMatch(CompletableFuture::isDone));

        List<CompletableFuture<Answer>> refused = both.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .toList();
        assertThat(refused).hasSize(1);
        Answer counted = both.get(both.indexOf(refused.get(0)) == 0 ? 1 : 0).join();
        assertThat(refusal(() -> {
                    try {
                        refused.get(0).join();
                    } catch (CompletionException e) {
                        throw (WorkflowUpdateException) e.getCause();
                    }
                }))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.RUN_ANSWERED);
                    assertThat(problem.arguments())
                            .containsEntry("who", counted.who())
                            .containsEntry("choice", counted.choice().word());
                });
        assertThat(answer("deploy/db#1", counted.choice(), counted.who(), Map.of()))
                .isEqualTo(counted);
        held.countDown();
        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("what is wrong with an answer is said at once, all of it")
    void refusesBadAnswers() {
        world.failing("deploy/db", CRASH);
        begin();
        asked("deploy/db#1");

        assertThat(refusal(() -> answer("deploy/db#9", Choice.RETRY)))
                .extracting(Problem::code)
                .containsExactly(ProblemCode.RUN_QUESTION_UNKNOWN);
        assertThat(refusal(() -> answer("deploy/db#1", Choice.APPROVE)))
                .extracting(Problem::where)
                .containsExactly("choice");
        assertThat(refusal(() -> answer("deploy/db#1", Choice.EDIT, "ana", Map.of("colour", "red", "shape", "round"))))
                .extracting(Problem::where)
                .containsExactly("inputs.colour", "inputs.shape");
        assertThat(refusal(() -> answer("deploy/db#1", Choice.EDIT, "ana", Map.of("branch", ""))))
                .extracting(Problem::where)
                .containsExactly("inputs");
        answer("deploy/db#1", Choice.STOP);
        assertThat(outcome()).isEqualTo(Outcome.STOPPED);
    }

    @Test
    @DisplayName("roll back takes back what was done, the last first, and leaves what it cannot")
    void rollsBack() {
        world.failing("deploy/orders", CRASH);
        begin();
        asked("deploy/orders#1");

        answer("deploy/orders#1", Choice.ROLL_BACK);

        assertThat(outcome()).isEqualTo(Outcome.ROLLED_BACK);
        List<String> undone =
                world.calls.stream().filter(call -> call.startsWith("undo ")).toList();
        assertThat(undone)
                .containsExactlyInAnyOrder("undo deploy/orders", "undo deploy/db", "undo deploy/cache", "undo prepare");
        assertThat(undone.indexOf("undo deploy/orders")).isLessThan(undone.indexOf("undo deploy/db"));
        assertThat(undone.get(3)).isEqualTo("undo prepare");
        assertThat(world.finished.get("r1").progress().steps())
                .allSatisfy(step -> assertThat(step.state()).isEqualTo(StepState.UNDONE));
    }

    @Test
    @DisplayName("what cannot be undone is listed; trouble on the way is tried again")
    void listsLeftovers() {
        Leftover data = new Leftover(
                "deploy/db", "PersistentVolumeClaim/data", Problem.of(ProblemCode.UNDO_DATA, "data"), "kubectl …");
        world.leftovers.put("deploy/db", List.of(data));
        Problem away = Problem.of(ProblemCode.KUBERNETES_UNREACHABLE, "cluster");
        world.failing("undo deploy/cache", away, away, away, away, away, away, away, away, away, away);
        world.hold("deploy/orders");
        begin();
        await().until(() -> world.calls.contains("deploy/orders"));

        assertThat(run.update("end", Boolean.class, Ending.CANCEL)).isTrue();

        assertThat(outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
        assertThat(world.finished.get("r1").progress().leftovers()).containsExactly(data);
        assertThat(world.calls.stream().filter("undo deploy/cache"::equals).count())
                .isGreaterThan(9);
    }

    @Test
    @DisplayName("an unattended run rolls back by itself where it was told to")
    void rollsBackUnattended() {
        world.onFailure = OnFailure.ROLLBACK;
        world.failing("deploy/db", CRASH);
        begin();

        assertThat(outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.calls).contains("undo deploy/db", "undo prepare");
    }

    @Test
    @DisplayName("a cancelled run takes back what it did; a stopped one leaves it; neither can be ended twice")
    void cancelsAndStops() {
        world.hold("deploy/db");
        begin();
        await().until(() -> world.calls.contains("deploy/db"));

        assertThat(run.update("end", Boolean.class, Ending.STOP)).isTrue();
        assertThat(run.update("end", Boolean.class, Ending.STOP)).isTrue();
        assertThat(run.update("end", Boolean.class, Ending.CANCEL)).isFalse();

        assertThat(outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(world.calls).noneMatch(call -> call.startsWith("undo"));
    }

    @Test
    @DisplayName("nobody answers: a reminder goes out before the time is over, then it ends as where nobody is asked")
    void expires() {
        world.failing("deploy/db", CRASH);
        world.answerWithin = (int) Duration.ofDays(2).toSeconds();
        begin();

        assertThat(outcome()).isEqualTo(Outcome.FAILED);

        Question question = world.finished.get("r1").progress().questions().get(0);
        assertThat(Duration.ofMillis(question.answer().at() - question.askedAt()))
                .isBetween(Duration.ofDays(2), Duration.ofDays(2).plusHours(1));
        assertThat(world.calls)
                .containsSubsequence("ask deploy/db#1", "remind deploy/db#1", "answered deploy/db#1 stop");
        assertThat(question.answer().who()).isEmpty();
    }

    @Test
    @DisplayName("a paused branch waits, others go on; resumed it goes on where it was")
    void pausesABranch() {
        CountDownLatch db = world.hold("deploy/db");
        CountDownLatch cache = world.hold("deploy/cache");
        begin();
        await().until(() -> world.calls.contains("deploy/db"));

        run.update("pause", Void.class, "deploy/db");
        db.countDown();
        await().until(() -> state("deploy/orders") == StepState.PAUSED);
        assertThat(progress().paused()).containsExactly("deploy/db");
        cache.countDown();
        await().until(() -> state("deploy/cache") == StepState.DONE);
        assertThat(world.calls).doesNotContain("deploy/orders");

        run.update("resume", Void.class, "deploy/db");
        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("a paused run starts nothing; it can be cancelled all the same")
    void pausesAll() {
        CountDownLatch prepare = world.hold("prepare");
        begin();
        await().until(() -> world.calls.contains("prepare"));
        run.update("pause", Void.class, Progress.EVERYTHING);
        prepare.countDown();
        await().until(() -> state("deploy/db") == StepState.PAUSED && state("deploy/cache") == StepState.PAUSED);

        assertThat(run.update("end", Boolean.class, Ending.CANCEL)).isTrue();

        assertThat(outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(world.calls).contains("undo prepare").doesNotContain("deploy/db", "undo deploy/db");
    }

    @Test
    @DisplayName("a step that waits to try again does so at once when somebody says so")
    void retriesNow() {
        Problem away = Problem.of(ProblemCode.KUBERNETES_UNREACHABLE, "cluster");
        world.failing("deploy/db", away, away, away, away, away, away, away, away);
        CountDownLatch orders = world.hold("deploy/orders");
        begin();
        // Past the activity's own attempts, 35 s in all, and before the step's next one.
        environment.sleep(Duration.ofSeconds(39));
        await().until(() -> state("deploy/db") == StepState.RETRYING);

        assertThat(run.update("retryNow", Boolean.class, "deploy/db")).isTrue();
        assertThat(run.update("retryNow", Boolean.class, "deploy/cache")).isFalse();
        orders.countDown();

        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("edit and retry plans the component anew and tries again by that plan")
    void edits() {
        world.failing("deploy/db", CRASH);
        begin();
        asked("deploy/db#1");

        answer("deploy/db#1", Choice.EDIT, "ana", Map.of("image", "postgres:17"));

        assertThat(outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.calls)
                .containsSubsequence(
                        "amend r1~1 db {image=postgres:17}", "planDeploy", "amendRelease r1~1", "deploy/db");
        assertThat(world.amended).containsEntry("deploy/db", "r1~1");
    }
}
