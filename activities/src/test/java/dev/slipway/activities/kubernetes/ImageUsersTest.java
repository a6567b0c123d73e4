package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageUsersTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final Application APPLICATION = ApplicationCheck.read("""
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: one, source: {image: a}}
                - {name: two, source: {image: b}}
            """).orElseThrow();

    private record Content(String type, byte[] bytes) {}

    private final Map<String, Content> contents = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer registry;
    private ImageUsers users;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/v2/", exchange -> {
            requests.incrementAndGet();
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
        users = new ImageUsers(
                new Registries(new RegistryClient(new RegistrySettings(
                        "slipway.registry", "127.0.0.1:" + registry.getAddress().getPort(), true, null, null))),
                false);
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @DisplayName("only a number other than 0 is a user that is surely not root")
    @CsvSource({
        "'', true",
        "0, true",
        "00, true",
        "0:1000, true",
        "root, true",
        "app:1000, true",
        "1a, true",
        "1000, false",
        "1000:0, false",
        "01, false",
        "65532:65532, false",
        "10:staff, false"
    })
    void judges(String user, boolean refused) {
        List<String> found = check(Map.of("one", image(user)), pod("one", true, null));

        assertThat(found).hasSize(refused ? 1 : 0);
    }

    @Test
    @DisplayName("what the pod says decides before the image, which is then not even read")
    void asksThePod() {
        Map<String, PlannedImage> planned = Map.of("one", image(""));

        assertThat(check(planned, pod("one", true, 7L))).isEmpty();
        assertThat(check(planned, pod("one", false, null))).isEmpty();
        assertThat(check(planned, pod("one", null, null))).isEmpty();
        assertThat(requests).hasValue(0);
    }

    @Test
    @DisplayName("an image for several machines is read for one of them, and every image once")
    void readsOnce() {
        String arm = image("").digest();
        String index = put(
                INDEX,
                "{\"manifests\":[{\"digest\":\"" + arm
                        + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}}]}");
        PlannedImage both = planned("shop/one", index);
        Map<String, PlannedImage> planned = Map.of("one", both, "two", both);

        List<String> found = check(planned, pod("one", true, null), pod("two", true, null));
        int asked = requests.get();

        assertThat(found).containsExactly("component one root", "component two root");
        assertThat(check(planned, pod("one", true, null))).hasSize(1);
        assertThat(requests).hasValue(asked);
    }

    @Test
    @DisplayName("an image that is not there, may not be read, or whose registry is away, is no finding")
    void unreadable() {
        String none = "sha256:" + "0".repeat(64);
        Map<String, PlannedImage> planned =
                Map.of("one", planned("shop/gone", none), "two", planned("shop/private/closed", none));

        assertThat(check(planned, pod("one", true, null), pod("two", true, null)))
                .isEmpty();
        registry.stop(0);
        assertThat(check(planned, pod("one", true, null), pod("two", true, null)))
                .isEmpty();
    }

    private List<String> check(Map<String, PlannedImage> planned, RenderedObject... objects) {
        return users.check(APPLICATION, Stream.of(objects).toList(), planned).stream()
                .map(problem -> problem.where() + " " + problem.arguments().get("user"))
                .toList();
    }

    private static RenderedObject pod(String component, @Nullable Boolean nonRoot, @Nullable Long user) {
        return new RenderedObject(
                new ObjectRef("Deployment", component, component),
                new DeploymentBuilder()
                        .withNewSpec()
                        .withNewTemplate()
                        .withNewSpec()
                        .withNewSecurityContext()
                        .withRunAsNonRoot(nonRoot)
                        .endSecurityContext()
                        .addNewContainer()
                        .withName(component)
                        .withNewSecurityContext()
                        .withRunAsUser(user)
                        .endSecurityContext()
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build(),
                "");
    }

    private PlannedImage image(String user) {
        String config = put("application/vnd.oci.image.config.v1+json", "{\"config\":{\"User\":\"" + user + "\"}}");
        return planned("shop/image", put(MANIFEST, "{\"config\":{\"digest\":\"" + config + "\"}}"));
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
}
