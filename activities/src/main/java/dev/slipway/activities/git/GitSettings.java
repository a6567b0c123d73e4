package dev.slipway.activities.git;

import dev.slipway.activities.outbound.OutboundGuard;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
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
 * @param largestMirror of one repository, in bytes
 * @param largestCache of all mirrors together, in bytes: beyond it those go that were not used for the longest time
 * @param trusted certificates that are believed beside those that Java believes
 * @param outbound where servers may be
 */
public record GitSettings(
        Path mirrors,
        List<Path> localRoots,
        Duration timeout,
        Duration fetchTimeout,
        long largestMirror,
        long largestCache,
        List<X509Certificate> trusted,
        OutboundGuard outbound) {
    private static final long GIB = 1024L * 1024 * 1024;

    public GitSettings {
        localRoots = List.copyOf(localRoots);
        trusted = List.copyOf(trusted);
    }

    /** Where nobody else chooses the server, and it may be anywhere. */
    public GitSettings(
            Path mirrors,
            List<Path> localRoots,
            Duration timeout,
            Duration fetchTimeout,
            long largestMirror,
            long largestCache,
            List<X509Certificate> trusted) {
        this(
                mirrors,
                localRoots,
                timeout,
                fetchTimeout,
                largestMirror,
                largestCache,
                trusted,
                OutboundGuard.unguarded());
    }

    /** 20 seconds for an answer, 10 minutes for a fetch, 2 GiB a repository, 10 GiB for all. */
    public static GitSettings of(Path mirrors, List<Path> localRoots) {
        return new GitSettings(
                mirrors, localRoots, Duration.ofSeconds(20), Duration.ofMinutes(10), 2 * GIB, 10 * GIB, List.of());
    }
}
