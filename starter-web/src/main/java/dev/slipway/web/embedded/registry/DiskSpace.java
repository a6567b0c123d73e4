package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Keeps the registry from taking the last of the disk, and tells a full disk from a broken one. */
final class DiskSpace {
    private final FreeBytes free;
    private final long reserve;

    /** How many bytes may still be written. */
    @FunctionalInterface
    interface FreeBytes {
        long count() throws IOException;
    }

    /** @param reserve bytes that are left free for others; 0 = until the disk itself refuses */
    DiskSpace(FreeBytes free, long reserve) {
        this.free = free;
        this.reserve = reserve;
    }

    static DiskSpace of(Path folder, long reserve) {
        return new DiskSpace(() -> Files.getFileStore(folder).getUsableSpace(), reserve);
    }

    /**
     * Asks for room before bytes are written.
     *
     * @param bytes how many, at least; a negative number (length unknown) counts as none
     * @throws StorageException when they would not fit
     */
    void require(long bytes) throws IOException {
        long left = free.count() - reserve;
        if (left < Math.max(bytes, 0)) {
            throw new StorageException("the registry's disk is full: " + Math.max(left, 0) + " bytes left"
                    + (bytes > 0 ? ", " + bytes + " needed" : ""));
        }
    }

    /** Wraps a failed write; {@link StorageException#full()} tells whether room was what was missing. */
    StorageException failed(IOException e) {
        if (e instanceof StorageException already) {
            return already;
        }
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space");
        return new StorageException(full, e);
    }
}
