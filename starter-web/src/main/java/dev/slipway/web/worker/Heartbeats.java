package dev.slipway.web.worker;

import dev.slipway.activities.threads.DaemonThreads;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of every activity that has a heartbeat timeout that it is alive, for as long as its method runs: what dies with this
 * process is given to another one within that timeout, not within the activity's own.
 */
final class Heartbeats extends WorkerInterceptorBase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    private final ScheduledExecutorService clock;

    Heartbeats() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("heartbeats"));
        // Most activities end before their first beat.
        executor.setRemoveOnCancelPolicy(true);
        clock = executor;
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new Beating(next);
    }

    private final class Beating extends ActivityInboundCallsInterceptorBase {
        private @Nullable ActivityExecutionContext mine;

        private Beating(ActivityInboundCallsInterceptor next) {
            super(next);
        }

        @Override
        public void init(ActivityExecutionContext given) {
            mine = given;
            super.init(given);
        }

        @Override
        public ActivityOutput execute(ActivityInput input) {
            ActivityExecutionContext context = Objects.requireNonNull(mine, "init comes first");
            Duration timeout = context.getInfo().getHeartbeatTimeout();
            if (timeout.isZero() || context.getInfo().isLocal()) {
                return super.execute(input);
            }
            long period = Math.max(1, timeout.toMillis() / 3);
            ScheduledFuture<?> beats =
                    clock.scheduleAtFixedRate(() -> beat(context), period, period, TimeUnit.MILLISECONDS);
            try {
                return super.execute(input);
            } finally {
                beats.cancel(false);
            }
        }
    }

    private static void beat(ActivityExecutionContext context) {
        try {
            context.heartbeat(null);
        } catch (ActivityCompletionException e) {
            // It is cancelled or over: for the activity to learn by a heartbeat of its own, where it can end early.
            log.debug("heartbeat of {}", context.getInfo().getActivityType(), e);
        } catch (RuntimeException e) {
            log.info("heartbeat of {}: {}", context.getInfo().getActivityType(), e.toString());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
