package dev.slipway.web.shell;

import java.util.List;

/**
 * What a person should know of this installation.
 *
 * @param engine name of the engine's kind, {@code IN_PROCESS}
 * @param clusters at least one
 */
public record Installation(String engine, List<ClusterChoice> clusters) {
    /** @param simulated its pods do not run */
    public record ClusterChoice(String name, boolean simulated) {}

    public Installation {
        clusters = List.copyOf(clusters);
    }

    public boolean simulated(String cluster) {
        return clusters.stream().anyMatch(choice -> choice.name().equals(cluster) && choice.simulated());
    }

    public boolean has(String cluster) {
        return clusters.stream().anyMatch(choice -> choice.name().equals(cluster));
    }

    /** Whether no cluster runs anything. */
    public boolean allSimulated() {
        return clusters.stream().allMatch(ClusterChoice::simulated);
    }
}
