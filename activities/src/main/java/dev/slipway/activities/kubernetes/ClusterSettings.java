package dev.slipway.activities.kubernetes;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A cluster to deploy to.
 *
 * @param name as people and task queues call it
 * @param kubeconfig {@code null}: the service account of the pod that Slipway runs in
 * @param context of the kubeconfig; {@code null}: its current one, of the file that was named here, never of the user's own
 * @param registryAddress where this cluster pulls Slipway's own images from, {@code host:port}; {@code null}: it can't
 */
public record ClusterSettings(
        String name,
        @Nullable Path kubeconfig,
        @Nullable String context,
        @Nullable String registryAddress) {}
