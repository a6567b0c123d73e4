package dev.slipway.activities.git;

import dev.slipway.workflows.application.Source;
import org.jspecify.annotations.Nullable;

/**
 * Which commit is meant.
 *
 * @param name of the branch or tag, or 40 hex digits of a commit; empty for the default branch
 */
public record GitRef(Kind kind, String name) {
    /** What the name names. */
    public enum Kind {
        DEFAULT_BRANCH,
        BRANCH,
        TAG,
        COMMIT
    }

    /**
     * What a source is read at.
     *
     * @param followed branch for a source that names no branch, tag or commit of its own; {@code null}: the default one
     */
    public static GitRef of(Source.Git source, @Nullable String followed) {
        if (source.commit() != null) {
            return commit(source.commit());
        }
        if (source.tag() != null) {
            return tag(source.tag());
        }
        String branch = source.branch() == null ? followed : source.branch();
        return branch == null ? defaultBranch() : branch(branch);
    }

    public static GitRef defaultBranch() {
        return new GitRef(Kind.DEFAULT_BRANCH, "");
    }

    public static GitRef branch(String name) {
        return new GitRef(Kind.BRANCH, name);
    }

    public static GitRef tag(String name) {
        return new GitRef(Kind.TAG, name);
    }

    public static GitRef commit(String id) {
        return new GitRef(Kind.COMMIT, id);
    }
}
