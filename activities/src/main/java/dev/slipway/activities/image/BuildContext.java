package dev.slipway.activities.image;

import dev.slipway.activities.git.FileSink;
import dev.slipway.activities.git.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The files that a Dockerfile is built with, as one {@code context.tar.gz} on disk: straight from the git tree, links kept as links,
 * modes kept, everything of root and of one time. Memory does not grow with it. Closing deletes the file.
 */
public final class BuildContext implements AutoCloseable {
    /** Its name in the image that carries it. */
    public static final String FILE = "context.tar.gz";

    private static final int BUFFER = 128 << 10;

    private final Path file;
    private final int files;

    private BuildContext(Path file, int files) {
        this.file = file;
        this.files = files;
    }

    /**
     * Writes it.
     *
     * @param ignored left out, but never what {@code kept} names
     * @param kept paths that are sent in any case: the Dockerfile
     * @param folder it is written to
     */
    public static BuildContext write(FileTree tree, DockerIgnore ignored, Set<String> kept, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "context", ".tar.gz");
        try (OutputStream out = new BufferedOutputStream(new Fast(Files.newOutputStream(file)), BUFFER)) {
            TarWriter tar = new TarWriter(out);
            Sink sink = new Sink(tar, ignored, kept);
            tree.walk(sink);
            tar.finish();
            return new BuildContext(file, sink.files);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** A tree of this file alone. */
    public FileTree asFile() {
        return sink -> {
            try (InputStream content = Files.newInputStream(file)) {
                sink.file(FILE, false, Files.size(file), content);
            }
        };
    }

    /** How many files and links are in it. */
    public int files() {
        return files;
    }

    /** In bytes, packed. */
    public long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It travels once and is unpacked once: what a better compression saves, it costs twice. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static final class Sink implements FileSink {
        private final TarWriter tar;
        private final DockerIgnore ignored;
        private final Set<String> kept;
        private final Set<String> folders = new HashSet<>();
        private int files;

        Sink(TarWriter tar, DockerIgnore ignored, Set<String> kept) {
            this.tar = tar;
            this.ignored = ignored;
            this.kept = kept;
        }

        @Override
        public void file(String path, boolean executable, long size, InputStream content) throws IOException {
            if (takes(path)) {
                tar.file(path, executable, size, content);
            }
        }

        @Override
        public void symlink(String path, String target) throws IOException {
            if (takes(path)) {
                tar.symlink(path, target);
            }
        }

        private boolean takes(String path) throws IOException {
            if (!kept.contains(path) && ignored.leavesOut(path)) {
                return false;
            }
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (folders.add(path.substring(0, slash))) {
                    tar.folder(path.substring(0, slash));
                }
            }
            files++;
            return true;
        }
    }
}
