package dev.slipway.tests.support;

import com.google.protobuf.Timestamp;
import dev.slipway.web.worker.WorkerQueue;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.filter.v1.StartTimeFilter;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.util.List;
import java.util.stream.Stream;

/** What the engine of a running Slipway has written of its workflows, so far. */
public final class RunHistories {
    private static final StartTimeFilter EVER = StartTimeFilter.newBuilder()
            .setEarliestTime(Timestamp.getDefaultInstance())
            .setLatestTime(Timestamp.newBuilder().setSeconds(Integer.MAX_VALUE))
            .build();

    private final WorkflowClient client;
    private final List<Class<?>> workflows;

    private RunHistories(WorkflowClient client, List<Class<?>> workflows) {
        this.client = client;
        this.workflows = workflows;
    }

    public static RunHistories of(RunningSlipway slipway) {
        return new RunHistories(
                slipway.get(WorkflowClient.class),
                slipway.all(WorkerQueue.class).stream()
                        .<Class<?>>flatMap(queue -> queue.workflows().stream())
                        .distinct()
                        .toList());
    }

    /** Every one, of workflows that have ended and of those that go on. */
    public List<WorkflowExecutionHistory> all() {
        return Stream.concat(open().stream(), closed().stream())
                .map(WorkflowExecutionInfo::getExecution)
                .map(this::history)
                .toList();
    }

    /**
     * Replays each with the workflows that wrote it.
     *
     * @return how many
     */
    public int replay() throws Exception {
        List<WorkflowExecutionHistory> all = all();
        try (TestWorkflowEnvironment engine = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(client.getOptions().getDataConverter())
                        .build())
                .build())) {
            // On a busy machine the first use of a class takes longer than the second that a workflow has.
            Worker worker = engine.newWorker(
                    "replay",
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(30_000)
                            .build());
            worker.registerWorkflowImplementationTypes(workflows.toArray(Class<?>[]::new));
            for (WorkflowExecutionHistory history : all) {
                WorkflowReplayer.replayWorkflowExecution(history, worker);
            }
        }
        return all.size();
    }

    private WorkflowExecutionHistory history(WorkflowExecution execution) {
        return client.fetchHistory(execution.getWorkflowId(), execution.getRunId());
    }

    private List<WorkflowExecutionInfo> open() {
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .listOpenWorkflowExecutions(ListOpenWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setStartTimeFilter(EVER)
                        .build())
                .getExecutionsList();
    }

    private List<WorkflowExecutionInfo> closed() {
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .listClosedWorkflowExecutions(ListClosedWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setStartTimeFilter(EVER)
                        .build())
                .getExecutionsList();
    }
}
