package dev.slipway.tests.environment;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.operatorservice.v1.DeleteNamespaceRequest;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.UUID;

/**
 * A namespace of a Temporal server that nobody else has, for as long as this is open. Task queues have fixed names, so
 * workers of two tests in one namespace would take each other's tasks.
 */
public final class TemporalNamespace implements AutoCloseable {
    private final String name = "slipway-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final String address;
    private final WorkflowServiceStubs stubs;

    private TemporalNamespace(String address) {
        this.address = address;
        stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
    }

    /** Registers one and waits until the server's parts know it: up to half a minute. */
    public static TemporalNamespace register(String address) {
        TemporalNamespace namespace = new TemporalNamespace(address);
        try {
            namespace.register();
        } catch (RuntimeException | Error e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    private void register() {
        var unused = stubs.blockingStub()
                .registerNamespace(RegisterNamespaceRequest.newBuilder()
                        .setNamespace(name)
                        .setDescription("of a test; may be deleted")
                        .setWorkflowExecutionRetentionPeriod(Durations.fromDays(1))
                        .build());
        DescribeTaskQueueRequest ask = DescribeTaskQueueRequest.newBuilder()
                .setNamespace(name)
                .setTaskQueue(TaskQueue.newBuilder().setName("any"))
                .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                .build();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> stubs.blockingStub().describeTaskQueue(ask).isInitialized());
    }

    public String name() {
        return name;
    }

    /** What the server says of an execution: how many events its history has, how many bytes. */
    public WorkflowExecutionInfo execution(String workflowId) {
        return stubs.blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(name)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflowId))
                        .build())
                .getWorkflowExecutionInfo();
    }

    WorkflowClient client() {
        return WorkflowClient.newInstance(
                stubs, WorkflowClientOptions.newBuilder().setNamespace(name).build());
    }

    @Override
    public void close() {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(
                OperatorServiceStubsOptions.newBuilder().setTarget(address).validateAndBuildWithDefaults());
        try {
            var unused = operator.blockingStub()
                    .deleteNamespace(DeleteNamespaceRequest.newBuilder()
                            .setNamespace(name)
                            .build());
        } finally {
            operator.shutdownNow();
            stubs.shutdownNow();
        }
    }
}
