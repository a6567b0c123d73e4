package dev.slipway.activities.kubernetes;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.UndoStore;
import dev.slipway.workflows.contract.KubernetesActivities;
import java.time.Duration;

/** All that a worker has for one cluster: its watch, its activities, and the states of its components. */
public final class ClusterRoom implements AutoCloseable {
    /** What is kept of deploys, in PostgreSQL. */
    public record Stores(
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            StepLedger ledger,
            StepLog log,
            ComponentStateStore states,
            ClusterStore clusters,
            ReleaseStore releases,
            UndoStore undos) {}

    private final ClusterConnection connection;
    private final ClusterWatch watch;
    private final Readiness readiness;
    private final Settling settling;
    private final AsyncSteps steps;
    private final StatusRoom status;
    private final Departures departures;
    private final KubernetesActivities activities;

    /**
     * Begins to watch the cluster; returns at once, also when it does not answer.
     *
     * @param connection stays the caller's to close
     * @param instanceId which Slipway this is: labels every object, may never change
     * @param registries where images come from
     * @param deadline how long a step waits for a component that says nothing about it
     */
    public ClusterRoom(
            ClusterConnection connection, String instanceId, Stores stores, Registries registries, Duration deadline) {
        this.connection = connection;
        this.watch = new ClusterWatch(connection, instanceId);
        this.readiness = new Readiness(connection, watch);
        this.settling = new Settling(connection, watch, readiness);
        this.steps = new AsyncSteps(connection.name());
        this.status = new StatusRoom(connection, watch, new Recorder(stores.states(), connection.name()));
        Wishes wishes = new Wishes(
                connection, instanceId, stores.environments(), stores.plans(), stores.parameters(), registries.pulls());
        this.departures = new Departures(connection.name());
        FormerComponents former = new FormerComponents(stores.releases());
        Undos undos = new Undos(connection, instanceId, stores.environments(), stores.undos(), stores.log());
        this.activities = new Fabric8KubernetesActivities(
                connection,
                readiness,
                settling,
                steps,
                wishes,
                stores.plans(),
                stores.ledger(),
                stores.log(),
                stores.clusters(),
                new Preflight(connection, registries),
                new Destruction(
                        connection, instanceId, stores.environments(), former, stores.plans(), stores.log(), undos),
                former,
                departures,
                new Deadlines(deadline),
                undos);
        watch.start();
    }

    /** For the worker of task queue {@code cluster/<name>}. */
    public KubernetesActivities activities() {
        return activities;
    }

    public ClusterConnection connection() {
        return connection;
    }

    /** States of this cluster's components that were stored before this process started. */
    public void remember(Iterable<ComponentState> states) {
        states.forEach(status::remember);
    }

    @Override
    public void close() {
        steps.close();
        departures.close();
        readiness.close();
        settling.close();
        status.close();
        watch.close();
    }

    /** Keeps what changes. */
    private static final class Recorder implements StatusRoom.Listener {
        private final ComponentStateStore states;
        private final String cluster;

        private Recorder(ComponentStateStore states, String cluster) {
            this.states = states;
            this.cluster = cluster;
        }

        @Override
        public void looked() {
            states.beat(cluster);
        }

        @Override
        public void changed(ComponentState state) {
            states.put(state);
        }

        @Override
        public void removed(String environmentId, String component) {
            states.remove(environmentId, component);
        }
    }
}
