package dev.slipway.tests.api;

import static dev.slipway.tests.api.ApiClient.code;
import static dev.slipway.tests.api.ApiClient.header;
import static dev.slipway.tests.api.ApiClient.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class ApiTest {
    private static final String NO_IMAGE = "registry.example/web@sha256:" + "0".repeat(64);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        api = ApiClient.of(slipway);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    // --- the description

    @Test
    @DisplayName(
            "the description is OpenAPI 3.1, has every route that there is and no other, and says how each can be refused")
    void description() {
        JsonNode document = read(api.get("/v3/api-docs"));

        assertThat(document.path("openapi").asText()).startsWith("3.1");
        assertThat(operations(document).keySet()).isEqualTo(routes());
        Set<String> ids = new HashSet<>();
        operations(document).forEach((name, operation) -> {
            assertThat(ids.add(operation.path("operationId").asText())).as(name).isTrue();
            assertThat(operation.path("responses").fieldNames())
                    .toIterable()
                    .as(name)
                    .contains("400", "401", "403", "429")
                    .anyMatch(status -> status.startsWith("2"))
                    .noneMatch(status -> status.equals("500"));
            operation
                    .path("responses")
                    .forEach(response -> assertThat(response.path("content").has("*/*"))
                            .as(name)
                            .isFalse());
            assertThat(operation.at("/responses/429/headers/Retry-After").isMissingNode())
                    .isFalse();
            Pattern.compile("\\{(\\w+)}")
                    .matcher(name)
                    .results()
                    .forEach(variable -> assertThat(operation.path("parameters"))
                            .as(name)
                            .anyMatch(
                                    parameter -> parameter.path("name").asText().equals(variable.group(1))));
            if (operation.has("requestBody")) {
                assertThat(operation.path("responses").has("415")).as(name).isTrue();
            }
        });
    }

    @Test
    @DisplayName("every reference in the description leads somewhere, and fields that may be null say so")
    void schemas() {
        JsonNode document = read(api.get("/v3/api-docs"));

        document.findValuesAsText("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        JsonNode environment = document.at("/components/schemas/EnvironmentView");
        assertThat(environment.at("/properties/branch/type").toString()).isEqualTo("[\"string\",\"null\"]");
        assertThat(environment.path("required").toString())
                .contains("\"components\"")
                .doesNotContain("branch");
        JsonNode wanted = document.at("/components/schemas/NewEnvironment");
        assertThat(wanted.path("additionalProperties").asBoolean(true)).isFalse();
        assertThat(wanted.path("required").toString()).isEqualTo("[\"application\",\"cluster\",\"name\"]");
    }

    @Test
    @DisplayName("no operation is open to somebody who does not say who they are, or says it wrongly")
    void nobody() {
        operations(read(api.get("/v3/api-docs"))).forEach((name, operation) -> {
            if (operation.path("security").isArray()
                    && operation.path("security").isEmpty()) {
                return; // Open to all, and says so.
            }
            String path = name.substring(name.indexOf(' ') + 1).replaceAll("\\{\\w+}", "1");
            HttpResponse<String> refused =
                    api.json(name.substring(0, name.indexOf(' ')), path, "{}", "Authorization", "");

            assertThat(code(refused)).as(name).isEqualTo("401 SLP-AUTH-REQUIRED");
        });
        assertThat(code(api.get("/api/v1/runs", "Authorization", "Bearer wrong")))
                .isEqualTo("401 SLP-AUTH-REFUSED");
    }

    private static Map<String, JsonNode> operations(JsonNode document) {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fields()
                        .forEachRemaining(operation -> operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue())));
        return operations;
    }

    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        slipway.get("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((route, method) -> route.getPatternValues().stream()
                        .filter(path -> path.startsWith("/api/"))
                        .forEach(path -> route.getMethodsCondition()
                                .getMethods()
                                .forEach(verb ->
                                        routes.add(verb.name() + " " + path.replaceAll("\\{(\\w+):[^}]+}", "{$1}")))));
        return routes;
    }

    // --- tags

    @Test
    @DisplayName("of two who change a document at once the later one is refused, and loses nothing")
    void lostUpdate() {
        create("tags");
        HttpResponse<String> read = api.get("/api/v1/applications/tags");
        String tag = header(read, "ETag");
        assertThat(api.get("/api/v1/applications/tags", "If-None-Match", tag).statusCode())
                .isEqualTo(304);

        String changed = document("tags").replace("8080", "8081");
        HttpResponse<String> first = api.yaml("PUT", "/api/v1/applications/tags", changed, "If-Match", tag);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(header(first, "ETag")).isNotEqualTo(tag);
        String other = document("tags").replace("8080", "8082");
        HttpResponse<String> late = api.yaml("PUT", "/api/v1/applications/tags", other, "If-Match", tag);

        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(header(late, "Content-Type")).startsWith("application/problem+json");
        assertThat(code(api.yaml("PUT", "/api/v1/applications/tags", other))).isEqualTo("428 SLP-REQUEST-PRECONDITION");
        assertThat(code(api.send("DELETE", "/api/v1/applications/tags", null, "If-Match", tag)))
                .isEqualTo("412 SLP-REQUEST-CHANGED");
        assertThat(api.get("/api/v1/applications/tags").body()).contains("8081").doesNotContain("8082");
        assertThat(api.get("/api/v1/applications/tags", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
        assertThat(api.yaml("PUT", "/api/v1/applications/tags", other, "If-Match", "*")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName(
            "overrides are read, replaced and patched by the tag that was read; what does not fit is named, all of it, and"
                    + " nothing is changed")
    void overrides() {
        create("over");
        environment("over", "over-dev");
        String path = "/api/v1/environments/over-dev";
        HttpResponse<String> none = api.get(path + "/overrides");
        assertThat(none.body()).isEmpty();
        String wanted = """
                apiVersion: slipway.dev/v1
                kind: Overrides
                spec:
                  components:
                    web: {replicas: 3}   # for the fair
                """;

        HttpResponse<String> put = api.yaml("PUT", path + "/overrides", wanted, "If-Match", header(none, "ETag"));

        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        HttpResponse<String> now = api.get(path + "/overrides");
        assertThat(now.body()).isEqualTo(wanted);
        assertThat(header(now, "Content-Type")).startsWith("application/yaml");
        HttpResponse<String> late = api.yaml("PUT", path + "/overrides", "", "If-Match", header(none, "ETag"));
        assertThat(code(late)).isEqualTo("412 SLP-REQUEST-CHANGED");
        String wrong = wanted.replace("web: {replicas: 3}", "wob: {replicas: 3}, cache: {replicas: 1}");
        HttpResponse<String> refused = api.yaml("PUT", path + "/overrides", wrong, "If-Match", "*");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(api.get(path + "/overrides").body()).isEqualTo(wanted);

        String tag = header(api.get(path), "ETag");
        assertThat(code(api.json("PATCH", path, "{\"branch\": \"main\"}"))).isEqualTo("428 SLP-REQUEST-PRECONDITION");
        assertThat(code(api.json("PATCH", path, "{}", "If-Match", tag))).isEqualTo("400 SLP-REQUEST-INVALID");
        HttpResponse<String> patched = api.json("PATCH", path, "{\"branch\": \"main\"}", "If-Match", tag);
        assertThat(read(patched).path("branch").asText()).as(patched.body()).isEqualTo("main");
        assertThat(api.get(path + "/overrides").body()).contains("main", "replicas: 3", "# for the fair");
        assertThat(code(api.json("PATCH", path, "{\"branch\": \"other\"}", "If-Match", tag)))
                .isEqualTo("412 SLP-REQUEST-CHANGED");
    }

    @Test
    @DisplayName(
            "two environments, or one at two releases, are compared component by component; one that there is not is refused")
    void diff() {
        create("compared");
        environment("compared", "compared-a");
        environment("compared", "compared-b");
        api.json(
                "PATCH",
                "/api/v1/environments/compared-b",
                "{\"overrides\": \"apiVersion: slipway.dev/v1\\nkind: Overrides\\nspec: {components: {web: {replicas: 2}}}\\n\"}",
                "If-Match",
                "*");

        JsonNode diff = read(api.get("/api/v1/environments/compared-a/diff?with=compared-b"));

        assertThat(diff.at("/components/0").toString()).contains("\"web\"", "\"change\"");
        assertThat(diff.at("/document/lines").toString()).contains("replicas: 2");
        assertThat(read(api.get("/api/v1/environments/compared-a/diff?with=compared-a"))
                        .at("/components/0/action")
                        .asText())
                .isEqualTo("keep");
        assertThat(code(api.get("/api/v1/environments/compared-a/diff?with=7"))).isEqualTo("404 SLP-REQUEST-NOT-FOUND");
        assertThat(code(api.get("/api/v1/environments/compared-a/diff?with=nobody")))
                .isEqualTo("404 SLP-ENV-UNKNOWN");
        assertThat(code(api.get("/api/v1/environments/compared-a/diff"))).isEqualTo("400 SLP-REQUEST-INVALID");
    }

    // --- keys

    @Test
    @DisplayName(
            "the same key with the same request gives the same answer, with another request none, and a refused one frees it")
    void keys() {
        String body =
                "{\"document\": \"" + document("keyed").replace("\n", "\\n").replace("\"", "\\\"") + "\"}";
        HttpResponse<String> first = api.json("POST", "/api/v1/applications", body, "Idempotency-Key", "k-1");
        HttpResponse<String> again = api.json("POST", "/api/v1/applications", body, "Idempotency-Key", "k-1");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "Location")).isEqualTo("/api/v1/applications/keyed");
        assertThat(header(again, "ETag")).isEqualTo(header(first, "ETag")).isNotEmpty();
        assertThat(code(api.json("POST", "/api/v1/applications", body))).isEqualTo("409 SLP-APP-EXISTS");
        assertThat(code(api.yaml("POST", "/api/v1/applications", document("other"), "Idempotency-Key", "k-1")))
                .isEqualTo("422 SLP-REQUEST-KEY-REUSED");
        assertThat(code(api.yaml("POST", "/api/v1/applications", document("keyed"), "Idempotency-Key", "k-2")))
                .isEqualTo("409 SLP-APP-EXISTS");
        assertThat(api.yaml("POST", "/api/v1/applications", document("keyed-2"), "Idempotency-Key", "k-2")
                        .statusCode())
                .isEqualTo(201);
        assertThat(code(api.json("POST", "/api/v1/applications", body, "Idempotency-Key", "x".repeat(201))))
                .isEqualTo("400 SLP-REQUEST-INVALID");
    }

    @Test
    @DisplayName("of many who send the same request with one key at once, one creates and nobody gets another answer")
    void sameKeyAtOnce() {
        create("at-once");
        String body = "{\"name\": \"at-once-dev\", \"application\": \"at-once\", \"cluster\": \"simulated\"}";
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> api.json("POST", "/api/v1/environments", body, "Idempotency-Key", "race")))
                .toList();
        List<HttpResponse<String>> answers =
                all.stream().map(CompletableFuture::join).toList();

        List<String> created = answers.stream()
                .filter(answer -> answer.statusCode() == 201)
                .map(HttpResponse::body)
                .distinct()
                .toList();
        assertThat(created).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.statusCode() != 201).map(ApiClient::code))
                .allMatch("409 SLP-REQUEST-KEY-BUSY"::equals);
        assertThat(api.json("POST", "/api/v1/environments", body, "Idempotency-Key", "race")
                        .body())
                .isEqualTo(created.get(0));
    }

    // --- what is not understood

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /api/v1/environments       | text/plain       | {}                              | 415 SLP-REQUEST-CONTENT-TYPE | Content-Type",
                "POST   | /api/v1/environments       | application/json | {                               | 400 SLP-REQUEST-INVALID      | ''",
                "POST   | /api/v1/environments       | application/json | {\"name\": 7}                   | 400 SLP-REQUEST-INVALID      | name",
                "POST   | /api/v1/environments       | application/json | {\"nme\": \"a\"}                | 400 SLP-REQUEST-INVALID      | nme",
                "POST   | /api/v1/environments       | application/json | {\"name\": \"a\", \"name\": \"b\"} | 400 SLP-REQUEST-INVALID   | ''",
                "POST   | /api/v1/environments       | application/json | []                              | 400 SLP-REQUEST-INVALID      | ''",
                "POST   | /api/v1/environments       | application/json | null                            | 400 SLP-REQUEST-INVALID      | ''",
                "POST   | /api/v1/environments       | application/json | {} x                            | 400 SLP-REQUEST-INVALID      | ''",
                "POST   | /api/v1/plans              | application/json | {\"components\": [1]}           | 400 SLP-REQUEST-INVALID      | components[0]",
                "POST   | /api/v1/plans              | application/json | {\"replicas\": {\"a\": \"1\"}}  | 400 SLP-REQUEST-INVALID      | replicas.a",
                "PUT    | /api/v1/environments       | application/json | {}                              | 405 SLP-REQUEST-METHOD       | ''",
                "QUERY  | /api/v1/environments       | application/json | {}                              | 405 SLP-REQUEST-METHOD       | ''",
                "GET    | /api/v1/runs?limit=0       | ''               | ''                              | 400 SLP-REQUEST-INVALID      | limit",
                "GET    | /api/v1/runs?limit=201     | ''               | ''                              | 400 SLP-REQUEST-INVALID      | limit",
                "GET    | /api/v1/runs?limit=many    | ''               | ''                              | 400 SLP-REQUEST-INVALID      | limit",
                "GET    | /api/v1/runs?limit=        | ''               | ''                              | 400 SLP-REQUEST-INVALID      | limit",
                "GET    | /api/v1/runs?after=x       | ''               | ''                              | 400 SLP-REQUEST-INVALID      | after",
                "GET    | /api/v1/runs?sate=running  | ''               | ''                              | 400 SLP-REQUEST-INVALID      | sate",
                "GET    | /api/v1/environments?after=%00 | ''           | ''                              | 400 SLP-REQUEST-INVALID      | ''",
                "GET    | /api/v1/environments/a%2Fb | ''               | ''                              | 400 SLP-REQUEST-INVALID      | ''",
                "GET    | /api/v1/nothing            | ''               | ''                              | 404 SLP-REQUEST-NOT-FOUND    | ''",
            })
    @DisplayName("what is not understood is refused as a problem that names the place")
    void notUnderstood(String method, String path, String type, String body, String expected, String where) {
        HttpResponse<String> refused = api.send(method, path, body.isEmpty() ? null : body, "Content-Type", type);

        assertThat(code(refused)).as(refused.body()).isEqualTo(expected);
        assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
        assertThat(read(refused).path("where").asText()).as(refused.body()).isEqualTo(where);
        assertThat(refused.body()).doesNotContain("dev.slipway", "java.", "Exception");
        if (refused.statusCode() == 405) {
            assertThat(header(refused, "Allow")).contains("GET", "POST");
        }
    }

    @Test
    @DisplayName("everything that is missing is named at once; deep nesting and lists without end are refused")
    void allAtOnce() {
        JsonNode missing = read(api.json("POST", "/api/v1/environments", "{}"));
        assertThat(missing.path("problems"))
                .extracting(one -> one.path("where").asText())
                .containsExactly("name", "application", "cluster");

        String deep = "{\"subject\": " + "{\"a\": ".repeat(2_000) + "1" + "}".repeat(2_000) + "}";
        assertThat(code(api.json("POST", "/api/v1/plans", deep))).isEqualTo("400 SLP-REQUEST-INVALID");
        assertThat(code(api.get("/api/v1/runs", "Accept", "image/png"))).isEqualTo("406 SLP-REQUEST-ACCEPT");
        assertThat(api.send("OPTIONS", "/api/v1/environments", null)
                        .headers()
                        .allValues("Allow")
                        .toString())
                .contains("GET", "POST");
        HttpResponse<String> head = api.send("HEAD", "/api/v1/environments", null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    @DisplayName(
            "what the server refuses before anybody is asked is a problem too: a NUL in the path, headers without end")
    void refusedByTheServer() throws IOException {
        for (String head : List.of(
                "GET /api/v1/environments/a%00b HTTP/1.1\r\n",
                "GET /api/v1/runs HTTP/1.1\r\nX-Long: " + "x".repeat(20_000) + "\r\n",
                "GET /api/v1/runs?a=\u0001 HTTP/1.1\r\n")) {
            String answer = raw(head + "Host: localhost\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "SLP-REQUEST-INVALID");
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(api.url()).getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // --- limits

    @Test
    @DisplayName("every answer says what is left, reading and what is costly apart; health is not counted")
    void rates() {
        HttpResponse<String> list = api.get("/api/v1/environments");
        HttpResponse<String> check = api.yaml("POST", "/api/v1/applications:check", "{}");

        assertThat(header(list, "RateLimit-Policy")).isEqualTo("\"read\";q=30000;w=60");
        assertThat(header(list, "RateLimit")).matches("\"read\";r=\\d+;t=\\d+");
        assertThat(header(check, "RateLimit-Policy")).isEqualTo("\"costly\";q=300;w=60");
        assertThat(header(api.get("/actuator/health"), "RateLimit")).isEmpty();
    }

    // --- events

    @Test
    @DisplayName("who comes back to a run's events with the last id gets what is new and nothing twice")
    void events() throws Exception {
        StoredEnvironment environment = environment("evented", "evented-dev");
        StoredRun run = slipway.deploy(environment);

        List<String> first = stream(run.id(), "");
        List<String> again = stream(run.id(), lastId(first));
        List<String> stale = stream(run.id(), "0123456789abcdef01234567");

        assertThat(names(first)).containsExactly("run", "end");
        assertThat(names(again)).as("nothing is new").containsExactly("end");
        assertThat(names(stale)).containsExactly("run", "end");
    }

    private static List<String> stream(String run, String lastId) throws Exception {
        HttpResponse<InputStream> stream = api.http()
                .send(
                        java.net.http.HttpRequest.newBuilder(URI.create(api.url() + "/api/v1/runs/" + run + "/events"))
                                .header("Authorization", "Bearer " + api.token())
                                .header("Last-Event-ID", lastId.isEmpty() ? "none" : lastId)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        try (InputStream body = stream.body()) {
            return CompletableFuture.supplyAsync(() -> lines(body)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> lines(InputStream body) {
        try {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> names(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("event:"))
                .map(line -> line.substring(6).strip())
                .toList();
    }

    private static String lastId(List<String> lines) {
        List<String> ids = new ArrayList<>(
                lines.stream().filter(line -> line.startsWith("id:")).toList());
        return ids.get(ids.size() - 1).substring(3).strip();
    }

    private static StoredEnvironment environment(String application, String name) {
        return slipway.environment(document(application), name);
    }

    private static void create(String name) {
        HttpResponse<String> created = api.yaml("POST", "/api/v1/applications", document(name));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    }

    private static String document(String name) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source: {image: "%s"}
                      ports: [{name: http, port: 8080, protocol: http}]
                """.formatted(name, NO_IMAGE);
    }
}
