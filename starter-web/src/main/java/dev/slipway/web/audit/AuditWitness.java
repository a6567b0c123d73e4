package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditHead;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.embedded.DataFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the newest row's number and hash in a file of the data folder, outside the database, so that a database which was set
 * back to an earlier state does not prove itself. Written at most once a second; also tells the console at start and stop, whose
 * log is kept elsewhere again.
 */
final class AuditWitness implements SmartLifecycle {
    static final String FILE = "audit.head";
    private static final Logger LOG = LoggerFactory.getLogger(AuditWitness.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final AuditStore store;
    private final Audit audit;
    private final DataFolder data;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("audit-witness"));
    private AuditHead written = AuditHead.NONE;
    private volatile boolean running;

    AuditWitness(AuditStore store, Audit audit, DataFolder data) {
        this.store = store;
        this.audit = audit;
        this.data = data;
    }

    /** What the file says; empty: there is none yet. */
    Optional<AuditHead> kept() {
        try {
            return Optional.ofNullable(data.read(FILE)).flatMap(AuditHead::of);
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", FILE, e.toString());
            return Optional.empty();
        }
    }

    private synchronized void keep() {
        AuditHead newest = store.newest();
        if (newest.seq() > written.seq()) {
            try {
                data.write(FILE, newest.toString());
                written = newest;
            } catch (IOException e) {
                LOG.warn("{} cannot be written: {}", FILE, e.toString());
            }
        }
    }

    private void tick() {
        try {
            audit.flush(false);
            keep();
        } catch (RuntimeException e) {
            LOG.warn("the audit's head is not kept", e);
        }
    }

    @Override
    public void start() {
        running = true;
        kept().ifPresent(head -> {
            store.remember(head);
            written = head;
        });
        var unused =
                clock.scheduleWithFixedDelay(this::tick, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdown();
        audit.flush(true);
        keep();
        if (written.seq() > 0) {
            LOG.info("the audit ends with {}", written);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
