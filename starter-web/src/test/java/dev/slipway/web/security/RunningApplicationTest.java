package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.SlipwayApplication;
import dev.slipway.web.embedded.EngineKind;
import dev.slipway.web.embedded.TemporalEngine;
import java.io.IOException;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole application in this JVM, all engines embedded. */
class RunningApplicationTest {
    private static final String TOKEN = "a-token-for-this-test";

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext application;
    private static String base;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                SlipwayApplication.class,
                "--slipway.data=" + data,
                "--slipway.port=0",
                "--slipway.registry.port=0",
                "--slipway.temporal.cli=none",
                "--slipway.security.bootstrap-token=" + TOKEN);
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    @DisplayName(
            "every page says what a browser may load: nothing from elsewhere, nothing inline, no frames, no sniffing")
    void headers() throws Exception {
        for (String path : new String[] {"/sign-in", "/api/v1/runs", "/actuator/health", "/v3/api-docs"}) {
            var headers = get(path).headers();

            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).as(path).contains("same-origin");
        }
    }

    @Test
    @DisplayName("a name that is not this machine's is refused before anything else, whatever the port; health is not")
    void hosts() throws Exception {
        assertThat(withHost("/sign-in", "evil.example"))
                .startsWith("HTTP/1.1 421")
                .contains("SLP-AUTH-HOST");
        assertThat(withHost("/sign-in", "evil.example:8080")).startsWith("HTTP/1.1 421");
        assertThat(withHost("/sign-in", "127.0.0.1.evil.example")).startsWith("HTTP/1.1 421");
        assertThat(withHost("/sign-in", "localhost.evil.example:80")).startsWith("HTTP/1.1 421");
        assertThat(withHost("/sign-in", "LOCALHOST:1")).startsWith("HTTP/1.1 200");
        assertThat(withHost("/sign-in", "[::1]:1")).startsWith("HTTP/1.1 200");
        assertThat(withHost("/actuator/health", "10.0.0.7:8080")).startsWith("HTTP/1.1 200");
    }

    @Test
    @DisplayName("the API refuses nobody and a wrong token with problem+json, and answers the right token")
    void api() throws Exception {
        HttpResponse<String> nobody = get("/api/v1/nothing-here");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(nobody.body())
                .contains("\"code\":\"SLP-AUTH-REQUIRED\"", "\"what\":", "\"where\":", "\"fix\":", "\"problems\":[]");
        assertThat(nobody.headers().allValues("Set-Cookie")).isEmpty();

        assertThat(send(request("/api/v1/nothing-here").header("Authorization", "Bearer wrong"))
                        .body())
                .contains("SLP-AUTH-REFUSED");
        HttpResponse<String> known = send(authorized("/api/v1/nothing-here"));
        assertThat(known.statusCode()).isEqualTo(404);
        assertThat(known.body()).contains("SLP-REQUEST-NOT-FOUND");
        assertThat(send(authorized("/api/v1/nothing-here").header("Accept-Language", "zh"))
                        .body())
                .contains("此地址没有内容");
        assertThat(send(authorized("/api/v1/sign-in-links").DELETE()).body()).contains("SLP-REQUEST-METHOD");
    }

    @Test
    @DisplayName(
            "a person without a session goes to the sign-in page, a fragment tells htmx to, and an error has no stack trace")
    void nobody() throws Exception {
        HttpResponse<String> page = send(request("/runs").header("Accept", "text/html"));
        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElse("")).endsWith("/sign-in");

        HttpResponse<String> fragment = send(request("/runs").header("HX-Request", "true"));
        assertThat(fragment.statusCode()).isEqualTo(401);
        assertThat(fragment.headers().firstValue("HX-Redirect")).contains("/sign-in");
    }

    @Test
    @DisplayName(
            "the link's page burns nothing, its button signs in once and leads back; the cookie is HttpOnly and SameSite=Lax")
    void signIn() throws Exception {
        String link = link();
        assertThat(send(request("/nothing-here?a=b").header("Accept", "text/html"))
                        .statusCode())
                .isEqualTo(302);
        String csrf = csrf(get(link).body());
        get(link);

        assertThat(post(link, "").statusCode()).as("without the form's token").isEqualTo(302);
        assertThat(post(link, "_csrf=" + csrf + "&name=no+good&password=short&repeat=other")
                        .body())
                .as("everything at once, and the link goes on working")
                .contains("SLP-PEOPLE-NAME", "SLP-AUTH-PASSWORD-WEAK", "SLP-AUTH-PASSWORD-DIFFERS");
        HttpResponse<String> signedIn = post(link, form(csrf, "first"));

        assertThat(signedIn.headers().firstValue("Location").orElse("")).endsWith("/nothing-here?a=b");
        assertThat(String.join("\n", signedIn.headers().allValues("Set-Cookie")))
                .containsPattern("slipway-session-\\d+=[A-Za-z0-9_-]{43}; Path=/; .*HttpOnly; SameSite=Lax");
        HttpResponse<String> missing = send(request("/nothing-here").header("Accept", "text/html"));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("SLP-REQUEST-NOT-FOUND").doesNotContain("Exception", "\tat ");

        String again =
                csrf(get("/sign-in/" + link().substring("/sign-in/".length())).body());
        HttpResponse<String> second = post(link, form(again, "second"));
        assertThat(second.statusCode()).isEqualTo(403);
        assertThat(second.body()).contains("not valid").doesNotContain("_csrf");
    }

    @Test
    @DisplayName("a session may read the API and change nothing through it; sign-out ends it")
    void sessionAtTheApi() throws Exception {
        String link = link();
        post(link, form(csrf(get(link).body()), "reader"));

        assertThat(get("/api/v1/nothing-here").statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/sign-in-links", "").statusCode()).isEqualTo(401);

        String token = csrf(get(link()).body());
        assertThat(post("/sign-out", "").statusCode())
                .as("without the form's token")
                .isEqualTo(403);
        HttpResponse<String> out = post("/sign-out", "_csrf=" + token);
        assertThat(out.headers().firstValue("Location").orElse(""))
                .as("%s %s", out, out.body())
                .endsWith("/sign-in");
        assertThat(get("/api/v1/nothing-here").statusCode()).isEqualTo(401);
    }

    @Test
    @DisplayName("editors get the JSON Schema of documents; programs the description of the API")
    void descriptions() throws Exception {
        assertThat(send(authorized("/api/v1/applications:schema")).body())
                .contains("https://json-schema.org/draft/2020-12/schema", "dependsOn");
        assertThat(get("/v3/api-docs").body())
                .contains(
                        "\"title\":\"Slipway\"",
                        "/api/v1/environments/{environment}/runs",
                        "/api/v1/applications:schema");
    }

    @Test
    @DisplayName("the engines are the embedded ones, and PostgreSQL is durable")
    void engines() {
        JdbcClient jdbc = application.getBean(JdbcClient.class);

        assertThat(application.getBean(TemporalEngine.class).kind()).isEqualTo(EngineKind.IN_PROCESS);
        for (String[] setting : new String[][] {
            {"fsync", "on"}, {"synchronous_commit", "on"}, {"max_connections", "40"}, {"listen_addresses", "127.0.0.1"}
        }) {
            assertThat(jdbc.sql("select current_setting(:name)")
                            .param("name", setting[0])
                            .query(String.class)
                            .single())
                    .isEqualTo(setting[1]);
        }
    }

    private String link() throws Exception {
        HttpResponse<String> answer = send(authorized("/api/v1/sign-in-links").POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(201);
        return URI.create(answer.headers().firstValue("Location").orElseThrow()).getPath();
    }

    private static String csrf(String html) {
        Matcher matcher =
                Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(html);
        assertThat(matcher.find()).as(html).isTrue();
        return matcher.group(1);
    }

    private static String form(String csrf, String name) {
        return "_csrf=" + csrf + "&name=" + name + "&password=a+sentence+for+this&repeat=a+sentence+for+this";
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private static HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    /** The JDK's client does not let a request lie about its host. */
    private static String withHost(String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(base).getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
