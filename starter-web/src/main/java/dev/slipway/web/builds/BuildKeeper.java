package dev.slipway.web.builds;

import dev.slipway.activities.build.ImageBuildActivities;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.SlipwaySettings;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Closes builds that nobody makes any more, and forgets the logs of old ones. Safe in several processes at once. */
@Component
final class BuildKeeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(BuildKeeper.class);
    private static final long PERIOD_MINUTES = 5;

    private final ImageBuildActivities images;
    /** Only workers reach clusters. */
    private final boolean works;

    private final BuildStore builds;
    private final BuildLog log;
    private final SlipwaySettings.Builds settings;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("build-keeper"));
    private volatile boolean running;

    BuildKeeper(ImageBuildActivities images, BuildStore builds, BuildLog log, SlipwaySettings settings) {
        this.images = images;
        this.works = settings.hasRole(SlipwaySettings.Role.WORKER);
        this.builds = builds;
        this.log = log;
        this.settings = settings.builds();
    }

    private void keep() {
        try {
            if (works) {
                images.endForgotten();
            }
            builds.endedInRows().forEach(log::close);
            log.forget(settings.keepLogs(), settings.keepLogsFor());
        } catch (RuntimeException e) {
            // The store or a cluster is away; the next round will do.
            LOG.debug("builds are not looked after", e);
        }
    }

    @Override
    public void start() {
        running = true;
        var unused = clock.scheduleWithFixedDelay(this::keep, 1, PERIOD_MINUTES, TimeUnit.MINUTES);
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
