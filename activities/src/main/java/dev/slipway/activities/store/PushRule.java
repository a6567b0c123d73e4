package dev.slipway.activities.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.workflows.run.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pushes start what in an environment.
 *
 * @param enabled false: it rests
 * @param repository the only one that it is about; empty: any that the environment is made from
 * @param branches patterns; none: every branch that the environment follows
 * @param tags patterns of tags that start it; none: no tag does
 * @param paths patterns of which one has to match a file that was pushed; none: any push
 * @param debounceSeconds how long it is waited for further pushes; 0: not at all
 * @param replace whether a newer push ends runs of older ones that have not begun
 * @param operation deploy or build
 * @param part of the environment
 * @param components for {@link Part#NAMED}; else empty
 */
public record PushRule(
        boolean enabled,
        String repository,
        List<String> branches,
        List<String> tags,
        List<String> paths,
        int debounceSeconds,
        boolean replace,
        Operation operation,
        Part part,
        List<String> components) {
    /** Which components. */
    public enum Part {
        /** Those whose source is the repository that was pushed to. */
        REPOSITORY,
        /** All of the environment. */
        ALL,
        /** Those that the rule names. */
        NAMED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public PushRule(
            @JsonProperty("enabled") boolean enabled,
            @JsonProperty("repository") @Nullable String repository,
            @JsonProperty("branches") @Nullable List<String> branches,
            @JsonProperty("tags") @Nullable List<String> tags,
            @JsonProperty("paths") @Nullable List<String> paths,
            @JsonProperty("debounceSeconds") int debounceSeconds,
            @JsonProperty("replace") boolean replace,
            @JsonProperty("operation") Operation operation,
            @JsonProperty("part") Part part,
            @JsonProperty("components") @Nullable List<String> components) {
        this.enabled = enabled;
        this.repository = repository == null ? "" : repository;
        this.branches = branches == null ? List.of() : List.copyOf(branches);
        this.tags = tags == null ? List.of() : List.copyOf(tags);
        this.paths = paths == null ? List.of() : List.copyOf(paths);
        this.debounceSeconds = debounceSeconds;
        this.replace = replace;
        this.operation = operation;
        this.part = part;
        this.components = components == null ? List.of() : List.copyOf(components);
    }

    /** Deploys what comes from the repository, at once, at every push to a branch that the environment follows. */
    public static PushRule usual() {
        return new PushRule(
                true, "", List.of(), List.of(), List.of(), 0, true, Operation.DEPLOY, Part.REPOSITORY, List.of());
    }
}
