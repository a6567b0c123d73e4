package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.threads.DaemonThreads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the components on one cluster are, told whenever that changes. A cluster that does not answer for {@value
 * #SILENT_SECONDS} seconds makes all of them unknown: what was seen last is no news.
 */
public final class StatusRoom implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusRoom.class);
    /** Reason of a component whose cluster does not answer; the cluster's name follows it. */
    public static final String SILENT = "SLP-K8S-UNREACHABLE";

    private static final int SILENT_SECONDS = 7;
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(SILENT_SECONDS);
    private static final long LOOK_MILLIS = 250;
    private static final long ASK_MILLIS = 2_000;
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RESTARTS_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Told on one thread, one after the other. A change whose telling fails is told again. */
    public interface Listener {
        void changed(ComponentState state);

        void removed(String environmentId, String component);

        /** All that has changed was told, or that nothing is known: every two seconds, as long as somebody looks. */
        default void looked() {}
    }

    private final ClusterConnection cluster;
    private final ClusterWatch watch;
    private final Listener listener;
    private final Set<Key> changed = ConcurrentHashMap.newKeySet();
    private final Map<Key, ComponentState> told = new HashMap<>();
    private final Map<Key, Since> since = new HashMap<>();
    private final ScheduledExecutorService looking = thread("status-");
    private final ScheduledExecutorService asking = thread("pulse-");
    /** By {@link System#nanoTime}: a clock that is set anew must not silence a cluster. */
    private volatile long answered = System.nanoTime();

    /** By the wall clock, for people: when the cluster was last heard. */
    private volatile Instant heard;

    private final RestartCounts restarts;
    private long restartsLooked = System.nanoTime();

    private long beaten = System.nanoTime() - BEAT_NANOS;

    private boolean silent;
    private boolean complete;

    public StatusRoom(ClusterConnection cluster, ClusterWatch watch, Listener listener) {
        this.cluster = cluster;
        this.watch = watch;
        this.listener = listener;
        this.heard = cluster.time().here();
        this.restarts = new RestartCounts(System::nanoTime, cluster.time());
        watch.listen(changed::add);
        asking.scheduleWithFixedDelay(this::ask, 0, ASK_MILLIS, TimeUnit.MILLISECONDS);
        looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * What was told before this process started, so that what has gone meanwhile is told as removed.
     *
     * @param state of a component on this cluster
     */
    public void remember(ComponentState state) {
        looking.execute(() -> {
            Key key = new Key(state.environmentId(), state.component());
            told.putIfAbsent(key, state);
            changed.add(key);
        });
    }

    private void ask() {
        try {
            String version = cluster.client().raw("/version");
            if (version != null) {
                answered = System.nanoTime();
                heard = cluster.time().here();
            }
        } catch (RuntimeException e) {
            LOG.debug("Cluster {} does not answer", cluster.name(), e);
        }
    }

    private void look() {
        try {
            boolean noAnswer = System.nanoTime() - answered >= SILENT_NANOS;
            if (noAnswer || !watch.synced()) {
                if (!silent && noAnswer) {
                    LOG.warn("Cluster {} does not answer: its components are shown as unknown", cluster.name());
                    silent = true;
                    told.keySet().forEach(changed::add);
                }
                if (silent) {
                    Set.copyOf(told.keySet()).forEach(this::unknown);
                    beat();
                }
                return;
            }
            if (silent || !complete) {
                silent = false;
                complete = true;
                changed.addAll(watch.components());
                changed.addAll(told.keySet());
            }
            for (Key key : Set.copyOf(changed)) {
                changed.remove(key);
                look(key);
            }
            beat();
            // What is decided by time alone: a pod that can't be placed, an image that can't be pulled.
            told.forEach((key, state) -> {
                if (state.state() == State.PROGRESSING) {
                    changed.add(key);
                }
            });
            if (System.nanoTime() - restartsLooked >= RESTARTS_AGAIN_NANOS) {
                restartsLooked = System.nanoTime();
                told.forEach((key, state) -> {
                    if (state.restarts() > 0) {
                        changed.add(key);
                    }
                });
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not tell the states on cluster {}: {}", cluster.name(), e.toString());
        }
    }

    private void beat() {
        if (System.nanoTime() - beaten >= BEAT_NANOS) {
            listener.looked();
            beaten = System.nanoTime();
        }
    }

    private void look(Key key) {
        View view = watch.view(key);
        if (view.workload() == null) {
            since.remove(key);
            restarts.forget(key);
            if (told.containsKey(key)) {
                tell(key, () -> listener.removed(key.environmentId(), key.component()));
                told.remove(key);
            }
            return;
        }
        Health health = Health.of(view.workload());
        State state = health.state();
        String reason = health.reason();
        if (state == State.PROGRESSING) {
            Since seen = since.computeIfAbsent(key, ignored -> new Since(System::nanoTime));
            var cause = view.current().stream()
                    .map(pod -> PodCauses.of(pod, seen))
                    .flatMap(java.util.Optional::stream)
                    .findFirst();
            if (cause.isPresent()) {
                state = State.DEGRADED;
                var problem = cause.get().problem();
                reason = (problem.code().id() + " " + problem.arguments().getOrDefault("message", "")).strip();
            }
        } else {
            since.remove(key);
        }
        tellState(key, view, health, state, reason);
    }

    private void tellState(Key key, View view, Health health, State state, String reason) {
        HasMetadata workload = Objects.requireNonNull(view.workload());
        ComponentState before = told.get(key);
        Instant entered = before != null && before.state() == state
                ? before.since()
                : cluster.time().here();
        ComponentState now = new ComponentState(
                key.environmentId(),
                key.component(),
                workload.getMetadata().getLabels().getOrDefault(Labels.KIND, ""),
                state,
                reason,
                health.ready(),
                health.wanted(),
                image(workload),
                entered,
                restarts.lastHour(key, view.pods()),
                null);
        if (!now.equals(before)) {
            tell(key, () -> listener.changed(now));
            told.put(key, now);
        }
    }

    private void unknown(Key key) {
        ComponentState before = told.get(key);
        if (before != null && before.state() != State.UNKNOWN) {
            ComponentState now = new ComponentState(
                    before.environmentId(),
                    before.component(),
                    before.kind(),
                    State.UNKNOWN,
                    SILENT + " " + cluster.name(),
                    before.ready(),
                    before.wanted(),
                    before.image(),
                    cluster.time().here(),
                    before.restarts(),
                    heard);
            tell(key, () -> listener.changed(now));
            told.put(key, now);
        }
    }

    private void tell(Key key, Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            changed.add(key);
            throw e;
        }
    }

    private static @Nullable String image(HasMetadata workload) {
        PodTemplateSpec template = null;
        if (workload instanceof Deployment deployment) {
            template = deployment.getSpec().getTemplate();
        } else if (workload instanceof StatefulSet set) {
            template = set.getSpec().getTemplate();
        } else if (workload instanceof DaemonSet set) {
            template = set.getSpec().getTemplate();
        } else if (workload instanceof Job job) {
            template = job.getSpec().getTemplate();
        } else if (workload instanceof CronJob cron) {
            template = cron.getSpec().getJobTemplate().getSpec().getTemplate();
        }
        return template == null || template.getSpec().getContainers().isEmpty()
                ? null
                : template.getSpec().getContainers().get(0).getImage();
    }

    private ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                DaemonThreads.named(name + Integer.toHexString(System.identityHashCode(this))));
    }

    @Override
    public void close() {
        looking.shutdownNow();
        asking.shutdownNow();
    }
}
