package dev.slipway.tests.support;

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
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Step;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The world behind the contracts without one: it remembers every call as {@code <run> <what>}, lets a step hang until it
 * is released or cancelled, and fails where it was told to. Many runs may use one at a time.
 */
public final class ScriptedWorld implements StoreActivities, GitActivities, ImageActivities, KubernetesActivities {
    /** The name of the only cluster. */
    public static final String CLUSTER = "scripted";

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Outcome> ends = new ConcurrentHashMap<>();
    private final Map<String, List<Step>> plans = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<String, Queue<Problem>> failures = new ConcurrentHashMap<>();

    /** The run will have these steps; one that nothing was said of has none and ends unchanged. */
    public void plan(String runId, Step... steps) {
        plans.put(runId, List.of(steps));
    }

    /** The step hangs until the latch is counted down, or it is cancelled. */
    public CountDownLatch hold(String runId, String stepId) {
        return held.computeIfAbsent(runId + " " + stepId, unused -> new CountDownLatch(1));
    }

    /** The call fails with these problems, one after the other, and works from then on. */
    public void fail(String runId, String what, Problem... problems) {
        failures.put(runId + " " + what, new ConcurrentLinkedQueue<>(List.of(problems)));
    }

    /** What was called for a run, oldest first, without the run's name. */
    public List<String> calls(String runId) {
        return calls.stream()
                .filter(call -> call.startsWith(runId + " "))
                .map(call -> call.substring(runId.length() + 1))
                .toList();
    }

    /** Every call of every run, as {@code <run> <what>}, oldest first. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** How the run ended: the first end that was recorded; {@code null}: it has not. */
    public @Nullable Outcome end(String runId) {
        return ends.get(runId);
    }

    /** Lets go of everything that hangs. */
    public void releaseAll() {
        held.values().forEach(CountDownLatch::countDown);
    }

    private void act(String runId, String what) {
        String call = runId + " " + what;
        calls.add(call);
        Queue<Problem> left = failures.get(call);
        Problem problem = left == null ? null : left.poll();
        if (problem != null) {
            throw Problems.failure(new ProblemException(problem));
        }
    }

    private void step(StepCall call) {
        act(call.runId(), call.stepId());
        CountDownLatch latch = held.get(call.runId() + " " + call.stepId());
        try {
            while (latch != null && !latch.await(100, TimeUnit.MILLISECONDS)) {
                Activity.getExecutionContext().heartbeat(null);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ActivityCompletionException e) {
            calls.add(call.runId() + " cancelled " + call.stepId());
            throw e;
        }
    }

    @Override
    public RunOpened openRun(String runId) {
        act(runId, "openRun");
        return new RunOpened(runId, "environment", CLUSTER, null, OnConflict.STOP, ends.get(runId));
    }

    @Override
    public void startRun(String runId) {
        act(runId, "startRun");
    }

    @Override
    public void openRelease(String runId) {
        act(runId, "openRelease");
    }

    @Override
    public void finishRun(RunFinished end) {
        ends.putIfAbsent(end.runId(), end.outcome());
        act(end.runId(), "finishRun " + end.outcome().word());
    }

    @Override
    public void ask(RunQuestion question) {
        act(question.runId(), "ask " + question.question().id());
    }

    @Override
    public void remind(RunQuestion question) {
        act(question.runId(), "remind " + question.question().id());
    }

    @Override
    public void answered(RunQuestion question) {
        act(question.runId(), "answered " + question.question().id());
    }

    @Override
    public void amend(Amendment amendment) {
        act(amendment.runId(), "amend " + amendment.component());
    }

    @Override
    public void amendRelease(Amendment amendment) {
        act(amendment.runId(), "amendRelease " + amendment.component());
    }

    @Override
    public Undone undo(StepCall call) {
        act(call.runId(), "undo " + call.stepId());
        return Undone.ALL;
    }

    @Override
    public void pin(PlanCall call) {
        act(call.planId(), "pin");
    }

    @Override
    public void planImages(PlanCall call) {
        act(call.planId(), "planImages");
    }

    @Override
    public PlanSkeleton planDeploy(PlanCall call) {
        act(call.planId(), "planDeploy");
        List<Step> steps = plans.getOrDefault(call.planId(), List.of());
        return new PlanSkeleton("hash of " + call.planId(), steps.isEmpty(), steps);
    }

    @Override
    public void build(StepCall call) {
        step(call);
    }

    @Override
    public void prepare(StepCall call) {
        step(call);
    }

    @Override
    public void start(StepCall call) {
        step(call);
    }

    @Override
    public void deploy(StepCall call) {
        step(call);
    }

    @Override
    public void settle(StepCall call) {
        step(call);
    }

    @Override
    public void restart(StepCall call) {
        step(call);
    }

    @Override
    public void remove(StepCall call) {
        step(call);
    }

    @Override
    public void clear(StepCall call) {
        step(call);
    }

    @Override
    public void prune(StepCall call) {
        step(call);
    }
}
