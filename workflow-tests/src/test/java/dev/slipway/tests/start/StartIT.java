package dev.slipway.tests.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.tests.support.SlipwayProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path data;

    @AfterEach
    void leaveNothingRunning() {
        SlipwayProcess.endOrphans(data);
    }

    @Test
    @DisplayName(
            "the link on the console opens once: a look does not burn it, its button signs in, a second use is refused")
    void signInByLink() throws Exception {
        try (SlipwayProcess slipway = SlipwayProcess.in(data).start()) {
            assertThat(plain(slipway.link().toString()).statusCode()).isEqualTo(200);
            assertThat(plain(slipway.link().toString()).body()).contains("_csrf");

            HttpClient browser = slipway.signedIn();

            assertThat(slipway.sessionCookie(browser).isHttpOnly()).isTrue();
            HttpResponse<String> read = browser.send(
                    HttpRequest.newBuilder(slipway.url("/api/v1/nothing-here")).build(), BodyHandlers.ofString());
            assertThat(read.statusCode()).isEqualTo(404);
            assertThat(plain(slipway.url("/api/v1/nothing-here").toString()).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName(
            "after kill -9 the same folder starts again: its data is there, its orphans are ended, the link is new")
    void survivesKill() throws Exception {
        SlipwayProcess.Start start = SlipwayProcess.in(data);
        String key;
        long orphan;
        try (SlipwayProcess first = start.start()) {
            key = Files.readString(data.resolve("master.key"));
            orphan = first.children().get(0).pid();
            first.kill();
            assertThat(ProcessHandle.of(orphan)).get().matches(ProcessHandle::isAlive, "still runs");
        }

        try (SlipwayProcess second = start.start()) {
            assertThat(Files.readString(data.resolve("master.key"))).isEqualTo(key);
            assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
            // The key check in the database was written by the first start: it opened, so the rows are the old ones.
            assertThat(second.log()).contains("PostgreSQL started").doesNotContain("PostgreSQL created");
        }
    }

    @Test
    @DisplayName("an orderly stop ends every process it started and exits within seconds")
    void stopsCleanly() {
        try (SlipwayProcess slipway = SlipwayProcess.in(data).start()) {
            var children = slipway.children();

            slipway.stop();

            assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            assertThat(data.resolve("postgresql/pid")).doesNotExist();
        }
    }

    @Test
    @DisplayName("the data folder, its keys and its password are for the owner alone")
    void privateFolder() throws IOException {
        try (SlipwayProcess slipway = SlipwayProcess.in(data).start()) {
            assertThat(slipway.isAlive()).isTrue();
            assertThat(mode(data)).isEqualTo("rwx------");
            assertThat(mode(data.resolve("master.key"))).isEqualTo("rw-------");
            assertThat(mode(data.resolve("postgresql/password"))).isEqualTo("rw-------");
            assertThat(Files.readString(data.resolve("postgresql/data/pg_hba.conf")))
                    .doesNotContainPattern("(?m)^[^#].*\\btrust\\b");
        }
    }

    @Test
    @DisplayName("a second instance on the same folder is refused and names the first one's process")
    void secondInstance() {
        try (SlipwayProcess first = SlipwayProcess.in(data).start();
                SlipwayProcess second = SlipwayProcess.in(data).launch()) {
            refused(second, "SLP-START-DATA-IN-USE", Long.toString(first.pid()), "slipway.data");
            assertThat(first.get("/actuator/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a port in use stops the start and names the setting")
    void portInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SlipwayProcess slipway = SlipwayProcess.in(data)
                        .set("slipway.port", Integer.toString(other.getLocalPort()))
                        .launch()) {
            refused(slipway, "SLP-START-PORT-IN-USE", Integer.toString(other.getLocalPort()), "slipway.port");
        }
    }

    @Test
    @DisplayName("another master key than the one the data was sealed with stops the start")
    void wrongMasterKey() {
        try (SlipwayProcess first = SlipwayProcess.in(data).start()) {
            first.stop();
        }
        String other = Base64.getEncoder().encodeToString(new byte[32]);

        try (SlipwayProcess second =
                SlipwayProcess.in(data).environment("SLIPWAY_MASTER_KEY", other).launch()) {
            refused(second, "SLP-KEY-WRONG", "SLIPWAY_MASTER_KEY");
        }
    }

    @Test
    @DisplayName("a bad value and an unknown setting stop the start and name the key")
    void badSettings() {
        try (SlipwayProcess value =
                SlipwayProcess.in(data).set("slipway.port", "eighty").launch()) {
            refused(value, "SLP-START-SETTING", "slipway.port", "eighty");
        }
        try (SlipwayProcess key =
                SlipwayProcess.in(data).set("slipway.databse.url", "x").launch()) {
            refused(key, "SLP-START-SETTING", "slipway.databse.url");
        }
        try (SlipwayProcess role =
                SlipwayProcess.in(data).set("slipway.roles", "wroker").launch()) {
            refused(role, "SLP-START-SETTING", "slipway.roles", "web, worker");
        }
        try (SlipwayProcess token = SlipwayProcess.in(data).token("short").launch()) {
            refused(token, "SLP-START-SETTING", "slipway.security.bootstrap-token");
            assertThat(token.log()).doesNotContain("short");
        }
    }

    @Test
    @DisplayName("a folder that cannot be made, a database and an engine that cannot be reached stop the start")
    void unusableOutside() throws IOException {
        Path file = Files.writeString(data.resolve("a-file"), "");
        try (SlipwayProcess folder = SlipwayProcess.in(file.resolve("inside")).launch()) {
            refused(folder, "SLP-START-DATA-UNUSABLE", "slipway.data");
        }
        try (SlipwayProcess database = SlipwayProcess.in(data)
                .set("slipway.database.url", "jdbc:postgresql://127.0.0.1:1/none")
                .launch()) {
            refused(database, "SLP-START-DATABASE", "slipway.database.url");
        }
        try (SlipwayProcess engine = SlipwayProcess.in(data)
                .set("slipway.temporal.target", "127.0.0.1:1")
                .launch()) {
            refused(engine, "SLP-ENGINE-UNREACHABLE", "slipway.temporal.target");
        }
    }

    @Test
    @DisplayName("PostgreSQL killed under the running application comes back by itself, and health with it")
    void postgresKilled() {
        try (SlipwayProcess slipway = SlipwayProcess.in(data).start()) {
            assertThat(slipway.get("/actuator/health").statusCode()).isEqualTo(HttpURLConnection.HTTP_OK);
            long postgres = slipway.children().get(0).pid();

            slipway.children().get(0).destroyForcibly();

            await().atMost(SOON).until(() -> slipway.log().contains("PostgreSQL runs again"));
            await().atMost(SOON).until(() -> slipway.get("/actuator/health").statusCode() == HttpURLConnection.HTTP_OK);
            assertThat(slipway.children().get(0).pid()).isNotEqualTo(postgres);
        }
    }

    @Test
    @DisplayName(
            "the temporal program's development server keeps runs on disk, is ended after kill -9, and comes back when killed")
    void developmentServer() {
        String cli = System.getenv("SLIPWAY_IT_TEMPORAL_CLI");
        assumeThat(cli)
                .as("set SLIPWAY_IT_TEMPORAL_CLI to the temporal program")
                .isNotNull();
        SlipwayProcess.Start start = SlipwayProcess.in(data).set("slipway.temporal.cli", cli);
        ProcessHandle orphan;
        try (SlipwayProcess first = start.start()) {
            orphan = temporal(first);
            first.kill();
            assertThat(orphan.isAlive()).isTrue();
        }

        try (SlipwayProcess second = start.start()) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(data.resolve("temporal/temporal.db")).isNotEmptyFile();
            ProcessHandle running = temporal(second);

            running.destroyForcibly();

            await().atMost(SOON).until(() -> second.log().contains("Temporal runs again"));
            second.stop();
        }
        assertThat(data.resolve("temporal/pid")).doesNotExist();
    }

    private static ProcessHandle temporal(SlipwayProcess slipway) {
        return slipway.children().stream()
                .filter(child -> child.info().command().orElse("").endsWith("temporal"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(slipway.log()));
    }

    private static void refused(SlipwayProcess slipway, String... told) {
        assertThat(slipway.awaitExit(SOON)).isEqualTo(1);
        assertThat(slipway.log())
                .contains("Slipway did not start")
                .contains(told)
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    private static HttpResponse<String> plain(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(java.net.URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
