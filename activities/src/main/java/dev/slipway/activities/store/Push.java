package dev.slipway.activities.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a git provider says was pushed, in the words of all of them. Everything in it was written by strangers; it is cut to sizes that can
 * be kept.
 *
 * @param tag a tag and not a branch
 * @param ref name of the branch or tag
 * @param before commit; {@code null}: there was none
 * @param after commit; {@code null}: it was deleted
 * @param repositories addresses of the one repository, as the provider gives them
 * @param defaultBranch of the repository; {@code null}: not said
 * @param commits how many
 * @param message of the newest commit, its beginning
 * @param files that the commits added, changed or removed
 * @param allFiles whether these are certainly all
 * @param sender who pushed
 */
public record Push(
        boolean tag,
        String ref,
        @Nullable String before,
        @Nullable String after,
        List<String> repositories,
        @Nullable String defaultBranch,
        int commits,
        String message,
        List<String> files,
        boolean allFiles,
        String sender) {
    public Push {
        repositories = List.copyOf(repositories);
        files = List.copyOf(files);
    }

    /** The same push with other addresses. */
    public Push at(List<String> addresses) {
        return new Push(tag, ref, before, after, addresses, defaultBranch, commits, message, files, allFiles, sender);
    }

    /** The same push with other files. */
    public Push files(List<String> others, boolean all) {
        return new Push(tag, ref, before, after, repositories, defaultBranch, commits, message, others, all, sender);
    }
}
