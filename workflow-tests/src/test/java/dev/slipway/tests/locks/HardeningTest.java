package dev.slipway.tests.locks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.EachField;
import dev.slipway.tests.support.EachField.Broken;
import dev.slipway.tests.support.RunningSlipway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardeningTest {
    private static final List<String> TRACES = List.of("\tat ", "Exception", "org.apache", "org.springframework");

    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: fields}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """.formatted("0".repeat(64));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path data;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data, "slipway.api.writes=1000000", "slipway.api.costly=1000000");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/%2e%2e/%2e%2e/etc/passwd",
                "/api/v1/environments/..;/builds",
                "//api//v1//environments",
                "/api/v1/environments;jsessionid=1",
                "/api/v1/environments/%00",
                "/api/v1/environments/%2F",
                "/api/v1/environments/%5c..%5c",
                "/api/v1/environments/%ff%fe",
                "/api/v1/environments/%c0%ae%c0%ae",
                "/api/v1/environments/%",
                "/api/v1/builds?application=%00",
                "/api/v1/builds?application=%ff",
                "/api/v1/builds?after=99999999999999999999",
                "/api/v1/runs?environment=%ed%a0%80",
                "/builds?application=%00",
                "/environments/%00",
                "/applications/a%0d%0aSet-Cookie:x=1",
                "/assets/..%2f..%2fapplication.yaml",
                "/assets/%2e%2e/application.yaml",
                "/webjars/../application.yaml",
                "/assets/nothing.css",
                "/webjars/nothing.js",
            })
    @DisplayName("no address makes the server fail, tells its inside, or reaches what it should not")
    void addresses(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + slipway.token()
                + "\r\nConnection: close\r\n\r\n");

        assertThat(status(answer)).as(answer).isBetween(300, 499);
        assertThat(answer).doesNotContain(TRACES).doesNotContain("root:", "bootstrap-token", "Set-Cookie:x");
    }

    @Test
    @DisplayName("a body that is no UTF-8, or holds a NUL, is a bad request")
    void bodies() throws Exception {
        for (byte[] body : List.of(
                new byte[] {'{', '"', 'n', 'a', 'm', 'e', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'},
                "{\"name\":\"a\\u0000b\",\"application\":\"x\\u0000\"}".getBytes(StandardCharsets.UTF_8),
                "{\"name\":\"\\ud800\"}".getBytes(StandardCharsets.UTF_8),
                "[[[[[[".getBytes(StandardCharsets.UTF_8))) {
            for (String path :
                    List.of("/api/v1/environments", "/api/v1/runs", "/api/v1/git/logins", "/api/v1/clusters")) {
                HttpResponse<String> answer = post(path, body);
                assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isBetween(400, 499);
                assertThat(answer.body()).doesNotContain(TRACES);
            }
        }
    }

    @Test
    @DisplayName(
            "whatever stands in any one field of any body of the API, nothing breaks, a value of another kind is refused,"
                    + " and what is refused starts no run")
    void everyField() throws Exception {
        StoredEnvironment environment = slipway.environment(DOCUMENT, "fields-dev");
        StoredRun run = slipway.deploy(environment);
        Bodies bodies = Bodies.of(CLIENT.send(request("/v3/api-docs").build(), BodyHandlers.ofString())
                .body());
        List<String> wrong = new ArrayList<>();
        int fields = 0;
        int started = 1;
        for (Bodies.Body one : bodies.all()) {
            String path = one.path()
                    .replace("{environment}", "fields-dev")
                    .replace("{application}", "fields")
                    .replace("{component}", "web")
                    .replace("{run}", run.id())
                    .replaceAll("\\{\\w+}", "nobody");
            for (Broken broken : EachField.of(one.json())) {
                fields++;
                HttpResponse<String> answer = send(one.method(), path, broken.body());
                if (answer.statusCode() >= 500
                        || broken.odd() && answer.statusCode() < 400
                        || answer.statusCode() == 429
                        || TRACES.stream().anyMatch(answer.body()::contains)) {
                    wrong.add(one.method() + " " + path + " " + broken + ": " + answer.statusCode() + " "
                            + answer.body());
                }
                if (answer.statusCode() == 202 && path.endsWith("/runs")) {
                    started++;
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(fields).isGreaterThan(500);
        assertThat(slipway.get(RunStore.class).list(environment.id(), null, null, Long.MAX_VALUE, 200))
                .hasSize(started);
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return CLIENT.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    @DisplayName("a packed body is refused before it is unpacked")
    void packed() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        request("/api/v1/applications")
                                .header("Content-Encoding", "gzip")
                                .header("Content-Type", "application/yaml")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100]))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("SLP-REQUEST-ENCODED");
    }

    @Test
    @DisplayName("a body that is too big is refused, whether it says so or not")
    void tooBig() throws Exception {
        assertThat(post("/api/v1/runs", new byte[5 * 1024 * 1024]).statusCode()).isEqualTo(413);
        HttpResponse<String> chunked = HttpClient.newHttpClient()
                .send(
                        request("/api/v1/runs")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(20 * 1024 * 1024)))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(chunked.statusCode()).as(chunked.body()).isEqualTo(413);
        String head = raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(status(head)).isBetween(400, 499);
    }

    @Test
    @DisplayName("a body that trickles is ended, and its thread is free again")
    void slow() throws Exception {
        long begun = System.nanoTime();
        try (Socket socket = open()) {
            socket.getOutputStream()
                    .write(("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Authorization: Bearer " + slipway.token()
                                    + "\r\nContent-Length: 100000\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            trickle(socket);
            String answer = read(socket.getInputStream());

            assertThat(answer).contains(" 408 ").contains("SLP-REQUEST-SLOW");
        }
        assertThat((System.nanoTime() - begun) / 1_000_000_000).isBetween(9L, 30L);
    }

    @Test
    @DisplayName("a body that nobody wants may not trickle either")
    void unwanted() throws Exception {
        long begun = System.nanoTime();
        try (Socket socket = open()) {
            socket.getOutputStream()
                    .write("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            trickle(socket);

            assertThat(read(socket.getInputStream())).contains(" 401 ");
        }
        assertThat((System.nanoTime() - begun) / 1_000_000_000).isLessThan(30L);
    }

    @Test
    @DisplayName("what follows a body that nobody wants, on the same connection, is answered as if it came alone")
    void behindUnwanted() throws Exception {
        String unwanted = "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\nnothing";
        String refused = "POST /api/v1/applications HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 7\r\nAuthorization: Bearer " + slipway.token() + "\r\n\r\nnothing";
        String last = "GET /api/v1/environments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + slipway.token() + "\r\n\r\n";
        for (int i = 0; i < 5; i++) {
            String answers = raw(unwanted + refused + unwanted + last);

            assertThat(STATUS.matcher(answers).results().map(found -> found.group(1)))
                    .as(answers)
                    .containsExactly("401", "415", "401", "200");
        }
    }

    private static void trickle(Socket socket) {
        Thread trickle = new Thread(() -> {
            try {
                while (true) {
                    Thread.sleep(500);
                    socket.getOutputStream().write(' ');
                    socket.getOutputStream().flush();
                }
            } catch (IOException | InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        trickle.setDaemon(true);
        trickle.start();
    }

    @Test
    @DisplayName("every page and answer forbids frames, foreign scripts and guessing of types; nobody is led elsewhere")
    void headers() throws Exception {
        for (String path : List.of(
                "/sign-in",
                "/sign-in/wrong",
                "/environments",
                "/nowhere",
                "/api/v1/environments",
                "/api/v1/nowhere",
                "/assets/slipway.css",
                "/v3/api-docs",
                "/sign-in?lang=zh",
                "/sign-in?lang=//evil.example")) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                    .header("Accept", "text/html")
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .as(path)
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'")
                            .doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("X-Frame-Options")).as(path).contains("DENY");
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .contains("nosniff");
            assertThat(answer.headers().firstValue("Location").orElse(slipway.url()))
                    .as(path)
                    .startsWith(slipway.url());
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .as(path)
                    .allSatisfy(
                            cookie -> assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax"));
            assertThat(answer.body()).as(path).doesNotContain("\tat ", "//evil.example\"");
        }
    }

    private static final class Endless extends InputStream {
        private int left;

        Endless(int bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }
    }

    private static HttpResponse<String> post(String path, byte[] body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .header("Authorization", "Bearer " + slipway.token());
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return read(socket.getInputStream());
        }
    }

    private static Socket open() throws IOException {
        URI address = URI.create(slipway.url());
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(40_000);
        return socket;
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            in.transferTo(answer);
        } catch (IOException reset) {
            // What came before counts.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }
}
