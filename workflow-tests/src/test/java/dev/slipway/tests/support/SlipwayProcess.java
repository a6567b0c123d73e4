package dev.slipway.tests.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The real application in a JVM of its own, started from the test's class path as the README's command starts it: free ports, its
 * own data folder, a bootstrap token.
 *
 * <pre>{@code
 * try (SlipwayProcess slipway = SlipwayProcess.in(data).set("slipway.demo", "false").start()) {
 *     slipway.get("/api/v1/environments").body();
 *     slipway.kill();
 * }
 * }</pre>
 */
public final class SlipwayProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LINK = Pattern.compile("http://[^\\s\"/]+/sign-in/[A-Za-z0-9_-]+");
    /** With an administrator there is no link, but the address alone. */
    private static final Pattern READY =
            Pattern.compile("Slipway is ready[^:]*:\\s+(http://[^\\s\"/]+(?:/sign-in/[A-Za-z0-9_-]+)?)\\s");

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Path output;
    private final String token;
    private final long startedNanos = System.nanoTime();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private @Nullable URI link;
    private @Nullable Duration startTime;

    private SlipwayProcess(Process process, Path output, String token) {
        this.process = process;
        this.output = output;
        this.token = token;
    }

    /** A start to be described further; nothing runs yet. */
    public static Start in(Path data) {
        return new Start(data);
    }

    /** How to start: settings, environment, JVM arguments. Can be used again, for a restart on the same folder. */
    public static final class Start {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> jvm =
                new ArrayList<>(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        private final Path data;
        private String token = "test-" + UUID.randomUUID();

        private Start(Path data) {
            this.data = data;
            set("slipway.data", data.toString());
            set("slipway.port", "0");
            set("slipway.registry.port", "0");
            // The in-process engine, wherever the test runs; give a program, auto or a target for another.
            set("slipway.temporal.cli", "none");
            // The servers of tests are on this machine.
            set("slipway.outbound.allow", "127.0.0.0/8,localhost");
        }

        /** A setting, as on the command line. */
        public Start set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        public Start without(String key) {
            settings.remove(key);
            return this;
        }

        public Start environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        public Start jvm(String argument) {
            jvm.add(argument);
            return this;
        }

        public Start token(String bootstrapToken) {
            this.token = bootstrapToken;
            return this;
        }

        /** Starts and waits until the link is on the console. */
        public SlipwayProcess start() {
            SlipwayProcess started = launch();
            try {
                started.awaitReady();
                return started;
            } catch (RuntimeException | Error e) {
                started.close();
                throw e;
            }
        }

        /** Starts and does not wait: for starts that fail. */
        public SlipwayProcess launch() {
            try {
                Path output = Files.createTempFile("slipway-", ".log");
                List<String> command = new ArrayList<>();
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(jvm);
                command.add("-cp");
                command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
                command.add("dev.slipway.web.SlipwayApplication");
                settings.forEach((key, value) -> command.add("--" + key + "=" + value));
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().put("SLIPWAY_BOOTSTRAP_TOKEN", token);
                builder.environment().put("LC_ALL", "C.UTF-8");
                builder.environment().putAll(environment);
                return new SlipwayProcess(builder.start(), output, token);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Path data() {
            return data;
        }
    }

    /** Waits until the application says that it is ready. */
    public SlipwayProcess awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Matcher matcher = READY.matcher(log());
            if (matcher.find()) {
                link = URI.create(matcher.group(1));
                startTime = Duration.ofNanos(System.nanoTime() - startedNanos);
                return this;
            }
            if (!process.isAlive()) {
                throw new AssertionError("Slipway ended with exit code " + process.exitValue() + ":\n" + log());
            }
            pause();
        }
        throw new AssertionError("Slipway was not ready within " + START_LIMIT + ":\n" + log());
    }

    /** Waits for the process to end by itself. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Slipway still runs after " + limit + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** {@code http://127.0.0.1:port}, no slash at the end. */
    public URI url() {
        URI full = link();
        return URI.create(full.getScheme() + "://" + full.getAuthority());
    }

    public URI url(String path) {
        return URI.create(url() + path);
    }

    /** The one-time link from the console. */
    public URI link() {
        if (link == null) {
            throw new IllegalStateException("not ready yet");
        }
        return link;
    }

    /** The admin token for {@code Authorization: Bearer}. */
    public String token() {
        return token;
    }

    /** From the launch of the JVM to the link on the console, to within 20 ms. */
    public Duration startTime() {
        if (startTime == null) {
            throw new IllegalStateException("not ready yet");
        }
        return startTime;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far. */
    public String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    public HttpResponse<String> post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** What a successful answer says. */
    public static JsonNode json(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    /** The first lines of the log of all steps. @param run its path, {@code /api/v1/runs/…} */
    public List<String> lines(String run) {
        List<String> lines = new ArrayList<>();
        json(get(run + "/log?limit=200"))
                .path("items")
                .forEach(line -> lines.add(line.path("text").asText()));
        return lines;
    }

    /** A request with the bootstrap token. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    public HttpResponse<String> send(HttpRequest request) {
        return send(client, request);
    }

    /**
     * Signs in as a browser does, by a new one-time link; the printed one stays usable.
     *
     * @return a client with the session's cookie, which follows redirects
     */
    public HttpClient signedIn() {
        String answer = post("/api/v1/sign-in-links", "").body();
        Matcher fresh = LINK.matcher(answer);
        if (!fresh.find()) {
            throw new AssertionError("no sign-in link: " + answer);
        }
        HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        URI page = URI.create(fresh.group());
        String html = send(browser, HttpRequest.newBuilder(page).build()).body();
        send(
                browser,
                HttpRequest.newBuilder(page)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(SignInForm.filled(html)))
                        .build());
        return browser;
    }

    /** Name and value of the session's cookie of {@link #signedIn}, for a browser that is driven from outside. */
    public HttpCookie sessionCookie(HttpClient browser) {
        CookieManager cookies = (CookieManager) browser.cookieHandler().orElseThrow();
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().startsWith("slipway-session-"))
                .findFirst()
                .orElseThrow();
    }

    /** Memory of the JVM alone, in bytes; -1 where there is no /proc. */
    public long residentBytes() {
        return residentBytes(process.toHandle());
    }

    /** Memory of the JVM and of every process it started, in bytes; shared pages of PostgreSQL count once per process. */
    public long residentBytesWithChildren() {
        return residentBytes()
                + process.descendants()
                        .mapToLong(SlipwayProcess::residentBytes)
                        .filter(bytes -> bytes > 0)
                        .sum();
    }

    /** Processes that the application started and that still run. */
    public List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** {@code kill -9}: no shutdown hook runs, children become orphans. */
    public SlipwayProcess kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
        return this;
    }

    /** {@code SIGTERM}, and waits for the orderly end. */
    public SlipwayProcess stop() {
        process.destroy();
        awaitExit(Duration.ofSeconds(60));
        return this;
    }

    /** Ends the process in an orderly way, so that nothing stays behind; kills it when that takes too long. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(45, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what a killed application left behind in a data folder, when it is not started again. */
    public static void endOrphans(Path data) {
        try (var files = Files.walk(data, 2)) {
            for (Path pidFile : files.filter(
                            file -> file.getFileName().toString().equals("pid"))
                    .toList()) {
                long pid = Long.parseLong(Files.readString(pidFile).strip().split(" ")[0]);
                ProcessHandle.of(pid).ifPresent(orphan -> {
                    orphan.destroy();
                    orphan.onExit().orTimeout(10, TimeUnit.SECONDS).join();
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static long residentBytes(ProcessHandle handle) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException gone) {
            return -1;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
