package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one piece of work per key at a time; a key that is added while it waits is worked on once. */
final class WorkQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration RETRY = Duration.ofMillis(100);

    private final ScheduledExecutorService threads;
    private final Consumer<ObjectKey> work;
    private final Set<ObjectKey> waiting = new HashSet<>();
    private final Set<ObjectKey> running = new HashSet<>();

    WorkQueue(ScheduledExecutorService threads, Consumer<ObjectKey> work) {
        this.threads = threads;
        this.work = work;
    }

    void add(ObjectKey key) {
        synchronized (waiting) {
            if (!waiting.add(key) || running.contains(key)) {
                return;
            }
        }
        submit(key);
    }

    void addAfter(ObjectKey key, Duration delay) {
        try {
            threads.schedule(() -> add(key), Math.max(1, roundedUp(delay)), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("The simulated cluster is closing", e);
        }
    }

    /** In milliseconds; never too early: what is due then would not be due yet. */
    private static long roundedUp(Duration delay) {
        return delay.plusNanos(999_999).toMillis();
    }

    private void submit(ObjectKey key) {
        try {
            threads.execute(() -> run(key));
        } catch (RejectedExecutionException e) {
            LOG.trace("The simulated cluster is closing", e);
        }
    }

    private void run(ObjectKey key) {
        synchronized (waiting) {
            waiting.remove(key);
            running.add(key);
        }
        try {
            work.accept(key);
        } catch (ApiRefusal refusal) {
            LOG.debug("Simulated cluster: {} {}: {}", key.type().kind(), key.path(), refusal.getMessage());
            // 404 and 403: its namespace is going, or it is gone.
            if (refusal.code == 409 || refusal.code == 422) {
                addAfter(key, RETRY.multipliedBy(refusal.code == 422 ? 50 : 1));
            }
        } catch (RuntimeException e) {
            LOG.warn("Simulated cluster: {} {} failed", key.type().kind(), key.path(), e);
        } finally {
            boolean again;
            synchronized (waiting) {
                running.remove(key);
                again = waiting.contains(key);
            }
            if (again) {
                submit(key);
            }
        }
    }
}
