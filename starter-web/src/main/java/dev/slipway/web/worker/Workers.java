package dev.slipway.web.worker;

import dev.slipway.web.embedded.EngineKind;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Works off the task queues from the moment the application is ready; at the end, waits 20 s for what is under way. */
final class Workers implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** For results on their way to the engine. */
    private static final Duration ANSWERS = Duration.ofSeconds(2);

    /** The in-process engine hands out tasks by heap order: fewer pollers than waiting tasks would starve some. */
    private static final int POLLERS_IN_PROCESS = 24;

    private static final int POLLERS = 8;

    private final WorkflowClient client;
    private final EngineKind kind;
    private final List<WorkerQueue> queues;
    /** Queues that came while the application runs: a factory that has started takes no more. */
    private final Map<String, WorkerFactory> later = new HashMap<>();

    private final UnderWay underWay = new UnderWay();
    private @Nullable WorkerFactory factory;
    private @Nullable Heartbeats heartbeats;

    Workers(WorkflowClient client, EngineKind kind, List<WorkerQueue> queues) {
        this.client = client;
        this.kind = kind;
        this.queues = new ArrayList<>(queues);
    }

    @Override
    public synchronized void start() {
        Heartbeats beating = new Heartbeats();
        heartbeats = beating;
        WorkerFactory fresh = factory(beating);
        queues.forEach(queue -> register(fresh, queue));
        if (!queues.isEmpty()) {
            fresh.start();
        }
        factory = fresh;
    }

    private WorkerFactory factory(Heartbeats beating) {
        return WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(underWay, beating)
                        .build());
    }

    private void register(WorkerFactory to, WorkerQueue queue) {
        Worker worker = to.newWorker(queue.name(), options(queue));
        if (!queue.workflows().isEmpty()) {
            worker.registerWorkflowImplementationTypes(queue.workflows().toArray(Class<?>[]::new));
        }
        if (!queue.activities().isEmpty()) {
            worker.registerActivitiesImplementations(queue.activities().toArray());
        }
    }

    /** One queue more, from now on. */
    synchronized void add(WorkerQueue queue) {
        Heartbeats beating = heartbeats;
        if (factory == null || beating == null) {
            queues.add(queue);
            return;
        }
        WorkerFactory fresh = factory(beating);
        register(fresh, queue);
        fresh.start();
        later.put(queue.name(), fresh);
    }

    /** No more of a queue that was added: nothing is under way for it any more. */
    synchronized void remove(String name) {
        queues.removeIf(queue -> queue.name().equals(name));
        WorkerFactory gone = later.remove(name);
        if (gone != null) {
            gone.shutdownNow();
        }
    }

    private WorkerOptions options(WorkerQueue queue) {
        int pollers = kind == EngineKind.IN_PROCESS ? POLLERS_IN_PROCESS : POLLERS;
        return WorkerOptions.newBuilder()
                .setMaxConcurrentActivityExecutionSize(queue.parallel())
                .setMaxConcurrentWorkflowTaskPollers(pollers)
                .setMaxConcurrentActivityTaskPollers(Math.min(pollers, queue.parallel()))
                // A cold or loaded machine is not a deadlock.
                .setDefaultDeadlockDetectionTimeout(5_000)
                // A cancel travels on a heartbeat: this bounds how long it takes.
                .setMaxHeartbeatThrottleInterval(Duration.ofSeconds(1))
                .setDefaultHeartbeatThrottleInterval(Duration.ofSeconds(1))
                .build();
    }

    @Override
    public synchronized void stop() {
        WorkerFactory running = factory;
        factory = null;
        Heartbeats beating = heartbeats;
        heartbeats = null;
        if (running == null || queues.isEmpty()) {
            return;
        }
        List<WorkerFactory> all = new ArrayList<>(later.values());
        later.clear();
        all.add(running);
        all.forEach(WorkerFactory::suspendPolling);
        try {
            if (!underWay.awaitNone(DRAIN)) {
                log.warn("work under way did not end within {} s; the next process does it again", DRAIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (beating != null) {
            beating.close();
        }
        // A graceful shutdown would also wait for the polls that are open, a minute long each.
        all.forEach(WorkerFactory::shutdownNow);
        all.forEach(one -> one.awaitTermination(ANSWERS.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public synchronized boolean isRunning() {
        return factory != null;
    }

    /** Last to start, first to stop: no task before the application is whole, none while it is taken apart. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
