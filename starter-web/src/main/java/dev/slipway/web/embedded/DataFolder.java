package dev.slipway.web.embedded;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder with everything this installation remembers: readable by its owner alone, and locked while Slipway runs, so that
 * two processes never share it. The lock is the operating system's: it ends with the process, however that ends.
 */
public final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the folder if need be and locks it.
     *
     * @throws ProblemException {@code SLP-START-DATA-IN-USE} naming the process that has it, {@code SLP-START-DATA-UNUSABLE}
     *     when it cannot be written
     */
    public static DataFolder open(Path path) {
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, OWNER_ONLY);
            FileChannel channel = FileChannel.open(
                    path.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = read(channel).strip();
                channel.close();
                throw new ProblemException(Problem.of(
                        ProblemCode.START_DATA_IN_USE, path.toString(), "pid", holder.isEmpty() ? "?" : holder));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)), 0);
            channel.force(true);
            return new DataFolder(path, channel, lock);
        } catch (IOException | UnsupportedOperationException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.START_DATA_UNUSABLE, path.toString(), "reason", reason(e)), e);
        }
    }

    public Path path() {
        return path;
    }

    /** A folder inside, created when missing, for its owner alone. */
    public Path folder(String name) {
        Path folder = path.resolve(name);
        try {
            return Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.START_DATA_UNUSABLE, folder.toString(), "reason", reason(e)), e);
        }
    }

    /** The content of a small private file; null when there is none. */
    @Nullable
    public String read(String name) throws IOException {
        Path file = path.resolve(name);
        return Files.exists(file) ? Files.readString(file) : null;
    }

    /** Writes a small private file (0600) atomically: a crash leaves the old content or the new, never half. */
    public void write(String name, String content) throws IOException {
        Path file = path.resolve(name);
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_FILE);
        Path fresh = Files.createTempFile(path, "." + file.getFileName(), ".new", ownerOnly);
        try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("could not release " + path, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private static String reason(Exception e) {
        String detail = e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : null;
        return detail == null ? e.getClass().getSimpleName() : detail;
    }
}
