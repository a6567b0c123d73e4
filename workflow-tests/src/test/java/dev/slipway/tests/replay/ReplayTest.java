package dev.slipway.tests.replay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.tests.replay.Histories.Kept;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.deploy.DeployWorkflow;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.deploy.PreviewWorkflowImpl;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.environment.LaneWorkflowImpl;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Reply;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.NonDeterministicException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How to keep histories of a new version: {@link HistoryRecorder}.
 *
 * A replay compares which activities are called and in which order, not what they are called with: two steps of one kind
 * that change places are not found.
 */
class ReplayTest {
    /** All that a worker takes: {@link EngineRulesTest} sees to it. */
    static final Map<String, Class<?>> WORKFLOWS = Map.of(
            "DeployWorkflow", DeployWorkflowImpl.class,
            "LaneWorkflow", LaneWorkflowImpl.class,
            "PreviewWorkflow", PreviewWorkflowImpl.class);

    @BeforeAll
    static void recordWhenAsked() throws IOException {
        String folder = System.getProperty(Histories.FOLDER);
        if (folder != null) {
            HistoryRecorder.record(Path.of(folder), System.getProperty("slipway.histories.version", "next"));
        }
    }

    static Stream<Kept> kept() throws IOException {
        Stream<Kept> all = Stream.of();
        for (String type : WORKFLOWS.keySet()) {
            all = Stream.concat(all, Histories.of(type).stream());
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kept")
    @DisplayName("today's workflows go on with every history that was kept")
    void replays(Kept kept) throws Exception {
        replay(kept, WORKFLOWS.get(kept.type()));
    }

    static Stream<Kept> deploys() throws IOException {
        return Histories.of("DeployWorkflow").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deploys")
    @DisplayName("today's deploy with one timer more cannot go on with any history of a deploy")
    void findsATimer(Kept kept) {
        assertThatThrownBy(() -> replay(kept, DelayedDeploy.class))
                .hasMessageContaining(NonDeterministicException.class.getName());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deploys")
    @DisplayName("today's deploy that records its end twice cannot go on with any history of a deploy that has ended")
    void findsACallAtTheEnd(Kept kept) {
        assertThatThrownBy(() -> replay(kept, TwiceEndedDeploy.class))
                .hasMessageContaining(NonDeterministicException.class.getName());
    }

    @Test
    @DisplayName("a deploy that does something else first cannot go on with an old history, and the replay says so")
    void findsAChangedDeploy() throws IOException {
        Kept kept = history("DeployWorkflow", "all-steps");

        assertThatThrownBy(() -> replay(kept, ChangedDeploy.class))
                .hasMessageContaining(NonDeterministicException.class.getName());
    }

    @Test
    @DisplayName("a lane that waits before each run cannot go on with an old history, and the replay says so")
    void findsAChangedLane() throws IOException {
        Kept kept = Histories.of("LaneWorkflow").get(0);

        assertThatThrownBy(() -> replay(kept, ChangedLane.class))
                .hasMessageContaining(NonDeterministicException.class.getName());
    }

    private static void replay(Kept kept, Class<?> workflow) throws Exception {
        try (TestWorkflowEnvironment engine = TestWorkflowEnvironment.newInstance()) {
            // On a busy machine the first use of a class takes longer than the second that a workflow has.
            Worker worker = engine.newWorker(
                    "replay",
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(30_000)
                            .build());
            worker.registerWorkflowImplementationTypes(workflow);
            WorkflowReplayer.replayWorkflowExecution(kept.read(), worker);
        }
    }

    private static Kept history(String type, String name) throws IOException {
        return Histories.of(type).stream()
                .filter(kept -> kept.workflowId().endsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** The deploy of today, to be changed in one thing. */
    private abstract static class TodaysDeploy implements DeployWorkflow {
        final DeployWorkflow today;

        private TodaysDeploy(String runId) {
            today = new DeployWorkflowImpl(runId);
        }

        @Override
        public Progress progress() {
            return today.progress();
        }

        @Override
        public Answer answer(Reply reply) {
            return today.answer(reply);
        }

        @Override
        public void pause(String where) {
            today.pause(where);
        }

        @Override
        public void resume(String where) {
            today.resume(where);
        }

        @Override
        public boolean retryNow(String step) {
            return today.retryNow(step);
        }

        @Override
        public boolean end(Ending how) {
            return today.end(how);
        }
    }

    /** Waits a second before it begins. */
    public static final class DelayedDeploy extends TodaysDeploy {
        @WorkflowInit
        public DelayedDeploy(String runId) {
            super(runId);
        }

        @Override
        public Outcome run(String runId) {
            Workflow.sleep(Duration.ofSeconds(1));
            return today.run(runId);
        }
    }

    /** Records its end once more. */
    public static final class TwiceEndedDeploy extends TodaysDeploy {
        @WorkflowInit
        public TwiceEndedDeploy(String runId) {
            super(runId);
        }

        @Override
        public Outcome run(String runId) {
            Outcome outcome = today.run(runId);
            Workflow.newDetachedCancellationScope(
                            () -> ActivityCatalogue.store().finishRun(new RunFinished(runId, outcome, null)))
                    .run();
            return outcome;
        }
    }

    /** Opens the release before anything is planned. */
    public static final class ChangedDeploy extends TodaysDeploy {
        private final StoreActivities store = ActivityCatalogue.store();

        @WorkflowInit
        public ChangedDeploy(String runId) {
            super(runId);
        }

        @Override
        public Outcome run(String runId) {
            var unused = store.openRun(runId);
            store.openRelease(runId);
            store.finishRun(new RunFinished(runId, Outcome.SUCCEEDED, null));
            return Outcome.SUCCEEDED;
        }
    }

    /** Sleeps where the lane starts a run. */
    public static final class ChangedLane implements LaneWorkflow {
        private final Deque<Entry> waiting = new ArrayDeque<>();

        @Override
        public void run(LaneState state) {
            while (Workflow.await(Duration.ofMinutes(1), () -> !waiting.isEmpty())) {
                Workflow.sleep(Duration.ofSeconds(1));
                waiting.clear();
            }
        }

        @Override
        public LaneView submit(Entry entry) {
            waiting.add(entry);
            return view();
        }

        @Override
        public void validateSubmit(Entry entry) {}

        @Override
        public boolean withdraw(String runId) {
            return false;
        }

        @Override
        public boolean supersede(String runId) {
            return false;
        }

        @Override
        public void forget(String runId) {}

        @Override
        public LaneView view() {
            return new LaneView(null, List.of());
        }
    }
}
