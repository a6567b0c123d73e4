package dev.slipway.web.runs;

import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hands runs over that no lane knows: those accepted while the engine was away, and those that an engine without memory
 * forgot when the process died. They go on under the same id; the ledger answers for what they had done.
 */
@Component
public final class Sweeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final RunStore store;
    private final Runs runs;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("sweeper"));
    private volatile boolean running;

    public Sweeper(RunStore store, Runs runs) {
        this.store = store;
        this.runs = runs;
    }

    /** One look, oldest run first: the order of acceptance is the order in the lane. */
    void sweep(Duration olderThan) {
        Map<String, List<StoredRun>> byLane = store.open(olderThan).stream()
                .collect(Collectors.groupingBy(Runs::laneId, LinkedHashMap::new, Collectors.toList()));
        byLane.forEach((lane, open) -> {
            try {
                Set<String> known = runs.knownToLane(lane);
                for (StoredRun run : open) {
                    if (!known.contains(run.id())) {
                        submit(run);
                    }
                }
            } catch (RuntimeException e) {
                // A lane that does not answer keeps nobody else's runs waiting.
                LOG.warn("{} does not answer: {}", lane, e.toString());
            }
        });
    }

    private void submit(StoredRun run) {
        try {
            runs.submit(run);
            LOG.info("run {} of {} is handed to its lane", run.id(), run.environmentName());
        } catch (ProblemException full) {
            LOG.info("run {} of {}: {}", run.id(), run.environmentName(), full.getMessage());
        }
    }

    private void sweepQuietly(Duration olderThan) {
        try {
            sweep(olderThan);
        } catch (RuntimeException e) {
            // The store or the engine is away; the next round will do.
            LOG.debug("sweep", e);
        }
    }

    @Override
    public void start() {
        running = true;
        clock.execute(() -> sweepQuietly(Duration.ZERO));
        var unused = clock.scheduleWithFixedDelay(
                () -> sweepQuietly(PERIOD), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
