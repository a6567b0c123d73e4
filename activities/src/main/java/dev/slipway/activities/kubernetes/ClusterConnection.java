package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/**
 * One cluster, as everything here talks to it: simulated and real ones differ by their client's configuration only.
 *
 * @param time what its clock says
 * @param registryAddress where it pulls Slipway's own images from; {@code null}: it can't
 */
public record ClusterConnection(
        String name,
        KubernetesClient client,
        boolean simulated,
        ClusterTime time,
        @Nullable String registryAddress) implements AutoCloseable {
    @Override
    public void close() {
        client.close();
    }
}
