package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.Deliverer;
import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.SlipwaySettings;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Has workers send what is in the outbox, and forgets what ended long ago. Safe in several processes at once. */
@Component
final class OutboxKeeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxKeeper.class);
    private static final Duration DELIVERED = Duration.ofDays(7);
    private static final Duration DEAD = Duration.ofDays(30);

    private final Deliverer deliverer;
    private final Outbox outbox;
    private final boolean works;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("outbox-keeper"));
    private volatile boolean running;

    OutboxKeeper(Deliverer deliverer, Outbox outbox, SlipwaySettings settings) {
        this.deliverer = deliverer;
        this.outbox = outbox;
        this.works = settings.hasRole(SlipwaySettings.Role.WORKER);
    }

    private void forget() {
        try {
            outbox.forget(DELIVERED, DEAD);
        } catch (RuntimeException e) {
            LOG.debug("the outbox is not looked after", e);
        }
    }

    @Override
    public void start() {
        running = true;
        if (works) {
            deliverer.start();
            var unused = clock.scheduleWithFixedDelay(this::forget, 5, 60, TimeUnit.MINUTES);
        }
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdownNow();
        if (works) {
            deliverer.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
