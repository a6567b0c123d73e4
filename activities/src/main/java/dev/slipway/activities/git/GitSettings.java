package dev.slipway.activities.git;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How git is used.
 *
 * @param mirrors folder of the bare mirrors, one per repository; may be deleted while nothing runs
 * @param localRoots folders of this machine below which a repository may lie; none: URLs only. They come from others: only what is
 *     named here is read
 * @param timeout for one answer of the remote
 * @param fetchTimeout for a whole fetch
 * @param largestMirror in bytes
 */
public record GitSettings(
        Path mirrors, List<Path> localRoots, Duration timeout, Duration fetchTimeout, long largestMirror) {
    private static final long TWO_GIB = 2L * 1024 * 1024 * 1024;

    public GitSettings {
        localRoots = List.copyOf(localRoots);
    }

    /** 20 seconds for an answer, 10 minutes for a fetch, 2 GiB. */
    public static GitSettings of(Path mirrors, List<Path> localRoots) {
        return new GitSettings(mirrors, localRoots, Duration.ofSeconds(20), Duration.ofMinutes(10), TWO_GIB);
    }
}
