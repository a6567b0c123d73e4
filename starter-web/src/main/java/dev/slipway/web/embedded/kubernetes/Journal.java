package dev.slipway.web.embedded.kubernetes;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects on disk: one line per change, appended before the change is acknowledged, and rewritten when most of it is
 * out of date.
 *
 * <p>A change that was acknowledged survives the death of the process ({@code kill -9}): it is with the operating
 * system by then. It is forced to the disk within a second or so ({@link #force}), so that a power loss may cost the
 * last moments, never the file: a line that was cut off is dropped at the next start.
 */
final class Journal implements Closeable {
    private static final long REWRITE_FROM_BYTES = 16L << 20;

    private final Path file;
    private final FileChannel lock;
    private FileChannel channel;
    private long bytes;
    private long liveBytes;
    private volatile boolean dirty;

    private Journal(Path file, FileChannel lock, FileChannel channel) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
    }

    /**
     * Opens the journal of a folder, made if missing.
     *
     * @param onEntry gets every entry, oldest first
     * @throws IOException when the folder cannot be used or another process uses it
     */
    static Journal open(Path folder, Consumer<JsonNode> onEntry) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("another process uses " + folder);
            }
        } catch (OverlappingFileLockException | IOException e) {
            lock.close();
            throw e instanceof IOException failure ? failure : new IOException("already in use: " + folder, e);
        }
        Path file = folder.resolve("objects.jsonl");
        long valid = Files.exists(file) ? read(file, onEntry) : 0;
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(valid);
        channel.position(valid);
        Journal journal = new Journal(file, lock, channel);
        journal.bytes = valid;
        return journal;
    }

    /** Not safe for several threads: the store calls it under its lock. */
    void append(long version, String id, ObjectKey key, @Nullable ObjectNode object) {
        try {
            byte[] line = line(version, id, key, object);
            write(channel, line);
            bytes += line.length;
            dirty = true;
        } catch (IOException e) {
            cutTo(bytes);
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** After a line that could only be written in part (disk full), so that the next one begins at a line's start. */
    private void cutTo(long length) {
        try {
            channel.truncate(length);
            channel.position(length);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Whether most of it may be out of date. Of a journal that was opened this is not known: it says so once it is large. */
    boolean wantsRewrite() {
        return bytes > REWRITE_FROM_BYTES && bytes > 4 * liveBytes;
    }

    /** Replaces the file by one with just the live objects, in one atomic step. */
    void rewrite(long version, Collection<Entry> live) throws IOException {
        Path next = file.resolveSibling("objects.next");
        FileChannel fresh = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        long written = 0;
        for (Entry entry : live) {
            byte[] line = line(version, entry.key().type().id(), entry.key(), entry.object());
            write(fresh, line);
            written += line.length;
        }
        fresh.force(true);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        channel.close();
        channel = fresh;
        bytes = written;
        liveBytes = written;
    }

    /** What a rewrite keeps. */
    record Entry(ObjectKey key, ObjectNode object) {}

    /** Forces what was appended to the disk. */
    void force() throws IOException {
        if (dirty) {
            dirty = false;
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        force();
        channel.close();
        lock.close();
    }

    private static byte[] line(long version, String id, ObjectKey key, @Nullable ObjectNode object) {
        ObjectNode entry = Json.object();
        entry.put("version", version).put("type", id);
        entry.put("namespace", key.namespace()).put("name", key.name());
        if (object != null) {
            entry.set("object", object);
        }
        byte[] json = Json.bytes(entry);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static void write(FileChannel target, byte[] line) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            target.write(buffer);
        }
    }

    /** Reads whole lines up to the first that is cut off or damaged, and returns where that is. */
    private static long read(Path file, Consumer<JsonNode> onEntry) throws IOException {
        long valid = 0;
        byte[] content = Files.readAllBytes(file);
        int start = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                try {
                    onEntry.accept(Json.MAPPER.readTree(content, start, i - start));
                } catch (JacksonException e) {
                    return valid;
                }
                start = i + 1;
                valid = start;
            }
        }
        return valid;
    }
}
