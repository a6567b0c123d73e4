package dev.slipway.workflows.deploy;

import dev.slipway.workflows.contract.Amendment;
import dev.slipway.workflows.contract.GitActivities;
import dev.slipway.workflows.contract.ImageActivities;
import dev.slipway.workflows.contract.KubernetesActivities;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.RunQuestion;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.contract.Undone;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Leftover;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Step;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The world behind the contracts, scripted: plans, failures, and steps that hang until they are released. */
public final class FakeWorld implements StoreActivities, GitActivities, ImageActivities, KubernetesActivities {
    public final List<String> calls = new CopyOnWriteArrayList<>();
    public final Map<String, RunFinished> finished = new ConcurrentHashMap<>();
    public final Map<String, List<Problem>> failures = new ConcurrentHashMap<>();
    public final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    /** Seconds that a step may wait, and what the engine gives its activity, by step. */
    public final Map<String, Integer> deadlines = new ConcurrentHashMap<>();

    public final Map<String, Duration> timeouts = new ConcurrentHashMap<>();
    public volatile PlanSkeleton plan = new PlanSkeleton("hash", true, List.of());
    public volatile String agreedPlan = "";
    public volatile OnFailure onFailure = OnFailure.STOP;
    public volatile int answerWithin;
    /** By which plan a step was carried out that somebody has changed. */
    public final Map<String, String> amended = new ConcurrentHashMap<>();

    public final Map<String, List<Leftover>> leftovers = new ConcurrentHashMap<>();

    public void plan(Step... steps) {
        plan = new PlanSkeleton("hash", false, List.of(steps));
    }

    /** The call fails with these problems, one after the other, and works from then on. */
    public void failing(String call, Problem... problems) {
        failures.put(call, new CopyOnWriteArrayList<>(problems));
    }

    public CountDownLatch hold(String call) {
        CountDownLatch latch = new CountDownLatch(1);
        held.put(call, latch);
        return latch;
    }

    private void act(String call) {
        calls.add(call);
        CountDownLatch latch = held.get(call);
        try {
            while (latch != null && !latch.await(100, TimeUnit.MILLISECONDS)) {
                var context = Activity.getExecutionContext();
                // Short calls do not heartbeat, in the real world neither.
                if (!context.getInfo().getHeartbeatTimeout().isZero()) {
                    context.heartbeat(null);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ActivityCompletionException e) {
            calls.add("cancelled " + call);
            throw e;
        }
        List<Problem> problems = failures.get(call);
        if (problems != null && !problems.isEmpty()) {
            throw Problems.failure(new ProblemException(problems.remove(0)));
        }
    }

    @Override
    public RunOpened openRun(String runId) {
        act("openRun " + runId);
        RunFinished end = finished.get(runId);
        Outcome outcome = end == null ? null : end.outcome();
        return new RunOpened(
                runId,
                "environment",
                "cluster",
                agreedPlan.isEmpty() ? null : agreedPlan,
                OnConflict.STOP,
                outcome,
                onFailure,
                answerWithin);
    }

    @Override
    public void ask(RunQuestion question) {
        act("ask " + question.question().id());
    }

    @Override
    public void remind(RunQuestion question) {
        act("remind " + question.question().id());
    }

    @Override
    public void answered(RunQuestion question) {
        act("answered " + question.question().id() + " "
                + question.question().answer().choice().word());
    }

    @Override
    public void amend(Amendment amendment) {
        act("amend " + amendment.planId() + " " + amendment.component() + " " + amendment.inputs());
    }

    @Override
    public void amendRelease(Amendment amendment) {
        act("amendRelease " + amendment.planId());
    }

    @Override
    public Undone undo(StepCall call) {
        act("undo " + call.stepId());
        return leftovers.containsKey(call.stepId()) ? new Undone(leftovers.get(call.stepId())) : Undone.ALL;
    }

    @Override
    public void startRun(String runId) {
        act("startRun " + runId);
    }

    @Override
    public void openRelease(String runId) {
        act("openRelease");
    }

    @Override
    public void finishRun(RunFinished end) {
        finished.putIfAbsent(end.runId(), end);
        act("finishRun " + end.runId() + " " + end.outcome().word());
    }

    @Override
    public void pin(PlanCall call) {
        act("pin");
    }

    @Override
    public void planImages(PlanCall call) {
        act("planImages");
    }

    @Override
    public PlanSkeleton planDeploy(PlanCall call) {
        act("planDeploy");
        return plan;
    }

    @Override
    public void build(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void prepare(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void start(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void deploy(StepCall call) {
        if (call.amended() != null) {
            amended.put(call.stepId(), call.planId());
        }
        deadlines.put(call.stepId(), call.deadlineSeconds());
        timeouts.put(call.stepId(), Activity.getExecutionContext().getInfo().getStartToCloseTimeout());
        act(call.stepId());
    }

    @Override
    public void settle(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void restart(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void remove(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void clear(StepCall call) {
        act(call.stepId());
    }

    @Override
    public void prune(StepCall call) {
        act(call.stepId());
    }
}
