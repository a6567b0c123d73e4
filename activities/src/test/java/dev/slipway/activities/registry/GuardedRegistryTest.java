package dev.slipway.activities.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A registry that an image names is asked only where Slipway may go")
class GuardedRegistryTest {
    private final AtomicInteger inside = new AtomicInteger();
    private HttpServer registry;
    private HttpServer secret;
    private String location = "";

    @BeforeEach
    void start() throws Exception {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        secret = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0), 0);
        location = "http://127.0.0.2:" + secret.getAddress().getPort();
        registry.createContext("/", exchange -> {
            try (exchange) {
                boolean login = exchange.getRequestURI().getPath().contains("login");
                exchange.getResponseHeaders()
                        .set(
                                login ? "WWW-Authenticate" : "Location",
                                login ? "Bearer realm=\"" + location + "/token\",service=\"x\"" : location + "/v2/");
                exchange.sendResponseHeaders(login ? 401 : 307, -1);
            }
        });
        secret.createContext("/", exchange -> {
            try (exchange) {
                inside.incrementAndGet();
                exchange.sendResponseHeaders(200, -1);
            }
        });
        registry.start();
        secret.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
        secret.stop(0);
    }

    @Test
    @DisplayName("not on this machine, by no name, nor by a redirect or as a token service")
    void refuses() {
        OutboundGuard guard = OutboundGuard.of(List.of());
        String address = "127.0.0.1:" + registry.getAddress().getPort();
        RegistrySettings named = new RegistrySettings(address, address, true, null, null);

        assertRefused(() -> new RegistryClient(RegistrySettings.anonymous(address), guard).ping());
        assertRefused(() -> new RegistryClient(RegistrySettings.anonymous("localhost:5000"), guard).ping());
        assertRefused(() -> new RegistryClient(RegistrySettings.anonymous("169.254.169.254"), guard).ping());
        assertRefused(() -> new RegistryClient(named, guard.configured(address)).ping());
        assertRefused(() -> new RegistryClient(named, guard.configured(address)).head("login", "latest"));
        assertThat(inside).hasValue(0);

        new RegistryClient(named, guard.configured(address).configured("127.0.0.2")).ping();
        assertThat(inside).hasValue(1);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.OUTBOUND_REFUSED));
    }
}
