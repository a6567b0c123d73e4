package dev.slipway.workflows.application;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a component leaves the restricted Pod Security profile, its default.
 *
 * @param profile {@code null}: restricted
 * @param capabilities Linux capabilities to add
 */
public record SecuritySettings(
        @Nullable Profile profile,
        @Nullable Long runAsUser,
        @Nullable Long runAsGroup,
        @Nullable Long fsGroup,
        @Nullable Boolean readOnlyRootFilesystem,
        List<String> capabilities) {
    public static final SecuritySettings NONE = new SecuritySettings(null, null, null, null, null, List.of());

    public enum Profile {
        RESTRICTED,
        BASELINE,
        PRIVILEGED
    }

    public SecuritySettings {
        capabilities = List.copyOf(capabilities);
    }
}
