package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/NAME/blobs/uploads/…}: push a blob in one request, in two, in chunks, or mount it from another repository. */
final class UploadEndpoint {
    /** The specification's form is {@code 0-99}; some clients send HTTP's {@code bytes 0-99/*}. */
    private static final Pattern CHUNK = Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/.*)?");

    private final RegistryStore store;
    private final Uploads uploads;

    UploadEndpoint(RegistryStore store, Uploads uploads) {
        this.store = store;
        this.uploads = uploads;
    }

    void start(Exchange exchange, String repository) throws IOException {
        if (!exchange.method().equals("POST")) {
            throw OciError.unsupported(exchange.method());
        }
        if (mounted(exchange, repository)) {
            return;
        }
        String expected = exchange.parameter("digest");
        if (expected == null) {
            UUID id = uploads.start(repository);
            exchange.header("OCI-Chunk-Min-Length", "1");
            status(exchange, 202, repository, id, 0);
            return;
        }
        Digest digest = Digest.parse(expected);
        UUID id = uploads.start(repository);
        try {
            append(exchange, id, uploads.get(repository, id));
            finish(exchange, repository, id, digest);
        } finally {
            uploads.discard(id);
        }
    }

    void go(Exchange exchange, String repository, String upload) throws IOException {
        UUID id = Uploads.id(upload);
        Upload session = uploads.get(repository, id);
        switch (exchange.method()) {
            case "GET" -> status(exchange, 204, repository, id, session.size());
            case "DELETE" -> {
                uploads.discard(id);
                exchange.empty(204);
            }
            case "PATCH" -> {
                inOrder(exchange, repository, id, session);
                append(exchange, id, session);
                status(exchange, 202, repository, id, session.size());
            }
            case "PUT" -> {
                Digest digest = Digest.parse(exchange.parameter("digest"));
                inOrder(exchange, repository, id, session);
                append(exchange, id, session);
                finish(exchange, repository, id, digest);
            }
            default -> throw OciError.unsupported(exchange.method());
        }
    }

    private boolean mounted(Exchange exchange, String repository) throws IOException {
        String mount = exchange.parameter("mount");
        String from = exchange.parameter("from");
        if (!Digest.isDigest(mount) || from == null || !RepositoryName.isName(from)) {
            return false;
        }
        Digest digest = Digest.parse(mount);
        if (!store.hasBlob(from, digest)) {
            return false;
        }
        store.linkBlob(repository, digest);
        exchange.created(blob(repository, digest), digest);
        return true;
    }

    private void append(Exchange exchange, UUID id, Upload session) throws IOException {
        try {
            store.space().require(exchange.request().getContentLengthLong());
            session.append(exchange.body(), store.space());
        } catch (StorageException e) {
            uploads.discard(id);
            throw e;
        }
    }

    private void finish(Exchange exchange, String repository, UUID id, Digest digest) throws IOException {
        Upload session = uploads.get(repository, id);
        uploads.forget(id);
        try {
            Digest arrived = session.digest(digest.algorithm());
            if (!arrived.equals(digest)) {
                throw new OciError(400, "DIGEST_INVALID", "the content's digest is " + arrived);
            }
            store.keep(session.file(), repository, digest);
        } finally {
            session.discard();
        }
        exchange.created(blob(repository, digest), digest);
    }

    private static void inOrder(Exchange exchange, String repository, UUID id, Upload session) {
        String range = exchange.request().getHeader("Content-Range");
        if (range == null) {
            return;
        }
        Matcher chunk = CHUNK.matcher(range);
        if (!chunk.matches() || Long.parseLong(chunk.group(1)) != session.size()) {
            exchange.header("Location", location(repository, id));
            exchange.header("Range", received(session.size()));
            throw new OciError(416, "BLOB_UPLOAD_INVALID", "the next chunk starts at " + session.size());
        }
    }

    private static void status(Exchange exchange, int status, String repository, UUID id, long size) {
        exchange.header("Location", location(repository, id));
        exchange.header("Docker-Upload-UUID", id.toString());
        exchange.header("Range", received(size));
        exchange.empty(status);
    }

    private static String received(long size) {
        return "0-" + Math.max(0, size - 1);
    }

    private static String location(String repository, UUID id) {
        return "/v2/" + repository + "/blobs/uploads/" + id;
    }

    private static String blob(String repository, Digest digest) {
        return "/v2/" + repository + "/blobs/" + digest;
    }
}
