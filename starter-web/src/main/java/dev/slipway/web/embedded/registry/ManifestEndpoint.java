package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** {@code /v2/NAME/manifests/REFERENCE}: pull, push and delete, by tag or digest. Bytes are kept as they came. */
final class ManifestEndpoint {
    /** The specification asks for at least 4 MiB. */
    private static final int LARGEST = 8 * 1024 * 1024;

    private final RegistryStore store;

    ManifestEndpoint(RegistryStore store) {
        this.store = store;
    }

    void handle(Exchange exchange, String repository, String reference) throws IOException {
        switch (exchange.method()) {
            case "GET", "HEAD" -> read(exchange, repository, reference);
            case "PUT" -> write(exchange, repository, reference);
            case "DELETE" -> delete(exchange, repository, reference);
            default -> throw OciError.unsupported(exchange.method());
        }
    }

    private void read(Exchange exchange, String repository, String reference) throws IOException {
        Digest digest = resolve(repository, reference);
        String type = store.manifestType(repository, digest).orElseThrow(() -> unknown(reference));
        byte[] content = content(digest, reference);
        exchange.digest(digest);
        exchange.bytes(200, type, content);
    }

    private void write(Exchange exchange, String repository, String reference) throws IOException {
        boolean byDigest = Digest.isDigest(reference);
        if (!byDigest && !RepositoryName.isTag(reference)) {
            throw badReference(reference);
        }
        byte[] content = exchange.body().readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
            throw new OciError(413, "SIZE_INVALID", "a manifest may have " + LARGEST + " bytes");
        }
        Digest.Algorithm algorithm = byDigest ? Digest.parse(reference).algorithm() : Digest.Algorithm.SHA256;
        Digest digest = Digest.of(algorithm, content);
        if (byDigest && !digest.toString().equals(reference)) {
            throw new OciError(400, "DIGEST_INVALID", "the content's digest is " + digest);
        }
        Manifest manifest = Manifest.parse(content, exchange.request().getContentType());
        complete(repository, manifest);

        store.space().require(content.length);
        store.putManifest(repository, digest, manifest.mediaType(), content);
        if (manifest.subject().isPresent()) {
            Digest subject = manifest.subject().get();
            byte[] descriptor = Exchange.JSON.writeValueAsBytes(manifest.descriptor(digest, content.length));
            store.putReferrer(repository, subject, digest, descriptor);
            exchange.header("OCI-Subject", subject.toString());
        }
        if (!byDigest) {
            store.putTag(repository, reference, digest);
        }
        exchange.created("/v2/" + repository + "/manifests/" + reference, digest);
    }

    private void complete(String repository, Manifest manifest) throws IOException {
        for (Digest blob : manifest.blobs()) {
            if (!store.hasBlob(repository, blob)) {
                throw new OciError(404, "MANIFEST_BLOB_UNKNOWN", "push this blob first: " + blob);
            }
        }
        for (Digest child : manifest.children()) {
            if (store.manifestType(repository, child).isEmpty()) {
                throw new OciError(404, "MANIFEST_BLOB_UNKNOWN", "push this manifest first: " + child);
            }
        }
    }

    private void delete(Exchange exchange, String repository, String reference) throws IOException {
        Digest digest = resolve(repository, reference);
        if (Digest.isDigest(reference)) {
            deleteEverywhere(repository, digest);
        } else {
            store.deleteTag(repository, reference);
        }
        exchange.empty(202);
    }

    private void deleteEverywhere(String repository, Digest digest) throws IOException {
        String type = store.manifestType(repository, digest).orElseThrow(() -> unknown(digest.toString()));
        for (String tag : store.tags(repository)) {
            if (store.tagged(repository, tag).filter(digest::equals).isPresent()) {
                store.deleteTag(repository, tag);
            }
        }
        Manifest manifest = Manifest.parse(content(digest, digest.toString()), type);
        if (manifest.subject().isPresent()) {
            store.deleteReferrer(repository, manifest.subject().get(), digest);
        }
        store.unlink(repository, RegistryStore.Link.MANIFEST, digest);
    }

    private Digest resolve(String repository, String reference) throws IOException {
        if (Digest.isDigest(reference)) {
            return Digest.parse(reference);
        }
        if (!RepositoryName.isTag(reference)) {
            throw badReference(reference);
        }
        return store.tagged(repository, reference).orElseThrow(() -> unknown(reference));
    }

    private byte[] content(Digest digest, String reference) throws IOException {
        try {
            return store.content(digest);
        } catch (NoSuchFileException e) {
            throw unknown(reference);
        }
    }

    private static OciError unknown(String reference) {
        return new OciError(404, "MANIFEST_UNKNOWN", "no such manifest in this repository: " + reference);
    }

    private static OciError badReference(String reference) {
        String code = reference.contains(":") ? "DIGEST_INVALID" : "TAG_INVALID";
        return new OciError(400, code, "neither a tag nor a digest: " + OciError.quote(reference));
    }
}
