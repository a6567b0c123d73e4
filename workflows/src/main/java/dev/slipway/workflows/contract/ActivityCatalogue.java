package dev.slipway.workflows.contract;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every timeout and retry policy, on one page.
 *
 * <table>
 *   <caption>Policies</caption>
 *   <tr><th></th><th>one attempt</th><th>heartbeat</th><th>retries</th></tr>
 *   <tr><td>store</td><td>30 s</td><td>5 s</td><td>until the database answers, at most 5 s apart</td></tr>
 *   <tr><td>plan</td><td>3 min</td><td>5 s</td><td>transport trouble for 30 s</td></tr>
 *   <tr><td>build</td><td>60 min</td><td>5 s</td><td>transport trouble, 3 times; a lost worker at once</td></tr>
 *   <tr><td>cluster, short</td><td>5 min</td><td>5 s</td><td>transport trouble for 30 s</td></tr>
 *   <tr><td>cluster, undoing</td><td>30 min</td><td>5 s</td><td>likewise</td></tr>
 *   <tr><td>cluster, awaiting</td><td>the step's deadline and 2 h</td><td>5 s</td><td>likewise</td></tr>
 * </table>
 *
 * What is short does not look for a cancel: such an activity is left to its end. The engine is not asked to cancel it,
 * as it might have ended in that moment, which the in-process engine takes for an error of the run. Where it writes, the
 * workflow calls it undisturbed and waits for it: nothing writes for a run that has recorded its end.
 *
 * A problem that needs a person is never retried: {@link Problems#failure} says so on the failure itself.
 */
public final class ActivityCatalogue {
    /** As {@link #LOST_WORKER}, for a worker that dies while it decides what comes next; every start of a workflow sets it. */
    public static final Duration WORKFLOW_TASK = Duration.ofSeconds(5);

    /** How long the death of a worker may stay unnoticed; the worker itself heartbeats for whatever runs. */
    private static final Duration LOST_WORKER = Duration.ofSeconds(5);

    private static final Duration TRANSPORT_TROUBLE = Duration.ofSeconds(30);

    private ActivityCatalogue() {}

    public static StoreActivities store() {
        return Workflow.newActivityStub(
                StoreActivities.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setStartToCloseTimeout(Duration.ofSeconds(30))
                        .setHeartbeatTimeout(LOST_WORKER)
                        .setCancellationType(ActivityCancellationType.ABANDON)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofMillis(200))
                                .setMaximumInterval(Duration.ofSeconds(5))
                                .build())
                        .build());
    }

    public static GitActivities git() {
        return Workflow.newActivityStub(GitActivities.class, planning(TaskQueues.ORCHESTRATION));
    }

    public static ImageActivities images() {
        return Workflow.newActivityStub(ImageActivities.class, planning(TaskQueues.ORCHESTRATION));
    }

    public static ImageActivities builds() {
        return Workflow.newActivityStub(
                ImageActivities.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.BUILD)
                        .setStartToCloseTimeout(Duration.ofMinutes(60))
                        .setHeartbeatTimeout(LOST_WORKER)
                        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                        .setRetryOptions(transportRetries(3))
                        .build());
    }

    /** Planning on a cluster. */
    public static KubernetesActivities clusterPlanning(String cluster) {
        return Workflow.newActivityStub(KubernetesActivities.class, planning(TaskQueues.cluster(cluster)));
    }

    /** Steps on a cluster that write and return. */
    public static KubernetesActivities clusterCalls(String cluster) {
        return Workflow.newActivityStub(
                KubernetesActivities.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.cluster(cluster))
                        .setStartToCloseTimeout(Duration.ofMinutes(5))
                        .setHeartbeatTimeout(LOST_WORKER)
                        .setCancellationType(ActivityCancellationType.ABANDON)
                        .setRetryOptions(transportRetries(8))
                        .build());
    }

    /**
     * Steps on a cluster that apply and then wait for it.
     *
     * @param deadline of the step; who waits ends it by then, or when the time of the component's own probes is over
     */
    public static KubernetesActivities clusterWaits(String cluster, Duration deadline) {
        return Workflow.newActivityStub(
                KubernetesActivities.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.cluster(cluster))
                        .setStartToCloseTimeout(deadline.plusHours(2))
                        .setHeartbeatTimeout(LOST_WORKER)
                        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                        .setRetryOptions(transportRetries(8))
                        .build());
    }

    /** What takes back what a step has done. */
    public static KubernetesActivities clusterUndoing(String cluster) {
        return Workflow.newActivityStub(
                KubernetesActivities.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.cluster(cluster))
                        .setStartToCloseTimeout(Duration.ofMinutes(30))
                        .setHeartbeatTimeout(LOST_WORKER)
                        .setCancellationType(ActivityCancellationType.ABANDON)
                        .setRetryOptions(transportRetries(8))
                        .build());
    }

    private static ActivityOptions planning(String queue) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(queue)
                .setStartToCloseTimeout(Duration.ofMinutes(3))
                .setHeartbeatTimeout(LOST_WORKER)
                .setCancellationType(ActivityCancellationType.ABANDON)
                .setRetryOptions(transportRetries(6))
                .build();
    }

    private static RetryOptions transportRetries(int attempts) {
        return RetryOptions.newBuilder()
                .setInitialInterval(Duration.ofMillis(500))
                .setMaximumInterval(TRANSPORT_TROUBLE.dividedBy(3))
                .setMaximumAttempts(attempts)
                .build();
    }

    /** What an activity's failure says; {@code null} when it was cancelled and there is nothing to say. */
    public static @Nullable List<Problem> problems(RuntimeException failure) {
        Throwable cause = failure instanceof ActivityFailure ? failure.getCause() : failure;
        if (cause instanceof CanceledFailure) {
            return null;
        }
        if (cause instanceof ApplicationFailure application) {
            if (application.getDetails().getSize() > 0) {
                return application.getDetails().get(Problems.class).problems();
            }
            return List.of(Problem.of(
                    ProblemCode.STEP_UNEXPECTED, "", "message", String.valueOf(application.getOriginalMessage())));
        }
        if (cause instanceof TimeoutFailure timeout) {
            return List.of(Problem.of(
                    ProblemCode.STEP_WORKER_LOST,
                    "",
                    "timeout",
                    timeout.getTimeoutType().name()));
        }
        throw failure;
    }
}
