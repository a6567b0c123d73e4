package dev.slipway.activities.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mirrors of all repositories, within a size. After a fetch those go that were not used for the longest time, never one that is
 * read now, in this process or another one. What went is fetched again when it is needed.
 */
final class Mirrors {
    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    private final GitSettings settings;
    private final GitTransport transport;

    Mirrors(GitSettings settings, GitTransport transport) {
        this.settings = settings;
        this.transport = transport;
    }

    /** A mirror that stays until this is closed. */
    record Open(Repository repository, MirrorUse use) implements AutoCloseable {
        @Override
        public void close() {
            repository.close();
            use.close();
        }
    }

    /** Opens the mirror of a repository with the commit in it. */
    Open with(GitUrl url, ObjectId commit) {
        Mirror mirror = new Mirror(url, settings, transport);
        MirrorUse use = MirrorUse.of(mirror.folder());
        try {
            Repository repository = mirror.with(commit);
            if (mirror.fetched()) {
                shrink();
            }
            return new Open(repository, use);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    private record Kept(Path folder, long size, long usedAt) {}

    private void shrink() {
        try (Stream<Path> folders =
                Files.list(settings.mirrors().toAbsolutePath().normalize())) {
            List<Kept> kept = folders.filter(folder -> folder.toString().endsWith(".git"))
                    .map(folder -> new Kept(folder, FetchLimits.size(folder), MirrorUse.lastOf(folder)))
                    .sorted(Comparator.comparingLong(Kept::usedAt))
                    .toList();
            long total = kept.stream().mapToLong(Kept::size).sum();
            for (Kept one : kept) {
                if (total <= settings.largestCache()) {
                    return;
                }
                if (MirrorUse.removeUnused(one.folder())) {
                    total -= one.size();
                    LOG.info("The git mirror {} went, {} bytes: the cache was full", one.folder(), one.size());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The git mirrors could not be counted: {}", e.toString());
        }
    }
}
