package dev.slipway.web.worker;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterRoom;
import dev.slipway.activities.kubernetes.ClusterSettings;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.StoredCluster;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.InstanceStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.UndoStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Cluster;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.contract.TaskQueues;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A room for each cluster that this worker talks to; none in a process that is no worker. */
@Component
final class ClusterRooms implements AutoCloseable {
    /** A wait holds a slot, not a thread: there have to be enough for all runs together. */
    private static final int PARALLEL = 1_000;

    private final ClusterConnections connections = new ClusterConnections();
    private final Map<String, ClusterRoom> rooms = new ConcurrentHashMap<>();
    private final SlipwaySettings settings;
    private final InstanceStore instance;
    private final Registries registries;
    private final ClusterRoom.Stores stores;

    ClusterRooms(
            SlipwaySettings settings,
            EmbeddedEngines engines,
            InstanceStore instance,
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            StepLedger ledger,
            StepLog log,
            ComponentStateStore states,
            ClusterStore clusters,
            ReleaseStore releases,
            UndoStore undos,
            Registries registries) {
        this.settings = settings;
        this.instance = instance;
        this.registries = registries;
        this.stores =
                new ClusterRoom.Stores(environments, plans, parameters, ledger, log, states, clusters, releases, undos);
        if (!settings.hasRole(Role.WORKER)) {
            return;
        }
        connect(connections, settings, engines);
        connections.all().forEach(this::open);
    }

    /** Adds every cluster of the settings; no call is made to any. */
    static void connect(ClusterConnections connections, SlipwaySettings settings, EmbeddedEngines engines) {
        SimulatedCluster simulated = engines.cluster();
        if (simulated != null) {
            connections.add(
                    EmbeddedEngines.SIMULATED_CLUSTER, simulated.clientConfig(), true, engines.registryAddress());
        }
        for (Cluster cluster : settings.clusters()) {
            connections.add(new ClusterSettings(
                    cluster.name(),
                    cluster.kubeconfigFile(),
                    cluster.context(),
                    registryAddress(settings, cluster.registryAddress())));
        }
    }

    private ClusterRoom open(ClusterConnection connection) {
        ClusterRoom room = new ClusterRoom(
                connection, instance.id(), stores, registries, settings.deploy().deadline());
        stores.environments()
                .ofCluster(connection.name())
                .forEach(known -> room.remember(stores.states().told(known.id())));
        rooms.put(connection.name(), room);
        return room;
    }

    /**
     * A connection to a cluster that was added while Slipway runs.
     *
     * @throws dev.slipway.workflows.problem.ProblemException {@code SLP-K8S-KUBECONFIG}
     */
    ClusterConnection connect(StoredCluster cluster, Secret kubeconfig) {
        return connections.add(cluster.name(), kubeconfig, registryAddress(settings, cluster.registryAddress()));
    }

    /** What this process is to do for a cluster from now on. */
    WorkerQueue enter(ClusterConnection connection) {
        return queue(open(connection));
    }

    /** Nothing is done for it any more. */
    void leave(String cluster) {
        ClusterRoom room = rooms.remove(cluster);
        if (room != null) {
            room.close();
        }
        connections.remove(cluster);
    }

    /** By name, as they come and go. */
    ClusterConnections known() {
        return connections;
    }

    Collection<ClusterConnection> connections() {
        return connections.all();
    }

    /** How a cluster reaches Slipway's registry; {@code null}: it cannot, as the embedded one listens on this machine only. */
    static @Nullable String registryAddress(SlipwaySettings settings, @Nullable String ofCluster) {
        if (ofCluster != null) {
            return ofCluster;
        }
        return settings.registry().pullAddress() == null
                ? settings.registry().address()
                : settings.registry().pullAddress();
    }

    List<WorkerQueue> queues() {
        return rooms.values().stream().map(ClusterRooms::queue).toList();
    }

    private static WorkerQueue queue(ClusterRoom room) {
        return new WorkerQueue(
                TaskQueues.cluster(room.connection().name()), List.of(), List.of(room.activities()), PARALLEL);
    }

    @Override
    public void close() {
        rooms.values().forEach(ClusterRoom::close);
        connections.close();
    }
}
