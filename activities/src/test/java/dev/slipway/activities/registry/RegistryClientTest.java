package dev.slipway.activities.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The registry client")
class RegistryClientTest {
    private static final String BASIC = "Basic bWU6c2VjcmV0"; // me:secret
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private HttpServer other;

    @BeforeEach
    void start() throws IOException {
        registry = server("127.0.0.1");
        other = server("127.0.0.2");
    }

    @AfterEach
    void stop() {
        registry.stop(0);
        other.stop(0);
    }

    @Test
    @DisplayName("signs in by Basic when it is asked to, not before, and says who refused when it is not let in")
    void basic() {
        registry.createContext("/v2/", exchange -> {
            boolean in = BASIC.equals(note(exchange));
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            answer(exchange, in ? 200 : 401, "{}");
        });

        client("secret").ping();

        assertThat(seen).containsExactly("-", BASIC);
        assertProblem(() -> client("wrong").ping(), ProblemCode.REGISTRY_DENIED);
        assertProblem(() -> anonymous().ping(), ProblemCode.REGISTRY_DENIED);
    }

    @Test
    @DisplayName("fetches a token for the scope, once, and sends the password to the registry's own host only")
    void bearer() {
        registry.createContext("/token", exchange -> {
            seen.add("token " + note(exchange));
            answer(exchange, 200, "{\"token\":\"t0k\"}");
        });
        registry.createContext("/v2/", exchange -> {
            boolean in = "Bearer t0k".equals(note(exchange));
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"" + url(registry) + "/token\",service=\"s\"");
            answer(exchange, in ? 200 : 401, "{\"tags\":[\"a\"]}");
        });
        RegistryClient client = client("secret");

        assertThat(client.tags("demo")).containsExactly("a");
        assertThat(client.tags("demo")).containsExactly("a");

        assertThat(seen).containsExactly("-", BASIC, "token " + BASIC, "Bearer t0k", "Bearer t0k");
    }

    @Test
    @DisplayName(
            "gets a token for somebody else: for some repositories alone, and only one that lasts as long as is needed")
    void tokenForABuild() {
        registry.createContext("/token", exchange -> {
            seen.add(note(exchange) + " " + exchange.getRequestURI().getRawQuery());
            answer(exchange, 200, "{\"token\":\"t0k\",\"expires_in\":600}");
        });
        registry.createContext("/v2/", exchange -> {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"" + url(registry) + "/token\",service=\"s\"");
            answer(exchange, 401, "{}");
        });
        List<String> scopes = List.of("repository:shop/web:pull,push", "repository:cache/shop/web:pull,push");

        assertThat(client("secret")
                        .token(scopes, Duration.ofMinutes(10))
                        .orElseThrow()
                        .reveal())
                .isEqualTo("t0k");
        assertThat(client("secret").token(scopes, Duration.ofMinutes(11))).isEmpty();

        assertThat(seen)
                .contains(BASIC + " service=s&scope=repository%3Ashop%2Fweb%3Apull%2Cpush"
                        + "&scope=repository%3Acache%2Fshop%2Fweb%3Apull%2Cpush");
    }

    @Test
    @DisplayName("knows before anything is sent whether it may push; a registry of passwords gives no tokens")
    void requirePush() {
        registry.createContext("/v2/", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            boolean in = BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            exchange.getResponseHeaders().set("Location", "/v2/shop/web/blobs/uploads/1");
            boolean mine = exchange.getRequestURI().getPath().startsWith("/v2/shop/web/");
            answer(exchange, !in ? 401 : mine ? 202 : 403, "{}");
        });
        RegistryClient client = client("secret");

        client.requirePush("shop/web");
        assertThat(seen).endsWith("POST /v2/shop/web/blobs/uploads/", "DELETE /v2/shop/web/blobs/uploads/1");
        assertProblem(() -> client.requirePush("else/where"), ProblemCode.REGISTRY_DENIED);
        assertThat(client.token(List.of("repository:shop/web:pull,push"), Duration.ZERO))
                .isEmpty();
    }

    @Test
    @DisplayName("asks a mirror for the same repository below its path, and names the registry that is meant")
    void mirror() {
        registry.createContext("/v2/", exchange -> {
            seen.add(exchange.getRequestURI().getPath());
            answer(exchange, 401, "{}");
        });
        RegistryClient hub = new RegistryClient(new RegistrySettings(
                "docker.io", "127.0.0.1:" + registry.getAddress().getPort() + "/proxy/hub", true, null, null));

        assertThatThrownBy(() -> hub.head("library/busybox", "1"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        denied -> assertThat(denied.problem().arguments())
                                .containsEntry("image", "docker.io/library/busybox:1"));
        assertThat(seen).containsOnly("/v2/proxy/hub/library/busybox/manifests/1");
    }

    @Test
    @DisplayName("asks a token service elsewhere without the password")
    void foreignRealm() {
        other.createContext("/token", exchange -> {
            note(exchange);
            answer(exchange, 200, "{\"token\":\"t0k\"}");
        });
        registry.createContext("/v2/", exchange -> {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"" + url(other) + "/token\",service=\"s\"");
            answer(
                    exchange,
                    "Bearer t0k".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401,
                    "{}");
        });

        client("secret").ping();

        assertThat(seen).containsExactly("-");
    }

    @Test
    @DisplayName("follows a blob's redirect to another host without authorisation")
    void redirect() {
        other.createContext("/store", exchange -> {
            note(exchange);
            answer(exchange, 200, "content");
        });
        registry.createContext("/v2/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            exchange.getResponseHeaders().set("Location", url(other) + "/store");
            answer(exchange, BASIC.equals(authorization) ? 307 : 401, "");
        });
        String digest = "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";

        assertThat(client("secret").smallBlob("demo", digest)).asString().isEqualTo("content");
        assertThat(seen).containsExactly("-");
        assertProblem(() -> client("secret").smallBlob("demo", DIGEST), ProblemCode.REGISTRY_ANSWER);
    }

    @Test
    @DisplayName("tries again when the registry stumbles, a broken upload from its beginning")
    void retries() {
        AtomicInteger puts = new AtomicInteger();
        registry.createContext("/v2/", exchange -> {
            seen.add(exchange.getRequestMethod());
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    exchange.getResponseHeaders().set("Location", "/v2/demo/blobs/uploads/" + seen.size());
                    answer(exchange, 202, "");
                }
                case "PUT" -> answer(exchange, puts.incrementAndGet() == 1 ? 503 : 201, "");
                default -> answer(exchange, 404, "");
            }
        });
        Descriptor blob = new Descriptor("x", DIGEST, 4);

        boolean sent = client("secret")
                .pushBlob(
                        "demo", blob, () -> new ByteArrayInputStream("blob".getBytes(StandardCharsets.UTF_8)), n -> {});

        assertThat(sent).isTrue();
        assertThat(seen).containsExactly("HEAD", "POST", "PUT", "POST", "PUT");
    }

    @Test
    @DisplayName("tells a full registry, a lying one, and an absent one apart")
    void problems() {
        registry.createContext(
                "/v2/full/", exchange -> answer(exchange, 507, "{\"errors\":[{\"code\":\"X\",\"message\":\"full\"}]}"));
        registry.createContext("/v2/lies/", exchange -> answer(exchange, 200, "not json"));

        assertThatThrownBy(() -> anonymous().putManifest("full", "v1", "x", new byte[] {1}))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.REGISTRY_FULL);
                    assertThat(e.problem().where()).isEqualTo("mine/full:v1");
                    assertThat(e.problem().arguments()).containsEntry("reason", "HTTP 507: X full");
                });
        assertProblem(() -> anonymous().manifest("lies", DIGEST), ProblemCode.REGISTRY_ANSWER);
        assertProblem(() -> anonymous().tags("lies"), ProblemCode.REGISTRY_ANSWER);
        registry.stop(0);
        assertProblem(() -> anonymous().ping(), ProblemCode.REGISTRY_UNREACHABLE);
    }

    @Test
    @DisplayName("says that it is TLS when a registry does not speak it")
    void noTls() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(
                    () -> {
                        try (Socket socket = plain.accept()) {
                            socket.getOutputStream()
                                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                            socket.getInputStream().readNBytes(1);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        // A thread of its own: the shared pool has one on a small machine, and it may be busy.
                    },
                    task -> new Thread(task, "no-tls").start());
            RegistrySettings settings =
                    new RegistrySettings("tls", "127.0.0.1:" + plain.getLocalPort(), false, null, null);

            assertThatThrownBy(() -> new RegistryClient(settings).ping())
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.REGISTRY_UNREACHABLE);
                        assertThat(e.problem().arguments().get("reason")).startsWith("TLS");
                    });
            served.join();
        }
    }

    private RegistryClient client(String password) {
        return new RegistryClient(new RegistrySettings("mine", address(registry), true, "me", Secret.of(password)));
    }

    private RegistryClient anonymous() {
        return new RegistryClient(new RegistrySettings("mine", address(registry), true, null, null));
    }

    private static void assertProblem(ThrowingCallable action, ProblemCode code) {
        assertThatThrownBy(action).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(code);
            assertThat(e.getMessage()).doesNotContain("secret", "bWU6");
        });
    }

    /** Remembers the authorisation of a request. */
    private String note(HttpExchange exchange) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        seen.add(authorization == null ? "-" : authorization);
        return authorization;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static HttpServer server(String address) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 10);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    private static String url(HttpServer server) {
        return "http://" + address(server);
    }
}
