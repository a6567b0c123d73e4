package dev.slipway.activities.git;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen in a repository.
 *
 * @param defaultBranch {@code null}: the repository is empty, or its HEAD is on no branch
 * @param branches the default one first, then by name
 * @param tags newest version first, as far as names tell
 * @param askedAt when the repository said so
 */
public record GitRefs(@Nullable String defaultBranch, List<String> branches, List<String> tags, Instant askedAt) {
    public GitRefs {
        branches = List.copyOf(branches);
        tags = List.copyOf(tags);
    }

    static GitRefs of(Map<String, Ref> refs) {
        Ref head = refs.get(Constants.HEAD);
        String main = head == null || !head.isSymbolic()
                ? byCommit(head, refs)
                : shorten(head.getTarget().getName());
        return new GitRefs(
                main,
                names(refs, Constants.R_HEADS)
                        .sorted(Comparator.comparing((String name) -> !name.equals(main))
                                .thenComparing(Comparator.naturalOrder()))
                        .toList(),
                names(refs, Constants.R_TAGS)
                        .sorted(Comparator.comparing(GitRefs::padded).reversed())
                        .toList(),
                Instant.now());
    }

    /** A server that does not say what HEAD is: the branch with its commit, of several the usual ones. */
    private static @Nullable String byCommit(@Nullable Ref head, Map<String, Ref> refs) {
        ObjectId commit = head == null ? null : head.getObjectId();
        if (commit == null) {
            return null;
        }
        return refs.values().stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_HEADS) && commit.equals(ref.getObjectId()))
                .map(ref -> shorten(ref.getName()))
                .min(Comparator.comparing((String name) -> !name.equals("main"))
                        .thenComparing(name -> !name.equals("master"))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    private static java.util.stream.Stream<String> names(Map<String, Ref> refs, String prefix) {
        return refs.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()));
    }

    private static String shorten(String name) {
        return name.startsWith(Constants.R_HEADS) ? name.substring(Constants.R_HEADS.length()) : name;
    }

    /** {@code v1.10} after {@code v1.9}. */
    private static String padded(String tag) {
        StringBuilder padded = new StringBuilder();
        java.util.regex.Matcher number =
                java.util.regex.Pattern.compile("\\d{1,12}").matcher(tag);
        while (number.find()) {
            number.appendReplacement(padded, "0".repeat(12 - number.group().length()) + number.group());
        }
        return number.appendTail(padded).toString();
    }

    /** Those whose name holds the text, at most so many of each; those that begin with it first. */
    public GitRefs matching(String text, int most) {
        return new GitRefs(defaultBranch, matching(branches, text, most), matching(tags, text, most), askedAt);
    }

    private static List<String> matching(List<String> names, String text, int most) {
        String sought = text.strip().toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains(sought))
                .sorted(Comparator.comparing(
                        name -> !name.toLowerCase(Locale.ROOT).startsWith(sought)))
                .limit(most)
                .toList();
    }
}
