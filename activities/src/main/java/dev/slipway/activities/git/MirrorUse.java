package dev.slipway.activities.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Somebody reads a mirror: it is not removed meanwhile. A shared lock on a file beside the mirror says so to other processes; the
 * file's time says when it was used last.
 */
final class MirrorUse implements AutoCloseable {
    private static final Map<Path, MirrorUse> HERE = new HashMap<>();

    private final Path folder;
    private final FileChannel channel;
    private int readers;

    private MirrorUse(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static MirrorUse of(Path folder) {
        synchronized (HERE) {
            try {
                MirrorUse use = HERE.get(folder);
                if (use == null) {
                    Files.createDirectories(folder.getParent());
                    FileChannel channel = channel(folder);
                    try {
                        // Released with the channel.
                        var unused = channel.lock(0, Long.MAX_VALUE, true);
                    } catch (IOException | RuntimeException e) {
                        channel.close();
                        throw e;
                    }
                    use = new MirrorUse(folder, channel);
                    HERE.put(folder, use);
                }
                use.readers++;
                Files.setLastModifiedTime(file(folder), FileTime.from(Instant.now()));
                return use;
            } catch (IOException e) {
                throw new UncheckedIOException("The folder of git mirrors cannot be used: " + folder.getParent(), e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (HERE) {
            readers--;
            if (readers == 0) {
                HERE.remove(folder);
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Milliseconds since the epoch; 0: never. */
    static long lastOf(Path folder) {
        return file(folder).toFile().lastModified();
    }

    /** Whether nobody reads it, and it is gone. */
    static boolean removeUnused(Path folder) throws IOException {
        synchronized (HERE) {
            if (HERE.containsKey(folder)) {
                return false;
            }
            try (FileChannel channel = channel(folder)) {
                @Nullable FileLock lock = channel.tryLock();
                if (lock == null) {
                    return false;
                }
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
                return true;
            }
        }
    }

    private static FileChannel channel(Path folder) throws IOException {
        return FileChannel.open(
                file(folder), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static Path file(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".use");
    }
}
