package dev.slipway.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a server that answers, or does not, as a script says. */
@Timeout(60)
class SlipwayCommandTest {
    private static final String RUNNING =
            "{\"id\":\"r1\",\"number\":1,\"state\":\"running\",\"outcome\":null,\"steps\":[{\"id\":\"deploy/web\",\"state\":\"running\",\"attempt\":1}]}";
    private static final String ENDED = "{\"id\":\"r1\",\"number\":1,\"state\":\"finished\",\"outcome\":\"succeeded\","
            + "\"steps\":[{\"id\":\"deploy/web\",\"state\":\"done\",\"attempt\":1}]}";

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final Deque<Script> script = new ArrayDeque<>();
    private HttpServer server;

    interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            Script next;
            synchronized (this) {
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
                next = script.poll();
            }
            exchange.getRequestBody().readAllBytes();
            if (next == null) {
                answer(404, "{\"code\":\"SLP-X\",\"what\":\"nothing planned\",\"where\":\"\",\"fix\":\"\"}")
                        .answer(exchange);
            } else {
                next.answer(exchange);
            }
        });
        server.start();
        environment.put("SLIPWAY_URL", "http://127.0.0.1:" + server.getAddress().getPort());
        environment.put("SLIPWAY_TOKEN", "secret-token");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Script answer(int status, String body, String... headers) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    /** An event stream that ends, or breaks, after what it says. */
    private static Script stream(String events) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        };
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return SlipwayCommand.run(
                arguments,
                new Surroundings(
                        environment,
                        home,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("help names every command, option and exit code, in both languages")
    void help() {
        assertThat(run("help")).isZero();
        assertThat(out()).contains("deploy", "status", "runs", "cancel", "logs", "plan", "130 interrupted");
        for (String command : List.of("deploy", "status", "runs", "cancel", "logs", "plan", "version")) {
            assertThat(run("help", command)).isZero();
            assertThat(out()).contains("slipway " + command, "--url", "Where Slipway is");
        }

        environment.put("LANG", "zh_CN.UTF-8");
        assertThat(run("help", "deploy")).isZero();
        assertThat(out()).contains("启动部署", "Slipway 的地址");
        assertThat(asked).isEmpty();
    }

    @Test
    @DisplayName("what is asked wrongly ends with 2 before anything is sent")
    void usage() {
        assertThat(run("deploy")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("ENV", "slipway help deploy");
        assertThat(run("deplyo", "x")).isEqualTo(Exit.USAGE);
        assertThat(run("deploy", "x", "--token", "t")).isEqualTo(Exit.USAGE);
        assertThat(run("status", "--url", "ftp://x")).isEqualTo(Exit.USAGE);
        assertThat(run("status", "--url", "http://user:pass@host")).isEqualTo(Exit.USAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    @DisplayName("a token file that others can read is not used; one of the owner alone is")
    void tokenFile() throws IOException {
        environment.remove("SLIPWAY_TOKEN");
        assertThat(run("status")).isEqualTo(Exit.NOT_PERMITTED);
        assertThat(err()).contains("SLIPWAY_TOKEN", "chmod 600");

        Path file = Files.createDirectories(home.resolve(".config/slipway")).resolve("token");
        Files.writeString(file, "secret-token\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("status")).isEqualTo(Exit.NOT_PERMITTED);
        assertThat(err()).contains("Others can read").doesNotContain("secret-token");
        assertThat(asked).isEmpty();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        script.add(answer(200, "{\"items\":[],\"next\":null}"));
        assertThat(run("status")).isZero();

        Files.writeString(file, "two\nlines");
        assertThat(run("status")).isEqualTo(Exit.NOT_PERMITTED);
    }

    @Test
    @DisplayName("a refusal is told as what, where and how to mend it, without anything that a terminal obeys")
    void refusal() {
        script.add(
                answer(
                        422,
                        "{\"code\":\"SLP-DOC-VALUE\",\"what\":\"bad \\u001b[2Jvalue\",\"where\":\"line 3\",\"fix\":\"mend it\",\"problems\":[]}"));
        assertThat(run("plan", "shop")).isEqualTo(Exit.REFUSED);
        assertThat(err())
                .contains("bad value  (line 3)  [SLP-DOC-VALUE]", "mend it")
                .doesNotContain("\u001b");

        script.add(answer(403, "{\"code\":\"SLP-AUTH-NOT-PERMITTED\",\"what\":\"no\",\"where\":\"\",\"fix\":\"\"}"));
        assertThat(run("deploy", "shop", "--json")).isEqualTo(Exit.NOT_PERMITTED);
        assertThat(err()).contains("\"code\":\"SLP-AUTH-NOT-PERMITTED\"");
        assertThat(out()).isEmpty();
    }

    @Test
    @DisplayName("names are sent as one part of the path, whatever is in them")
    void names() {
        run("status", "../../x?y=1#z");
        assertThat(asked).containsExactly("GET /api/v1/environments/%2E%2E%2F%2E%2E%2Fx%3Fy%3D1%23z");
    }

    @Test
    @DisplayName("nobody there: 4; something else there: 4")
    void unreachable() {
        assertThat(run("status", "--url", "http://127.0.0.1:1")).isEqualTo(Exit.UNREACHABLE);
        assertThat(err()).contains("does not answer at http://127.0.0.1:1");

        script.add(answer(200, "<html>welcome</html>"));
        assertThat(run("status")).isEqualTo(Exit.UNREACHABLE);
        assertThat(err()).contains("not Slipway");
        script.add(answer(302, "", "Location", "http://127.0.0.1:1/"));
        assertThat(run("status")).isEqualTo(Exit.UNREACHABLE);
    }

    @Test
    @DisplayName(
            "a busy Slipway is waited for as long as it says, with the same idempotency key; one that wants too long is not")
    void busy() {
        script.add(answer(429, "{\"code\":\"SLP-B\",\"what\":\"busy\"}", "Retry-After", "1"));
        script.add(answer(202, RUNNING));
        assertThat(run("deploy", "shop")).isZero();
        assertThat(err()).contains("trying again in 1 s");
        assertThat(keys).hasSize(2).doesNotContain("null");
        assertThat(keys.get(0)).isEqualTo(keys.get(1));

        script.add(answer(429, "{\"code\":\"SLP-B\",\"what\":\"busy\",\"fix\":\"wait\"}", "Retry-After", "3600"));
        assertThat(run("deploy", "shop")).isEqualTo(Exit.UNREACHABLE);
        assertThat(err()).contains("[SLP-B]");
        assertThat(keys.get(2)).isNotEqualTo(keys.get(1));
    }

    @Test
    @DisplayName("an answer that broke on the way is asked for again by the same key")
    void broken() {
        script.add(exchange -> {
            exchange.sendResponseHeaders(202, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            exchange.close();
        });
        script.add(answer(202, RUNNING));
        assertThat(run("deploy", "shop")).isZero();
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0)).isEqualTo(keys.get(1));
    }

    @Test
    @DisplayName("a followed run is told to its end over a stream that breaks, each change once, from where it was")
    void follow() {
        List<String> since = new ArrayList<>();
        script.add(answer(202, RUNNING));
        script.add(stream("event: run\nid: a-1\ndata: " + RUNNING + "\n\n: beat\n\nevent: run\ndata: {\"half"));
        script.add(answer(503, ""));
        script.add(exchange -> {
            since.add(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
            stream("event:run\nid:b-2\ndata:" + ENDED + "\n\nevent:end\nid:b-2\ndata:\n\n")
                    .answer(exchange);
        });

        assertThat(run("deploy", "shop", "--follow")).as(() -> out() + err()).isZero();

        assertThat(since).containsExactly("a-1");
        assertThat(out().lines().filter(line -> line.contains("deploy/web")).map(line -> line.replaceAll(" +", " ")))
                .containsExactly("running deploy/web", "done deploy/web");
        assertThat(out()).contains("succeeded");
    }

    @Test
    @DisplayName("where no stream gets through, the run is asked for")
    void polls() {
        script.add(answer(202, RUNNING));
        for (int i = 0; i < 3; i++) {
            script.add(answer(200, "<html>a proxy</html>"));
        }
        script.add(answer(200, RUNNING));
        script.add(answer(200, ENDED.replace("succeeded", "failed")));

        assertThat(run("deploy", "shop", "--follow")).isEqualTo(Exit.FAILED);
        assertThat(asked).contains("GET /api/v1/runs/r1");
    }

    @Test
    @DisplayName(
            "a server that goes away while it is followed is waited for so long, then the command ends with 4 and says so")
    void gone() {
        script.add(answer(202, RUNNING));
        script.add(exchange -> {
            stream("event: run\nid: 1\ndata: " + RUNNING + "\n\n").answer(exchange);
            server.stop(0);
        });

        assertThat(run("deploy", "shop", "-f", "--patience", "2", "--json")).isEqualTo(Exit.UNREACHABLE);
        assertThat(out().strip()).isEqualTo(RUNNING);
        assertThat(err()).contains("the run goes on", "does not answer");
    }

    @Test
    @DisplayName("an environment with several open runs asks which one to cancel")
    void cancel() {
        script.add(answer(404, "{\"code\":\"SLP-RUN-UNKNOWN\",\"what\":\"no\"}"));
        script.add(answer(200, "{\"items\":[{\"id\":\"r2\",\"outcome\":null},{\"id\":\"r1\",\"outcome\":null}]}"));
        assertThat(run("cancel", "shop")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("r2, r1");

        script.add(answer(404, "{\"code\":\"SLP-RUN-UNKNOWN\",\"what\":\"no\"}"));
        script.add(
                answer(200, "{\"items\":[{\"id\":\"r2\",\"outcome\":null},{\"id\":\"r1\",\"outcome\":\"failed\"}]}"));
        script.add(answer(202, RUNNING));
        assertThat(run("cancel", "shop")).isZero();
        assertThat(asked).endsWith("POST /api/v1/runs/r2/cancel");
    }

    @Test
    @DisplayName("all lists are read to their end")
    void pages() {
        script.add(answer(200, "{\"items\":[{\"name\":\"a\",\"state\":\"healthy\"}],\"next\":\"a\"}"));
        script.add(answer(200, "{\"items\":[{\"name\":\"b\",\"state\":\"degraded\",\"release\":4}],\"next\":null}"));
        assertThat(run("status")).isZero();
        assertThat(out().lines()).hasSize(2);
        assertThat(out()).contains("release 4");
    }

    @Test
    @DisplayName("the lines of a component's log are shown once although the stream was opened again")
    void logs() {
        String first = "web-1 2026-11-30T10:00:00.1Z one\nweb-1 2026-11-30T10:00:00.2Z two\n";
        script.add(stream(first + "\n"));
        script.add(stream("web-1 2026-11-30T10:00:00.2Z two\nweb-1 2026-11-30T10:00:00.2Z three\u001b[2J\n"));
        script.add(answer(404, "{\"code\":\"SLP-LOG-NONE\",\"what\":\"gone\"}"));

        assertThat(run("logs", "shop", "web", "-f")).isEqualTo(Exit.REFUSED);
        assertThat(out().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactly("one", "two", "three");
        assertThat(asked.get(1)).contains("since=2026-11-30T10%3A00%3A00%2E2Z");
    }

    @Test
    @DisplayName("both languages have the same texts")
    void texts() {
        ResourceBundle.Control control =
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
        ResourceBundle english = ResourceBundle.getBundle("messages.cli", java.util.Locale.ENGLISH, control);
        ResourceBundle chinese = ResourceBundle.getBundle("messages.cli", java.util.Locale.SIMPLIFIED_CHINESE, control);

        assertThat(english.keySet())
                .allSatisfy(key -> assertThat(chinese.getString(key)).as(key).isNotEqualTo(english.getString(key)));
    }
}
