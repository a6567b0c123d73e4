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
        @Nullable String share) {
    /** Whose volume it is; {@code null}: its own. */
    public @Nullable String owner() {
        return share == null ? null : share.substring(0, Math.max(0, share.indexOf('/')));
    }

    /** The owner's name for the volume: its own name when it is not shared. */
    public String ownersName() {
        return share == null ? name : share.substring(share.indexOf('/') + 1);
    }
}
