package dev.slipway.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.registry.RegistryTransport.Body;
import dev.slipway.activities.registry.RegistryTransport.Call;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One registry, by the OCI distribution protocol. Manifests are handed on byte for byte and checked against their digest. Every
 * call may be repeated; trouble that may pass is retried for about two seconds. Safe for use by many threads.
 *
 * <p>All methods throw {@link dev.slipway.workflows.problem.ProblemException}: {@link ProblemCode#REGISTRY_UNREACHABLE} (no
 * connection, TLS, time), {@link ProblemCode#REGISTRY_DENIED}, {@link ProblemCode#REGISTRY_FULL}, {@link
 * ProblemCode#REGISTRY_ANSWER} (anything the protocol does not foresee).
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">Distribution specification</a>
 */
public final class RegistryClient {
    private static final int LARGEST_MANIFEST = 8 * 1024 * 1024;
    private static final int LARGEST_TAG_PAGE = 4 * 1024 * 1024;
    private static final int MOST_TAG_PAGES = 1_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;.*rel=\"?next\"?.*");

    private final Optional<RegistryLogin> login;
    private final String path;
    private final RegistryTransport transport;

    /** Of a registry that nobody else chooses: it may be anywhere, and lead anywhere. */
    public RegistryClient(RegistrySettings settings) {
        this(settings, OutboundGuard.unguarded());
    }

    /** @param guard says where it may be, and where it may lead */
    public RegistryClient(RegistrySettings settings, OutboundGuard guard) {
        this.login = settings.login();
        this.path = settings.path();
        this.transport = new RegistryTransport(settings, guard);
    }

    /** Who it was told we are; empty: anonymous. */
    public Optional<RegistryLogin> login() {
        return login;
    }

    /** Whether there is a registry that lets us in: returns, or throws why not. */
    public void ping() {
        Call call = Call.of("GET", "/v2/", "");
        expect(call, 200);
    }

    /** Whether we may push there: returns, or throws why not. An upload is begun and given up. */
    public void requirePush(String repository) {
        Call start = Call.of("POST", at(repository) + "/blobs/uploads/", push(repository));
        cancel(repository, header(expect(start, 202), "Location"));
    }

    /**
     * A bearer token for whoever acts in our place, good for some repositories and nothing else.
     *
     * @param scopes such as {@code repository:shop/web:pull,push}
     * @param life that it must last at least
     * @return empty: this registry gives no such token, only users and passwords
     * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication</a>
     */
    public Optional<Secret> token(List<String> scopes, Duration life) {
        return transport.token(scopes, life).map(Secret::of);
    }

    /** What a tag or digest names, without fetching it; empty: nothing. */
    public Optional<Descriptor> head(String repository, String reference) {
        Call call = manifest("HEAD", repository, reference, "pull").with("Accept", MediaTypes.MANIFESTS);
        HttpResponse<InputStream> first = transport.send(call);
        close(first);
        if (first.statusCode() == 404) {
            return Optional.empty();
        }
        if (first.statusCode() / 100 != 2) {
            return manifest(repository, reference).map(RemoteManifest::descriptor); // an answer to HEAD has no words
        }
        Optional<String> digest = first.headers().firstValue("Docker-Content-Digest");
        if (digest.isEmpty()) {
            return manifest(repository, reference).map(RemoteManifest::descriptor); // some registries leave it out
        }
        return digest.map(value -> new Descriptor(
                header(first, "Content-Type"),
                value,
                first.headers().firstValueAsLong("Content-Length").orElse(-1)));
    }

    public boolean exists(String repository, String reference) {
        return head(repository, reference).isPresent();
    }

    /** A manifest or index, whole and checked; empty: there is none. */
    public Optional<RemoteManifest> manifest(String repository, String reference) {
        Call call = manifest("GET", repository, reference, "pull").with("Accept", MediaTypes.MANIFESTS);
        HttpResponse<InputStream> answer = transport.send(call);
        if (answer.statusCode() == 404) {
            close(answer);
            return Optional.empty();
        }
        if (answer.statusCode() != 200) {
            throw transport.unexpected(answer, call);
        }
        byte[] bytes = transport.read(answer, call, LARGEST_MANIFEST);
        String digest = reference.contains(":") ? reference : digest("sha256", bytes);
        verify(call, digest, bytes);
        return Optional.of(new RemoteManifest(
                digest, header(answer, "Content-Type").split(";", 2)[0].trim(), bytes));
    }

    /**
     * One platform's image: an index is followed to its entry.
     *
     * @throws dev.slipway.workflows.problem.ProblemException also {@link ProblemCode#IMAGE_NOT_FOUND}, {@link
     *     ProblemCode#IMAGE_UNSUPPORTED} when it has no such platform
     */
    public RemoteImage image(String repository, String reference, String os, String architecture) {
        Call call = manifest("GET", repository, reference, "pull");
        RemoteManifest manifest = manifest(repository, reference).orElseThrow(() -> missing(call));
        if (manifest.index()) {
            String child = platform(manifest, os, architecture)
                    .orElseThrow(() -> RegistryProblems.of(
                            ProblemCode.IMAGE_UNSUPPORTED,
                            transport.where(call),
                            "not for " + os + "/" + architecture,
                            null));
            manifest = manifest(repository, child).orElseThrow(() -> missing(call));
        }
        JsonNode config = manifest.json().path("config");
        if (manifest.index() || !config.isObject()) {
            throw RegistryProblems.of(ProblemCode.IMAGE_UNSUPPORTED, transport.where(call), manifest.mediaType(), null);
        }
        byte[] bytes = smallBlob(repository, RemoteImage.descriptor(config).digest());
        return new RemoteImage(manifest, RemoteManifest.object(bytes, transport.where(call)));
    }

    /** A blob of at most 8 MiB, checked. */
    public byte[] smallBlob(String repository, String digest) {
        Call call = blob("GET", repository, digest, "pull");
        HttpResponse<InputStream> answer = expectOpen(call, 200);
        byte[] bytes = transport.read(answer, call, LARGEST_MANIFEST);
        verify(call, digest, bytes);
        return bytes;
    }

    /** A blob's bytes, unchecked: whoever pushes them on under their digest has them checked there. The caller closes it. */
    public InputStream openBlob(String repository, String digest) {
        return expectOpen(blob("GET", repository, digest, "pull"), 200).body();
    }

    public boolean hasBlob(String repository, String digest) {
        return found(blob("HEAD", repository, digest, "pull")).isPresent();
    }

    /** Makes a blob of another repository of this registry appear in this one. @return whether the registry did */
    public boolean mount(String repository, String from, String digest) {
        Call call = Call.of(
                "POST",
                at(repository) + "/blobs/uploads/?mount=" + encode(digest) + "&from=" + encode(path + from),
                push(repository) + " " + scope(from, "pull"));
        HttpResponse<InputStream> answer = transport.send(call);
        close(answer);
        if (answer.statusCode() == 202) {
            cancel(repository, header(answer, "Location"));
        }
        return answer.statusCode() == 201;
    }

    /**
     * Pushes a blob in one stream. Nothing is sent when the repository has it.
     *
     * @param sent is told how many bytes go out, over all attempts
     * @return whether anything was sent
     */
    public boolean pushBlob(String repository, Descriptor blob, BlobSource source, LongConsumer sent) {
        if (hasBlob(repository, blob.digest())) {
            return false;
        }
        BlobSource counted = () -> new CountingStream(source.open(), sent);
        AtomicReference<Call> last = new AtomicReference<>();
        HttpResponse<InputStream> answer = transport.send(() -> {
            Call call = upload(repository, blob, counted);
            last.set(call);
            return call;
        });
        if (answer.statusCode() != 201) {
            throw transport.unexpected(answer, Objects.requireNonNull(last.get()));
        }
        close(answer);
        return true;
    }

    private Call upload(String repository, Descriptor blob, BlobSource source) {
        Call start = Call.of("POST", at(repository) + "/blobs/uploads/", push(repository));
        String location = header(expect(start, 202), "Location");
        String separator = location.contains("?") ? "&" : "?";
        return Call.of("PUT", location + separator + "digest=" + encode(blob.digest()), push(repository))
                .with("Content-Type", "application/octet-stream")
                .with(new Body(source, blob.size(), new AtomicLong()));
    }

    /** Puts a manifest under a tag or its digest. @return its digest as the registry tells it, checked against ours */
    public String putManifest(String repository, String reference, String mediaType, byte[] bytes) {
        Call call = manifest("PUT", repository, reference, "pull,push")
                .with("Content-Type", mediaType)
                .with(Body.of(bytes));
        HttpResponse<InputStream> answer = expect(call, 201);
        String digest = digest("sha256", bytes);
        String told = answer.headers().firstValue("Docker-Content-Digest").orElse(digest);
        if (told.startsWith("sha256:") && !told.equals(digest)) {
            throw RegistryProblems.of(
                    ProblemCode.REGISTRY_ANSWER, transport.where(call), "stored as " + told + " not " + digest, null);
        }
        return digest;
    }

    /** Gives a manifest another tag, by its own bytes. @return its digest */
    public String tag(String repository, String reference, String tag) {
        RemoteManifest manifest = manifest(repository, reference)
                .orElseThrow(() -> missing(manifest("GET", repository, reference, "pull")));
        return putManifest(repository, tag, manifest.mediaType(), manifest.bytes());
    }

    /**
     * Deletes a tag, or by digest the manifest with all its tags. Not every registry can delete a tag alone.
     *
     * @return whether it was there
     */
    public boolean delete(String repository, String reference) {
        return found(manifest("DELETE", repository, reference, "pull,delete")).isPresent();
    }

    /** All tags of a repository; none when there is no such repository. */
    public List<String> tags(String repository) {
        List<String> tags = new ArrayList<>();
        String page = at(repository) + "/tags/list?n=1000";
        for (int pages = 0; pages < MOST_TAG_PAGES; pages++) {
            Call call = Call.of("GET", page, scope(repository, "pull"));
            HttpResponse<InputStream> answer = transport.send(call);
            if (answer.statusCode() == 404) {
                close(answer);
                return List.copyOf(tags);
            }
            if (answer.statusCode() != 200) {
                throw transport.unexpected(answer, call);
            }
            byte[] body = transport.read(answer, call, LARGEST_TAG_PAGE);
            RemoteManifest.object(body, transport.where(call)).path("tags").forEach(tag -> tags.add(tag.asText()));
            Matcher next = NEXT.matcher(header(answer, "Link"));
            if (!next.matches()) {
                return List.copyOf(tags);
            }
            page = next.group(1);
        }
        return List.copyOf(tags);
    }

    private void cancel(String repository, String location) {
        if (!location.isEmpty()) {
            close(transport.send(Call.of("DELETE", location, push(repository))));
        }
    }

    private static Optional<String> platform(RemoteManifest index, String os, String architecture) {
        for (JsonNode entry : index.json().path("manifests")) {
            JsonNode platform = entry.path("platform");
            if (platform.path("os").asText().equals(os)
                    && platform.path("architecture").asText().equals(architecture)) {
                return Optional.of(entry.path("digest").asText());
            }
        }
        return Optional.empty();
    }

    private HttpResponse<InputStream> expect(Call call, int status) {
        HttpResponse<InputStream> answer = expectOpen(call, status);
        close(answer);
        return answer;
    }

    private HttpResponse<InputStream> expectOpen(Call call, int status) {
        HttpResponse<InputStream> answer = transport.send(call);
        if (answer.statusCode() != status) {
            throw transport.unexpected(answer, call);
        }
        return answer;
    }

    /** Empty for 404, the answer for any success. */
    private Optional<HttpResponse<InputStream>> found(Call call) {
        HttpResponse<InputStream> answer = transport.send(call);
        if (answer.statusCode() == 404) {
            close(answer);
            return Optional.empty();
        }
        if (answer.statusCode() / 100 != 2) {
            throw transport.unexpected(answer, call);
        }
        close(answer);
        return Optional.of(answer);
    }

    private static void close(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            body.skipNBytes(0);
        } catch (IOException e) {
            // Nothing of it is needed.
        }
    }

    private void verify(Call call, String digest, byte[] bytes) {
        String algorithm = digest.startsWith("sha512:") ? "sha512" : "sha256";
        String actual = digest(algorithm, bytes);
        if (!actual.equals(digest)) {
            throw RegistryProblems.of(
                    ProblemCode.REGISTRY_ANSWER, transport.where(call), "the content's digest is " + actual, null);
        }
    }

    private RuntimeException missing(Call call) {
        return RegistryProblems.of(ProblemCode.IMAGE_NOT_FOUND, transport.where(call), "not there", null);
    }

    private Call manifest(String method, String repository, String reference, String actions) {
        return Call.of(method, at(repository) + "/manifests/" + reference, scope(repository, actions));
    }

    private Call blob(String method, String repository, String digest, String actions) {
        return Call.of(method, at(repository) + "/blobs/" + digest, scope(repository, actions));
    }

    private String push(String repository) {
        return scope(repository, "pull,push");
    }

    private String at(String repository) {
        return "/v2/" + path + repository;
    }

    private String scope(String repository, String actions) {
        return "repository:" + path + repository + ":" + actions;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            String javaName = algorithm.equals("sha512") ? "SHA-512" : "SHA-256";
            return algorithm + ":"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance(javaName).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-2", e);
        }
    }
}
