package dev.slipway.tests.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.notify.ChatAnswer;
import dev.slipway.activities.notify.Deliverer;
import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.notify.OutboxMessage;
import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.activities.notify.StatusHostStore;
import dev.slipway.activities.notify.WebhookSignature;
import dev.slipway.activities.notify.WebhookStore;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.outbound.OutboundPost;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.notify.ReceivingServer.Got;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Trigger;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayName("What is told to others arrives: once, in order, and signed")
class OutboxTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: web
                  source: {image: registry.example/web@sha256:%s}
            """;

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static @Nullable HttpClient browser;

    private ReceivingServer receiver;
    private String name = "";
    private String environment = "";

    @BeforeAll
    static void start() {
        // The deliverers are the tests' own.
        slipway = RunningSlipway.start(data, "slipway.roles=web", "slipway.url=https://slipway.example");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @BeforeEach
    void receive() throws Exception {
        receiver = new ReceivingServer("127.0.0.1");
        name = "h" + Ids.next();
        environment = slipway.environment(DOCUMENT.formatted(name, "0".repeat(64)), name)
                .id();
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
        call("DELETE", "/api/v1/webhooks/" + name, null);
    }

    @Test
    @DisplayName("a run that is over is told, with what a receiver needs, signed over the raw body")
    void tells() throws Exception {
        Secret secret = webhook("run.finished");
        StoredRun run = failedRun();

        deliver(() -> assertThat(receiver.got()).hasSize(1));

        Got got = receiver.got().get(0);
        assertThat(got.header("Slipway-Event")).isEqualTo("run.finished");
        assertThat(got.header("Slipway-Delivery"))
                .isEqualTo(messages("run.finished").get(0).id());
        assertThat(got.header("Content-Type")).startsWith("application/json");
        JsonNode told = JSON.readTree(got.body());
        assertThat(told.path("event").asText()).isEqualTo("run.finished");
        JsonNode about = told.path("run");
        assertThat(about.path("id").asText()).isEqualTo(run.id());
        assertThat(about.path("environment").asText()).isEqualTo(name);
        assertThat(about.path("application").asText()).isEqualTo(name);
        assertThat(about.path("operation").asText()).isEqualTo("deploy");
        assertThat(about.path("outcome").asText()).isEqualTo("failed");
        assertThat(about.path("actor").asText()).isEqualTo("test");
        assertThat(about.path("trigger").asText()).isEqualTo("api");
        assertThat(about.path("link").asText()).isEqualTo("https://slipway.example/runs/" + run.id());
        assertThat(about.path("problems").get(0).path("code").asText()).isEqualTo("SLP-GIT-UNREACHABLE");
        assertThat(about.path("problems").get(0).path("what").asText()).contains("cannot be reached");

        String signature = got.header(WebhookSignature.HEADER);
        Instant now = Instant.now();
        assertThat(WebhookSignature.verify(secret, signature, got.body(), now, TOLERANCE))
                .isTrue();
        assertThat(WebhookSignature.verify(Secret.of("other"), signature, got.body(), now, TOLERANCE))
                .isFalse();
        assertThat(WebhookSignature.verify(secret, signature, (got.text() + " ").getBytes(), now, TOLERANCE))
                .isFalse();
        assertThat(WebhookSignature.verify(secret, signature, got.body(), now.plusSeconds(400), TOLERANCE))
                .isFalse();
        assertThat(WebhookSignature.verify(secret, signature.replace("t=", "t=1"), got.body(), now, TOLERANCE))
                .isFalse();
        assertThat(WebhookSignature.verify(secret, "nonsense", got.body(), now, TOLERANCE))
                .isFalse();
    }

    @Test
    @DisplayName("only the chosen events, of the chosen environment, while it is switched on")
    void filters() throws Exception {
        webhook("run.failed");
        String elsewhere = slipway.environment(DOCUMENT.formatted(name, "0".repeat(64)), name + "b")
                .id();
        String own = environment;
        run(Outcome.SUCCEEDED, null);
        run(Outcome.CANCELLED, null);
        environment = elsewhere;
        run(Outcome.FAILED, null);
        environment = own;
        assertThat(messages(null)).isEmpty();
        StoredRun told = run(Outcome.REFUSED, null);
        assertThat(messages(null)).extracting(OutboxMessage::runId).containsExactly(told.id());

        change("{\"url\":\"" + receiver.url() + "\",\"enabled\":false}");
        run(Outcome.FAILED, null);
        assertThat(messages(null)).hasSize(1);
        deliver(() -> assertThat(messages(null).get(0).state()).isEqualTo(State.DEAD));
        assertThat(receiver.got()).isEmpty();

        change("{\"url\":\"" + receiver.url() + "\",\"enabled\":true}");
        assertThat(call("POST", "/api/v1/outbox/" + messages(null).get(0).id() + "/again", null)
                        .statusCode())
                .isEqualTo(202);
        deliver(() -> assertThat(receiver.got()).hasSize(1));
    }

    @Test
    @DisplayName("whatever a receiver does wrong, the message waits, says why, and arrives in the end")
    void troubles() throws Exception {
        try (ReceivingServer inside = new ReceivingServer("127.0.0.2")) {
            Map<ReceivingServer.Behaviour, String> troubles = new LinkedHashMap<>();
            troubles.put(ReceivingServer.status(500, "out of order"), "out of order");
            troubles.put(ReceivingServer.status(404, ""), "");
            troubles.put(exchange -> {}, "closed before there was an answer");
            troubles.put(ReceivingServer.slow(3_000), "no whole answer in time");
            troubles.put(ReceivingServer.huge(500), "xxxxxxxx");
            troubles.put(
                    ReceivingServer.status(302, "", "Location", inside.url() + "/secret"),
                    "a redirect to " + inside.url() + "/secret, which is not followed");
            webhook("run.finished");
            run(Outcome.SUCCEEDED, null);
            String id = messages(null).get(0).id();
            int attempts = 0;
            try (Deliverer deliverer = deliverer(message -> {})) {
                for (Map.Entry<ReceivingServer.Behaviour, String> trouble : troubles.entrySet()) {
                    receiver.then(trouble.getKey());
                    outbox().again(id);
                    attempts++;
                    int expected = attempts;
                    OutboxMessage after = await().atMost(Duration.ofSeconds(10))
                            .until(
                                    () -> outbox().find(id).orElseThrow(),
                                    message -> message.attempts() == expected
                                            && message.answer() != null
                                            && message.nextAt().isAfter(Instant.now()));
                    assertThat(after.state()).isEqualTo(State.WAITING);
                    assertThat(after.answer()).contains(trouble.getValue()).hasSizeLessThanOrEqualTo(1_000);
                    assertThat(after.nextAt())
                            .isBetween(Instant.now(), Instant.now().plusSeconds(900 * 6 / 5));
                }
                receiver.then(ReceivingServer.dripping());
                outbox().again(id);
                await().untilAsserted(() ->
                        assertThat(outbox().find(id).orElseThrow().state()).isEqualTo(State.DELIVERED));
            }
            assertThat(inside.got()).isEmpty();
            assertThat(receiver.got())
                    .extracting(got -> got.header("Slipway-Delivery"))
                    .containsOnly(id);
        }
    }

    @Test
    @DisplayName("a receiver that asks for an hour is left alone for an hour, by every message, and loses none")
    void retryAfter() throws Exception {
        webhook("run.finished");
        run(Outcome.SUCCEEDED, null);
        receiver.then(ReceivingServer.status(429, "slow down", "Retry-After", "3600"));
        deliver(() -> assertThat(messages(null).get(0).status()).isEqualTo(429));
        run(Outcome.SUCCEEDED, null);

        Instant soon = Instant.now().plusSeconds(3_500);
        assertThat(messages(null).get(1).nextAt()).isAfter(soon);
        deliver(() -> assertThat(receiver.got()).hasSize(2));
        receiver.then(ReceivingServer.status(503, "", "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"));
        run(Outcome.FAILED, null);
        run(Outcome.FAILED, null);
        deliver(() -> assertThat(messages(null))
                .filteredOn(message -> message.state() == State.WAITING)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(message -> assertThat(message.nextAt())
                        .isBetween(soon, Instant.now().plusSeconds(3_700))));

        messages(null).forEach(message -> outbox().again(message.id()));
        deliver(() -> assertThat(messages(null))
                .allSatisfy(message -> assertThat(message.state()).isEqualTo(State.DELIVERED)));
        assertThat(messages(null)).hasSize(4);
    }

    @Test
    @DisplayName("a receiver that is down for an hour is asked ever more rarely, and is told when it is back")
    void downForAnHour() throws Exception {
        webhook("run.finished");
        run(Outcome.SUCCEEDED, null);
        String id = messages(null).get(0).id();
        int port = URI.create(receiver.url()).getPort();
        receiver.close();
        List<Duration> waits = new ArrayList<>();
        try (Deliverer deliverer = deliverer(message -> {})) {
            while (waits.stream().reduce(Duration.ZERO, Duration::plus).compareTo(Duration.ofHours(1)) < 0) {
                int attempts = waits.size() + 1;
                OutboxMessage refused = await().atMost(Duration.ofSeconds(10))
                        .until(
                                () -> outbox().find(id).orElseThrow(),
                                message -> message.attempts() == attempts
                                        && message.nextAt()
                                                .isAfter(Instant.now().plusSeconds(1)));
                assertThat(refused.state()).isEqualTo(State.WAITING);
                assertThat(refused.answer()).isNotEmpty();
                Duration wait = Duration.between(Instant.now(), refused.nextAt());
                waits.add(wait);
                // So much later it is due, and its end is so much nearer.
                slipway.get(JdbcClient.class)
                        .sql("""
                                update outbox set next_at = now(), expires_at = expires_at - make_interval(secs => :wait)
                                where id = :id
                                """)
                        .param("wait", wait.toSeconds())
                        .param("id", id)
                        .update();
            }
            receiver = new ReceivingServer("127.0.0.1", port);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                outbox().again(id);
                return outbox().find(id).orElseThrow().state() == State.DELIVERED;
            });
        }
        assertThat(waits).hasSizeBetween(8, 14);
        assertThat(waits.get(0)).isLessThan(Duration.ofSeconds(10));
        assertThat(waits.get(waits.size() - 1)).isGreaterThan(Duration.ofMinutes(8));
        assertThat(receiver.got())
                .extracting(got -> got.header("Slipway-Delivery"))
                .containsOnly(id);
    }

    @Test
    @DisplayName("what is told of one run arrives in order; another run does not wait for it")
    void ordered() throws Exception {
        webhook("run.finished", "run.failed");
        StoredRun first = run(Outcome.FAILED, null);
        receiver.then(ReceivingServer.status(500, "not yet"));
        deliver(() -> assertThat(receiver.got()).hasSize(1));
        StoredRun second = run(Outcome.FAILED, null);
        deliver(() -> assertThat(receiver.got()).hasSize(3));
        assertThat(receiver.got().subList(1, 3))
                .allSatisfy(got -> assertThat(got.text()).contains(second.id()));
        assertThat(receiver.got().get(1).header("Slipway-Event")).isEqualTo("run.finished");
        assertThat(receiver.got().get(2).header("Slipway-Event")).isEqualTo("run.failed");

        messages(null).stream()
                .filter(message -> first.id().equals(message.runId()))
                .forEach(message -> outbox().again(message.id()));
        deliver(() -> assertThat(receiver.got()).hasSize(5));
        assertThat(receiver.got().subList(3, 5))
                .extracting(got -> got.header("Slipway-Event"))
                .containsExactly("run.finished", "run.failed");
    }

    @Test
    @DisplayName("two deliverers on one outbox send each message once")
    void shared() throws Exception {
        webhook("run.finished");
        int many = 40;
        for (int i = 0; i < many; i++) {
            run(Outcome.SUCCEEDED, null);
        }
        try (Deliverer one = deliverer(message -> {});
                Deliverer other = deliverer(message -> {})) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(messages(null))
                            .hasSize(many)
                            .allSatisfy(message -> assertThat(message.state()).isEqualTo(State.DELIVERED)));
        }
        assertThat(receiver.got()).hasSize(many);
        assertThat(receiver.got())
                .extracting(got -> got.header("Slipway-Delivery"))
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("a crash between sending and recording repeats the message once, under the same id, and never twice")
    void crashes() throws Exception {
        webhook("run.finished");
        run(Outcome.SUCCEEDED, null);
        String id = messages(null).get(0).id();
        AtomicInteger crashes = new AtomicInteger();
        try (Deliverer crashing = deliverer(message -> {
            if (message.id().equals(id) && crashes.incrementAndGet() == 1) {
                throw new Crash();
            }
        })) {
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() ->
                            assertThat(outbox().find(id).orElseThrow().state()).isEqualTo(State.DELIVERED));
        }
        assertThat(receiver.got())
                .extracting(got -> got.header("Slipway-Delivery"))
                .containsExactly(id, id);

        run(Outcome.SUCCEEDED, null);
        String hopeless = messages(null).get(0).id();
        try (Deliverer crashing = deliverer(message -> {
            throw new Crash();
        })) {
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(
                                    outbox().find(hopeless).orElseThrow().state())
                            .isEqualTo(State.DEAD));
        }
        assertThat(receiver.got()).hasSize(4);
        assertThat(outbox().find(hopeless).orElseThrow().answer()).contains("interrupted twice");

        assertThat(call("POST", "/api/v1/outbox:again", null).body()).contains("messages");
        deliver(() -> assertThat(outbox().find(hopeless).orElseThrow().state()).isEqualTo(State.DELIVERED));
    }

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    @DisplayName("what tells of a run is there exactly when its end is, once")
    void sameTransaction() throws Exception {
        webhook("run.finished");
        RunStore runs = slipway.get(RunStore.class);
        StoredRun run = accept();
        slipway.get(org.springframework.transaction.support.TransactionOperations.class)
                .executeWithoutResult(status -> {
                    runs.finish(run.id(), Outcome.SUCCEEDED, null);
                    status.setRollbackOnly();
                });
        assertThat(messages(null)).isEmpty();

        runs.finish(run.id(), Outcome.SUCCEEDED, null);
        runs.finish(run.id(), Outcome.FAILED, null);

        assertThat(messages(null)).hasSize(1);
    }

    @Test
    @DisplayName("a secret is told once; after it was changed both sign for a day; a ping arrives at once")
    void secrets() throws Exception {
        Secret before = webhook("run.finished");
        String listed = call("GET", "/api/v1/webhooks", null).body();
        assertThat(listed).contains(receiver.url()).doesNotContain(before.reveal(), "whsec_");
        assertThat(slipway.get(org.springframework.jdbc.core.simple.JdbcClient.class)
                        .sql(
                                "select encode(address, 'escape') || encode(secret, 'escape') from webhook where name = :name")
                        .param("name", name)
                        .query(String.class)
                        .single())
                .doesNotContain("whsec_", "127.0.0.1");
        JsonNode rotated = JSON.readTree(
                call("POST", "/api/v1/webhooks/" + name + "/secret", null).body());
        Secret after = Secret.of(rotated.path("secret").asText());
        assertThat(rotated.path("webhook").path("oldSecretUntil").asText()).isNotEmpty();

        assertThat(call("POST", "/api/v1/webhooks/" + name + "/ping", null).statusCode())
                .isEqualTo(202);
        deliver(() -> assertThat(receiver.got()).hasSize(1));

        Got got = receiver.got().get(0);
        assertThat(got.header("Slipway-Event")).isEqualTo("ping");
        for (Secret secret : List.of(before, after)) {
            assertThat(WebhookSignature.verify(
                            secret, got.header(WebhookSignature.HEADER), got.body(), Instant.now(), TOLERANCE))
                    .isTrue();
        }
    }

    @Test
    @DisplayName("everything that is wrong with a webhook is said at once; where Slipway may not go it is refused")
    void refuses() throws Exception {
        HttpResponse<String> bad = call(
                "POST",
                "/api/v1/webhooks",
                "{\"name\":\"Bad Name\",\"url\":\"https://user:word@x.example\",\"events\":[\"run.asks\"],"
                        + "\"application\":\"nobody\",\"environment\":\"nowhere\"}");
        assertThat(bad.body())
                .contains("SLP-DOC-NAME", "SLP-OUTBOUND-ADDRESS", "run.asks", "SLP-APP-UNKNOWN", "SLP-ENV-UNKNOWN")
                .doesNotContain("word@");
        for (String url : List.of(
                "https://10.0.0.1/x",
                "https://169.254.169.254/",
                "http://93.184.216.34/",
                "https://[::ffff:10.0.0.1]/",
                "https://0x7f.1/",
                "http://localhost.:1/@10.0.0.1",
                "ftp://127.0.0.1/",
                "https:///x",
                "")) {
            HttpResponse<String> refused =
                    call("POST", "/api/v1/webhooks", "{\"name\":\"" + name + "\",\"url\":\"" + url + "\"}");
            if (!url.contains("localhost")) {
                assertThat(refused.statusCode()).as(url + refused.body()).isEqualTo(422);
                assertThat(refused.body()).as(url).contains("SLP-OUTBOUND-");
            }
        }
        assertThat(call("GET", "/api/v1/webhooks/nobody", null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/api/v1/outbox/nobody", null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/api/v1/outbox?state=lost", null).statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("an address that was allowed when it was kept and leads inside now is not connected to")
    void rebound() throws Exception {
        webhook("run.finished");
        run(Outcome.SUCCEEDED, null);
        OutboundPost strict =
                new OutboundPost(OutboundGuard.of(List.of()), (SSLSocketFactory) SSLSocketFactory.getDefault(), LIMIT);
        try (Deliverer deliverer = started(new Deliverer(
                outbox(),
                slipway.get(WebhookStore.class),
                slipway.get(StatusHostStore.class),
                strict,
                LEASE,
                m -> {}))) {
            await().untilAsserted(() -> assertThat(messages(null).get(0).answer())
                    .isNotNull()
                    .contains("SLP-OUTBOUND-REFUSED")
                    .contains("this machine"));
        }
        assertThat(receiver.got()).isEmpty();
    }

    @Test
    @DisplayName("a chat is answered in order, five times at most, and not after its time")
    void chat() throws Exception {
        String conversation = "c" + Ids.next();
        Secret address = Secret.of(receiver.url() + "/respond/secret-part");
        Instant end = Instant.now().plusSeconds(1_800);
        receiver.then(ReceivingServer.status(500, ""));
        for (int i = 0; i < 5; i++) {
            assertThat(outbox().chat(answer(conversation, address, i, end))).isTrue();
        }
        assertThat(outbox().chat(answer(conversation, address, 4, end)))
                .as("the same again")
                .isTrue();
        assertThat(outbox().chat(answer(conversation, address, 5, end))).isFalse();
        assertThat(outbox().chat(answer("late" + conversation, address, 0, Instant.now())))
                .isFalse();
        String listed = call("GET", "/api/v1/outbox", null).body();
        assertThat(listed).contains(conversation).doesNotContain("secret-part");

        deliver(Duration.ofSeconds(20), () -> assertThat(receiver.got()).hasSize(6));

        assertThat(receiver.got().stream().map(Got::text).distinct())
                .containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}");
        receiver.then(ReceivingServer.status(404, "expired_url"));
        outbox().chat(answer("gone" + conversation, address, 0, end));
        deliver(() -> assertThat(all(State.DEAD))
                .filteredOn(message -> message.target().equals("gone" + conversation))
                .hasSize(1));
    }

    private static ChatAnswer answer(String conversation, Secret address, int n, Instant end) {
        return new ChatAnswer(conversation, address, "{\"n\":" + n + "}", end, 5, "n" + n, null);
    }

    @Test
    @DisplayName("a commit is told how it fares, in the words of its provider; only the newest state counts")
    void commitStates() throws Exception {
        for (String provider : List.of("github", "gitlab", "gitea")) {
            String host = provider + Ids.next();
            HttpResponse<String> kept = call(
                    "POST",
                    "/api/v1/commit-states",
                    "{\"name\":\"" + host + "\",\"provider\":\"" + provider + "\",\"address\":\"" + receiver.url()
                            + "\",\"token\":\"t0ken\"}");
            assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
            assertThat(call("GET", "/api/v1/commit-states", null).body()).doesNotContain("t0ken");
            receiver.got().clear();
            StoredRun run = pinned();
            RunStore runs = slipway.get(RunStore.class);

            runs.start(run.id());
            runs.start(run.id());
            deliver(() -> assertThat(receiver.got())
                    .as(provider + outbox().list(null, Long.MAX_VALUE, 3))
                    .hasSize(1));
            runs.finish(run.id(), Outcome.SUCCEEDED, null);
            if (provider.equals("gitlab")) {
                receiver.then(ReceivingServer.status(
                        400, "{\"message\":\"Cannot transition status via :succeed from :success\"}"));
            }
            deliver(() -> assertThat(all(State.DELIVERED))
                    .filteredOn(message -> message.target().equals(host))
                    .hasSize(2));

            Got pending = receiver.got().get(0);
            String sha = "a".repeat(40);
            JsonNode body = JSON.readTree(pending.body());
            assertThat(body.path("state").asText()).isEqualTo("pending");
            assertThat(body.path("target_url").asText()).isEqualTo("https://slipway.example/runs/" + run.id());
            assertThat(body.path(provider.equals("gitlab") ? "name" : "context").asText())
                    .isEqualTo("slipway/" + name);
            switch (provider) {
                case "github" -> {
                    assertThat(pending.path()).isEqualTo("/api/v3/repos/team/shop/statuses/" + sha);
                    assertThat(pending.header("Authorization")).isEqualTo("Bearer t0ken");
                }
                case "gitlab" -> {
                    assertThat(pending.path()).isEqualTo("/api/v4/projects/team%2Fshop/statuses/" + sha);
                    assertThat(pending.header("PRIVATE-TOKEN")).isEqualTo("t0ken");
                }
                default -> {
                    assertThat(pending.path()).isEqualTo("/api/v1/repos/team/shop/statuses/" + sha);
                    assertThat(pending.header("Authorization")).isEqualTo("token t0ken");
                }
            }
            assertThat(JSON.readTree(receiver.got().get(1).body()).path("state").asText())
                    .isEqualTo("success");

            StoredRun again = pinned();
            runs.start(again.id());
            runs.finish(again.id(), Outcome.CANCELLED, null);
            deliver(() -> assertThat(receiver.got()).hasSize(3));
            assertThat(JSON.readTree(receiver.got().get(2).body()).path("state").asText())
                    .as("never back to pending")
                    .isEqualTo(provider.equals("gitlab") ? "canceled" : "error");

            StoredRun unseen = pinned();
            runs.start(unseen.id());
            runs.finish(unseen.id(), Outcome.FAILED, null);
            deliver(() -> assertThat(receiver.got()).hasSize(4));
            assertThat(JSON.readTree(receiver.got().get(3).body()).path("state").asText())
                    .as("a pending that was not sent yet is superseded")
                    .isEqualTo(provider.equals("gitlab") ? "failed" : "failure");
            call("DELETE", "/api/v1/commit-states/" + host, null);
        }
    }

    @Test
    @DisplayName("a git server that refuses the token is not asked again and again")
    void commitStateRefused() throws Exception {
        String host = "forge" + Ids.next();
        call(
                "POST",
                "/api/v1/commit-states",
                "{\"name\":\"" + host + "\",\"provider\":\"gitea\",\"address\":\"" + receiver.url()
                        + "\",\"token\":\"t0ken\"}");
        receiver.then(ReceivingServer.status(401, "{\"message\":\"bad credentials\"}"));
        slipway.get(RunStore.class).start(pinned().id());

        deliver(() -> assertThat(all(State.DEAD))
                .filteredOn(message -> message.target().equals(host))
                .singleElement()
                .satisfies(message -> assertThat(message.answer()).contains("bad credentials")));
        call("DELETE", "/api/v1/commit-states/" + host, null);
    }

    @Test
    @DisplayName("the pages show webhooks, what waits and what could not be delivered, and send again")
    void pages() throws Exception {
        webhook("run.finished");
        receiver.then(ReceivingServer.status(410, "<b>gone</b>"));
        run(Outcome.SUCCEEDED, null);
        deliver(() -> assertThat(messages(null).get(0).state()).isEqualTo(State.DEAD));
        String id = messages(null).get(0).id();

        assertThat(page("/webhooks").body()).contains("webhook-" + name, "could not be delivered");
        assertThat(page("/outbox").body()).contains(id, "not delivered", "HTTP 410");
        assertThat(page("/outbox/" + id).body()).contains("&lt;b&gt;gone", "run.finished", name);
        assertThat(page("/webhooks/new").statusCode()).isEqualTo(200);
        assertThat(page("/webhooks/states/new").statusCode()).isEqualTo(200);
        assertThat(page("/outbox?state=delivered").statusCode()).isEqualTo(200);

        JsonNode again = JSON.readTree(
                call("POST", "/api/v1/outbox/" + id + "/again", null).body());
        assertThat(again.path("state").asText()).isEqualTo("waiting");
        assertThat(again.path("body").asText()).contains(name);
        deliver(() -> assertThat(messages(null).get(0).state()).isEqualTo(State.DELIVERED));
        assertThat(JSON.readTree(call("POST", "/api/v1/outbox/" + id + "/again", null)
                                .body())
                        .path("state")
                        .asText())
                .as("what was delivered is not sent again")
                .isEqualTo("delivered");
    }

    private StoredRun accept() {
        return slipway.get(RunStore.class)
                .accept(new RunRequest(Operation.DEPLOY, environment, Trigger.API, "test", null, Ids.next()));
    }

    private StoredRun run(Outcome outcome, @Nullable Problem problem) {
        RunStore runs = slipway.get(RunStore.class);
        StoredRun run = accept();
        runs.open(run.id());
        runs.finish(
                run.id(),
                outcome,
                problem == null
                        ? null
                        : new Progress(run.id(), 1, RunState.FINISHED, outcome, List.of(), List.of(problem)));
        return runs.byId(run.id());
    }

    private StoredRun failedRun() {
        return run(
                Outcome.FAILED,
                Problem.of(ProblemCode.GIT_UNREACHABLE, "x", "url", "https://git.example/x", "reason", "away"));
    }

    /** A run that deploys two components of one commit, and one of another server. */
    private StoredRun pinned() {
        StoredRun run = accept();
        String shop = receiver.url() + "/team/shop.git";
        Map<String, PinnedSource> sources = Map.of(
                "web", new PinnedSource(shop, "main", "a".repeat(40), "b".repeat(40)),
                "api", new PinnedSource(shop, "main", "a".repeat(40), "c".repeat(40)),
                "other", new PinnedSource("https://elsewhere.example/x/y", "main", "d".repeat(40), "e".repeat(40)));
        slipway.get(PlanStore.class).pinsOnce(run.id(), () -> new Pins("document", sources, Map.of()));
        return run;
    }

    private static Outbox outbox() {
        return slipway.get(Outbox.class);
    }

    /** Newest first. */
    private List<OutboxMessage> messages(@Nullable String event) {
        return outbox().list(null, Long.MAX_VALUE, 200).stream()
                .filter(message -> message.target().equals(name))
                .filter(message -> event == null || message.event().equals(event))
                .toList();
    }

    private static List<OutboxMessage> all(State state) {
        return outbox().list(state, Long.MAX_VALUE, 200);
    }

    private static Deliverer deliverer(Consumer<OutboxMessage> sent) {
        OutboundPost post = new OutboundPost(
                slipway.get(OutboundGuard.class), (SSLSocketFactory) SSLSocketFactory.getDefault(), LIMIT);
        return started(new Deliverer(
                outbox(), slipway.get(WebhookStore.class), slipway.get(StatusHostStore.class), post, LEASE, sent));
    }

    private static Deliverer started(Deliverer deliverer) {
        deliverer.start();
        return deliverer;
    }

    /** Delivers until it is so. */
    private static void deliver(org.awaitility.core.ThrowingRunnable asserted) {
        deliver(Duration.ofSeconds(10), asserted);
    }

    private static void deliver(Duration limit, org.awaitility.core.ThrowingRunnable asserted) {
        try (Deliverer deliverer = deliverer(message -> {})) {
            await().atMost(limit).pollInterval(Duration.ofMillis(50)).untilAsserted(asserted);
        }
    }

    private Secret webhook(String... events) throws Exception {
        HttpResponse<String> made = call(
                "POST",
                "/api/v1/webhooks",
                "{\"name\":\"" + name + "\",\"url\":\"" + receiver.url() + "/hook?x=1\",\"environment\":\"" + name
                        + "\",\"events\":[\"" + String.join("\",\"", events) + "\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Secret.of(JSON.readTree(made.body()).path("secret").asText());
    }

    private void change(String json) throws Exception {
        HttpResponse<String> changed = call("PUT", "/api/v1/webhooks/" + name, json);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    private static HttpResponse<String> page(String path) throws IOException, InterruptedException {
        if (browser == null) {
            Matcher link = Pattern.compile("/sign-in/[A-Za-z0-9_-]+")
                    .matcher(call("POST", "/api/v1/sign-in-links", null).body());
            assertThat(link.find()).isTrue();
            browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            String form = SignInForm.filled(page(link.group()).body());
            browser.send(
                    HttpRequest.newBuilder(URI.create(slipway.url() + link.group()))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.discarding());
        }
        return browser.send(
                HttpRequest.newBuilder(URI.create(slipway.url() + path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> call(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
