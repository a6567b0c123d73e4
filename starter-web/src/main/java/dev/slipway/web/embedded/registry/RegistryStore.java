package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder: content once, in the layout of an OCI image layout, and small link files per repository.
 *
 * <pre>
 * blobs/sha256/HEX                                    content, shared by all repositories
 * uploads/UUID                                        content on its way; emptied at start
 * repositories/NAME/_blobs/ALGORITHM/HEX              the repository has this blob
 * repositories/NAME/_manifests/ALGORITHM/HEX          … this manifest; the file holds its media type
 * repositories/NAME/_tags/TAG                         the file holds the digest
 * repositories/NAME/_referrers/ALGORITHM/HEX/DIGEST   what refers to a manifest; the file holds the descriptor
 * </pre>
 *
 * No part of a repository's name starts with an underscore, so names and links cannot collide. Every file appears under its
 * name by an atomic rename after its bytes are on disk, content before the links to it: a process killed at any moment leaves
 * whole files only.
 */
final class RegistryStore {
    private final Path blobs;
    private final Path uploads;
    private final Path repositories;
    private final DiskSpace space;

    /** The kinds of link files. */
    enum Link {
        BLOB("_blobs"),
        MANIFEST("_manifests"),
        REFERRERS("_referrers");

        private final String folder;

        Link(String folder) {
            this.folder = folder;
        }
    }

    /** Opens or creates the store; what earlier processes left unfinished is removed. */
    RegistryStore(Path root, DiskSpace space) throws IOException {
        this.blobs = root.resolve("blobs");
        this.uploads = root.resolve("uploads");
        this.repositories = root.resolve("repositories");
        this.space = space;
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            Files.createDirectories(blobs.resolve(algorithm.label()));
        }
        Files.createDirectories(repositories);
        Files.createDirectories(uploads);
        for (Path left : list(uploads)) {
            Files.deleteIfExists(left);
        }
    }

    DiskSpace space() {
        return space;
    }

    Path blob(Digest digest) {
        return blobs.resolve(digest.algorithm().label()).resolve(digest.hex());
    }

    private Path link(String repository, Link kind, Digest digest) {
        return repository(repository)
                .resolve(kind.folder)
                .resolve(digest.algorithm().label())
                .resolve(digest.hex());
    }

    private Path repository(String name) {
        return repositories.resolve(RepositoryName.check(name));
    }

    private Path tag(String repository, String tag) {
        return repository(repository).resolve("_tags").resolve(tag);
    }

    boolean hasRepository(String repository) {
        return Files.isDirectory(repository(repository));
    }

    boolean hasBlob(String repository, Digest digest) {
        return Files.exists(link(repository, Link.BLOB, digest)) && Files.exists(blob(digest));
    }

    /** The media type of a manifest that the repository has. */
    Optional<String> manifestType(String repository, Digest digest) throws IOException {
        return read(link(repository, Link.MANIFEST, digest));
    }

    byte[] content(Digest digest) throws IOException {
        return Files.readAllBytes(blob(digest));
    }

    void linkBlob(String repository, Digest digest) throws IOException {
        write(link(repository, Link.BLOB, digest), new byte[0]);
    }

    void putManifest(String repository, Digest digest, String mediaType, byte[] content) throws IOException {
        if (!Files.exists(blob(digest))) {
            write(blob(digest), content);
        }
        write(link(repository, Link.MANIFEST, digest), mediaType.getBytes(StandardCharsets.UTF_8));
    }

    /** @return whether it was there */
    boolean unlink(String repository, Link kind, Digest digest) throws IOException {
        return Files.deleteIfExists(link(repository, kind, digest));
    }

    Optional<Digest> tagged(String repository, String tag) throws IOException {
        return read(tag(repository, tag)).map(Digest::parse);
    }

    void putTag(String repository, String tag, Digest digest) throws IOException {
        write(tag(repository, tag), digest.toString().getBytes(StandardCharsets.US_ASCII));
    }

    boolean deleteTag(String repository, String tag) throws IOException {
        return Files.deleteIfExists(tag(repository, tag));
    }

    /** In the order of their bytes, which is what clients page by. */
    List<String> tags(String repository) throws IOException {
        return list(repository(repository).resolve("_tags")).stream()
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }

    void putReferrer(String repository, Digest subject, Digest referrer, byte[] descriptor) throws IOException {
        write(link(repository, Link.REFERRERS, subject).resolve(fileName(referrer)), descriptor);
    }

    void deleteReferrer(String repository, Digest subject, Digest referrer) throws IOException {
        Files.deleteIfExists(link(repository, Link.REFERRERS, subject).resolve(fileName(referrer)));
    }

    List<Path> referrers(String repository, Digest subject) throws IOException {
        return list(link(repository, Link.REFERRERS, subject));
    }

    /** A new empty file for content on its way. */
    Path newUpload(UUID id) throws IOException {
        try {
            return Files.createFile(uploads.resolve(id.toString()));
        } catch (IOException e) {
            throw space.failed(e);
        }
    }

    /** Moves a finished upload, whose bytes were checked against the digest, to its place and links it. */
    void keep(Path upload, String repository, Digest digest) throws IOException {
        try (FileChannel channel = FileChannel.open(upload, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw space.failed(e);
        }
        moveTo(upload, blob(digest));
        linkBlob(repository, digest);
    }

    private void write(Path target, byte[] content) throws IOException {
        Path temporary = uploads.resolve(UUID.randomUUID().toString());
        try {
            Files.createDirectories(target.getParent());
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (content.length > 0) {
                    channel.force(true);
                }
            }
            moveTo(temporary, target);
        } catch (IOException e) {
            throw space.failed(e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void moveTo(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw space.failed(e);
        }
        syncFolder(Objects.requireNonNull(target.getParent()));
    }

    /** The rename itself must survive a power cut; Windows cannot open a folder and needs none of it. */
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Best effort: the file itself is complete and named.
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String fileName(Digest digest) {
        return digest.algorithm().label() + "-" + digest.hex();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
