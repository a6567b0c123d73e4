package dev.slipway.tests.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.ChatSender;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SlowEngine;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Trigger;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class ChatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final String TOKEN = "mattermost-token-of-26-chars";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger NEXT = new AtomicInteger();

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static Api api;
    private static HttpServer receiver;
    private static ChatSender chat;
    /** Texts that came to the response address. */
    private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();
    /** What the next answers are refused with. */
    private static final Deque<Integer> FAULTS = new ArrayDeque<>();

    @BeforeAll
    static void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Integer fault;
            synchronized (FAULTS) {
                fault = FAULTS.poll();
            }
            if (fault != null) {
                exchange.getResponseHeaders().add("Retry-After", "1");
            } else {
                RECEIVED.add(JSON.readTree(body).path("text").asText());
            }
            exchange.sendResponseHeaders(fault == null ? 200 : fault, -1);
            exchange.close();
        });
        receiver.start();
        slipway = RunningSlipway.start(SlowEngine.class, data.resolve("slipway"));
        api = Api.of(slipway);
        String host = "http://127.0.0.1:" + receiver.getAddress().getPort();
        assertThat(connect("team-chat", "signature", SECRET, host).status()).isEqualTo(200);
        assertThat(connect("matter", "token", TOKEN, host).status()).isEqualTo(200);
        chat = new ChatSender(slipway.url(), SECRET, host + "/commands/T0001/1/abc");
    }

    @AfterAll
    static void stop() {
        slipway.close();
        receiver.stop(0);
    }

    @AfterEach
    void fast() {
        SlowEngine.delay(Duration.ZERO);
    }

    private static Api.Answer connect(String name, String verification, String secret, String host) {
        return api.send(
                "PUT",
                "/chat-connections/" + name,
                "{\"verification\":\"" + verification + "\",\"secret\":\"" + secret + "\",\"hosts\":[\"" + host
                        + "\"]}");
    }

    private static StoredEnvironment environment(String name) {
        return slipway.environment("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source: {image: "registry.example/any@sha256:%s"}
                """.formatted(name, "0".repeat(64)), name);
    }

    private static String trigger() {
        return "13345224609.738474920." + NEXT.incrementAndGet();
    }

    /** A person with a role everywhere, whose chat user has the same name. */
    private static Person linked(String name, Grant... grants) {
        Person person = slipway.get(PersonStore.class).add(name, Kind.PERSON, List.of(grants), "test");
        link("team-chat", name, person);
        return person;
    }

    private static void link(String connection, String user, Person person) {
        ChatStore store = slipway.get(ChatStore.class);
        String code = store.offerLink(
                new ChatStore.ChatUser(connection, "T0001", "example", user, user + "-name"), Duration.ofMinutes(10));
        assertThat(store.link(code, person.id(), "en")).isPresent();
    }

    private static void administrator() {
        PersonStore people = slipway.get(PersonStore.class);
        assertThat(people.use(
                        people.link(null, "test", Duration.ofMinutes(1)), "root", "{noop}a sentence for this test"))
                .isPresent();
    }

    private static String text(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            JsonNode json = JSON.readTree(answer.body());
            assertThat(json.path("response_type").asText()).isEqualTo("ephemeral");
            return json.path("text").asText();
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static List<StoredRun> runs(StoredEnvironment environment) {
        return slipway.get(RunStore.class).list(environment.id(), null, null, Long.MAX_VALUE, 200);
    }

    private static void told(String... parts) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(RECEIVED).anySatisfy(text -> assertThat(text).contains(parts)));
    }

    @Test
    @DisplayName("a deploy is acknowledged, run as the linked person, and told with its link and its outcome")
    void deploys() {
        StoredEnvironment shop = environment("shop");
        linked("anna", Grant.everywhere(Role.DEVELOPER));

        assertThat(text(chat.say("anna", "deploy shop", trigger()))).contains("On it: deploy shop", "30 minutes");

        told("Deploy of shop, run 1, is under way", slipway.url() + "/runs/");
        told("Deploy of shop, run 1: succeeded");
        StoredRun run = runs(shop).get(0);
        assertThat(run.trigger()).isEqualTo(Trigger.CHAT);
        assertThat(run.actor()).isEqualTo("anna");
        assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(text(chat.say("anna", "status shop", trigger()))).contains("shop: healthy");
        assertThat(text(chat.say("anna", "runs shop", trigger()))).contains("Deploy of shop, run 1: succeeded (anna)");
        assertThat(text(chat.say("anna", "cancel shop", trigger()))).contains("On it");
        told("SLP-CHAT-NOTHING-OPEN");
    }

    @Test
    @DisplayName("an account is linked by a code that works once, for a person; unlinked it may do nothing")
    void links() {
        environment("linked");
        assertThat(text(chat.say("bert", "deploy linked", trigger()))).contains("/slipway link");
        String said = text(chat.say("bert", "link", trigger()));
        assertThat(said).contains(slipway.url() + "/chat/link/", "10 minutes");
        String code = said.replaceAll("(?s).*/chat/link/([A-Za-z0-9_-]+).*", "$1");
        Person bert =
                slipway.get(PersonStore.class).add("bert", Kind.PERSON, List.of(Grant.everywhere(Role.VIEWER)), "test");
        ChatStore store = slipway.get(ChatStore.class);
        assertThat(store.offered(code).orElseThrow().userName()).isEqualTo("bert-name");
        assertThat(store.link(code, bert.id(), "zh-CN")).isPresent();
        assertThat(store.link(code, bert.id(), "zh-CN")).isEmpty();

        assertThat(text(chat.say("bert", "help", trigger()))).contains("可用命令");
        assertThat(text(chat.say("bert", "status linked", trigger()))).contains("linked");
        JsonNode accounts = api.get("/chat-accounts").body().path("items");
        assertThat(accounts.findValuesAsText("chatUser")).contains("bert-name");
        assertThat(text(chat.say("bert", "unlink", trigger()))).contains("已取消关联");
        assertThat(text(chat.say("bert", "status linked", trigger()))).contains("/slipway link");
    }

    @Test
    @DisplayName(
            "nobody may more in a chat than elsewhere: what is not theirs is not there, what they may not is refused, removed they are nobody")
    void rights() {
        StoredEnvironment open = environment("open-shop");
        StoredEnvironment closed = environment("closed-shop");
        linked("viewer", Grant.everywhere(Role.VIEWER));
        Person one = linked("one", Grant.environment(Role.DEVELOPER, open.applicationId(), open.id()));

        chat.say("viewer", "deploy open-shop", trigger());
        told("viewer may not do this", "SLP-AUTH-NOT-PERMITTED");
        assertThat(text(chat.say("one", "status closed-shop", trigger()))).contains("SLP-ENV-UNKNOWN");
        chat.say("one", "deploy closed-shop", trigger());
        told("closed-shop", "SLP-ENV-UNKNOWN");
        chat.say("one", "deploy open-shop", trigger());
        told("Deploy of open-shop, run 1: succeeded");
        assertThat(text(chat.say("viewer", "runs", trigger()))).contains("open-shop");
        assertThat(runs(closed)).isEmpty();
        assertThat(runs(open)).hasSize(1);

        // Nobody is removed as long as there is no administrator.
        administrator();
        slipway.get(PersonStore.class).remove(one.id(), one.version());
        assertThat(text(chat.say("one", "deploy open-shop", trigger()))).contains("/slipway link");
        assertThat(runs(open)).hasSize(1);
    }

    @Test
    @DisplayName("however often and at once one command is delivered, there is one run")
    void redelivered() {
        StoredEnvironment shop = environment("again");
        linked("carl", Grant.everywhere(Role.OPERATOR));
        String trigger = trigger();
        byte[] body = chat.form("carl", "deploy again", trigger).getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.now();

        // The same bytes, and the same command signed anew.
        List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, 20)
                .mapToObj(i -> chat.sendAsync(chat.signed(body, now.minusSeconds(i / 2))))
                .toList();

        assertThat(sent).allSatisfy(one -> assertThat(text(one.join())).contains("On it: deploy again"));
        told("Deploy of again, run 1: succeeded");
        assertThat(text(chat.say("carl", "deploy again", trigger))).contains("On it");
        assertThat(runs(shop)).hasSize(1);
        chat.say("carl", "deploy again", trigger());
        await().atMost(SOON).until(() -> runs(shop).size() == 2);
    }

    @Test
    @DisplayName("bad, stale and recorded deliveries are refused, and nothing is recorded for them")
    void refuses() {
        linked("dora", Grant.everywhere(Role.OPERATOR));
        byte[] body = chat.form("dora", "help", trigger()).getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.now();
        long before = commands();

        assertThat(code(chat.request(body, now, "v0=" + "0".repeat(64)))).isEqualTo("SLP-CHAT-SIGNATURE");
        assertThat(code(chat.request(body, now, ChatSender.sign("another secret of some length", now, body))))
                .isEqualTo("SLP-CHAT-SIGNATURE");
        assertThat(code(chat.request(body, now.minusSeconds(1), ChatSender.sign(SECRET, now, body))))
                .isEqualTo("SLP-CHAT-SIGNATURE");
        assertThat(code(chat.signed(body, now.minusSeconds(310)))).isEqualTo("SLP-CHAT-STALE");
        assertThat(code(chat.signed(body, now.plusSeconds(310)))).isEqualTo("SLP-CHAT-STALE");
        HttpRequest recorded = chat.signed(body, now);
        assertThat(commands()).isEqualTo(before);
        assertThat(text(chat.send(recorded))).contains("What I understand");
        slipway.get(JdbcClient.class)
                .sql("update chat_command set received_at = received_at - interval '11 seconds'")
                .update();
        assertThat(code(recorded)).isEqualTo("SLP-CHAT-REPLAYED");
        assertThat(text(chat.send(chat.signed(body, now.plusSeconds(1))))).contains("What I understand");
        assertThat(commands()).isEqualTo(before + 1);
        // A token that Slack sends too, deprecated, lets nobody in where a signature is wanted.
        assertThat(code(HttpRequest.newBuilder(recorded.uri())
                        .header("Authorization", "Token " + SECRET)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build()))
                .isEqualTo("SLP-CHAT-SIGNATURE");
    }

    @Test
    @DisplayName("Mattermost's token is taken from header or form, on a connection that says so")
    void mattermost() {
        Person emma =
                slipway.get(PersonStore.class).add("emma", Kind.PERSON, List.of(Grant.everywhere(Role.VIEWER)), "test");
        link("matter", "emma", emma);
        environment("matter-shop");
        String form = chat.form("emma", "status matter-shop", trigger()).replaceFirst("token=[^&]*&", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        chat.signed(new byte[0], Instant.EPOCH).uri())
                .header("Content-Type", "application/x-www-form-urlencoded");

        assertThat(text(chat.send(request.copy()
                        .header("Authorization", "Token " + TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build())))
                .contains("matter-shop");
        assertThat(text(chat.send(request.copy()
                        .POST(HttpRequest.BodyPublishers.ofString("token=" + TOKEN + "&"
                                + chat.form("emma", "help", trigger()).replaceFirst("token=[^&]*&", "")))
                        .build())))
                .contains("What I understand");
        assertThat(code(request.copy()
                        .header("Authorization", "Token " + TOKEN.substring(1))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build()))
                .isEqualTo("SLP-CHAT-SIGNATURE");
    }

    @Test
    @DisplayName("bodies that a container would rebuild are verified as they came")
    void rawBytes() {
        for (String body : List.of(
                "team_id=T0001&user_id=x&text=%68elp",
                "team_id=T0001&user_id=x&text=help&odd=%7b~*%7B",
                "text=help&team_id=T0001&user_id=x&empty&a=b%20c",
                "team_id=T0001&user_id=x&text=+help+&trigger_id=%e4%b8%ad")) {
            assertThat(text(chat.send(chat.signed(body.getBytes(StandardCharsets.UTF_8), Instant.now()))))
                    .as(body)
                    .contains("What I understand");
        }
    }

    @Test
    @DisplayName("whatever is sent, signed or not, is answered with a refusal or a sentence, never with a fault")
    void fuzzed() {
        Random random = new Random(42);
        String sample = chat.form("fuzz", "deploy @channel <!here> &x", "t");
        for (int i = 0; i < 400; i++) {
            byte[] body = sample.getBytes(StandardCharsets.UTF_8);
            for (int j = random.nextInt(6); j >= 0; j--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                body = java.util.Arrays.copyOf(body, random.nextInt(body.length));
            }
            boolean signed = random.nextBoolean();
            Instant now = Instant.now();
            HttpResponse<String> answer =
                    chat.send(signed ? chat.signed(body, now) : chat.request(body, now, "v0=" + random.nextLong()));
            assertThat(answer.statusCode()).as(answer.body()).isIn(signed ? List.of(200, 400) : List.of(401));
            assertThat(answer.body()).doesNotContain("<!here>", "@channel", "Exception");
        }
        byte[] invalid = "team_id=T1&user_id=U1&text=%ff%fe".getBytes(StandardCharsets.UTF_8);
        assertThat(code(chat.signed(invalid, Instant.now()))).isEqualTo("SLP-REQUEST-INVALID");
        byte[] nul = "team_id=T1&user_id=U1&text=a%00b".getBytes(StandardCharsets.UTF_8);
        assertThat(code(chat.signed(nul, Instant.now()))).isEqualTo("SLP-REQUEST-INVALID");
    }

    @Test
    @DisplayName("whatever stands in any one field of a command, nothing breaks, and nothing broken starts a run")
    void everyField() {
        StoredEnvironment shop = environment("unbroken");
        linked("hans", Grant.everywhere(Role.OPERATOR));
        String right = chat.form("hans", "deploy unbroken", "t");
        // What stands in the others says neither who it is nor what is wanted.
        Set<String> telling = Set.of("team_id", "user_id", "text");
        List<String> odd = List.of(
                "",
                "+++",
                "7",
                "null",
                "%5B".repeat(2_000),
                "a".repeat(20_000),
                "a%00b",
                "%01%07%1B%5B31m",
                "%e2%80%ae%e2%80%8b",
                "%ff%fe",
                "%ed%a0%80",
                "%",
                "%zz",
                "..%2f..%2fx",
                "%27%3B+drop+table+run%3B--");
        for (String field : right.split("&")) {
            String name = field.substring(0, field.indexOf('='));
            List<String> broken = new ArrayList<>(List.of(
                    ("&" + right).replace("&" + field, "").replaceFirst("^&", ""),
                    right.replace(field, name),
                    right + "&" + field,
                    right + "&" + name + "=x"));
            odd.forEach(value -> broken.add(right.replace(field, name + "=" + value)));
            for (String form : broken) {
                String sent = telling.contains(name) ? form : form.replace("deploy+unbroken", "status+unbroken");
                HttpResponse<String> answer =
                        chat.send(chat.signed(sent.getBytes(StandardCharsets.UTF_8), Instant.now()));
                assertThat(answer.statusCode())
                        .as("%s: %s", sent, answer.body())
                        .isIn(200, 400);
                assertThat(answer.body()).doesNotContain("Exception", "\u001b");
            }
        }
        for (String type : List.of("application/json", "text/plain", "multipart/form-data; boundary=x", ";;;", "")) {
            byte[] body = right.getBytes(StandardCharsets.UTF_8);
            HttpRequest.Builder request = HttpRequest.newBuilder(
                    chat.signed(body, Instant.now()), (header, value) -> !header.equalsIgnoreCase("Content-Type"));
            if (!type.isEmpty()) {
                request.header("Content-Type", type);
            }
            HttpResponse<String> answer = chat.send(request.build());
            assertThat(answer.statusCode()).as("%s: %s", type, answer.body()).isBetween(400, 499);
        }
        // Commands are done in turn: after this one, nothing of the others is still to come.
        chat.say("hans", "deploy unbroken", trigger());
        told("Deploy of unbroken, run 1: ");
        assertThat(runs(shop)).hasSize(1);
    }

    @Test
    @DisplayName("a link that is older than it may be links nobody")
    void expiredLink() {
        String code = text(chat.say("late", "link", trigger())).replaceAll("(?s).*/chat/link/([A-Za-z0-9_-]+).*", "$1");
        Person late =
                slipway.get(PersonStore.class).add("late", Kind.PERSON, List.of(Grant.everywhere(Role.VIEWER)), "test");
        ChatStore store = slipway.get(ChatStore.class);
        assertThat(store.offered(code)).isPresent();

        slipway.get(JdbcClient.class)
                .sql("update chat_link set expires_at = now()")
                .update();

        assertThat(store.offered(code)).isEmpty();
        assertThat(store.link(code, late.id(), "en")).isEmpty();
        assertThat(text(chat.say("late", "status nowhere", trigger()))).contains("/slipway link");
    }

    @Test
    @DisplayName("10 MB are refused")
    void tooBig() {
        byte[] body = new byte[10 << 20];
        java.util.Arrays.fill(body, (byte) 'a');
        HttpRequest request = chat.signed(body, Instant.now());
        int status;
        try {
            status = chat.send(request).statusCode();
        } catch (java.io.UncheckedIOException closedWhileSending) {
            status = 413;
        }
        assertThat(status).isEqualTo(413);
        assertThat(text(chat.say("x", "help", trigger()))).contains("What I understand");
    }

    @Test
    @DisplayName("unknown commands get help with the nearest word; nothing in them calls many or becomes a link")
    void unknown() {
        assertThat(text(chat.say("x", "deplyo shop", trigger()))).contains("Did you mean “/slipway deploy”?");
        assertThat(text(chat.say("x", "approve", trigger()))).contains("I do not know “approve”", "What I understand");
        HttpResponse<String> answer = chat.say("x", "<!channel>@here&<https://evil|x>", trigger());
        assertThat(text(answer)).contains("&lt;!channel&gt;@\u200bhere&amp;").doesNotContain("<");
        assertThat(text(chat.say("x", "deploy", trigger()))).contains("/slipway deploy ENVIRONMENT");
        assertThat(text(chat.say("x", "", trigger()))).contains("What I understand");
    }

    @Test
    @DisplayName("a command is answered while work in the background has all the connections that it may have")
    void busyBehind() throws SQLException {
        DataSource store = slipway.get(DataSource.class);
        HikariDataSource work = store.unwrap(HikariDataSource.class);
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < work.getMaximumPoolSize(); i++) {
                held.add(store.getConnection());
            }

            assertThat(text(chat.say("x", "help", trigger()))).contains("What I understand");
        } finally {
            for (Connection one : held) {
                one.close();
            }
        }
    }

    @Test
    @DisplayName("an engine that takes 5 s is not waited for, and the run is told of when it is there")
    void slowEngine() {
        StoredEnvironment shop = environment("slow");
        linked("fred", Grant.everywhere(Role.OPERATOR));
        SlowEngine.delay(Duration.ofSeconds(5));
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            assertThat(text(chat.say("fred", "deploy slow", trigger()))).contains("On it");
            took.add((System.nanoTime() - begin) / 1_000_000);
        }

        assertThat(took).allSatisfy(millis -> assertThat(millis).isLessThan(2_000));
        await().atMost(SOON).until(() -> runs(shop).size() == 5);
        told("Deploy of slow, run 1: ");
    }

    @Test
    @DisplayName("an answer that is refused for a while is sent again; an address that is not allowed is never called")
    void answers() {
        environment("patient");
        linked("gina", Grant.everywhere(Role.OPERATOR));
        synchronized (FAULTS) {
            FAULTS.addAll(List.of(500, 429, 503));
        }
        chat.say("gina", "deploy patient", trigger());
        told("Deploy of patient, run 1, is under way");
        told("Deploy of patient, run 1: succeeded");

        StoredEnvironment elsewhere = environment("elsewhere");
        ChatSender other = new ChatSender(slipway.url(), SECRET, "https://evil.example/x");
        assertThat(text(other.say("gina", "deploy elsewhere", trigger()))).contains("No answer can follow");
        await().atMost(SOON).until(() -> runs(elsewhere).size() == 1);
    }

    @Test
    @DisplayName(
            "a connection is refused with everything that is wrong, keeps its secret to itself, and can be switched off and removed")
    void connections() {
        Api.Answer wrong = api.send(
                "PUT",
                "/chat-connections/BAD NAME".replace(" ", "%20"),
                "{\"provider\":\"irc\",\"verification\":\"none\",\"secret\":\"short\",\"hosts\":[\"ftp://x\"]}");
        assertThat(wrong.status()).as("%s", wrong).isGreaterThanOrEqualTo(400);
        assertThat(wrong.body().path("problems")).hasSize(5);

        assertThat(connect("third", "signature", "a secret of some length", "*.chat.example")
                        .http()
                        .body())
                .doesNotContain("a secret");
        ChatSender third = new ChatSender(slipway.url(), "a secret of some length", "");
        await().atMost(SOON).until(() -> third.say("x", "help", trigger()).statusCode() == 200);
        api.send("PUT", "/chat-connections/third", "{\"enabled\":false}");
        assertThat(third.say("x", "help", trigger()).statusCode()).isEqualTo(401);
        assertThat(api.send("DELETE", "/chat-connections/third", null).status()).isEqualTo(204);
        assertThat(api.send("DELETE", "/chat-connections/third", null).status()).isEqualTo(404);
        assertThat(api.get("/chat-connections").http().body()).doesNotContain(SECRET, TOKEN);
    }

    private static String code(HttpRequest request) {
        HttpResponse<String> answer = chat.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        try {
            return JSON.readTree(answer.body()).path("code").asText();
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static long commands() {
        return slipway.get(JdbcClient.class)
                .sql("select count(*) from chat_command")
                .query(Long.class)
                .single();
    }
}
