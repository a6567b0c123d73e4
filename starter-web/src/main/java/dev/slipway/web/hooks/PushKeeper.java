package dev.slipway.web.hooks;

import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.activities.store.DeliveryStore.Due;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.access.Caller;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Asks the rules about deliveries, and starts what they say when it is due; forgets old ones. Everything it works on is a row, so
 * that nothing is lost when the process ends, and several processes may do it at once.
 */
@Component
final class PushKeeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PushKeeper.class);

    /** Longer than a start takes, whether the engine answers or not. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final long FORGET_MINUTES = 10;
    private static final int STARTERS = 2;

    private final DeliveryStore deliveries;
    private final RuleBook rules;
    private final EnvironmentStore environments;
    private final Runs runs;
    private final Doorbell doorbell;
    private final SlipwaySettings.Hooks settings;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;
    private long forgotten = System.nanoTime();

    PushKeeper(
            DeliveryStore deliveries,
            RuleBook rules,
            EnvironmentStore environments,
            Runs runs,
            Doorbell doorbell,
            SlipwaySettings settings) {
        this.deliveries = deliveries;
        this.rules = rules;
        this.environments = environments;
        this.runs = runs;
        this.doorbell = doorbell;
        this.settings = settings.hooks();
    }

    private void ask() {
        while (running && deliveries.ask(rules::ask)) {
            doorbell.ring();
        }
        if (System.nanoTime() - forgotten > Duration.ofMinutes(FORGET_MINUTES).toNanos()) {
            forgotten = System.nanoTime();
            int gone = deliveries.forget(settings.keep(), settings.keepFor());
            LOG.debug("{} deliveries are forgotten", gone);
        }
    }

    private void startDue() {
        for (Optional<Due> due = deliveries.claim(LEASE); running && due.isPresent(); due = deliveries.claim(LEASE)) {
            start(due.get());
        }
    }

    private void start(Due due) {
        try {
            StoredEnvironment environment = environments.living(due.environmentId());
            Caller caller = caller(due, environment);
            StoredRun run = runs.start(
                    new RunRequest(
                            due.scope(),
                            environment.id(),
                            Trigger.WEBHOOK,
                            caller.name(),
                            null,
                            OnConflict.STOP,
                            "push/" + due.deliveryId() + "/" + due.attempt()),
                    caller);
            deliveries.started(due.id(), run.id());
            LOG.info("a push starts run {} of {}", run.id(), environment.name());
            if (due.replace()) {
                runs.supersede(run);
            }
        } catch (ProblemException refused) {
            LOG.info("a push starts nothing in {}: {}", due.environmentId(), refused.getMessage());
            deliveries.failed(due.id(), refused.problem());
        }
    }

    /** A hook may deploy the environment whose rule it fulfils, and nothing else. */
    private static Caller caller(Due due, StoredEnvironment environment) {
        return new Caller(
                null,
                "hook/" + due.hookName(),
                Trigger.WEBHOOK,
                List.of(Grant.environment(Role.DEVELOPER, environment.applicationId(), environment.id())),
                Set.of(Permission.VIEW, Permission.DEPLOY),
                null,
                due.address());
    }

    private void loop(Runnable work) {
        while (running) {
            long rings = doorbell.rings();
            try {
                work.run();
                Duration due = deliveries.untilDue().orElse(PERIOD);
                doorbell.await(rings, due.compareTo(PERIOD) < 0 && !due.isZero() ? due : PERIOD);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException away) {
                // The store is away, or what was claimed is left to its lease; the next round will do.
                LOG.debug("pushes are not looked after", away);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PERIOD.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        begin("push-rules", this::ask);
        for (int i = 1; i <= STARTERS; i++) {
            begin("push-start-" + i, this::startDue);
        }
    }

    private void begin(String name, Runnable work) {
        Thread thread = new Thread(() -> loop(work), name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    @Override
    public void stop() {
        running = false;
        threads.forEach(Thread::interrupt);
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
