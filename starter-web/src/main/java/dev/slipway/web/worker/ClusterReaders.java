package dev.slipway.web.worker;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.EmbeddedEngines;
import org.springframework.stereotype.Component;

/** What pages read from clusters: logs, and where images come from. Nothing is written by it (decision 20). */
@Component
public final class ClusterReaders implements AutoCloseable {
    private final ClusterConnections connections = ClusterConnections.ofStreams();

    ClusterReaders(SlipwaySettings settings, EmbeddedEngines engines) {
        if (settings.hasRole(Role.WEB)) {
            ClusterRooms.connect(connections, settings, engines);
        }
    }

    /** @throws dev.slipway.workflows.problem.ProblemException {@code SLP-K8S-CLUSTER-UNKNOWN} */
    public ClusterConnection of(String cluster) {
        return connections.byName(cluster);
    }

    @Override
    public void close() {
        connections.close();
    }
}
