package dev.slipway.tests.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An open registry behind the token service of the distribution specification: users and passwords get in only there, and a token
 * does what its scopes say and nothing else.
 */
public final class TokenRegistry implements AutoCloseable {
    private static final Pattern REPOSITORY = Pattern.compile("/v2/(.+?)/(?:manifests|blobs|tags)/.*");

    private HttpServer server;
    private final String upstream;
    private final String address;
    private final Duration life;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Set<String>> users = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> tokens = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String forgotten = "";
    private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    /** @param address {@code host:port} to listen on. @param upstream the open registry. @param life of its tokens */
    public TokenRegistry(InetSocketAddress address, String upstream, Duration life) throws IOException {
        this.upstream = upstream;
        this.life = life;
        this.server = started(address);
        this.address =
                server.getAddress().getHostString() + ":" + server.getAddress().getPort();
    }

    private HttpServer started(InetSocketAddress where) throws IOException {
        HttpServer started = HttpServer.create(where, 0);
        started.setExecutor(threads);
        started.createContext("/token", this::token);
        started.createContext("/v2/", this::registry);
        started.start();
        return started;
    }

    public String address() {
        return address;
    }

    /** @param actions that it may do in any repository: {@code pull}, {@code push}, {@code delete} */
    public TokenRegistry user(String name, String password, String... actions) {
        String login = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        users.put("Basic " + login, Set.of(actions));
        return this;
    }

    /** From now on nobody may do that any more, whatever token there is. */
    public void withdraw(String action) {
        withdrawn.add(action);
    }

    /** Nobody listens any more, or again. */
    public void away(boolean gone) throws IOException {
        if (gone) {
            server.stop(0);
        } else {
            server = started(server.getAddress());
        }
    }

    /** Manifests of that repository are taken and forgotten. @param repository empty: of none any more */
    public void forget(String repository) {
        forgotten = repository;
    }

    /** What tokens were asked for, each scope of one after the other. */
    public List<String> asked() {
        return asked;
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            Set<String> may = users.get(
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "nobody"));
            if (may == null) {
                answer(exchange, 401, "{}");
                return;
            }
            List<String> scopes = Arrays.stream(
                            exchange.getRequestURI().getRawQuery().split("&"))
                    .filter(one -> one.startsWith("scope="))
                    .map(one -> URLDecoder.decode(one.substring(6), StandardCharsets.UTF_8))
                    .flatMap(one -> Arrays.stream(one.split(" ")))
                    .toList();
            asked.add(String.join(" ", scopes));
            String token = UUID.randomUUID().toString();
            tokens.put(
                    token,
                    scopes.stream()
                            .filter(scope -> scope.startsWith("repository:"))
                            .flatMap(scope -> Arrays.stream(scope.substring(scope.lastIndexOf(':') + 1)
                                            .split(","))
                                    .filter(may::contains)
                                    .map(action -> scope.substring(11, scope.lastIndexOf(':')) + ":" + action))
                            .collect(Collectors.toSet()));
            answer(exchange, 200, "{\"token\":\"" + token + "\",\"expires_in\":" + life.toSeconds() + "}");
        }
    }

    private void registry(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Matcher repository = REPOSITORY.matcher(path);
            String action = switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> "pull";
                case "DELETE" -> path.contains("/uploads/") ? "push" : "delete";
                default -> "push";
            };
            String needed = repository.matches() ? repository.group(1) + ":" + action : "";
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            Set<String> has = login == null || !login.startsWith("Bearer ") ? null : tokens.get(login.substring(7));
            if (has == null || !needed.isEmpty() && !has.contains(needed) || withdrawn.contains(action)) {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + address + "/token\",service=\"lab\""
                                        + (needed.isEmpty() ? "" : ",scope=\"repository:" + scope(needed) + "\""));
                answer(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"not for you\"}]}");
                return;
            }
            if (exchange.getRequestMethod().equals("PUT") && path.startsWith("/v2/" + forgotten + "/manifests/")) {
                answer(exchange, 201, "");
                return;
            }
            forward(exchange);
        }
    }

    private static String scope(String needed) {
        return needed.endsWith(":push") ? needed.replaceFirst("push$", "pull,push") : needed;
    }

    private void forward(HttpExchange exchange) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + upstream + exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()))
                .header("X-Forwarded-Host", address)
                .header("X-Forwarded-Proto", "http");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (Set.of("accept", "content-type", "content-range", "range")
                    .contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.headers().map().forEach((name, values) -> {
                if (!Set.of("content-length", "transfer-encoding", "connection")
                        .contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            boolean head = exchange.getRequestMethod().equals("HEAD");
            answer.headers()
                    .firstValue("content-length")
                    .filter(length -> head)
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
            exchange.sendResponseHeaders(answer.statusCode(), head ? -1 : 0);
            try (InputStream body = answer.body()) {
                if (!head) {
                    body.transferTo(exchange.getResponseBody());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
