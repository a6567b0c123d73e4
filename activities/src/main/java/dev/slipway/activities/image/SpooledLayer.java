package dev.slipway.activities.image;

import dev.slipway.activities.registry.Descriptor;
import dev.slipway.activities.registry.MediaTypes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A layer on disk until it is pushed. Plain tar: a compressor's bytes differ from machine to machine, a digest must not. */
final class SpooledLayer implements AutoCloseable {
    private final Path file;
    private final Descriptor descriptor;
    private final String into;
    private final int files;

    private SpooledLayer(Path file, Descriptor descriptor, String into, int files) {
        this.file = file;
        this.descriptor = descriptor;
        this.into = into;
        this.files = files;
    }

    static SpooledLayer write(Composition.Layer layer, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "layer", ".tar");
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            int files;
            try (OutputStream out =
                    new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 128 * 1024), hash)) {
                TarWriter tar = new TarWriter(out);
                TreeLayer tree = new TreeLayer(layer.into(), tar);
                layer.files().walk(tree);
                tar.finish();
                files = tree.count();
            }
            String digest = "sha256:" + HexFormat.of().formatHex(hash.digest());
            Descriptor descriptor = new Descriptor(MediaTypes.OCI_LAYER_TAR, digest, Files.size(file));
            return new SpooledLayer(file, descriptor, layer.into(), files);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    Path file() {
        return file;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    String into() {
        return into;
    }

    int files() {
        return files;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
