package dev.slipway.activities.kubernetes;

import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ManualActivityCompletionClient;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityNotExistsException;
import io.temporal.failure.CanceledFailure;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Activities that go on after their method has returned. A few threads say for all of them that they are alive, and learn
 * that way which are cancelled. Each has a beat of its own: told one after the other, a thousand would not get round before
 * the engine takes the last of them for dead.
 */
final class AsyncSteps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncSteps.class);
    private static final long HEARTBEAT_MILLIS = 1_500;
    private static final int HEARTBEAT_THREADS = 8;

    private static final class Open {
        private final ManualActivityCompletionClient client;
        private volatile @Nullable CompletableFuture<Void> wait;
        private volatile boolean cancelled;

        private Open(ManualActivityCompletionClient client) {
            this.client = client;
        }

        private void cancel() {
            cancelled = true;
            CompletableFuture<Void> going = wait;
            if (going != null) {
                going.cancel(false);
            }
        }
    }

    private final ScheduledThreadPoolExecutor beating;
    private final ExecutorService telling;
    private volatile boolean closing;

    AsyncSteps(String cluster) {
        beating = new ScheduledThreadPoolExecutor(HEARTBEAT_THREADS, DaemonThreads.named("heartbeats-" + cluster));
        beating.setRemoveOnCancelPolicy(true);
        telling = Executors.newFixedThreadPool(4, DaemonThreads.named("steps-" + cluster));
    }

    /**
     * @param begin does what is to be done at once, and gives what is to be waited for; heartbeats go out meanwhile
     * @throws io.temporal.failure.ApplicationFailure when the beginning fails
     */
    void run(ActivityExecutionContext context, Supplier<CompletableFuture<Void>> begin) {
        Open step = new Open(context.useLocalManualCompletion());
        Future<?> beats = beating.scheduleWithFixedDelay(
                () -> beat(step), HEARTBEAT_MILLIS, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        CompletableFuture<Void> wait;
        try {
            wait = begin.get();
        } catch (ProblemException e) {
            beats.cancel(false);
            throw Problems.failure(e);
        } catch (RuntimeException e) {
            beats.cancel(false);
            throw e;
        }
        step.wait = wait;
        var unused = wait.whenComplete((nothing, failure) -> {
            beats.cancel(false);
            tell(() -> settle(step, failure));
        });
        if (step.cancelled) {
            wait.cancel(false);
        }
    }

    /**
     * Does something that blocks when a wait is over, as part of it: it ends as that says, and cancelling it cancels the wait.
     *
     * @param what is handed the failure of the wait, {@code null} when it ended well, and gives the one to end with; it fails
     *     with what this throws
     */
    CompletableFuture<Void> then(CompletableFuture<Void> wait, UnaryOperator<@Nullable Throwable> what) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        var unused = wait.whenComplete((nothing, failure) -> tell(() -> {
            try {
                Throwable end = what.apply(failure);
                if (end == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(end);
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }));
        var cancelled = done.whenComplete((nothing, failure) -> {
            if (done.isCancelled()) {
                wait.cancel(false);
            }
        });
        return done;
    }

    /** Something that blocks and is nobody's business but the step's own: a line for its log. */
    void tell(Runnable what) {
        try {
            telling.execute(() -> {
                try {
                    what.run();
                } catch (RuntimeException e) {
                    LOG.info("Could not tell about a step: {}", e.toString());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Closing", e); // another worker takes the step over when its heartbeats stay away
        }
    }

    private void settle(Open step, @Nullable Throwable failure) {
        if (closing) {
            return;
        }
        if (failure == null) {
            step.client.complete(null);
        } else if (failure instanceof CancellationException) {
            step.client.reportCancellation(null);
        } else if (failure instanceof ProblemException problem) {
            step.client.fail(Problems.failure(problem));
        } else {
            step.client.fail(failure);
        }
    }

    private static void beat(Open step) {
        try {
            step.client.recordHeartbeat(null);
        } catch (RuntimeException e) {
            if (over(e)) {
                step.cancel();
            } else {
                LOG.info("A heartbeat got lost: {}", e.toString());
            }
        }
    }

    /** The step is cancelled, or nobody waits for it any more. The client wraps its own exceptions in one another. */
    private static boolean over(RuntimeException heartbeat) {
        for (Throwable e = heartbeat; e != null; e = e.getCause()) {
            if (e instanceof ActivityCanceledException
                    || e instanceof ActivityNotExistsException
                    || e instanceof CanceledFailure) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closing = true;
        beating.shutdownNow();
        telling.shutdownNow();
    }
}
