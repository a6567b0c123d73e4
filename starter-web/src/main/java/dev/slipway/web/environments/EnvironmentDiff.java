package dev.slipway.web.environments;

import dev.slipway.activities.git.TextDiff;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What differs between what two environments run, or one at two releases.
 *
 * @param components of either, in the order of the first one's document
 * @param document of both sides as they were resolved, line by line
 */
public record EnvironmentDiff(Side from, Side to, List<ComponentDiff> components, TextDiff document) {
    public EnvironmentDiff {
        components = List.copyOf(components);
    }

    /** @param release {@code null}: nothing was deployed yet, its document with its overrides counts */
    public record Side(String environment, @Nullable Long release) {}

    /**
     * One component on both sides.
     *
     * @param action what would make the first side like the second: {@code create}, {@code change}, {@code delete}, {@code keep}
     * @param from its image by digest; {@code null}: none is known, or it is not on this side
     * @param to likewise
     */
    public record ComponentDiff(
            String component,
            String action,
            @Nullable String from,
            @Nullable String to) {}
}
