package dev.slipway.web.shell;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a person should know of this installation. */
public final class Installation {
    private final String engine;
    private final List<ClusterChoice> fixed;
    private final Supplier<List<String>> added;

    /** @param simulated its pods do not run */
    public record ClusterChoice(String name, boolean simulated) {}

    /**
     * @param engine name of the engine's kind, {@code IN_PROCESS}
     * @param fixed clusters of the settings, at least one
     * @param added names of the clusters that were added since, asked for anew each time
     */
    public Installation(String engine, List<ClusterChoice> fixed, Supplier<List<String>> added) {
        this.engine = engine;
        this.fixed = List.copyOf(fixed);
        this.added = added;
    }

    public String engine() {
        return engine;
    }

    /** Those of the settings first. */
    public List<ClusterChoice> clusters() {
        return Stream.concat(fixed.stream(), added.get().stream().map(name -> new ClusterChoice(name, false)))
                .toList();
    }

    /** Whether the settings name it, or it is the simulated one: it can't be removed. */
    public boolean isFixed(String cluster) {
        return fixed.stream().anyMatch(choice -> choice.name().equals(cluster));
    }

    public boolean simulated(String cluster) {
        return fixed.stream().anyMatch(choice -> choice.name().equals(cluster) && choice.simulated());
    }

    public boolean has(String cluster) {
        return clusters().stream().anyMatch(choice -> choice.name().equals(cluster));
    }

    /** Whether no cluster runs anything. */
    public boolean allSimulated() {
        return fixed.stream().allMatch(ClusterChoice::simulated) && added.get().isEmpty();
    }
}
