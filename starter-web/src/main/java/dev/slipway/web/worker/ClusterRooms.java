package dev.slipway.web.worker;

import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterRoom;
import dev.slipway.activities.kubernetes.ClusterSettings;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.InstanceStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Cluster;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.workflows.contract.TaskQueues;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A room for each cluster that this worker talks to; none in a process that is no worker. */
@Component
final class ClusterRooms implements AutoCloseable {
    /** A wait holds a slot, not a thread: there have to be enough for all runs together. */
    private static final int PARALLEL = 1_000;

    private final ClusterConnections connections = new ClusterConnections();
    private final List<ClusterRoom> rooms = new ArrayList<>();

    ClusterRooms(
            SlipwaySettings settings,
            EmbeddedEngines engines,
            InstanceStore instance,
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            StepLedger ledger,
            StepLog log,
            ComponentStateStore states) {
        if (!settings.hasRole(Role.WORKER)) {
            return;
        }
        connect(connections, settings, engines);
        String id = instance.id();
        ClusterRoom.Stores stores = new ClusterRoom.Stores(environments, plans, parameters, ledger, log, states);
        connections.all().forEach(connection -> {
            ClusterRoom room = new ClusterRoom(connection, id, stores, Clock.systemUTC());
            environments.ofCluster(connection.name()).forEach(known -> room.remember(states.of(known.id())));
            rooms.add(room);
        });
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
                    cluster.name(), cluster.kubeconfigFile(), cluster.context(), registryAddress(settings, cluster)));
        }
    }

    /** How a cluster reaches Slipway's registry; {@code null}: it cannot, as the embedded one listens on this machine only. */
    private static @Nullable String registryAddress(SlipwaySettings settings, Cluster cluster) {
        if (cluster.registryAddress() != null) {
            return cluster.registryAddress();
        }
        return settings.registry().pullAddress() == null
                ? settings.registry().address()
                : settings.registry().pullAddress();
    }

    List<WorkerQueue> queues() {
        return rooms.stream()
                .map(room -> new WorkerQueue(
                        TaskQueues.cluster(room.connection().name()), List.of(), List.of(room.activities()), PARALLEL))
                .toList();
    }

    @Override
    public void close() {
        rooms.forEach(ClusterRoom::close);
        connections.close();
    }
}
