package dev.slipway.web.git;

import dev.slipway.activities.git.GitRefs;
import dev.slipway.web.problems.ProblemText;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that a field for a branch or a tag offers.
 *
 * @param main the default branch; {@code null}: tags are offered, or there is none
 * @param more whether there are more than those
 * @param askedAt when the repository said so; {@code null}: none could be asked
 * @param problems of those that could not
 */
public record RefChoices(
        List<String> names,
        @Nullable String main,
        boolean more,
        @Nullable Instant askedAt,
        List<ProblemText> problems) {
    /** As many are offered at once: who seeks another one types more of its name. */
    public static final int MOST = 50;

    public RefChoices {
        names = List.copyOf(names);
        problems = List.copyOf(problems);
    }

    /**
     * @param repositories what each of them has; the first one's default branch is named
     * @param kind {@code tag}: tags, else branches
     */
    public static RefChoices of(Collection<GitRefs> repositories, String kind, List<ProblemText> problems) {
        boolean tags = kind.equals("tag");
        List<String> all = repositories.stream()
                .flatMap(refs -> (tags ? refs.tags() : refs.branches()).stream())
                .distinct()
                .toList();
        return new RefChoices(
                all.subList(0, Math.min(MOST, all.size())),
                tags
                        ? null
                        : repositories.isEmpty()
                                ? null
                                : repositories.iterator().next().defaultBranch(),
                all.size() > MOST,
                repositories.stream()
                        .map(GitRefs::askedAt)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                problems);
    }
}
