package dev.slipway.web.worker;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterSurvey;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.Seen;
import dev.slipway.activities.store.ClusterStore.StoredCluster;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks at every cluster now and then, and takes up and puts down those that are added and removed while Slipway runs: the
 * store says which they are, so that every worker process knows them within a second.
 */
@Component
final class ClusterKeeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterKeeper.class);
    private static final long KEEP_MILLIS = 500;
    private static final long LOOK_NANOS = Duration.ofSeconds(15).toNanos();
    /** Who has not decided by then has gone. */
    private static final Duration UNDECIDED = Duration.ofMinutes(2);

    private final SlipwaySettings settings;
    private final ClusterRooms rooms;
    private final Workers workers;
    private final ClusterStore store;
    /** Clusters that were added, as this process has taken them up; not accepted: known, but nothing is done for it. */
    private final Map<String, StoredCluster> added = new HashMap<>();

    private final Map<String, Long> looked = new ConcurrentHashMap<>();
    private final Set<String> looking = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService clock;
    private @Nullable ExecutorService asking;

    ClusterKeeper(SlipwaySettings settings, ClusterRooms rooms, Workers workers, ClusterStore store) {
        this.settings = settings;
        this.rooms = rooms;
        this.workers = workers;
        this.store = store;
    }

    @Override
    public synchronized void start() {
        clock = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("clusters"));
        // A cluster that does not answer holds its thread until its time is up: the others do not wait for it.
        asking = Executors.newCachedThreadPool(DaemonThreads.named("look-at-cluster"));
        if (settings.hasRole(Role.WORKER)) {
            clock.scheduleWithFixedDelay(this::keep, 0, KEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void keep() {
        try {
            List<StoredCluster> stored = store.all();
            Map<String, StoredCluster> wished =
                    stored.stream().collect(Collectors.toMap(StoredCluster::name, cluster -> cluster));
            List.copyOf(added.values()).stream()
                    .filter(known -> !wished.containsKey(known.name())
                            || !wished.get(known.name()).createdAt().equals(known.createdAt()))
                    .forEach(this::putDown);
            stored.forEach(this::takeUp);
            look();
        } catch (RuntimeException e) {
            LOG.warn("Could not look after the clusters: {}", e.toString());
        }
    }

    private void takeUp(StoredCluster cluster) {
        StoredCluster known = added.get(cluster.name());
        if (known == null) {
            if (!cluster.accepted() && cluster.createdAt().plus(UNDECIDED).isBefore(Instant.now())) {
                store.remove(cluster.name());
                return;
            }
            store.kubeconfig(cluster.name()).ifPresent(kubeconfig -> {
                added.put(
                        cluster.name(),
                        new StoredCluster(
                                cluster.name(),
                                cluster.context(),
                                cluster.registryAddress(),
                                false,
                                cluster.createdAt()));
                try {
                    rooms.connect(cluster, kubeconfig);
                } catch (ProblemException e) {
                    note(new Seen(cluster.name(), null, "", null, null, List.of(), e.problem(), null, null));
                }
            });
            known = added.get(cluster.name());
        }
        if (known != null && !known.accepted() && cluster.accepted()) {
            connection(cluster.name()).ifPresent(connection -> {
                workers.add(rooms.enter(connection));
                added.put(cluster.name(), cluster);
                LOG.info("Cluster {} is at hand", cluster.name());
            });
        }
    }

    private java.util.Optional<ClusterConnection> connection(String name) {
        return rooms.connections().stream()
                .filter(connection -> connection.name().equals(name))
                .findFirst();
    }

    private void putDown(StoredCluster cluster) {
        added.remove(cluster.name());
        looked.remove(cluster.name());
        workers.remove(TaskQueues.cluster(cluster.name()));
        rooms.leave(cluster.name());
        LOG.info("Cluster {} is no longer at hand", cluster.name());
    }

    /** Those that somebody waits for at once, all others every 15 s. */
    private void look() {
        List<String> wanted = store.wanted();
        for (ClusterConnection connection : rooms.connections()) {
            String name = connection.name();
            Long last = looked.get(name);
            boolean due = last == null || System.nanoTime() - last >= LOOK_NANOS;
            ExecutorService thread = asking;
            if (thread != null && (due || wanted.contains(name)) && looking.add(name)) {
                looked.put(name, System.nanoTime());
                thread.execute(() -> look(connection));
            }
        }
    }

    private void look(ClusterConnection connection) {
        try {
            note(ClusterSurvey.look(connection, store));
        } catch (RuntimeException e) {
            LOG.warn("Could not look at cluster {}: {}", connection.name(), e.toString());
        } finally {
            looking.remove(connection.name());
        }
    }

    private void note(Seen seen) {
        store.note(seen);
    }

    @Override
    public synchronized void stop() {
        if (clock != null && asking != null) {
            clock.shutdownNow();
            asking.shutdownNow();
        }
        clock = null;
        asking = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return clock != null;
    }

    /** Before the workers begin, after they have ended. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
