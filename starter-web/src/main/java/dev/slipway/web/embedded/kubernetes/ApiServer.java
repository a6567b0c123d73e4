package dev.slipway.web.embedded.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.web.embedded.kubernetes.DeleteOptions.Propagation;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP side: turns requests into verbs of {@link ClusterApi}. Listens on loopback only and asks for no credentials. */
final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int LARGEST_BODY = 3 << 20;
    private static final long LONGEST_WATCH_SECONDS = 1800;

    private final HttpServer server;
    private final ResourceTypes types;
    private final ClusterApi api;
    private final Discovery discovery;
    private final AccessRules access;
    private final PodLogs logs;
    private final LongAdder requests = new LongAdder();

    ApiServer(int port, ExecutorService threads, ResourceTypes types, ClusterApi api) throws IOException {
        this.types = types;
        this.api = api;
        this.discovery = new Discovery(types);
        this.access = new AccessRules(api.store());
        this.logs = new PodLogs(api.store());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** How many requests have come in so far. */
    long requests() {
        return requests.sum();
    }

    /** The rights that each client has used so far. */
    Map<String, Set<String>> rightsUsed() {
        return access.used();
    }

    private static String client(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
    }

    private void handle(HttpExchange exchange) {
        requests.increment();
        try {
            try {
                route(exchange);
            } catch (ApiRefusal refusal) {
                send(exchange, refusal.code, refusal.status());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn(
                        "The simulated cluster failed on {} {}",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        e);
                ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
                status.put("status", "Failure").put("reason", "InternalError").put("code", 500);
                status.put("message", "Internal error occurred: " + e);
                send(exchange, 500, status);
            }
        } catch (IOException e) {
            LOG.debug("A client of the simulated cluster went away: {}", e.toString());
        } finally {
            exchange.close();
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath().replaceAll("(?<=.)/+$", "");
        String method = exchange.getRequestMethod();
        if (List.of("/healthz", "/livez", "/readyz").contains(path)) {
            sendText(exchange, "ok");
            return;
        }
        ObjectNode document = method.equals("GET") ? discovery.answer(path) : null;
        if (document != null) {
            send(exchange, 200, document);
            return;
        }
        RequestTarget target = RequestTarget.parse(path);
        if (target == null) {
            throw ApiRefusal.noSuchResource();
        }
        Map<String, String> query = RequestTarget.query(exchange.getRequestURI());
        if (target.apiVersion().equals("authorization.k8s.io/v1") && method.equals("POST")) {
            send(exchange, 201, AccessReview.answer(body(exchange), access));
            return;
        }
        if (target.apiVersion().equals("authentication.k8s.io/v1")
                && target.plural().equals("selfsubjectreviews")
                && method.equals("POST")) {
            send(exchange, 201, AccessRules.user(body(exchange)));
            return;
        }
        ResourceType type = types.find(target.apiVersion(), target.plural());
        if (type == null || (!type.namespaced() && !target.namespace().isEmpty())) {
            throw ApiRefusal.noSuchResource();
        }
        access.check(
                client(exchange),
                AccessRules.verb(method, target.name().isEmpty(), isTrue(query.get("watch"))),
                type,
                target.subresource().isEmpty() ? type.plural() : type.plural() + "/" + target.subresource(),
                target.namespace(),
                target.name());
        if (target.name().isEmpty()) {
            collection(exchange, method, type, target.namespace(), query);
        } else if (type.namespaced() && target.namespace().isEmpty()) {
            throw ApiRefusal.noSuchResource();
        } else {
            ObjectKey key = new ObjectKey(type, target.namespace(), target.name());
            if (target.subresource().isEmpty() || (target.subresource().equals("status") && type.status())) {
                object(exchange, method, key, target.subresource(), query);
            } else {
                subresource(exchange, method, key, target.subresource(), query);
            }
        }
    }

    private void collection(
            HttpExchange exchange, String method, ResourceType type, String namespace, Map<String, String> query)
            throws IOException, InterruptedException {
        Predicate<JsonNode> filter = Selector.of(query.get("labelSelector"), query.get("fieldSelector"));
        switch (method) {
            case "GET" -> {
                if (isTrue(query.get("watch"))) {
                    watch(exchange, type, namespace, filter, query);
                } else {
                    send(exchange, 200, list(type, namespace, filter, query));
                }
            }
            case "POST" -> {
                if (type.namespaced() && namespace.isEmpty()) {
                    throw ApiRefusal.methodNotAllowed();
                }
                send(exchange, 201, api.create(type, namespace, body(exchange), options(exchange, query, "")));
            }
            case "DELETE" -> {
                DeleteOptions options = deleteOptions(exchange, query);
                ObjectNode before = list(type, namespace, filter, Map.of());
                for (JsonNode object : before.path("items")) {
                    try {
                        api.delete(new ObjectKey(type, Json.namespace(object), Json.name(object)), options);
                    } catch (ApiRefusal refusal) {
                        if (refusal.code != 404) {
                            throw refusal;
                        }
                    }
                }
                send(exchange, 200, before);
            }
            default -> throw ApiRefusal.methodNotAllowed();
        }
    }

    private void object(
            HttpExchange exchange, String method, ObjectKey key, String subresource, Map<String, String> query)
            throws IOException, InterruptedException {
        switch (method) {
            case "GET" -> {
                if (isTrue(query.get("watch"))) {
                    Predicate<JsonNode> one = Selector.of(null, "metadata.name=" + key.name());
                    watch(exchange, key.type(), key.namespace(), one, query);
                } else {
                    send(exchange, 200, api.get(key));
                }
            }
            case "PUT" -> send(exchange, 200, api.update(key, body(exchange), options(exchange, query, subresource)));
            case "PATCH" -> patch(exchange, key, subresource, query);
            case "DELETE" -> {
                DeleteOptions options = deleteOptions(exchange, query);
                ObjectNode last = api.delete(key, options);
                boolean waiting = Json.terminating(last) && api.store().find(key) != null;
                send(exchange, 200, waiting ? last : deleted(key, last));
            }
            default -> throw ApiRefusal.methodNotAllowed();
        }
    }

    private void patch(HttpExchange exchange, ObjectKey key, String subresource, Map<String, String> query)
            throws IOException {
        String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
        String kind = contentType == null ? "" : contentType.split(";")[0].strip();
        WriteOptions options = options(exchange, query, subresource);
        JsonNode patch = read(exchange);
        if (kind.startsWith("application/apply-patch")) {
            if (!query.containsKey("fieldManager")) {
                throw ApiRefusal.badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: "
                        + "is required for apply patch");
            }
            boolean existed = api.store().find(key) != null;
            if (!existed) {
                access.check(client(exchange), "create", key.type(), key.type().plural(), key.namespace(), key.name());
            }
            send(exchange, existed ? 200 : 201, api.apply(key, asObject(patch), options));
            return;
        }
        send(exchange, 200, api.change(key, options, edit(kind, key.type(), patch)));
    }

    private static UnaryOperator<ObjectNode> edit(String contentType, ResourceType type, JsonNode patch) {
        return switch (contentType) {
            case "application/json-patch+json" -> current -> Patches.json(current, patch);
            case "application/merge-patch+json" -> current -> Patches.merge(current, patch);
            case "application/strategic-merge-patch+json" -> current -> Patches.strategicMerge(type, current, patch);
            default -> throw ApiRefusal.unsupportedMediaType(contentType);
        };
    }

    private void subresource(
            HttpExchange exchange, String method, ObjectKey key, String subresource, Map<String, String> query)
            throws IOException, InterruptedException {
        if (subresource.equals("scale") && key.type().scale()) {
            ScaleResource scale = new ScaleResource(api, key);
            switch (method) {
                case "GET" -> send(exchange, 200, scale.read());
                case "PUT" -> send(exchange, 200, scale.write(body(exchange), options(exchange, query, "")));
                case "PATCH" -> {
                    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
                    ObjectNode changed = edit(type.split(";")[0].strip(), ResourceTypes.DEPLOYMENT, read(exchange))
                            .apply(scale.read());
                    send(exchange, 200, scale.write(changed, options(exchange, query, "")));
                }
                default -> throw ApiRefusal.methodNotAllowed();
            }
        } else if (subresource.equals("log") && key.type().is("Pod") && method.equals("GET")) {
            log(exchange, key, query);
        } else if (subresource.equals("eviction") && key.type().is("Pod") && method.equals("POST")) {
            api.delete(key, DeleteOptions.BACKGROUND);
            send(exchange, 201, success(key));
        } else if (key.type().is("Pod")
                && List.of("exec", "attach", "portforward").contains(subresource)) {
            throw ApiRefusal.badRequest(
                    "this cluster is simulated: pods are not run, so there is nothing to " + subresource + " to");
        } else {
            throw ApiRefusal.noSuchResource();
        }
    }

    private void log(HttpExchange exchange, ObjectKey key, Map<String, String> query)
            throws IOException, InterruptedException {
        PodLogs.Request request = logs.request(api.get(key), query);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            logs.write(key, request, out);
        }
    }

    private ObjectNode list(
            ResourceType type, String namespace, Predicate<JsonNode> filter, Map<String, String> query) {
        ObjectStore.Snapshot snapshot = api.store().snapshot(type, namespace, filter);
        List<ObjectNode> objects = snapshot.objects();
        ObjectNode list = Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        ObjectNode metadata = Json.metadata(list);
        metadata.put("resourceVersion", Long.toString(snapshot.version()));
        String from = continueAfter(query.get("continue"));
        int limit = (int) number(query.get("limit"), 0);
        ArrayNode items = list.putArray("items");
        int rest = 0;
        String last = "";
        for (ObjectNode object : objects) {
            String path = Json.namespace(object) + "/" + Json.name(object);
            if (!from.isEmpty() && path.compareTo(from) <= 0) {
                continue;
            }
            if (limit > 0 && items.size() == limit) {
                rest++;
            } else {
                items.add(object);
                last = path;
            }
        }
        if (rest > 0) {
            metadata.put("continue", Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
            metadata.put("remainingItemCount", rest);
        }
        return list;
    }

    private static String continueAfter(@Nullable String token) {
        try {
            return token == null ? "" : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest("continue key is not valid");
        }
    }

    private void watch(
            HttpExchange exchange,
            ResourceType type,
            String namespace,
            Predicate<JsonNode> filter,
            Map<String, String> query)
            throws IOException, InterruptedException {
        EventLog events = api.store().log();
        String from = query.getOrDefault("resourceVersion", "");
        Collection<ObjectNode> present = List.of();
        long version;
        if (from.isEmpty() || from.equals("0")) {
            ObjectStore.Snapshot snapshot = api.store().snapshot(type, namespace, filter);
            present = snapshot.objects();
            version = snapshot.version();
        } else {
            version = number(from, -1);
            if (version < 0) {
                throw ApiRefusal.badRequest("Invalid value: \"" + from + "\": invalid resource version");
            }
            if (events.after(version) == null) {
                throw ApiRefusal.expired("too old resource version: " + from);
            }
        }
        long seconds = Math.min(number(query.get("timeoutSeconds"), LONGEST_WATCH_SECONDS), LONGEST_WATCH_SECONDS);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            WatchResponse response =
                    new WatchResponse(type, namespace, filter, events, out, isTrue(query.get("allowWatchBookmarks")));
            response.begin(present);
            response.follow(version, seconds);
        }
    }

    private static WriteOptions options(HttpExchange exchange, Map<String, String> query, String subresource) {
        String manager = query.getOrDefault("fieldManager", "");
        if (manager.isEmpty()) {
            String agent = exchange.getRequestHeaders().getFirst("User-Agent");
            manager = agent == null || agent.isBlank() ? "unknown" : agent.split("[/ ]")[0];
        }
        if (manager.length() > 128) {
            throw ApiRefusal.badRequest("fieldManager: Too long: may not be more than 128 bytes");
        }
        return new WriteOptions(manager, subresource, "All".equals(query.get("dryRun")), isTrue(query.get("force")));
    }

    private static DeleteOptions deleteOptions(HttpExchange exchange, Map<String, String> query) throws IOException {
        byte[] bytes = bytes(exchange);
        JsonNode body = bytes.length == 0 ? Json.object() : parse(bytes);
        String policy = Json.text(body, "propagationPolicy");
        if (policy.isEmpty()) {
            policy = query.getOrDefault("propagationPolicy", "");
        }
        if (policy.isEmpty() && body.path("orphanDependents").asBoolean(false)) {
            policy = "Orphan";
        }
        Propagation propagation = switch (policy) {
            case "", "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default -> throw ApiRefusal.unprocessable("propagationPolicy: Unsupported value: \"" + policy + "\"");
        };
        int grace = Json.number(body, (int) number(query.get("gracePeriodSeconds"), -1), "gracePeriodSeconds");
        return new DeleteOptions(
                propagation,
                Json.text(body, "preconditions", "uid"),
                Json.text(body, "preconditions", "resourceVersion"),
                grace,
                "All".equals(query.get("dryRun")) || ClusterApi.contains(body.path("dryRun"), "All"));
    }

    private static ObjectNode deleted(ObjectKey key, ObjectNode last) {
        ObjectNode status = success(key);
        Json.child(status, "details").put("uid", Json.uid(last));
        return status;
    }

    private static ObjectNode success(ObjectKey key) {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        Json.metadata(status);
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", key.name());
        Json.putText(details, "group", key.type().group());
        details.put("kind", key.type().plural());
        return status;
    }

    private static boolean isTrue(@Nullable String text) {
        return "true".equals(text) || "1".equals(text);
    }

    static long number(@Nullable String text, long fallback) {
        try {
            return text == null || text.isEmpty() ? fallback : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiRefusal.badRequest("not a number: " + text);
        }
    }

    private static ObjectNode body(HttpExchange exchange) throws IOException {
        return asObject(read(exchange));
    }

    private static ObjectNode asObject(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw ApiRefusal.badRequest("the body has to be an object");
    }

    private static JsonNode read(HttpExchange exchange) throws IOException {
        return parse(bytes(exchange));
    }

    private static byte[] bytes(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (bytes.length > LARGEST_BODY) {
            throw ApiRefusal.tooLarge(LARGEST_BODY);
        }
        return bytes;
    }

    /** JSON, or YAML as apply patches may be. */
    private static JsonNode parse(byte[] bytes) {
        try {
            int first = 0;
            while (first < bytes.length && Character.isWhitespace(bytes[first])) {
                first++;
            }
            if (first < bytes.length && (bytes[first] == '{' || bytes[first] == '[')) {
                return Json.MAPPER.readTree(bytes);
            }
            Object yaml =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(bytes, StandardCharsets.UTF_8));
            return Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(yaml));
        } catch (JacksonException | YAMLException e) {
            throw ApiRefusal.badRequest("the object provided is unrecognized: " + e.getMessage());
        }
    }

    private static void send(HttpExchange exchange, int code, JsonNode answer) throws IOException {
        byte[] bytes = Json.bytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void sendText(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
