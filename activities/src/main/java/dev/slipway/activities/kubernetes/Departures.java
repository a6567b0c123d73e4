package dev.slipway.activities.kubernetes;

import dev.slipway.activities.threads.DaemonThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what was deleted, any number of waits with two threads. */
final class Departures implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;

    private final ScheduledExecutorService looking;

    Departures(String cluster) {
        looking = Executors.newScheduledThreadPool(2, DaemonThreads.named("departures-" + cluster));
    }

    /**
     * Deletes and waits, stage by stage.
     *
     * @param stages each deletes something and says what is to go before the next
     * @return done when all have gone; fails as {@link Departure#over}. Cancel it to stop waiting
     */
    CompletableFuture<Void> await(List<Supplier<Departure>> stages) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(done, new ArrayDeque<>(stages), null, 0);
        return done;
    }

    private void next(
            CompletableFuture<Void> done, Deque<Supplier<Departure>> stages, @Nullable Departure current, long delay) {
        try {
            looking.schedule(() -> look(done, stages, current), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            done.cancel(false);
        }
    }

    private void look(CompletableFuture<Void> done, Deque<Supplier<Departure>> stages, @Nullable Departure current) {
        if (done.isDone()) {
            return;
        }
        try {
            Departure going = current;
            while (going == null || going.over()) {
                if (stages.isEmpty()) {
                    done.complete(null);
                    return;
                }
                going = stages.removeFirst().get();
            }
            next(done, stages, going, LOOK_MILLIS);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
