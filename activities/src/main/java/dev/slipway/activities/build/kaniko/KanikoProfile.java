package dev.slipway.activities.build.kaniko;

import java.time.Duration;
import java.util.List;

/**
 * Which Kaniko builds, and what it may use.
 *
 * @param image of the executor, as image references are written
 * @param flavour which flags it knows
 * @param flags added to each build's
 * @param namespace that Jobs run in, on every cluster
 * @param atOnce Jobs that run at the same time on one cluster; the others wait their turn
 * @param deadline of one build from its start
 * @param memory most that a build may use, as Kubernetes writes quantities
 * @param storage most disk of the node that a build may use
 */
public record KanikoProfile(
        String image,
        Flavour flavour,
        List<String> flags,
        String namespace,
        int atOnce,
        Duration deadline,
        String memory,
        String storage) {
    public KanikoProfile {
        flags = List.copyOf(flags);
    }

    /** Which Kaniko it is. */
    public enum Flavour {
        /** The fork that is maintained: writes OCI images, mounts secrets. */
        OSSCONTAINERTOOLS(List.of("--image-format=oci"), true),
        /** The original, archived at 1.24: builds stages that nothing needs unless it is told. */
        GOOGLE(List.of("--skip-unused-stages"), false);

        private final List<String> flags;
        private final boolean mountsSecrets;

        Flavour(List<String> flags, boolean mountsSecrets) {
            this.flags = flags;
            this.mountsSecrets = mountsSecrets;
        }

        /** Whether it knows {@code RUN --mount=type=secret}. */
        public boolean mountsSecrets() {
            return mountsSecrets;
        }

        List<String> flags() {
            return flags;
        }
    }
}
