package dev.slipway.web.runs;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.audit.Audit;
import dev.slipway.web.audit.AuditSubject;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflow;
import dev.slipway.workflows.deploy.PreviewWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow.Entry;
import dev.slipway.workflows.environment.LaneWorkflow.LaneState;
import dev.slipway.workflows.environment.LaneWorkflow.LaneView;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.Trigger;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The one door: pages and API, and later chat, hooks and schedules, start, watch and stop runs here. A request is first a
 * row in the store, then it goes to its environment's lane; while the engine is away it stays accepted and
 * {@link Sweeper} hands it over later.
 */
@Component
public final class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final Duration PREVIEW_LIMIT = Duration.ofMinutes(3);
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(10);
    private static final Duration CANCEL_PAUSE = Duration.ofMillis(20);
    private static final int MOST_SUPERSEDED = 200;

    private final RunStore runs;
    private final EnvironmentStore environments;
    private final PlanStore plans;
    private final WorkflowClient temporal;

    private final Access access;
    private final Audit audit;

    public Runs(
            RunStore runs,
            EnvironmentStore environments,
            PlanStore plans,
            WorkflowClient temporal,
            Access access,
            Audit audit) {
        this.access = access;
        this.audit = audit;
        this.runs = runs;
        this.environments = environments;
        this.plans = plans;
        this.temporal = temporal;
    }

    /**
     * Accepts a request. The same idempotency key gives the same run.
     *
     * @throws ProblemException {@code SLP-ENV-UNKNOWN}, {@code SLP-RUN-KEY-REUSED}, {@code SLP-RUN-QUEUE-FULL},
     *     {@code SLP-AUTH-NOT-PERMITTED}, {@code SLP-AUTH-TOKEN-SCOPE}
     */
    public StoredRun start(RunRequest request, Caller caller) {
        StoredEnvironment environment = environments.byId(request.environmentId());
        return audit.act(
                caller,
                "run.start",
                new AuditSubject("environment", environment.name(), environment.id()),
                () -> startIn(environment, request, caller),
                run -> run.operation().word() + " " + run.id());
    }

    private StoredRun startIn(StoredEnvironment environment, RunRequest request, Caller caller) {
        access.require(
                caller,
                Access.of(request.operation()),
                Subject.environment(environment.applicationId(), environment.id()));
        require(request.scope());
        StoredRun run = runs.accept(request);
        if (run.state() == RunState.ACCEPTED) {
            try {
                submit(run);
            } catch (WorkflowServiceException | StatusRuntimeException engineAway) {
                LOG.warn("run {} is accepted; the engine does not answer, it will be handed over later", run.id());
            }
        }
        return run;
    }

    /** Hands a run to its lane; a run that the lane knows is not queued twice. */
    void submit(StoredRun run) {
        LaneWorkflow lane = temporal.newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(laneId(run))
                        .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .build());
        try {
            var unused = WorkflowClient.executeUpdateWithStart(
                    lane::submit,
                    new Entry(run.id(), run.operation()),
                    UpdateOptions.<LaneView>newBuilder()
                            .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                            .build(),
                    new WithStartWorkflowOperation<>(lane::run, LaneState.empty(run.environmentId())));
        } catch (WorkflowUpdateException refused) {
            if (refused.getCause() instanceof ApplicationFailure failure
                    && failure.getType().equals(ProblemCode.RUN_QUEUE_FULL.id())) {
                runs.finish(run.id(), Outcome.REFUSED, null);
                throw new ProblemException(Problem.of(
                        ProblemCode.RUN_QUEUE_FULL,
                        run.environmentName(),
                        "limit",
                        Integer.toString(LaneWorkflow.MAX_WAITING)));
            }
            throw refused;
        }
    }

    /** What a deploy of everything would do that stops at conflicts. */
    public StoredPlan preview(String environmentId) {
        return preview(environmentId, Scope.whole(Operation.DEPLOY), OnConflict.STOP);
    }

    /**
     * What a run would do, by the code that would do it. Nothing is changed, no lane is taken. What speaks against carrying
     * the plan out is in the plan.
     *
     * @throws ProblemException with everything that keeps the plan from being made
     */
    public StoredPlan preview(String environmentId, Scope scope, OnConflict onConflict) {
        return plans.plan(previewed(environmentId, scope, onConflict)).orElseThrow();
    }

    /**
     * As {@link #preview}, for what belongs to a plan.
     *
     * @return the plan's id
     */
    public String previewed(String environmentId, Scope scope, OnConflict onConflict) {
        require(scope);
        StoredEnvironment environment = environments.byId(environmentId);
        String planId = Ids.next();
        if (!scope.equals(Scope.whole(Operation.DEPLOY))) {
            plans.scope(planId, scope);
        }
        PreviewWorkflow preview = temporal.newWorkflowStub(
                PreviewWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ORCHESTRATION)
                        .setWorkflowId(TaskQueues.previewId(planId))
                        .setWorkflowTaskTimeout(ActivityCatalogue.WORKFLOW_TASK)
                        .setWorkflowExecutionTimeout(PREVIEW_LIMIT)
                        .build());
        try {
            var unused = preview.preview(new PlanCall(planId, environment.id(), onConflict), environment.cluster());
        } catch (WorkflowFailedException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                List<Problem> problems = ActivityCatalogue.problems(cause);
                if (problems != null) {
                    throw new ProblemException(problems);
                }
            }
            throw failed;
        } catch (WorkflowServiceException engineAway) {
            throw new ProblemException(engineAway(Status.fromThrowable(engineAway)), engineAway);
        }
        return planId;
    }

    private static void require(Scope scope) {
        List<Problem> problems = scope.check();
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    /** Where the run is: asked of the run itself while it goes on, else what it recorded last. */
    public Optional<Progress> progress(String runId) {
        StoredRun run = runs.byId(runId);
        if (run.state() != RunState.FINISHED && run.state() != RunState.ACCEPTED) {
            try {
                return Optional.of(temporal.newWorkflowStub(DeployWorkflow.class, TaskQueues.runId(runId))
                        .progress());
            } catch (WorkflowException | StatusRuntimeException notNow) {
                LOG.debug("run {} does not say its progress", runId, notNow);
                return Optional.ofNullable(runs.byId(runId).progress());
            }
        }
        return Optional.ofNullable(run.progress());
    }

    /**
     * As {@link #cancel(String)}, for doors whose route has not asked whether the caller may.
     *
     * @throws ProblemException {@code SLP-AUTH-NOT-PERMITTED}, {@code SLP-AUTH-TOKEN-SCOPE}, and those of {@link #cancel(String)}
     */
    public void cancel(String runId, Caller caller) {
        StoredRun run = runs.byId(runId);
        StoredEnvironment environment = environments.byId(run.environmentId());
        audit.act(caller, "run.cancel", new AuditSubject("run", run.id(), run.id()), () -> {
            access.require(
                    caller,
                    Access.of(run.operation()),
                    Subject.environment(environment.applicationId(), environment.id()));
            cancel(runId);
        });
    }

    /**
     * Ends a run: one that waits is taken out of its lane, one that runs takes back what it has done.
     *
     * @throws ProblemException {@code SLP-RUN-FINISHED}, {@code SLP-RUN-UNKNOWN}, {@code SLP-ENGINE-UNREACHABLE}
     */
    public void cancel(String runId) {
        StoredRun run = runs.byId(runId);
        if (run.state() == RunState.FINISHED) {
            throw new ProblemException(Problem.of(ProblemCode.RUN_FINISHED, runId, "run", runId));
        }
        try {
            // Between the queue and its own beginning a run is for a moment in neither; after a crash it is so until
            // the
            // sweeper has handed it over.
            long until = System.nanoTime() + CANCEL_LIMIT.toNanos();
            while (!withdrawn(run) && !stopped(runId)) {
                if (System.nanoTime() > until) {
                    throw new ProblemException(engineAway(Status.DEADLINE_EXCEEDED));
                }
                Thread.sleep(CANCEL_PAUSE.toMillis());
                run = runs.byId(runId);
                if (run.state() == RunState.FINISHED) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a run was cancelled", e);
        } catch (WorkflowServiceException | StatusRuntimeException engineAway) {
            throw new ProblemException(engineAway(Status.fromThrowable(engineAway)), engineAway);
        }
    }

    /**
     * A newer push took the place of older ones: runs of pushes that have not begun, and that do no more than this one, end
     * superseded. One that begins at this moment goes on. Safe to repeat.
     *
     * @return how many were ended
     */
    public int supersede(StoredRun newer) {
        int ended = 0;
        for (StoredRun older : runs.list(
                newer.environmentId(), newer.operation(), RunState.ACCEPTED, newer.position(), MOST_SUPERSEDED)) {
            if (older.trigger() == Trigger.WEBHOOK && covers(newer.scope(), older.scope()) && superseded(older)) {
                LOG.info("run {} of {} is superseded by {}", older.id(), older.environmentName(), newer.id());
                ended++;
            }
        }
        return ended;
    }

    private static boolean covers(Scope newer, Scope older) {
        return newer.isWhole()
                || !older.isWhole()
                        && Set.copyOf(newer.components()).containsAll(older.components())
                        && (newer.withDependencies() || !older.withDependencies());
    }

    private boolean superseded(StoredRun run) {
        try {
            return temporal.newWorkflowStub(LaneWorkflow.class, laneId(run)).supersede(run.id());
        } catch (WorkflowNotFoundException noLane) {
            runs.finish(run.id(), Outcome.SUPERSEDED, null);
            return true;
        } catch (WorkflowException | StatusRuntimeException engineAway) {
            // It will run, and find that there is nothing to do.
            LOG.warn("run {} could not be superseded: {}", run.id(), engineAway.toString());
            return false;
        }
    }

    private boolean stopped(String runId) {
        try {
            temporal.newUntypedWorkflowStub(TaskQueues.runId(runId)).cancel();
            return true;
        } catch (WorkflowNotFoundException notNow) {
            return false;
        }
    }

    private boolean withdrawn(StoredRun run) {
        if (run.state() != RunState.ACCEPTED) {
            return false;
        }
        try {
            return temporal.newWorkflowStub(LaneWorkflow.class, laneId(run)).withdraw(run.id());
        } catch (WorkflowNotFoundException noLane) {
            runs.finish(run.id(), Outcome.CANCELLED, null);
            return true;
        }
    }

    static String laneId(StoredRun run) {
        return TaskQueues.laneId(run.environmentId(), run.operation());
    }

    /** The runs that a lane has in hand or in its queue; none when there is no such lane. */
    Set<String> knownToLane(String laneId) {
        try {
            LaneView view = temporal.newWorkflowStub(LaneWorkflow.class, laneId).view();
            Set<String> known = new HashSet<>(view.waiting());
            if (view.running() != null) {
                known.add(view.running());
            }
            return known;
        } catch (WorkflowNotFoundException noLane) {
            return Set.of();
        }
    }

    /** The engine did not answer. */
    static ProblemException away(Exception why) {
        Status status = why instanceof java.util.concurrent.TimeoutException
                ? Status.DEADLINE_EXCEEDED
                : Status.fromThrowable(why);
        return new ProblemException(engineAway(status), why);
    }

    private static Problem engineAway(Status why) {
        return Problem.of(
                ProblemCode.ENGINE_UNREACHABLE, "", "reason", why.getCode().name());
    }
}
