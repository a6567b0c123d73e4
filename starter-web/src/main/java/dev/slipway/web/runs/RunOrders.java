package dev.slipway.web.runs;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.QuestionStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.audit.Audit;
import dev.slipway.web.audit.AuditSubject;
import dev.slipway.workflows.contract.ActivityCatalogue;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflow;
import dev.slipway.workflows.environment.LaneWorkflow;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.Choice;
import dev.slipway.workflows.run.Ending;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Question;
import dev.slipway.workflows.run.Reply;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What people tell a run that goes on: answers to its questions, pauses, and endings other than a cancel. Pages, API, command
 * line and chat come here. Who says the same twice says it once.
 */
@Component
public final class RunOrders {
    private static final Logger LOG = LoggerFactory.getLogger(RunOrders.class);

    /** A run's worker answers in moments; without one the order waits in the engine, and its giver is told so. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunStore store;
    private final EnvironmentStore environments;
    private final QuestionStore questions;
    private final Runs runs;
    private final WorkflowClient temporal;
    private final Access access;
    private final Audit audit;
    private final ExecutorService waiting = Executors.newCachedThreadPool(DaemonThreads.named("orders"));

    RunOrders(
            RunStore store,
            EnvironmentStore environments,
            QuestionStore questions,
            Runs runs,
            WorkflowClient temporal,
            Access access,
            Audit audit) {
        this.store = store;
        this.environments = environments;
        this.questions = questions;
        this.runs = runs;
        this.temporal = temporal;
        this.access = access;
        this.audit = audit;
    }

    /**
     * Answers a question.
     *
     * @param question its id; {@code null}: the only one that is open
     * @throws ProblemException {@code SLP-RUN-ANSWERED} with who was first; {@code SLP-RUN-QUESTION-UNKNOWN}, {@code
     *     SLP-RUN-FINISHED}, {@code SLP-REQUEST-INVALID} with all that is wrong, {@code SLP-ENGINE-UNREACHABLE}
     */
    public Answer answer(
            String runId,
            @Nullable String question,
            String choice,
            @Nullable String reason,
            Map<String, String> inputs,
            Caller caller) {
        return as(caller, runId, "run.answer", run -> {
            Choice meant = Choice.of(choice)
                    .orElseThrow(() -> invalid(
                            "choice",
                            Arrays.stream(Choice.values()).map(Choice::word).collect(Collectors.joining(", "))));
            Reply reply = new Reply(which(run, question), meant, caller.name(), reason, inputs);
            try {
                return told(run, workflow -> workflow.answer(reply));
            } catch (ProblemException over) {
                if (over.problem().code() == ProblemCode.RUN_FINISHED) {
                    throw earlier(run, reply).orElse(over);
                }
                throw over;
            }
        });
    }

    private String which(StoredRun run, @Nullable String question) {
        if (question != null && !question.isBlank()) {
            return question;
        }
        List<Question> open = questions.open(run.id());
        if (open.size() == 1) {
            return open.get(0).id();
        }
        if (open.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemCode.RUN_QUESTION_UNKNOWN, run.id(), "question", "-", "run", run.id()));
        }
        throw invalid("question", open.stream().map(Question::id).collect(Collectors.joining(", ")));
    }

    /** The run is over: whoever answered before is named. */
    private Optional<ProblemException> earlier(StoredRun run, Reply reply) {
        return questions
                .find(run.id(), reply.question())
                .map(Question::answer)
                .map(answer -> new ProblemException(Problem.of(
                        ProblemCode.RUN_ANSWERED,
                        reply.question(),
                        "who",
                        answer.who().isEmpty() ? "-" : answer.who(),
                        "choice",
                        answer.choice().word(),
                        "at",
                        Instant.ofEpochMilli(answer.at()).toString(),
                        "run",
                        run.id())));
    }

    /**
     * Nothing new starts; what runs goes on to its end.
     *
     * @param step that step and all that need it; {@code null}: the whole run
     * @throws ProblemException {@code SLP-RUN-STEP-UNKNOWN}, {@code SLP-RUN-FINISHED}, {@code SLP-ENGINE-UNREACHABLE}
     */
    public void pause(String runId, @Nullable String step, Caller caller) {
        var unused = as(caller, runId, "run.pause", run -> {
            String where = where(run, step);
            return told(run, workflow -> {
                workflow.pause(where);
                return true;
            });
        });
    }

    /** Takes a pause back; without a step all of them. */
    public void resume(String runId, @Nullable String step, Caller caller) {
        var unused = as(caller, runId, "run.resume", run -> {
            String where = where(run, step);
            return told(run, workflow -> {
                workflow.resume(where);
                return true;
            });
        });
    }

    /**
     * A step that waits for its next attempt makes it now; one that has asked is tried again.
     *
     * @throws ProblemException {@code SLP-RUN-STEP-NOT-WAITING} when it does neither
     */
    public void retry(String runId, String step, Caller caller) {
        StepView view = step(store.byId(runId), step);
        if (view.state() == StepState.PARKED) {
            String question = questions.open(runId).stream()
                    .filter(one -> step.equals(one.step()))
                    .map(Question::id)
                    .findFirst()
                    .orElse(null);
            var unused = answer(runId, question, Choice.RETRY.word(), null, Map.of(), caller);
            return;
        }
        var unused = as(caller, runId, "run.retry", run -> {
            if (!told(run, workflow -> workflow.retryNow(step))) {
                throw new ProblemException(
                        Problem.of(ProblemCode.RUN_STEP_NOT_WAITING, step, "step", step, "run", runId));
            }
            return true;
        });
    }

    /**
     * Ends the run and leaves what it has done.
     *
     * @throws ProblemException {@code SLP-RUN-FINISHED} also when it ends in another way already
     */
    public void stop(String runId, Caller caller) {
        var unused = as(caller, runId, "run.stop", run -> {
            if (run.state() == RunState.ACCEPTED) {
                runs.cancel(runId);
                return true;
            }
            if (!told(run, workflow -> workflow.end(Ending.STOP))) {
                throw finished(run);
            }
            return true;
        });
    }

    /**
     * Ends the run from outside, without its own say: what it was doing may go on for a moment, nothing is undone, nothing is tidied up.
     *
     * @param confirmed the run's id, said once more
     * @throws ProblemException {@code SLP-REQUEST-INVALID} unless it was
     */
    public void terminate(String runId, @Nullable String confirmed, Caller caller) {
        var unused = as(caller, runId, "run.terminate", run -> {
            if (confirmed == null || !confirmed.strip().equals(runId)) {
                throw invalid("confirm", runId);
            }
            Progress seen = runs.progress(runId).orElse(null);
            try {
                temporal.newUntypedWorkflowStub(TaskQueues.runId(runId)).terminate("force stop by " + caller.name());
            } catch (WorkflowNotFoundException notNow) {
                runs.cancel(runId);
            } catch (WorkflowServiceException | StatusRuntimeException away) {
                throw Runs.away(away);
            }
            store.finish(runId, Outcome.TERMINATED, seen);
            forget(run);
            return true;
        });
    }

    /** The lane goes on, also where the engine does not tell it. */
    private void forget(StoredRun run) {
        try {
            inTime(() -> {
                temporal.newWorkflowStub(LaneWorkflow.class, Runs.laneId(run)).forget(run.id());
                return true;
            });
        } catch (WorkflowNotFoundException noLane) {
            LOG.debug("run {} has no lane", run.id());
        }
    }

    private String where(StoredRun run, @Nullable String step) {
        return step == null || step.isBlank()
                ? Progress.EVERYTHING
                : step(run, step).id();
    }

    private StepView step(StoredRun run, String step) {
        return runs.progress(run.id()).stream()
                .flatMap(progress -> progress.steps().stream())
                .filter(view -> view.id().equals(step))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.RUN_STEP_UNKNOWN, step, "step", step, "run", run.id())));
    }

    private <T> T as(Caller caller, String runId, String action, Function<StoredRun, T> what) {
        StoredRun run = store.byId(runId);
        StoredEnvironment environment = environments.byId(run.environmentId());
        return audit.act(
                caller,
                action,
                new AuditSubject("run", run.id(), run.id()),
                () -> {
                    access.require(
                            caller,
                            Access.of(run.operation()),
                            Subject.environment(environment.applicationId(), environment.id()));
                    return what.apply(run);
                },
                done -> action);
    }

    private <T> T told(StoredRun run, Function<DeployWorkflow, T> order) {
        if (run.state() == RunState.FINISHED) {
            throw finished(run);
        }
        DeployWorkflow workflow = temporal.newWorkflowStub(DeployWorkflow.class, TaskQueues.runId(run.id()));
        try {
            return inTime(() -> order.apply(workflow));
        } catch (WorkflowNotFoundException over) {
            throw finished(run);
        } catch (WorkflowUpdateException refused) {
            if (refused.getCause() instanceof RuntimeException cause) {
                List<Problem> problems = ActivityCatalogue.problems(cause);
                if (problems != null) {
                    throw new ProblemException(problems);
                }
            }
            throw refused;
        } catch (WorkflowServiceException | StatusRuntimeException away) {
            throw Runs.away(away);
        }
    }

    private <T> T inTime(Supplier<T> order) {
        Future<T> answer = waiting.submit(order::get);
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a run was told something", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Runs.away(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static ProblemException finished(StoredRun run) {
        return new ProblemException(Problem.of(ProblemCode.RUN_FINISHED, run.id(), "run", run.id()));
    }

    private static ProblemException invalid(String field, String expected) {
        return new ProblemException(Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected));
    }
}
