package dev.slipway.tests.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.tests.support.OwnCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Receives what is posted, and behaves as it is told to: once for each post, then well. */
final class ReceivingServer implements AutoCloseable {
    /** What it got. */
    record Got(String path, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    /** How it answers a post. */
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final Queue<Behaviour> next = new ConcurrentLinkedQueue<>();

    /** On an address of this machine, without encryption. */
    ReceivingServer(String address) throws IOException {
        this(address, 0);
    }

    /** On the port where another one was. */
    ReceivingServer(String address, int port) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0));
    }

    /** Over https. */
    ReceivingServer(OwnCertificate certificate) throws IOException {
        this(https(certificate));
    }

    private static HttpServer https(OwnCertificate certificate) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
        return server;
    }

    private ReceivingServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new java.util.HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
            byte[] body = exchange.getRequestBody().readAllBytes();
            got.add(new Got(exchange.getRequestURI().toString(), headers, body));
            Behaviour behaviour = next.poll();
            (behaviour == null ? status(204, "") : behaviour).answer(exchange);
        }
    }

    static Behaviour status(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    /** Takes it and says nothing for so long. */
    static Behaviour slow(long millis) {
        return exchange -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** One byte of its head every moment, for ever. */
    static Behaviour dripping() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    static Behaviour huge(int status) {
        return exchange -> {
            exchange.sendResponseHeaders(status, 0);
            byte[] much = new byte[1024 * 1024];
            java.util.Arrays.fill(much, (byte) 'x');
            for (int i = 0; i < 512; i++) {
                exchange.getResponseBody().write(much);
            }
        };
    }

    void then(Behaviour... behaviours) {
        next.addAll(List.of(behaviours));
    }

    List<Got> got() {
        return got;
    }

    String url() {
        return (server instanceof HttpsServer ? "https://" : "http://")
                + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
