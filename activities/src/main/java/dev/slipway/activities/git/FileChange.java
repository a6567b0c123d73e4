package dev.slipway.activities.git;

/**
 * A file to be added to a branch of a repository.
 *
 * @param base the commit that somebody saw and the new one follows, 40 hex digits
 * @param branch short name of where it goes
 * @param fresh whether the branch begins with this commit; otherwise it has to be at {@code base} still
 * @param path relative to the root; its folder is there already, and it is not
 * @param message of the commit
 * @param author user name in Slipway of who wants it
 */
public record FileChange(
        String url,
        String base,
        String branch,
        boolean fresh,
        String path,
        String content,
        String message,
        String author) {}
