package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ImagePlatforms.Pulled;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ImagePlatformsTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private record Content(String type, byte[] bytes) {}

    private final Map<String, Content> contents = new ConcurrentHashMap<>();
    private HttpServer registry;
    private ImagePlatforms platforms;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/v2/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            Content content = contents.get(path.substring(path.lastIndexOf('/') + 1));
            if (path.contains("/private/")) {
                exchange.sendResponseHeaders(403, -1);
            } else if (content == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.getResponseHeaders().set("Content-Type", content.type());
                exchange.sendResponseHeaders(200, content.bytes().length);
                exchange.getResponseBody().write(content.bytes());
            }
            exchange.close();
        });
        registry.start();
        platforms = new ImagePlatforms(
                new Registries(new RegistryClient(new RegistrySettings(
                        "slipway.registry", "127.0.0.1:" + registry.getAddress().getPort(), true, null, null))),
                false);
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @Test
    @DisplayName("an image for other machines than the cluster's is named, one for several of them is not")
    void comparesArchitectures() {
        String amd64 = image("amd64");
        String both = put(
                INDEX,
                "{\"manifests\":[{\"platform\":{\"architecture\":\"amd64\"}},{\"platform\":{\"architecture\":\"arm64\"}},"
                        + "{\"platform\":{\"architecture\":\"unknown\"}}]}");

        List<Problem> problems = check(
                Map.of("one", planned("shop/one", amd64), "two", planned("shop/two", both)), List.of(node("arm64")));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.IMAGE_ARCHITECTURE);
            assertThat(problem.where()).isEqualTo("component one");
            assertThat(problem.arguments()).containsEntry("has", "amd64").containsEntry("nodes", "arm64");
        });
        assertThat(check(Map.of("one", planned("shop/one", amd64)), List.of(node("arm64"), node("amd64"))))
                .isEmpty();
        assertThat(check(Map.of("one", planned("shop/one", amd64)), List.of())).isEmpty();
    }

    @Test
    @DisplayName("an image that is not there, or that nobody may pull, is named; a registry that is away is no finding")
    void asksTheRegistry() {
        String none = "sha256:" + "0".repeat(64);

        List<Problem> problems = check(
                Map.of(
                        "gone", planned("shop/gone", none),
                        "closed", planned("shop/private/closed", none)),
                List.of(node("amd64")));

        assertThat(problems)
                .extracting(problem -> problem.where() + " " + problem.code())
                .containsExactly("component closed SLP-REGISTRY-DENIED", "component gone SLP-IMAGE-NOT-FOUND");
        registry.stop(0);
        assertThat(check(Map.of("gone", planned("shop/gone", none)), List.of(node("amd64"))))
                .isEmpty();
    }

    private List<Problem> check(Map<String, PlannedImage> pulled, List<Node> nodes) {
        return platforms.check(
                pulled.entrySet().stream()
                        .map(one -> Pulled.of(one.getKey(), one.getValue()))
                        .toList(),
                nodes);
    }

    private String image(String architecture) {
        String config = put("application/vnd.oci.image.config.v1+json", "{\"architecture\":\"" + architecture + "\"}");
        return put(MANIFEST, "{\"config\":{\"digest\":\"" + config + "\"}}");
    }

    private String put(String type, String json) {
        try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            String digest = "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            contents.put(digest, new Content(type, bytes));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PlannedImage planned(String repository, String digest) {
        return new PlannedImage("slipway.registry/" + repository, digest, null, null);
    }

    private static Node node(String architecture) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("node-" + architecture)
                .addToLabels("kubernetes.io/arch", architecture)
                .endMetadata()
                .build();
    }
}
