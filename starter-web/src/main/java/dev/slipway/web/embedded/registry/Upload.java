package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;

/** One blob on its way in, in one or many chunks. Its own lock: chunks of one upload come one after the other. */
final class Upload {
    private static final int BUFFER = 128 * 1024;
    private static final long CHECK_SPACE_EVERY = 8L * 1024 * 1024;

    private final String repository;
    private final Path file;
    private final MessageDigest sha256 = Digest.Algorithm.SHA256.start();
    private volatile long size;
    private volatile Instant touched = Instant.now();
    private boolean closed;

    Upload(String repository, Path file) {
        this.repository = repository;
        this.file = file;
    }

    String repository() {
        return repository;
    }

    long size() {
        return size;
    }

    Instant touched() {
        return touched;
    }

    Path file() {
        return file;
    }

    /**
     * Appends a chunk. When the sender goes away, what arrived stays and the sender may go on from {@link #size()}.
     *
     * @throws StorageException when the disk did not take it; the upload is useless then
     * @throws OciError 404 when the upload was finished or cancelled meanwhile
     */
    synchronized void append(InputStream body, DiskSpace space) throws IOException {
        if (closed) {
            throw new OciError(404, "BLOB_UPLOAD_UNKNOWN", "the upload has ended");
        }
        byte[] buffer = new byte[BUFFER];
        long unchecked = 0;
        try (OutputStream out = open(space)) {
            for (int n; (n = body.read(buffer)) > 0; unchecked += n) {
                if (unchecked >= CHECK_SPACE_EVERY) {
                    space.require(0);
                    unchecked = 0;
                }
                try {
                    out.write(buffer, 0, n);
                } catch (IOException e) {
                    throw space.failed(e);
                }
                sha256.update(buffer, 0, n);
                size += n;
            }
        } finally {
            touched = Instant.now();
        }
    }

    private OutputStream open(DiskSpace space) throws IOException {
        try {
            return Files.newOutputStream(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw space.failed(e);
        }
    }

    /** The digest of everything that arrived. Ends the upload: nothing can be appended after. */
    synchronized Digest digest(Digest.Algorithm algorithm) throws IOException {
        closed = true;
        if (algorithm == Digest.Algorithm.SHA256) {
            return Digest.finished(algorithm, sha256.digest());
        }
        MessageDigest hash = algorithm.start();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digest.finished(algorithm, hash.digest());
    }

    synchronized void discard() throws IOException {
        closed = true;
        Files.deleteIfExists(file);
    }
}
