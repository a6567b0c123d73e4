package dev.slipway.activities.git;

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
