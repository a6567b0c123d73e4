package dev.slipway.workflows.environment;

import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflow;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

public final class LaneWorkflowImpl implements LaneWorkflow {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int RECENT = 100;

    private final StoreActivities store = ActivityCatalogue.store();
    private final String environmentId;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Deque<String> recent = new ArrayDeque<>();
    private @Nullable String running;
    private @Nullable String forgotten;

    /** State is there before the first submission is handled: it arrives together with the start. */
    @WorkflowInit
    public LaneWorkflowImpl(LaneState state) {
        environmentId = state.environmentId();
        waiting.addAll(state.waiting());
        recent.addAll(state.recent());
    }

    @Override
    public void run(LaneState state) {
        while (Workflow.await(IDLE, () -> !waiting.isEmpty())) {
            Entry entry = waiting.removeFirst();
            running = entry.runId();
            remember(entry.runId());
            runToItsEnd(entry);
            running = null;
            if (Workflow.getInfo().isContinueAsNewSuggested()) {
                Workflow.await(Workflow::isEveryHandlerFinished);
                Workflow.continueAsNew(new LaneState(environmentId, new ArrayList<>(waiting), new ArrayList<>(recent)));
            }
        }
        Workflow.await(Workflow::isEveryHandlerFinished);
        if (!waiting.isEmpty()) {
            Workflow.continueAsNew(new LaneState(environmentId, new ArrayList<>(waiting), new ArrayList<>(recent)));
        }
    }

    /** A run that fails, is terminated or is unknown ends; the lane goes on. */
    private void runToItsEnd(Entry entry) {
        DeployWorkflow run = switch (entry.operation()) {
            case DEPLOY, BUILD, RESTART, SCALE, DESTROY ->
                Workflow.newChildWorkflowStub(
                        DeployWorkflow.class,
                        ChildWorkflowOptions.newBuilder()
                                .setWorkflowId(TaskQueues.runId(entry.runId()))
                                .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                                .setWorkflowIdReusePolicy(
                                        WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                                .build());
        };
        Promise<Outcome> ended = Async.function(run::run, entry.runId());
        try {
            Workflow.await(() -> ended.isCompleted() || entry.runId().equals(forgotten));
        } catch (CanceledFailure cancelled) {
            // So is the run: its end is waited for.
        }
        if (entry.runId().equals(forgotten) && !ended.isCompleted()) {
            store.finishRun(new RunFinished(entry.runId(), Outcome.TERMINATED, null));
            return;
        }
        try {
            var unused = ended.get();
        } catch (ChildWorkflowFailure failure) {
            Outcome outcome = failure.getCause() instanceof CanceledFailure ? Outcome.STOPPED : Outcome.TERMINATED;
            store.finishRun(new RunFinished(entry.runId(), outcome, null));
        }
    }

    private void remember(String runId) {
        recent.addLast(runId);
        while (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    @Override
    public LaneView submit(Entry entry) {
        if (!knows(entry.runId())) {
            waiting.addLast(entry);
        }
        return view();
    }

    @Override
    public void validateSubmit(Entry entry) {
        if (waiting.size() >= MAX_WAITING && !knows(entry.runId())) {
            throw ApplicationFailure.newNonRetryableFailure(
                    MAX_WAITING + " runs wait already", ProblemCode.RUN_QUEUE_FULL.id());
        }
    }

    private boolean knows(String runId) {
        return recent.contains(runId)
                || waiting.stream().anyMatch(entry -> entry.runId().equals(runId));
    }

    @Override
    public boolean withdraw(String runId) {
        return end(runId, Outcome.CANCELLED);
    }

    @Override
    public boolean supersede(String runId) {
        return end(runId, Outcome.SUPERSEDED);
    }

    private boolean end(String runId, Outcome outcome) {
        boolean waited = waiting.removeIf(entry -> entry.runId().equals(runId));
        if (!waited && recent.contains(runId)) {
            return false;
        }
        remember(runId);
        store.finishRun(new RunFinished(runId, outcome, null));
        return true;
    }

    @Override
    public void forget(String runId) {
        if (runId.equals(running)) {
            forgotten = runId;
        }
    }

    @Override
    public LaneView view() {
        return new LaneView(
                running, List.copyOf(waiting.stream().map(Entry::runId).toList()));
    }
}
