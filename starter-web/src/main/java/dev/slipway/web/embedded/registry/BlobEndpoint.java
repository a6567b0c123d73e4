package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;

/** {@code /v2/NAME/blobs/DIGEST}: pull whole or in part, check, unlink. */
final class BlobEndpoint {
    private static final String BYTES = "application/octet-stream";

    private final RegistryStore store;

    BlobEndpoint(RegistryStore store) {
        this.store = store;
    }

    void handle(Exchange exchange, String repository, Digest digest) throws IOException {
        if (exchange.reads()) {
            read(exchange, repository, digest);
        } else if (exchange.method().equals("DELETE")) {
            if (!store.unlink(repository, RegistryStore.Link.BLOB, digest)) {
                throw unknown(digest);
            }
            exchange.empty(202);
        } else {
            throw OciError.unsupported(exchange.method());
        }
    }

    private void read(Exchange exchange, String repository, Digest digest) throws IOException {
        if (!store.hasBlob(repository, digest)) {
            throw unknown(digest);
        }
        long size = Files.size(store.blob(digest));
        ByteRange range = ByteRange.of(exchange.request().getHeader("Range"), size);
        exchange.header("Accept-Ranges", "bytes");
        if (range.partial() && !range.satisfiable()) {
            exchange.header("Content-Range", "bytes */" + size);
            throw new OciError(416, "SIZE_INVALID", "the blob has " + size + " bytes");
        }
        if (range.partial()) {
            exchange.header("Content-Range", "bytes " + range.from() + "-" + range.to() + "/" + size);
        }
        exchange.digest(digest);
        OutputStream out = exchange.stream(range.partial() ? 206 : 200, BYTES, range.length());
        if (exchange.method().equals("GET")) {
            copy(digest, range, out);
        }
    }

    private void copy(Digest digest, ByteRange range, OutputStream out) throws IOException {
        byte[] buffer = new byte[128 * 1024];
        try (FileChannel channel = FileChannel.open(store.blob(digest));
                InputStream in = Channels.newInputStream(channel.position(range.from()))) {
            long left = range.length();
            for (int n; left > 0 && (n = in.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0; left -= n) {
                out.write(buffer, 0, n);
            }
        }
    }

    private static OciError unknown(Digest digest) {
        return new OciError(404, "BLOB_UNKNOWN", "no such blob in this repository: " + digest);
    }
}
