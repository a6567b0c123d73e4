package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The blobs on their way in. They end with the process; a client starts such a blob again. */
final class Uploads {
    private static final Duration FORGOTTEN = Duration.ofHours(24);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final RegistryStore store;
    private final Map<UUID, Upload> open = new ConcurrentHashMap<>();

    Uploads(RegistryStore store) {
        this.store = store;
    }

    UUID start(String repository) throws IOException {
        dropForgotten();
        UUID id = UUID.randomUUID();
        open.put(id, new Upload(repository, store.newUpload(id)));
        return id;
    }

    /** @throws OciError 404 BLOB_UPLOAD_UNKNOWN when there is none of this name in this repository */
    Upload get(String repository, UUID id) {
        Upload upload = open.get(id);
        if (upload == null || !upload.repository().equals(repository)) {
            throw new OciError(404, "BLOB_UPLOAD_UNKNOWN", "no such upload: " + id);
        }
        return upload;
    }

    static UUID id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new OciError(404, "BLOB_UPLOAD_UNKNOWN", "no such upload: " + OciError.quote(text));
        }
        return UUID.fromString(text);
    }

    void forget(UUID id) {
        open.remove(id);
    }

    void discard(UUID id) throws IOException {
        Upload upload = open.remove(id);
        if (upload != null) {
            upload.discard();
        }
    }

    private void dropForgotten() throws IOException {
        Instant limit = Instant.now().minus(FORGOTTEN);
        for (Map.Entry<UUID, Upload> entry : open.entrySet()) {
            if (entry.getValue().touched().isBefore(limit)) {
                discard(entry.getKey());
            }
        }
    }
}
