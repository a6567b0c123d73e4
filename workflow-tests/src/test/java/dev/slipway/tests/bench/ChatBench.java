package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.ChatStore.ChatUser;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.ChatSender;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SlowEngine;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.run.RunState;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class ChatBench {
    private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final int PER_SECOND = 200;
    private static final int SECONDS = 30;
    private static final int ENVIRONMENTS = 20;
    /** Slowly: each command of it is carried out at once, which costs far more than to take it. */
    private static final int WARM_PER_SECOND = 50;

    private static final int WARM_SECONDS = 40;
    private static final int WARM_ENVIRONMENTS = 30;
    private static final String RUNS = "select count(*) from run where trigger = 'chat'";

    @TempDir
    private Path data;

    private record Kept(HttpRequest request, String user, String text, String trigger, Instant at) {}

    @Test
    @DisplayName(
            "chat: 200 commands a second, one in ten delivered again, an engine that takes 5 s; bad, stale and recorded ones between")
    void chat() throws Exception {
        Bench bench = Bench.named("chat")
                .aim("ackMillis.p99", "< 300")
                .aim("duplicateRuns", "0")
                .aim("lostRuns", "0")
                .aim("refusedPercent", "100");
        try (RunningSlipway slipway = RunningSlipway.start(SlowEngine.class, data)) {
            ChatSender chat = prepared(slipway);
            Random random = new Random(7);
            AtomicInteger triggers = new AtomicInteger();
            List<Kept> kept = new ArrayList<>();
            JdbcClient jdbc = slipway.get(JdbcClient.class);
            warmUp(chat, jdbc);
            long before = count(jdbc, RUNS);
            SlowEngine.delay(Duration.ofSeconds(5));
            List<Long> acks = new CopyOnWriteArrayList<>();
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            int attacks = 0;
            int deploys = 0;
            List<CompletableFuture<?>> all = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < PER_SECOND * SECONDS; i++) {
                pace(begin, i, PER_SECOND);
                Kept next;
                if (i % 10 == 9 && !kept.isEmpty()) {
                    Kept earlier = kept.get(random.nextInt(kept.size()));
                    next = command(chat, earlier.user(), earlier.text(), earlier.trigger());
                } else {
                    String text = switch (i % 3) {
                        case 0 -> "deploy env-" + random.nextInt(ENVIRONMENTS);
                        case 1 -> "status env-" + random.nextInt(ENVIRONMENTS);
                        default -> "help";
                    };
                    deploys += i % 3 == 0 ? 1 : 0;
                    next = command(
                            chat, "user-" + random.nextInt(ENVIRONMENTS), text, "t-" + triggers.incrementAndGet());
                    kept.add(next);
                }
                long sent = System.nanoTime();
                all.add(chat.sendAsync(next.request()).thenAccept(answer -> {
                    acks.add(System.nanoTime() - sent);
                    answered.addAndGet(answer.statusCode() == 200 ? 1 : 0);
                }));
                if (i % 20 == 19) {
                    HttpRequest attack = attack(chat, kept, i / 20);
                    if (attack != null) {
                        attacks++;
                        all.add(chat.sendAsync(attack)
                                .thenAccept(answer -> refused.addAndGet(answer.statusCode() == 401 ? 1 : 0)));
                    }
                }
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            double took = (System.nanoTime() - begin) / 1e9;
            SlowEngine.delay(Duration.ZERO);
            allDone(jdbc);
            long runs = count(jdbc, RUNS) - before;
            List<Long> sorted = acks.stream().sorted().toList();
            bench.metric("sent", PER_SECOND * SECONDS)
                    .metric("answered", answered.get())
                    .metric("seconds", took)
                    .metric("ackMillis.p50", sorted.get(sorted.size() / 2) / 1e6)
                    .metric("ackMillis.p99", sorted.get(sorted.size() * 99 / 100) / 1e6)
                    .metric("ackMillis.max", sorted.get(sorted.size() - 1) / 1e6)
                    .metric("runs", runs)
                    .metric("duplicateRuns", Math.max(0, runs - deploys))
                    .metric("lostRuns", Math.max(0, deploys - runs))
                    .metric("attacks", attacks)
                    .metric("refusedPercent", 100.0 * refused.get() / attacks)
                    .report();
            assertThat(answered.get()).isEqualTo(PER_SECOND * SECONDS);
            assertThat(runs).isEqualTo(deploys);
            assertThat(refused.get()).isEqualTo(attacks);
        } finally {
            SlowEngine.delay(Duration.ZERO);
        }
    }

    /** As a Slipway is that has been up for a while: the same mixture of commands, to environments of their own. */
    private static void warmUp(ChatSender chat, JdbcClient jdbc) throws InterruptedException {
        List<CompletableFuture<?>> all = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < WARM_PER_SECOND * WARM_SECONDS; i++) {
            pace(begin, i, WARM_PER_SECOND);
            String text = List.of("deploy warm-", "status warm-", "help ").get(i % 3) + i % WARM_ENVIRONMENTS;
            all.add(chat.sendAsync(command(chat, "user-" + i % ENVIRONMENTS, text, "warm-" + i)
                            .request())
                    .thenAccept(answer -> assertThat(answer.statusCode()).isEqualTo(200)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        allDone(jdbc);
    }

    private static void allDone(JdbcClient jdbc) {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> count(jdbc, "select count(*) from chat_command where state = 'new'") == 0);
    }

    /** The first run of each environment never ends, so that the others wait behind it and cost nothing. */
    private static ChatSender prepared(RunningSlipway slipway) {
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: bench}
                spec:
                  components:
                    - name: web
                      source: {image: "registry.example/any@sha256:%s"}
                      env: {SIMULATION_READY_AFTER: 60m}
                """.formatted("0".repeat(64));
        ChatStore store = slipway.get(ChatStore.class);
        store.put("bench", "slack", "signature", Secret.of(SECRET), List.of("hooks.slack.com"), true, "bench");
        List<String> first = new ArrayList<>();
        for (int i = 0; i < WARM_ENVIRONMENTS; i++) {
            first.add(slipway.start(slipway.environment(document, "warm-" + i)).id());
        }
        for (int i = 0; i < ENVIRONMENTS; i++) {
            first.add(slipway.start(slipway.environment(document, "env-" + i)).id());
            Person person = slipway.get(PersonStore.class)
                    .add("user-" + i, Kind.PERSON, List.of(Grant.everywhere(Role.OPERATOR)), "bench");
            ChatUser who = new ChatUser("bench", "T0001", "example", "user-" + i, "user-" + i);
            assertThat(store.link(store.offerLink(who, Duration.ofMinutes(1)), person.id(), "en"))
                    .isPresent();
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> first.stream()
                        .allMatch(run -> slipway.get(RunStore.class).byId(run).state() == RunState.RUNNING));
        // Nothing is sent to it: what counts here is the answer to the command.
        return new ChatSender(slipway.url(), SECRET, "");
    }

    private static Kept command(ChatSender chat, String user, String text, String trigger) {
        Instant now = Instant.now();
        byte[] body = chat.form(user, text, trigger).getBytes(StandardCharsets.UTF_8);
        return new Kept(chat.signed(body, now), user, text, trigger, now);
    }

    /** In turn: a wrong signature, an old time, a recording of more than ten seconds ago; null: there is none yet. */
    private static HttpRequest attack(ChatSender chat, List<Kept> kept, int number) {
        Instant now = Instant.now();
        byte[] body = chat.form("user-1", "deploy env-1", "attack-" + number).getBytes(StandardCharsets.UTF_8);
        return switch (number % 3) {
            case 0 -> chat.request(body, now, ChatSender.sign("not the secret of this chat", now, body));
            case 1 -> chat.signed(body, now.minusSeconds(400));
            default ->
                kept.get(0).at().isBefore(now.minusSeconds(12)) ? kept.get(0).request() : null;
        };
    }

    private static void pace(long begin, int number, int perSecond) throws InterruptedException {
        long wait = begin + number * 1_000_000_000L / perSecond - System.nanoTime();
        if (wait > 0) {
            Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
    }

    private static long count(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
