package dev.slipway.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.audit.AuditChain;
import dev.slipway.activities.store.audit.AuditEntry;
import dev.slipway.activities.store.audit.AuditHead;
import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.activities.store.audit.AuditProof.Break;
import dev.slipway.activities.store.audit.AuditQuery;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.tests.support.RunningSlipway;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: hello}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """.formatted("0".repeat(64));

    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @Order(1)
    @DisplayName(
            "an action has its row before its answer: who, what, on what, from where, how it ended; and a change of nothing has none")
    void actions() throws Exception {
        HttpResponse<String> created = call("POST", "/api/v1/applications", DOCUMENT, "application/yaml");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode row = newest("action=application.create");

        assertThat(row.path("outcome").asText()).isEqualTo("allowed");
        assertThat(row.path("who").asText()).isEqualTo("bootstrap-token");
        assertThat(row.path("door").asText()).isEqualTo("api");
        assertThat(row.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(row.path("kind").asText()).isEqualTo("application");
        assertThat(row.path("name").asText()).isEqualTo("hello");
        assertThat(row.path("request").asText())
                .isEqualTo(created.headers().firstValue("X-Request-Id").orElseThrow());

        assertThat(json(
                                "POST",
                                "/api/v1/environments",
                                "{\"name\":\"staging\",\"application\":\"hello\",\"cluster\":\"simulated\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(newest("action=environment.create").path("name").asText()).isEqualTo("staging");

        HttpResponse<String> accepted = json("POST", "/api/v1/environments/staging/runs", "{\"operation\":\"deploy\"}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        JsonNode run = newest("action=run.start");
        assertThat(run.path("name").asText()).isEqualTo("staging");
        assertThat(run.path("subjectId").asText()).isNotEmpty();
        assertThat(run.path("detail").asText())
                .isEqualTo("deploy " + JSON.readTree(accepted.body()).path("id").asText());

        assertThat(json(
                                "POST",
                                "/api/v1/environments",
                                "{\"name\":\"staging\",\"application\":\"hello\",\"cluster\":\"simulated\"}")
                        .statusCode())
                .isEqualTo(409);
        JsonNode failed = newest("action=environment.create");
        assertThat(failed.path("outcome").asText()).isEqualTo("failed");
        assertThat(failed.path("problem").asText()).isEqualTo("SLP-ENV-EXISTS");

        long before = newest("").path("seq").asLong();
        assertThat(call("POST", "/api/v1/applications:check", DOCUMENT, "application/yaml")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/environments").statusCode()).isEqualTo(200);
        assertThat(newest("").path("seq").asLong()).isEqualTo(before);
    }

    @Test
    @Order(2)
    @DisplayName("what is refused has a row, until one source has had ten in a minute: then it is counted")
    void refusals() throws Exception {
        HttpRequest anonymous = HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/environments"))
                .DELETE()
                .build();
        for (int i = 0; i < 30; i++) {
            assertThat(CLIENT.send(anonymous, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }

        JsonNode refused = items("outcome=refused&limit=200");

        assertThat(refused.size()).isEqualTo(10);
        assertThat(refused.get(0).path("who").asText()).isEmpty();
        assertThat(refused.get(0).path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(refused.get(0).path("problem").asText()).isEqualTo("SLP-AUTH-REQUIRED");
        assertThat(refused.get(0).path("detail").asText()).isEqualTo("DELETE /environments");
        assertThat(refused.get(0).path("door").asText()).isEqualTo("api");
    }

    @Test
    @Order(3)
    @DisplayName("neither what was sent nor a secret of an address gets into a row")
    void nothingSecret() throws Exception {
        json(
                "POST",
                "/api/v1/git/logins",
                "{\"name\":\"shop\",\"address\":\"https://git.example/shop\",\"username\":\"u\","
                        + "\"password\":\"planted-secret\"}");
        HttpResponse<String> link = json("POST", "/api/v1/sign-in-links", "");
        String token = JSON.readTree(link.body()).path("link").asText().replaceFirst(".*/", "");
        CLIENT.send(
                HttpRequest.newBuilder(URI.create(slipway.url() + "/sign-in/" + token))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(get("/api/v1/audit/export").body())
                .contains("git.login.create", "sign-in-link.create")
                .doesNotContain("planted-secret", token);
    }

    @Test
    @Order(4)
    @DisplayName(
            "rows are found by who, action, subject, outcome and time, page by page, and exported; an export is an action")
    void search() throws Exception {
        for (int i = 0; i < 5; i++) {
            append("ada", "thing.do", "=cmd|'/c calc'!A1," + i, AuditOutcome.ALLOWED);
        }
        Instant later = Instant.now();
        append("bob", "thing.do", "last", AuditOutcome.FAILED);

        assertThat(items("who=ada").size()).isEqualTo(5);
        assertThat(items("action=thing.").size()).isEqualTo(6);
        assertThat(items("action=thin_").size()).isZero();
        assertThat(items("name=last&outcome=failed").size()).isEqualTo(1);
        assertThat(items("action=thing.&from=" + later).size()).isEqualTo(1);
        assertThat(items("action=thing.&until=" + later).size()).isEqualTo(5);
        List<Long> read = new ArrayList<>();
        String after = "";
        do {
            JsonNode page =
                    JSON.readTree(get("/api/v1/audit?who=ada&limit=2" + after).body());
            page.path("items").forEach(row -> read.add(row.path("seq").asLong()));
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asText();
        } while (!after.isEmpty());
        assertThat(read).hasSize(5).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));

        String csv = get("/api/v1/audit/export?format=csv&who=ada").body();
        assertThat(csv.lines()).hasSize(6).allSatisfy(line -> assertThat(line).doesNotContain(",=", "\"="));
        assertThat(csv).contains("\"'=cmd|'/c calc'!A1,0\"");
        assertThat(newest("action=audit.export").path("outcome").asText()).isEqualTo("allowed");
        assertThat(get("/api/v1/audit?outcome=perhaps&from=yesterday").statusCode())
                .isEqualTo(400);
        assertThat(get("/api/v1/audit?who=a%00b").statusCode()).isEqualTo(400);
    }

    @Test
    @Order(5)
    @DisplayName("a row cannot be changed, deleted or truncated")
    void appendOnly() {
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        for (String attack : List.of(
                "update audit set who = 'eve'", "delete from audit", "truncate audit", "delete from audit_head")) {
            assertThatThrownBy(() -> jdbc.sql(attack).update())
                    .as(attack)
                    .rootCause()
                    .hasMessageContaining("the audit is append-only");
        }
    }

    /**
     * @param sql what somebody does who may switch the triggers off
     * @param found what the proof says
     */
    record Attack(String name, Break found, String... sql) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack("a name is changed", Break.CHANGED, "update audit set who = 'eve' where seq = 3"),
                new Attack(
                        "a moment is changed",
                        Break.CHANGED,
                        "update audit set at = at + interval '1 second' where seq = 3"),
                new Attack(
                        "a letter moves to the next column",
                        Break.CHANGED,
                        "update audit set action = action || left(name, 1), name = substr(name, 2) where seq = 2"),
                new Attack("a row is removed", Break.MISSING, "delete from audit where seq = 3"),
                new Attack(
                        "a row is removed and the gap closed",
                        Break.CHANGED,
                        "delete from audit where seq = 3",
                        "update audit set seq = -seq",
                        "update audit set seq = -seq - case when seq < -3 then 1 else 0 end"),
                new Attack(
                        "two rows change places",
                        Break.CHANGED,
                        "update audit set seq = -3 where seq = 3",
                        "update audit set seq = 3 where seq = 4",
                        "update audit set seq = 4 where seq = -3"),
                new Attack(
                        "a row is added",
                        Break.CHANGED,
                        "insert into audit select seq + 1, at, act, request, outcome, 'eve', user_id, token_id, door, address,"
                                + " action, kind, name, subject_id, detail, problem, times, hash from audit"
                                + " order by seq desc limit 1"),
                new Attack(
                        "the newest rows are cut off",
                        Break.CUT_OFF,
                        "delete from audit where seq > (select max(seq) - 2 from audit)"),
                new Attack("all is gone", Break.CUT_OFF, "delete from audit"),
                new Attack(
                        "all is gone, the sealed head too",
                        Break.CUT_OFF,
                        "delete from audit",
                        "delete from audit_head"),
                new Attack("the sealed head is gone", Break.HEAD, "delete from audit_head"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    @Order(6)
    @DisplayName("what is changed behind Slipway's back is found")
    void tampered(Attack attack) throws Exception {
        for (int i = 0; i < 5; i++) {
            append("ada", "thing.do", "thing", AuditOutcome.ALLOWED);
        }
        awaitWitness();
        AuditProof proof = slipway.get(AuditProof.class);
        assertThat(proof.prove(List.of()).whole()).isTrue();
        TransactionTemplate alone = new TransactionTemplate(slipway.get(PlatformTransactionManager.class));

        JdbcClient jdbc = slipway.get(JdbcClient.class);
        jdbc.sql("create table kept_audit as select * from audit").update();
        jdbc.sql("create table kept_head as select * from audit_head").update();
        try {
            alone.executeWithoutResult(status -> behindTheBack(jdbc, attack.sql()));

            JsonNode found =
                    JSON.readTree(json("POST", "/api/v1/audit:verify", "{}").body());
            assertThat(found.path("whole").asBoolean()).isFalse();
            assertThat(found.path("broken").asText()).isEqualTo(attack.found().word());
        } finally {
            alone.executeWithoutResult(status -> behindTheBack(
                    jdbc,
                    "delete from audit",
                    "delete from audit_head",
                    "insert into audit select * from kept_audit",
                    "insert into audit_head select * from kept_head"));
            jdbc.sql("drop table kept_audit").update();
            jdbc.sql("drop table kept_head").update();
        }
        assertThat(proof.prove(List.of()).whole()).isTrue();
    }

    @Test
    @Order(7)
    @DisplayName("who has the database and not the master key can neither add a row nor write the chain anew")
    void needsTheKey() {
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        AuditProof proof = slipway.get(AuditProof.class);
        AuditHead head = proof.prove(List.of()).head();
        AuditEntry forged = entry("eve", "thing.do", "thing", AuditOutcome.ALLOWED);
        String hash = AuditChain.hash(head.hash(), head.seq() + 1, forged);
        jdbc.sql("""
                        insert into audit select :seq, :at, :act, :request, 'allowed', 'eve', '', '', 'api', '', 'thing.do', 'thing',
                            'thing', '', '', '', 1, decode(:hash, 'hex')
                        """)
                .param("seq", head.seq() + 1)
                .param("at", Timestamp.from(forged.at()))
                .param("act", forged.act())
                .param("request", forged.request())
                .param("hash", hash)
                .update();

        assertThat(proof.prove(List.of()).broken()).isEqualTo(Break.ADDED);
        assertThat(proof.prove(List.of()).at()).isEqualTo(head.seq() + 1);

        // Slipway goes on behind it, and says so.
        append("ada", "thing.do", "thing", AuditOutcome.ALLOWED);
        assertThat(slipway.get(AuditStore.class)
                        .search(new AuditQuery(null, "audit.tampered", null, null, null, null, null), 5))
                .hasSize(1);

        assertThat(proof.prove(List.of(new AuditHead(2, "0".repeat(64)))).broken())
                .isEqualTo(Break.REWRITTEN);
        assertThat(proof.prove(List.of(new AuditHead(1_000_000, "0".repeat(64))))
                        .broken())
                .isEqualTo(Break.CUT_OFF);
    }

    @Test
    @Order(8)
    @DisplayName("rows that were cut off stay missing when Slipway goes on")
    void gapStays() {
        for (int i = 0; i < 3; i++) {
            append("ada", "thing.do", "thing", AuditOutcome.ALLOWED);
        }
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        long last = jdbc.sql("select max(seq) from audit").query(Long.class).single();
        new TransactionTemplate(slipway.get(PlatformTransactionManager.class))
                .executeWithoutResult(status ->
                        behindTheBack(jdbc, "delete from audit where seq > " + (last - 2), "delete from audit_head"));

        append("ada", "thing.do", "thing", AuditOutcome.ALLOWED);

        AuditProof.Result result = slipway.get(AuditProof.class).prove(List.of());
        assertThat(result.broken()).isEqualTo(Break.MISSING);
        assertThat(result.at()).isEqualTo(last + 1);
    }

    private static void behindTheBack(JdbcClient jdbc, String... statements) {
        jdbc.sql("set local session_replication_role = replica").update();
        for (String statement : statements) {
            jdbc.sql(statement).update();
        }
    }

    private static void awaitWitness() {
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        long last = jdbc.sql("select max(seq) from audit").query(Long.class).single();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(data.resolve("audit.head"))
                        && Files.readString(data.resolve("audit.head")).startsWith(last + ":"));
    }

    private static AuditEntry entry(String who, String action, String name, AuditOutcome outcome) {
        String act = Ids.next();
        return new AuditEntry(
                Instant.now(), act, act, outcome, who, "", "", "api", "", action, "thing", name, "", "", "", 1);
    }

    private static void append(String who, String action, String name, AuditOutcome outcome) {
        slipway.get(AuditStore.class).append(entry(who, action, name, outcome));
    }

    private static JsonNode items(String query) throws Exception {
        HttpResponse<String> answer = get("/api/v1/audit?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("items");
    }

    private static JsonNode newest(String query) throws Exception {
        return items(query).path(0);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> json(String method, String path, String body) throws Exception {
        return call(method, path, body, "application/json");
    }

    private static HttpResponse<String> call(String method, String path, String body, String type) throws Exception {
        return CLIENT.send(
                request(path)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .header("Authorization", "Bearer " + slipway.token());
    }
}
