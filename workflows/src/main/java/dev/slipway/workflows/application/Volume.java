package dev.slipway.workflows.application;

import org.jspecify.annotations.Nullable;

/**
 * A folder that outlives the container: either its own ({@code size}) or another component's ({@code share}).
 *
 * @param size Kubernetes quantity, {@code 1Gi}; {@code null} when shared
 * @param share {@code component/volume}; {@code null} when own
 */
public record Volume(
        String name,
        String path,
        @Nullable String size,
        @Nullable String share) {}
