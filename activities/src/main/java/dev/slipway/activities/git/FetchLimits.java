package dev.slipway.activities.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Ends a fetch that takes too long or too much disk. */
final class FetchLimits extends EmptyProgressMonitor {
    private static final long LOOK_EVERY_NANOS = 500_000_000;

    private final Path mirror;
    private final long largest;
    private final long end;
    private long nextLook = System.nanoTime();
    private boolean tooBig;
    private boolean tooLate;

    FetchLimits(Path mirror, Duration time, long largest) {
        this.mirror = mirror;
        this.largest = largest;
        this.end = System.nanoTime() + time.toNanos();
    }

    boolean tooBig() {
        return tooBig;
    }

    boolean tooLate() {
        return tooLate;
    }

    @Override
    public boolean isCancelled() {
        long now = System.nanoTime();
        if (now - end > 0) {
            tooLate = true;
        }
        if (now - nextLook > 0) {
            nextLook = now + LOOK_EVERY_NANOS;
            tooBig |= size(mirror) > largest;
        }
        return tooBig || tooLate || Thread.currentThread().isInterrupted();
    }

    /** Of all files below a folder, in bytes. */
    static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(FetchLimits::fileSize).sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // a file went away under the walk; the next look counts again
        }
    }

    private static long fileSize(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
