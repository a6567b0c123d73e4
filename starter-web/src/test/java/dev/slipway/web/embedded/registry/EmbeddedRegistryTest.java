package dev.slipway.web.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The embedded registry speaks the OCI distribution protocol")
class EmbeddedRegistryTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private EmbeddedRegistry registry;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder, InetAddress.getLoopbackAddress(), 0, new DiskSpace(free::get, 0));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    @DisplayName("answers the ping and says which protocol it is")
    void ping() throws Exception {
        HttpResponse<byte[]> answer = get("/v2/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Docker-Distribution-Api-Version"))
                .contains("registry/2.0");
        assertThat(get("/v2").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("takes a blob in one POST, in POST and PUT, and gives the same bytes back")
    void monolithic() throws Exception {
        byte[] first = random(100_000);
        byte[] second = random(10);

        HttpResponse<byte[]> one = post("/v2/a/b/blobs/uploads/?digest=" + sha256(first), first);
        String location = header(post("/v2/a/b/blobs/uploads/", new byte[0]), "Location");
        HttpResponse<byte[]> two = put(location + "?digest=" + sha256(second), "application/octet-stream", second);

        assertThat(one.statusCode()).isEqualTo(201);
        assertThat(header(one, "Location")).isEqualTo("/v2/a/b/blobs/" + sha256(first));
        assertThat(two.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/b/blobs/" + sha256(first)).body()).isEqualTo(first);
        assertThat(get("/v2/a/b/blobs/" + sha256(second)).body()).isEqualTo(second);
        assertThat(header(get("/v2/a/b/blobs/" + sha256(second)), "Docker-Content-Digest"))
                .isEqualTo(sha256(second));
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("takes an empty blob")
    void emptyBlob() throws Exception {
        push("a", new byte[0]);

        assertThat(get("/v2/a/blobs/" + sha256(new byte[0])).body()).isEmpty();
    }

    @Test
    @DisplayName("keeps a form-typed body as the blob it is")
    void formTypedBody() throws Exception {
        byte[] content = "digest=sha256:oops&mount=x".getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> answer = send(request("/v2/a/blobs/uploads/?digest=" + sha256(content))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(content)));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/blobs/" + sha256(content)).body()).isEqualTo(content);
    }

    @Test
    @DisplayName("takes chunks in order, refuses the others with where to go on, and tells how far it is")
    void chunks() throws Exception {
        byte[] all = random(3_000);
        HttpResponse<byte[]> started = post("/v2/a/blobs/uploads/", new byte[0]);
        String location = header(started, "Location");

        HttpResponse<byte[]> tooEarly = patch(location, "1000-1999", Arrays.copyOfRange(all, 1000, 2000));
        HttpResponse<byte[]> first = patch(location, "0-999", Arrays.copyOfRange(all, 0, 1000));
        HttpResponse<byte[]> again = patch(location, "0-999", Arrays.copyOfRange(all, 0, 1000));
        HttpResponse<byte[]> status = get(location);
        HttpResponse<byte[]> second = patch(location, "bytes 1000-1999/*", Arrays.copyOfRange(all, 1000, 2000));
        HttpResponse<byte[]> last = send(request(location + "?digest=" + sha256(all))
                .header("Content-Range", "2000-2999")
                .PUT(BodyPublishers.ofByteArray(Arrays.copyOfRange(all, 2000, 3000))));

        assertThat(started.statusCode()).isEqualTo(202);
        assertThat(tooEarly.statusCode()).isEqualTo(416);
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(header(first, "Range")).isEqualTo("0-999");
        assertThat(again.statusCode()).isEqualTo(416);
        assertThat(header(again, "Range")).isEqualTo("0-999");
        assertThat(status.statusCode()).isEqualTo(204);
        assertThat(header(status, "Range")).isEqualTo("0-999");
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(last.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/blobs/" + sha256(all)).body()).isEqualTo(all);
        assertThat(get(location).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("takes a streamed PATCH of unknown length")
    void streamed() throws Exception {
        byte[] all = random(300_000);
        String location = header(post("/v2/a/blobs/uploads/", new byte[0]), "Location");

        HttpResponse<byte[]> patched = send(request(location)
                .method("PATCH", BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(all))));
        HttpResponse<byte[]> finished =
                put(location + "?digest=" + sha256(all), "application/octet-stream", new byte[0]);

        assertThat(patched.statusCode()).isEqualTo(202);
        assertThat(finished.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/blobs/" + sha256(all)).body()).isEqualTo(all);
    }

    @Test
    @DisplayName("goes on with an upload whose sender's connection broke, from where it broke")
    void brokenConnection() throws Exception {
        byte[] all = random(200_000);
        String location = header(post("/v2/a/blobs/uploads/", new byte[0]), "Location");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            socket.getOutputStream()
                    .write(("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(all, 0, 50_000);
        }
        Awaitility.await().until(() -> header(get(location), "Range").equals("0-49999"));

        patch(location, "50000-199999", Arrays.copyOfRange(all, 50_000, all.length));
        put(location + "?digest=" + sha256(all), "application/octet-stream", new byte[0]);

        assertThat(get("/v2/a/blobs/" + sha256(all)).body()).isEqualTo(all);
    }

    @Test
    @DisplayName("refuses content that is not what its digest says, and keeps nothing of it")
    void wrongDigest() throws Exception {
        byte[] content = random(100);
        String claimed = sha256(random(101));

        HttpResponse<byte[]> answer = post("/v2/a/blobs/uploads/?digest=" + claimed, content);

        assertError(answer, 400, "DIGEST_INVALID");
        assertThat(get("/v2/a/blobs/" + claimed).statusCode()).isEqualTo(404);
        assertThat(get("/v2/a/blobs/" + sha256(content)).statusCode()).isEqualTo(404);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("knows sha512 as well")
    void sha512() throws Exception {
        byte[] content = random(1_000);
        String digest = "sha512:" + hex("SHA-512", content);

        HttpResponse<byte[]> answer = post("/v2/a/blobs/uploads/?digest=" + digest, content);
        byte[] manifest = manifest(digest, content.length);
        String manifestDigest = "sha512:" + hex("SHA-512", manifest);
        HttpResponse<byte[]> put = put("/v2/a/manifests/" + manifestDigest, MANIFEST, manifest);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/blobs/" + digest).body()).isEqualTo(content);
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(get("/v2/a/manifests/" + manifestDigest).body()).isEqualTo(manifest);
    }

    @Test
    @DisplayName("cancels an upload and forgets what arrived")
    void cancel() throws Exception {
        String location = header(post("/v2/a/blobs/uploads/", new byte[0]), "Location");
        patch(location, "0-9", random(10));

        HttpResponse<byte[]> answer = send(request(location).DELETE());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertError(get(location), 404, "BLOB_UPLOAD_UNKNOWN");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("mounts a blob from another repository, and asks for the bytes when it is not there")
    void mount() throws Exception {
        byte[] content = random(1_000);
        push("from/here", content);

        HttpResponse<byte[]> mounted =
                post("/v2/to/there/blobs/uploads/?mount=" + sha256(content) + "&from=from/here", new byte[0]);
        HttpResponse<byte[]> missing =
                post("/v2/to/there/blobs/uploads/?mount=" + sha256(random(9)) + "&from=from/here", new byte[0]);

        assertThat(mounted.statusCode()).isEqualTo(201);
        assertThat(get("/v2/to/there/blobs/" + sha256(content)).body()).isEqualTo(content);
        assertThat(missing.statusCode()).isEqualTo(202);
    }

    @Test
    @DisplayName("keeps repositories apart: a blob of one is not visible in another")
    void repositoriesAreApart() throws Exception {
        byte[] content = random(10);
        push("mine", content);

        assertError(get("/v2/other/blobs/" + sha256(content)), 404, "BLOB_UNKNOWN");
    }

    @Test
    @DisplayName("serves ranges of a blob")
    void ranges() throws Exception {
        byte[] content = random(1_000);
        String blob = "/v2/a/blobs/" + push("a", content);

        HttpResponse<byte[]> middle =
                send(request(blob).header("Range", "bytes=10-19").GET());
        HttpResponse<byte[]> rest =
                send(request(blob).header("Range", "bytes=990-").GET());
        HttpResponse<byte[]> tail =
                send(request(blob).header("Range", "bytes=-7").GET());
        HttpResponse<byte[]> outside =
                send(request(blob).header("Range", "bytes=1000-").GET());
        HttpResponse<byte[]> several =
                send(request(blob).header("Range", "bytes=0-1,5-6").GET());

        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(header(middle, "Content-Range")).isEqualTo("bytes 10-19/1000");
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(content, 10, 20));
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(content, 990, 1000));
        assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(content, 993, 1000));
        assertThat(outside.statusCode()).isEqualTo(416);
        assertThat(header(outside, "Content-Range")).isEqualTo("bytes */1000");
        assertThat(several.statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("answers HEAD with length and digest and no body")
    void head() throws Exception {
        byte[] content = random(1_000);
        String digest = push("a", content);

        HttpResponse<byte[]> answer = send(request("/v2/a/blobs/" + digest).method("HEAD", BodyPublishers.noBody()));
        HttpResponse<byte[]> missing = send(request("/v2/a/manifests/none").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Length")).isEqualTo("1000");
        assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest);
        assertThat(missing.statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("gives a manifest back byte for byte with its media type, by tag and by digest")
    void manifest() throws Exception {
        byte[] manifest = image("a", "  \n");

        HttpResponse<byte[]> put = put("/v2/a/manifests/v1", MANIFEST, manifest);
        HttpResponse<byte[]> byTag = get("/v2/a/manifests/v1");
        HttpResponse<byte[]> byDigest = get("/v2/a/manifests/" + sha256(manifest));

        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(header(put, "Docker-Content-Digest")).isEqualTo(sha256(manifest));
        assertThat(byTag.body()).isEqualTo(manifest);
        assertThat(header(byTag, "Content-Type")).isEqualTo(MANIFEST);
        assertThat(header(byTag, "Docker-Content-Digest")).isEqualTo(sha256(manifest));
        assertThat(byDigest.body()).isEqualTo(manifest);
        assertThat(get("/v2/a/manifests/" + sha256(manifest).replace(":", "%3A"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("refuses a manifest whose blobs it does not have, and one that is none")
    void incompleteManifest() throws Exception {
        byte[] incomplete = manifest(sha256(random(5)), 5);

        assertError(put("/v2/a/manifests/v1", MANIFEST, incomplete), 404, "MANIFEST_BLOB_UNKNOWN");
        assertError(put("/v2/a/manifests/v1", MANIFEST, "no json".getBytes()), 400, "MANIFEST_INVALID");
        assertError(put("/v2/a/manifests/v1", MANIFEST, "[]".getBytes()), 400, "MANIFEST_INVALID");
        assertError(put("/v2/a/manifests/v1", MANIFEST, new byte[0]), 400, "MANIFEST_INVALID");
        assertError(
                put("/v2/a/manifests/v1", MANIFEST, ("{\"mediaType\":\"" + INDEX + "\"}").getBytes()),
                400,
                "MANIFEST_INVALID");
        assertError(put("/v2/a/manifests/v1", MANIFEST, new byte[9 << 20]), 413, "SIZE_INVALID");
        assertThat(get("/v2/a/manifests/v1").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("keeps an index once its manifests are there")
    void index() throws Exception {
        byte[] child = image("a", "");
        byte[] index = ("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[{\"mediaType\":\""
                        + MANIFEST + "\",\"digest\":\"" + sha256(child) + "\",\"size\":" + child.length + "}]}")
                .getBytes();

        assertError(put("/v2/a/manifests/many", INDEX, index), 404, "MANIFEST_BLOB_UNKNOWN");
        put("/v2/a/manifests/" + sha256(child), MANIFEST, child);

        assertThat(put("/v2/a/manifests/many", INDEX, index).statusCode()).isEqualTo(201);
        assertThat(header(get("/v2/a/manifests/many"), "Content-Type")).isEqualTo(INDEX);
    }

    @Test
    @DisplayName("lists tags in order, by pages, and moves a tag")
    void tags() throws Exception {
        byte[] manifest = image("a", "");
        for (String tag : List.of("c", "a", "b", "B")) {
            put("/v2/a/manifests/" + tag, MANIFEST, manifest);
        }

        HttpResponse<byte[]> page = get("/v2/a/tags/list?n=2");

        assertThat(text(get("/v2/a/tags/list"))).contains("[\"B\",\"a\",\"b\",\"c\"]");
        assertThat(text(page)).contains("[\"B\",\"a\"]");
        assertThat(header(page, "Link")).isEqualTo("</v2/a/tags/list?n=2&last=a>; rel=\"next\"");
        assertThat(text(get("/v2/a/tags/list?n=2&last=a"))).contains("[\"b\",\"c\"]");
        assertThat(get("/v2/a/tags/list?n=2&last=a").headers().firstValue("Link"))
                .isEmpty();
        assertThat(text(get("/v2/a/tags/list?n=0"))).contains("[]");
        assertError(get("/v2/unknown/tags/list"), 404, "NAME_UNKNOWN");

        byte[] moved = image("a", " ");
        put("/v2/a/manifests/a", MANIFEST, moved);
        assertThat(get("/v2/a/manifests/a").body()).isEqualTo(moved);
    }

    @Test
    @DisplayName("deletes a tag, a manifest with its tags, and a blob of one repository")
    void deletes() throws Exception {
        byte[] manifest = image("a", "");
        String digest = sha256(manifest);
        put("/v2/a/manifests/one", MANIFEST, manifest);
        put("/v2/a/manifests/two", MANIFEST, manifest);
        byte[] shared = random(10);
        push("a", shared);
        push("b", shared);

        assertThat(delete("/v2/a/manifests/one").statusCode()).isEqualTo(202);
        assertThat(get("/v2/a/manifests/one").statusCode()).isEqualTo(404);
        assertThat(get("/v2/a/manifests/two").statusCode()).isEqualTo(200);
        assertThat(delete("/v2/a/manifests/" + digest).statusCode()).isEqualTo(202);
        assertThat(get("/v2/a/manifests/two").statusCode()).isEqualTo(404);
        assertError(get("/v2/a/manifests/" + digest), 404, "MANIFEST_UNKNOWN");
        assertError(delete("/v2/a/manifests/" + digest), 404, "MANIFEST_UNKNOWN");
        assertThat(delete("/v2/a/blobs/" + sha256(shared)).statusCode()).isEqualTo(202);
        assertError(delete("/v2/a/blobs/" + sha256(shared)), 404, "BLOB_UNKNOWN");
        assertThat(get("/v2/b/blobs/" + sha256(shared)).body()).isEqualTo(shared);
    }

    @Test
    @DisplayName("lists what refers to a manifest, filtered by type, until it is deleted")
    void referrers() throws Exception {
        byte[] subject = image("a", "");
        String about = ",\"artifactType\":\"text/x\",\"annotations\":{\"k\":\"中\"},\"subject\":{\"mediaType\":\""
                + MANIFEST + "\",\"digest\":\"" + sha256(subject) + "\",\"size\":" + subject.length + "}";
        byte[] referrer = new String(image("a", ""), StandardCharsets.UTF_8)
                .replaceFirst("}$", about + "}")
                .getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> put = put("/v2/a/manifests/" + sha256(referrer), MANIFEST, referrer);
        String list = "/v2/a/referrers/" + sha256(subject);

        assertThat(header(put, "OCI-Subject")).isEqualTo(sha256(subject));
        assertThat(text(get(list))).contains(sha256(referrer), "text/x", "中");
        assertThat(text(get(list + "?artifactType=text/x"))).contains(sha256(referrer));
        assertThat(header(get(list + "?artifactType=text/x"), "OCI-Filters-Applied"))
                .isEqualTo("artifactType");
        assertThat(text(get(list + "?artifactType=other"))).doesNotContain(sha256(referrer));
        delete("/v2/a/manifests/" + sha256(referrer));
        assertThat(text(get(list))).doesNotContain(sha256(referrer));
        assertThat(get("/v2/a/referrers/" + sha256(random(3))).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName(
            "refuses names and references that are none, with an error of the protocol, and touches no file outside")
    @ValueSource(
            strings = {
                "/v2/../../etc/blobs/uploads/",
                "/v2/a/../b/manifests/x",
                "/v2/a%2F..%2F..%2Fb/manifests/x",
                "/v2/%2e%2e/%2e%2e/manifests/x",
                "/v2/A/manifests/x",
                "/v2/_blobs/manifests/x",
                "/v2/a/_tags/manifests/x",
                "/v2/a//b/manifests/x",
                "/v2/-a/manifests/x",
                "/v2/a/manifests/..",
                "/v2/a/manifests/%2e%2e",
                "/v2/a/manifests/sha256:..",
                "/v2/a/blobs/sha256:../../x",
                "/v2/a/blobs/md5:abc",
                "/v2/a/blobs/uploads/../../x",
                "/v2/a/blobs/uploads/nouuid",
                "/v2/a/manifests/%zz",
                "/v2/a",
                "/v2/_catalog",
                "/other"
            })
    void hostileNames(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "uploads", "repositories", "server");
        }
        try (Stream<Path> files = Files.list(folder.resolve("repositories"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    @DisplayName("matches a long hostile name in no time and refuses it")
    void longName() throws Exception {
        assertError(get("/v2/" + "a-".repeat(400) + "/manifests/x"), 400, "NAME_INVALID");
        assertError(get("/v2/" + "a/".repeat(2_000) + "manifests/x"), 404, "NAME_UNKNOWN");
    }

    @Test
    @DisplayName("refuses methods that make no sense with 405, and writes that come from a web page with 403")
    void methodsAndBrowsers() throws Exception {
        assertError(post("/v2/a/manifests/x", new byte[0]), 405, "UNSUPPORTED");
        assertError(post("/v2/a/tags/list", new byte[0]), 405, "UNSUPPORTED");
        assertError(delete("/v2/a/blobs/uploads/"), 405, "UNSUPPORTED");
        HttpResponse<byte[]> page = send(request("/v2/a/blobs/uploads/")
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.noBody()));
        assertError(page, 403, "DENIED");
    }

    @Test
    @DisplayName("has everything again after a restart, and nothing of what was unfinished")
    void restart() throws Exception {
        byte[] manifest = image("a", "");
        put("/v2/a/manifests/v1", MANIFEST, manifest);
        String location = header(post("/v2/a/blobs/uploads/", new byte[0]), "Location");
        patch(location, "0-9", random(10));

        registry.close();
        start();

        assertThat(get("/v2/a/manifests/v1").body()).isEqualTo(manifest);
        assertError(get(location), 404, "BLOB_UPLOAD_UNKNOWN");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("takes the same blob from many at once")
    void concurrent() throws Exception {
        byte[] content = random(200_000);

        List<CompletableFuture<HttpResponse<byte[]>>> pushes = IntStream.range(0, 16)
                .mapToObj(i -> HTTP.sendAsync(
                        request("/v2/r" + i % 4 + "/blobs/uploads/?digest=" + sha256(content))
                                .POST(BodyPublishers.ofByteArray(content))
                                .build(),
                        BodyHandlers.ofByteArray()))
                .toList();

        assertThat(pushes)
                .allSatisfy(push -> assertThat(push.join().statusCode()).isEqualTo(201));
        assertThat(get("/v2/r3/blobs/" + sha256(content)).body()).isEqualTo(content);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("says that its disk is full before it takes a blob, keeps no part, and works again when there is room")
    void fullByReserve() throws Exception {
        byte[] content = random(5_000_000);
        String digest = sha256(content);
        free.set(4_000_000);

        HttpResponse<byte[]> refused = post("/v2/a/blobs/uploads/?digest=" + digest, content);
        HttpResponse<byte[]> small = post("/v2/a/blobs/uploads/?digest=" + sha256(random(1)), random(1));
        free.set(10_000_000);
        HttpResponse<byte[]> taken = post("/v2/a/blobs/uploads/?digest=" + digest, content);

        assertError(refused, 507, "INSUFFICIENT_STORAGE");
        assertThat(small.statusCode()).isEqualTo(201);
        assertThat(taken.statusCode()).isEqualTo(201);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    @DisplayName("survives a disk that really fills up in the middle of a blob: an error of the protocol, no half blob")
    void fullForReal() throws Exception {
        Path disk = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()))
                .as("needs root on Linux, to mount a disk of 4 MB")
                .isZero();
        try (EmbeddedRegistry small = EmbeddedRegistry.start(
                disk, InetAddress.getLoopbackAddress(), 0, new DiskSpace(() -> Long.MAX_VALUE, 0))) {
            EmbeddedRegistry other = registry;
            registry = small;
            byte[] content = random(6_000_000);

            HttpResponse<byte[]> refused = post("/v2/a/blobs/uploads/?digest=" + sha256(content), content);
            byte[] image = image("a", "");
            HttpResponse<byte[]> works = put("/v2/a/manifests/v1", MANIFEST, image);

            registry = other;
            assertError(refused, 507, "INSUFFICIENT_STORAGE");
            assertThat(works.statusCode()).isEqualTo(201);
            assertThat(disk.resolve("blobs/sha256").resolve(sha256(content).substring(7)))
                    .doesNotExist();
            assertThat(disk.resolve("uploads")).isEmptyDirectory();
        } finally {
            run("umount", disk.toString());
            Files.delete(disk);
        }
    }

    @Test
    @DisplayName("says which port is taken")
    void portInUse() {
        int taken = registry.port();
        Path other = folder.resolve("other");

        assertThatThrownBy(() -> EmbeddedRegistry.start(other, InetAddress.getLoopbackAddress(), taken))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.START_PORT_IN_USE);
                    assertThat(e.problem().arguments()).containsEntry("port", Integer.toString(taken));
                });
    }

    private String push(String repository, byte[] content) throws Exception {
        String digest = sha256(content);
        assertThat(post("/v2/" + repository + "/blobs/uploads/?digest=" + digest, content)
                        .statusCode())
                .isEqualTo(201);
        return digest;
    }

    /** Pushes a config and gives the manifest of an image with nothing else; {@code suffix} makes another of it. */
    private byte[] image(String repository, String suffix) throws Exception {
        byte[] config = "{}".getBytes();
        push(repository, config);
        return (new String(manifest(sha256(config), 2), StandardCharsets.UTF_8) + suffix)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] manifest(String config, int size) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST
                        + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                        + config + "\",\"size\":" + size + "},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("uploads"))) {
            return files.toList();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + registry.port() + path));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpResponse<byte[]> delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    private HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<byte[]> put(String path, String type, byte[] body) throws Exception {
        return send(request(path).header("Content-Type", type).PUT(BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<byte[]> patch(String path, String range, byte[] body) throws Exception {
        return send(request(path).header("Content-Range", range).method("PATCH", BodyPublishers.ofByteArray(body)));
    }

    /** For what an HTTP client would tidy up before it sends it. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static void assertError(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(text(answer)).contains("{\"errors\":[{").contains("\"code\":\"" + code + "\"");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] content) {
        return "sha256:" + hex("SHA-256", content);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
