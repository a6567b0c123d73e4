package dev.slipway.web.worker;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.StoredCluster;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What pages read from clusters: logs, and where images come from. Nothing is written by it (decision 20). */
@Component
public final class ClusterReaders implements AutoCloseable {
    private final ClusterConnections connections = ClusterConnections.ofStreams();

    private final Map<String, Instant> added = new HashMap<>();
    private final SlipwaySettings settings;
    private final ClusterStore store;

    ClusterReaders(SlipwaySettings settings, EmbeddedEngines engines, ClusterStore store) {
        this.settings = settings;
        this.store = store;
        if (settings.hasRole(Role.WEB)) {
            ClusterRooms.connect(connections, settings, engines);
        }
    }

    /** @throws dev.slipway.workflows.problem.ProblemException {@code SLP-K8S-CLUSTER-UNKNOWN} */
    public ClusterConnection of(String cluster) {
        takeUp(cluster);
        return connections.byName(cluster);
    }

    /** One that was added while Slipway runs, and has not gone or been made anew since. */
    private synchronized void takeUp(String cluster) {
        StoredCluster stored = store.all().stream()
                .filter(known -> known.accepted() && known.name().equals(cluster))
                .findFirst()
                .orElse(null);
        Instant known = added.get(cluster);
        if (known != null && (stored == null || !stored.createdAt().equals(known))) {
            added.remove(cluster);
            connections.remove(cluster);
        }
        if (stored != null && !added.containsKey(cluster)) {
            store.kubeconfig(cluster).ifPresent(kubeconfig -> {
                connections.add(cluster, kubeconfig, ClusterRooms.registryAddress(settings, stored.registryAddress()));
                added.put(cluster, stored.createdAt());
            });
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
