package dev.slipway.tests.git;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.tests.support.OwnCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Serves the repositories of a folder by git's own {@code http-backend}, over https with a certificate of its own, to one user. */
final class HttpsGitServer implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path root;
    private final Path certificate;
    private final String expected;
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile @Nullable String redirect;
    private volatile boolean readOnly;

    private HttpsGitServer(Path root, Path scratch, String username, String password) throws Exception {
        this.root = root;
        this.expected = "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
        OwnCertificate own = OwnCertificate.create();
        this.certificate = Files.writeString(scratch.resolve("git-ca-" + System.nanoTime() + ".pem"), own.pem());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(own.tls()));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static HttpsGitServer start(Path root, Path scratch, String username, String password) {
        try {
            return new HttpsGitServer(root, scratch, username, password);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code https://127.0.0.1:4711}. */
    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** By which it is to be believed. */
    Path certificate() {
        return certificate;
    }

    /** What clients sent as their login. */
    List<String> authorizations() {
        return authorizations;
    }

    /** From now on nobody may push. */
    void readOnly() {
        readOnly = true;
    }

    /** From now on it sends everybody to another server. */
    void redirectTo(String other) {
        redirect = other;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            if (login != null) {
                authorizations.add(login);
            }
            String other = redirect;
            if (other != null) {
                exchange.getResponseHeaders().set("Location", other + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (!expected.equals(login)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                backend(exchange);
            }
        }
    }

    /** As in RFC 3875. */
    private void backend(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        Map<String, String> environment = builder.environment();
        Headers headers = exchange.getRequestHeaders();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REMOTE_USER", "robot");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        environment.put(
                "QUERY_STRING",
                Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
        environment.put("CONTENT_TYPE", Objects.requireNonNullElse(headers.getFirst("Content-Type"), ""));
        environment.put("HTTP_CONTENT_ENCODING", Objects.requireNonNullElse(headers.getFirst("Content-Encoding"), ""));
        environment.put("GIT_PROTOCOL", Objects.requireNonNullElse(headers.getFirst("Git-Protocol"), ""));
        environment.put("GIT_CONFIG_COUNT", "3");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        environment.put("GIT_CONFIG_KEY_1", "uploadpack.allowAnySHA1InWant");
        environment.put("GIT_CONFIG_VALUE_1", "true");
        environment.put("GIT_CONFIG_KEY_2", "http.receivepack");
        environment.put("GIT_CONFIG_VALUE_2", Boolean.toString(!readOnly));
        byte[] body = exchange.getRequestBody().readAllBytes();
        environment.put("CONTENT_LENGTH", Integer.toString(body.length));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Thread writer = new Thread(() -> {
            try (var out = process.getOutputStream()) {
                out.write(body);
            } catch (IOException e) {
                process.destroy();
            }
        });
        writer.start();
        try (InputStream out = process.getInputStream()) {
            int status = 200;
            String line = line(out);
            while (!line.isEmpty()) {
                int colon = line.indexOf(':');
                String name = line.substring(0, colon);
                String value = line.substring(colon + 1).strip();
                if (name.equals("Status")) {
                    status = Integer.parseInt(value.substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(name, value);
                }
                line = line(out);
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            if (c != '\r') {
                line.write(c);
            }
            c = in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
