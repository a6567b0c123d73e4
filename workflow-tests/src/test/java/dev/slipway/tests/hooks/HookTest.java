package dev.slipway.tests.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.AtOnce;
import dev.slipway.tests.support.EachField;
import dev.slipway.tests.support.EachField.Broken;
import dev.slipway.tests.support.HookClient;
import dev.slipway.tests.support.HookClient.Answer;
import dev.slipway.tests.support.HookClient.Hook;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Trigger;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HookTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static HookClient client;
    private TestRepository repository;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data.resolve("slipway"), "slipway.git.local-folders=" + data);
        client = new HookClient(slipway);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    /** One for each test: rules of all environments are asked about every push. */
    @BeforeEach
    void open() {
        repository = TestRepository.create(data.resolve("team/shop-" + NUMBER.incrementAndGet()))
                .write("slipway.yaml", document("any"));
        repository.commit("Open");
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    @DisplayName("a signed push starts the run that a rule says, by the hook, once however often it is delivered")
    void pushes() {
        StoredEnvironment environment = environment();
        Hook hook = hook();
        rule(environment, "{}");
        String id = UUID.randomUUID().toString();

        Answer first = client.github(hook, id, "push", push("main"));

        assertThat(first.status()).as(first.raw().body()).isEqualTo(202);
        assertThat(first.raw().headers().firstValue("Location")).contains("/api/v1/deliveries/" + first.id());
        JsonNode result = result(first.id(), environment);
        StoredRun run = slipway.finished(result.path("run").asText(), LIMIT);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run.trigger()).isEqualTo(Trigger.WEBHOOK);
        assertThat(run.actor()).startsWith("hook/");
        List<Answer> again = AtOnce.run(20, i -> client.github(hook, id, "push", push("main")));
        assertThat(again).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.id()).isEqualTo(first.id());
            assertThat(answer.body().path("repeated").asBoolean()).isTrue();
            assertThat(answer.body().path("results").get(0).path("run").asText())
                    .isEqualTo(run.id());
        });
        assertThat(runs(environment)).hasSize(1);
        assertThat(client.call("GET", "/api/v1/deliveries/" + first.id(), null)
                        .body()
                        .path("repeats")
                        .asInt())
                .isEqualTo(20);
        assertThat(client.github(hook, id, "push", push("main").replace("Change", "Chance"))
                        .code())
                .isEqualTo(ProblemCode.HOOK_REPLAYED.id());
    }

    @Test
    @DisplayName("why a push starts nothing is said for each environment whose rules know the repository")
    void saysWhyNot() {
        StoredEnvironment follows = environment();
        StoredEnvironment matches = environment();
        StoredEnvironment silent = environment();
        Hook hook = hook();
        rule(follows, "{}");
        rule(matches, "{\"branches\": [\"main\", \"release/**\"]}");

        Answer answer = client.github(hook, UUID.randomUUID().toString(), "push", push("develop"));

        assertThat(result(answer.id(), follows).path("reason").path("text").asText())
                .isEqualTo("The environment follows main, not develop.");
        assertThat(result(answer.id(), matches).path("reason").path("text").asText())
                .isEqualTo("The branch does not match: develop against main, release/**.");
        assertThat(client.call("GET", "/api/v1/deliveries/" + answer.id(), null)
                        .body()
                        .toString())
                .doesNotContain(silent.name());
        assertThat(client.call("GET", "/api/v1/environments/" + matches.name() + "/pushes", null)
                        .body()
                        .path("items")
                        .get(0)
                        .path("reason")
                        .path("code")
                        .asText())
                .isEqualTo("branch");
        assertThat(runs(follows)).isEmpty();
        for (Map.Entry<String, String> nothing : Map.of(
                        push("main").replace("Change", "Change [skip deploy]"), "skip",
                        push("main").replace("refs/heads/", "refs/tags/"), "no-tags")
                .entrySet()) {
            Answer delivered = client.github(hook, UUID.randomUUID().toString(), "push", nothing.getKey());
            assertThat(result(delivered.id(), follows)
                            .path("reason")
                            .path("code")
                            .asText())
                    .isEqualTo(nothing.getValue());
        }
        Answer ping = client.github(hook, UUID.randomUUID().toString(), "ping", "{}");
        assertThat(ping.status()).isEqualTo(200);
        assertThat(ping.body().path("reason").asText()).isEqualTo("ping");
    }

    @Test
    @DisplayName(
            "pushes within the waiting time are one run; a newer push ends the run of an older one that has not begun")
    void debouncesAndReplaces() {
        StoredEnvironment environment = environment();
        Hook hook = hook();
        rule(environment, "{\"debounceSeconds\": 2}");

        Answer first = client.github(hook, UUID.randomUUID().toString(), "push", push("main"));
        assertThat(result(first.id(), environment, "waits").path("dueAt").isMissingNode())
                .isFalse();
        Answer second = client.github(hook, UUID.randomUUID().toString(), "push", push("main"));

        assertThat(result(first.id(), environment, "replaced").path("run").asText(""))
                .isEmpty();
        String run = result(second.id(), environment, "started").path("run").asText();
        assertThat(slipway.finished(run, LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(runs(environment)).hasSize(1);
    }

    @Test
    @DisplayName(
            "whatever is not signed with the hook's secret, is stale, or cannot be read is refused, and listed as refused")
    void refuses() {
        StoredEnvironment environment = environment();
        Hook hook = hook();
        rule(environment, "{}");
        byte[] body = push("main").getBytes(StandardCharsets.UTF_8);
        String good = "sha256=" + HookClient.hmac(hook.secret(), body);
        Map<String, String> headers =
                Map.of("Content-Type", "application/json", "X-GitHub-Event", "push", "X-GitHub-Delivery", "d");

        byte[] altered = body.clone();
        altered[10] ^= 1;
        assertRefused(client.deliver(hook.path(), altered, with(headers, good)), 401, ProblemCode.HOOK_SIGNATURE);
        assertRefused(client.deliver(hook.path(), body, headers), 401, ProblemCode.HOOK_SIGNATURE);
        assertRefused(
                client.deliver(hook.path(), body, with(headers, "sha256=" + HookClient.hmac("other", body))),
                401,
                ProblemCode.HOOK_SIGNATURE);
        assertRefused(
                client.github(hook, "x", "push", push("main").replace("team/shop-", "team/other-")),
                403,
                ProblemCode.HOOK_REPOSITORY);
        assertRefused(client.github(hook, "x", "push", "[1"), 400, ProblemCode.HOOK_PAYLOAD);
        byte[] big = new byte[10 << 20];
        assertRefused(
                client.deliver(hook.path(), big, with(headers, "sha256=" + HookClient.hmac(hook.secret(), big))),
                413,
                ProblemCode.REQUEST_TOO_BIG);
        assertRefused(
                client.deliver(hook.path().replace("github", "gitea"), body, with(headers, good)),
                404,
                ProblemCode.HOOK_UNKNOWN);
        assertThat(client.deliver("/api/v1/hooks/nobody/x", body, headers).status())
                .isEqualTo(401);

        assertThat(client.deliver("/api/v1/hooks/github/secrets", body, headers).status())
                .isEqualTo(401);

        JsonNode refused = client.call("GET", "/api/v1/deliveries?hook=" + hook.id(), null)
                .body()
                .path("items");
        assertThat(refused.findValuesAsText("state")).hasSize(6).containsOnly("refused");
        assertThat(runs(environment)).isEmpty();
    }

    @Test
    @DisplayName(
            "a form is checked over the bytes as they came, and multipart, odd types and nonsense never end in a fault")
    void bodies() {
        Hook hook = hook();
        String form = "b=%7b&payload=" + URLEncoder.encode(push("main"), StandardCharsets.UTF_8) + "&a&a=~*%20";
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of("X-GitHub-Event", "push", "X-GitHub-Delivery", "form");
        String good = "sha256=" + HookClient.hmac(hook.secret(), bytes);

        Answer answer = client.deliver(
                hook.path(), bytes, with(with(headers, good), "Content-Type", "application/x-www-form-urlencoded"));

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        Random random = new Random(6);
        for (String type : List.of(
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "text/plain",
                "application/json; charset=utf-16",
                ";;;")) {
            byte[] some = new byte[random.nextInt(2_000)];
            random.nextBytes(some);
            Answer odd = client.deliver(
                    hook.path(),
                    some,
                    with(with(headers, "sha256=" + HookClient.hmac(hook.secret(), some)), "Content-Type", type));
            assertThat(odd.status()).as(type + " " + odd.raw().body()).isEqualTo(400);
        }
    }

    @Test
    @DisplayName("secrets are made, changed for the next and removed; they are sealed and shown once")
    void secrets() {
        Hook hook = hook();
        Answer renewed = client.call("POST", "/api/v1/hooks/" + hook.id() + "/secrets", null);
        Hook next =
                new Hook(hook.id(), hook.path(), renewed.body().path("secret").asText());
        assertThat(next.secret()).startsWith("whsec_").isNotEqualTo(hook.secret());
        assertThat(client.github(hook, "old", "ping", "{}").status()).isEqualTo(200);
        assertThat(client.github(next, "new", "ping", "{}").status()).isEqualTo(200);

        String oldest = renewed.body().path("secrets").get(0).path("id").asText();
        String newest = renewed.body().path("secrets").get(1).path("id").asText();
        String secrets = "/api/v1/hooks/" + hook.id() + "/secrets/";
        assertThat(client.call("DELETE", secrets + oldest, null).status()).isEqualTo(204);

        assertThat(client.github(hook, "old2", "ping", "{}").status()).isEqualTo(401);
        assertThat(client.github(next, "new2", "ping", "{}").status()).isEqualTo(200);
        assertThat(client.call("DELETE", secrets + newest, null).code()).isEqualTo(ProblemCode.HOOK_SECRETS.id());
        assertThat(client.call("GET", "/api/v1/hooks/" + hook.id(), null).raw().body())
                .doesNotContain(next.secret(), hook.secret());
        slipway.get(JdbcClient.class)
                .sql("select secret from hook_secret")
                .query(byte[].class)
                .list()
                .forEach(kept -> assertThat(new String(kept, StandardCharsets.ISO_8859_1))
                        .doesNotContain("whsec_"));
        assertThat(client.call("DELETE", "/api/v1/hooks/" + hook.id(), null).status())
                .isEqualTo(204);
        assertThat(client.github(next, "new3", "ping", "{}").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("a hook and a rule with several mistakes are refused with all of them")
    void allProblems() {
        Answer hook = client.call(
                "POST", "/api/v1/hooks", "{\"name\": \"A B\", \"provider\": \"svn\", \"address\": \"nowhere\"}");
        assertThat(hook.body().path("problems")).hasSize(3);
        StoredEnvironment environment = environment();
        Answer rule = client.call(
                "POST",
                "/api/v1/environments/" + environment.name() + "/push-rules",
                "{\"repository\": \"x\", \"branches\": [\"!\"], \"debounceSeconds\": -1, \"operation\": \"destroy\","
                        + " \"part\": \"named\", \"components\": [\"nobody\"]}");
        assertThat(rule.status()).isEqualTo(422);
        assertThat(rule.body().path("problems").findValuesAsText("code"))
                .containsExactly(
                        ProblemCode.HOOK_ADDRESS.id(),
                        ProblemCode.HOOK_PATTERN.id(),
                        ProblemCode.REQUEST_INVALID.id(),
                        ProblemCode.REQUEST_INVALID.id(),
                        ProblemCode.RUN_COMPONENT_UNKNOWN.id());
        assertThat(client.call("GET", "/api/v1/environments/" + environment.name() + "/push-rules", null)
                        .body()
                        .path("items"))
                .isEmpty();
    }

    @Test
    @DisplayName("a rule is tried with a push that never was")
    void tries() {
        StoredEnvironment environment = environment();
        rule(environment, "{\"paths\": [\"src/**\"]}");
        String path = "/api/v1/environments/" + environment.name() + "/push-rules:try";

        JsonNode docs = client.call("POST", path, "{\"ref\": \"main\", \"files\": [\"docs/a.md\"]}")
                .body();
        JsonNode code = client.call("POST", path, "{\"ref\": \"main\", \"files\": [\"src/a\"]}")
                .body();

        assertThat(docs.path("items").get(0).path("reason").path("code").asText())
                .isEqualTo("paths");
        assertThat(code.path("items").get(0).path("starts").asBoolean()).isTrue();
        assertThat(client.call("POST", path, "{}").status()).isEqualTo(200);
        assertThat(runs(environment)).isEmpty();
    }

    @Test
    @DisplayName("what could not be started is started again by a person, and nothing else is")
    void again() {
        StoredEnvironment environment = environment();
        Hook hook = hook();
        rule(environment, "{}");
        Answer answer = client.github(hook, UUID.randomUUID().toString(), "push", push("main"));
        String run = result(answer.id(), environment, "started").path("run").asText();
        slipway.finished(run, LIMIT);
        String again = "/api/v1/deliveries/" + answer.id() + "/again";
        assertThat(client.call("POST", again, null).code()).isEqualTo(ProblemCode.HOOK_NOTHING_FAILED.id());
        slipway.get(JdbcClient.class)
                .sql("update push_result set state = 'failed', run_id = null where delivery_id = :id")
                .param("id", answer.id())
                .update();

        assertThat(client.call("POST", again, null).status()).isEqualTo(202);

        String second = result(answer.id(), environment, "started").path("run").asText();
        assertThat(second).isNotEqualTo(run);
        assertThat(slipway.finished(second, LIMIT).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    /** Nearly the last: it uses up what this machine may get wrong in a minute. */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    @DisplayName(
            "whatever stands in any one field of any provider's push, nothing breaks and nothing broken starts a run")
    void everyField() {
        StoredEnvironment environment = environment();
        rule(environment, "{\"branches\": [\"main\"], \"debounceSeconds\": 3600}");
        Map<String, String> whole = new HashMap<>();
        Map<String, String> broken = new HashMap<>();
        for (String provider : List.of("github", "gitlab", "gitea", "forgejo", "gitee")) {
            Hook hook = client.hook("every-field-of-" + provider, provider, repository.url());
            Answer right = deliver(provider, hook, fullPush(provider));
            assertThat(right.status()).as(right.raw().body()).isEqualTo(202);
            whole.put(right.id(), provider);
            List<Broken> all = EachField.of(fullPush(provider));
            assertThat(all).hasSizeGreaterThan(100);
            for (Broken one : all) {
                Answer answer = deliver(provider, hook, one.body());
                assertThat(answer.status())
                        .as("%s %s: %s", provider, one, answer.raw().body())
                        .isIn(200, 202, 400, 403, 429);
                if (answer.status() < 300 && !isWhole(one.body())) {
                    broken.put(answer.id(), provider + " " + one);
                }
            }
        }
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        await().atMost(LIMIT)
                .until(() -> jdbc.sql("select count(*) from hook_delivery where state = 'waiting'")
                                .query(Integer.class)
                                .single()
                        == 0);
        List<String> counted = jdbc.sql(
                        "select delivery_id from push_result where state <> 'skipped' and environment_id = :id")
                .param("id", environment.id())
                .query(String.class)
                .list();
        assertThat(counted).containsAll(whole.keySet());
        counted.forEach(id -> assertThat(broken.get(id)).as("counts as a push").isNull());
        assertThat(broken).hasSizeGreaterThan(50);
        assertThat(runs(environment)).isEmpty();
    }

    /** What makes a push to main of this repository. Read by other code than that which reads deliveries. */
    private boolean isWhole(String body) {
        try {
            JsonNode root = HookClient.JSON.readTree(body);
            boolean ours = Stream.of("repository", "project")
                    .flatMap(place -> Stream.of("clone_url", "git_http_url").map(root.path(place)::path))
                    .anyMatch(address -> address.asText().equals(repository.url()));
            boolean push = Stream.of("object_kind", "hook_name")
                    .filter(root::has)
                    .allMatch(kind -> root.path(kind).asText().startsWith("push"));
            return ours
                    && push
                    && root.path("ref").asText().equals("refs/heads/main")
                    && root.path("after").asText().equals("2".repeat(40))
                    && !(root.path("deleted").isBoolean()
                            && root.path("deleted").booleanValue());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Answer deliver(String provider, Hook hook, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String id = UUID.randomUUID().toString();
        if (provider.equals("github")) {
            return client.github(hook, id, "push", body);
        }
        String signature = HookClient.hmac(hook.secret(), bytes);
        Map<String, String> headers = new HashMap<>(
                switch (provider) {
                    case "gitlab" ->
                        Map.of(
                                "X-Gitlab-Event",
                                "Push Hook",
                                "X-Gitlab-Event-UUID",
                                id,
                                "X-Gitlab-Token",
                                hook.secret());
                    case "gitea" ->
                        Map.of("X-Gitea-Event", "push", "X-Gitea-Delivery", id, "X-Gitea-Signature", signature);
                    case "forgejo" ->
                        Map.of("X-Forgejo-Event", "push", "X-Forgejo-Delivery", id, "X-Forgejo-Signature", signature);
                    default ->
                        Map.of(
                                "X-Gitee-Event", "Push Hook",
                                "X-Gitee-Token", hook.secret(),
                                "X-Gitee-Timestamp", Long.toString(System.currentTimeMillis()));
                });
        headers.put("Content-Type", "application/json");
        return client.deliver(hook.path(), bytes, headers);
    }

    /** With all fields that are read of any provider, where that provider has them. */
    private String fullPush(String provider) {
        String repository = "{\"%s\": \"%s\", \"default_branch\": \"main\"}"
                .formatted(provider.equals("gitlab") ? "git_http_url" : "clone_url", this.repository.url());
        String common = """
                "ref": "refs/heads/main", "before": "%s", "after": "%s", "commits":
                [{"id": "%s", "message": "Change", "added": ["a"], "modified": ["b"], "removed": []}]""".formatted("1".repeat(40), "2".repeat(40), "2".repeat(40));
        String head = "\"head_commit\": {\"id\": \"" + "2".repeat(40) + "\", \"message\": \"Change\"}";
        String own = switch (provider) {
            case "github" ->
                head
                        + ", \"deleted\": false, \"forced\": false, \"pusher\": {\"name\": \"ann\"}, \"sender\": {\"login\": \"ann\"}";
            case "gitlab" -> "\"object_kind\": \"push\", \"total_commits_count\": 1, \"user_username\": \"ann\"";
            case "gitee" ->
                head + ", \"hook_name\": \"push_hooks\", \"deleted\": false, \"total_commits_count\": 1,"
                        + " \"commits_more_than_ten\": false, \"sender\": {\"login\": \"ann\"}";
            default -> head + ", \"total_commits\": 1, \"pusher\": {\"login\": \"ann\", \"username\": \"ann\"}";
        };
        String place = provider.equals("gitlab") ? "project" : "repository";
        return "{" + common + ", \"" + place + "\": " + repository + ", " + own + "}";
    }

    @Test
    @DisplayName("a clock that is off by more than five minutes, either way, is told as that")
    void clockSkew() {
        Hook gitlab = client.hook("skewed-gitlab", "gitlab", repository.url());
        Hook gitee = client.hook("skewed-gitee", "gitee", repository.url());
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        for (int seconds : List.of(-310, 310, -290, 290)) {
            Instant then = Instant.now().plusSeconds(seconds);
            String head = "msg." + then.getEpochSecond() + ".{}";
            String signature = Base64.getEncoder()
                    .encodeToString(HexFormat.of()
                            .parseHex(HookClient.hmac(gitlab.secret(), head.getBytes(StandardCharsets.UTF_8))));
            Map<String, String> ofGitlab = Map.of(
                    "Content-Type",
                    "application/json",
                    "webhook-id",
                    "msg",
                    "webhook-timestamp",
                    Long.toString(then.getEpochSecond()),
                    "webhook-signature",
                    "v1," + signature);
            Map<String, String> ofGitee = Map.of(
                    "Content-Type",
                    "application/json",
                    "X-Gitee-Token",
                    gitee.secret(),
                    "X-Gitee-Timestamp",
                    Long.toString(then.toEpochMilli()));
            List<Answer> answers =
                    List.of(client.deliver(gitlab.path(), body, ofGitlab), client.deliver(gitee.path(), body, ofGitee));
            if (Math.abs(seconds) > 300) {
                answers.forEach(answer -> {
                    assertRefused(answer, 401, ProblemCode.HOOK_STALE);
                    assertThat(answer.raw().body()).contains("more than 5 minutes", "Set the clocks");
                });
            } else {
                assertThat(answers)
                        .allSatisfy(answer -> assertThat(answer.status())
                                .as(answer.raw().body())
                                .isLessThan(300));
            }
        }
        assertThat(client.call("GET", "/api/v1/deliveries?hook=" + gitlab.id(), null)
                        .raw()
                        .body())
                .contains("SLP-HOOK-STALE");
    }

    /** The last: it uses up what this machine may get wrong in a minute. */
    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("a flood of wrong signatures is answered and not listed, and does not keep a right one out")
    void floods() {
        Hook hook = hook();
        Hook wrong = new Hook(hook.id(), hook.path(), "wrong");

        List<Answer> answers = AtOnce.run(150, i -> client.github(wrong, "d" + i, "ping", "{}"));

        assertThat(answers).extracting(Answer::status).contains(429).allMatch(status -> status == 401 || status == 429);
        assertThat(slipway.get(JdbcClient.class)
                        .sql("select count(*) from hook_delivery where hook_id = :hook")
                        .param("hook", hook.id())
                        .query(Integer.class)
                        .single())
                .isLessThanOrEqualTo(60);
        assertThat(client.github(hook, "right", "ping", "{}").status()).isEqualTo(200);
    }

    private static void assertRefused(Answer answer, int status, ProblemCode code) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code.id());
    }

    private static Map<String, String> with(Map<String, String> headers, String signature) {
        return with(headers, "X-Hub-Signature-256", signature);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    private static JsonNode result(String delivery, StoredEnvironment environment) {
        return result(delivery, environment, null);
    }

    /** What a delivery came to in an environment, when it has come to something. */
    private static JsonNode result(
            String delivery, StoredEnvironment environment, @org.jspecify.annotations.Nullable String state) {
        return await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            for (JsonNode result : client.call("GET", "/api/v1/deliveries/" + delivery, null)
                                    .body()
                                    .path("results")) {
                                if (result.path("environment").asText().equals(environment.name())) {
                                    return result;
                                }
                            }
                            return HookClient.JSON.missingNode();
                        },
                        result -> state == null
                                ? List.of("started", "skipped", "failed")
                                        .contains(result.path("state").asText())
                                : result.path("state").asText().equals(state));
    }

    private static List<StoredRun> runs(StoredEnvironment environment) {
        return slipway.get(RunStore.class).list(environment.id(), null, (RunState) null, Long.MAX_VALUE, 50);
    }

    private static void rule(StoredEnvironment environment, String body) {
        Answer added = client.call("POST", "/api/v1/environments/" + environment.name() + "/push-rules", body);
        assertThat(added.status()).as(added.raw().body()).isEqualTo(201);
    }

    private Hook hook() {
        return client.hook("hook-" + NUMBER.incrementAndGet(), "github", repository.url());
    }

    private StoredEnvironment environment() {
        String name = "pushed-" + NUMBER.incrementAndGet();
        return slipway.environment(
                document(name),
                new dev.slipway.activities.store.ApplicationStore.GitOrigin(repository.url(), "main", "slipway.yaml"),
                name,
                dev.slipway.web.embedded.EmbeddedEngines.SIMULATED_CLUSTER);
    }

    private String push(String branch) {
        return """
                {"ref": "refs/heads/%s", "before": "%s", "after": "%s", "created": false, "deleted": false, "forced": false,
                 "commits": [{"id": "%s", "message": "Change", "added": [], "modified": ["src/a"], "removed": []}],
                 "head_commit": {"message": "Change"},
                 "repository": {"clone_url": "%s", "default_branch": "main"}, "pusher": {"name": "ann"}}""".formatted(branch, "1".repeat(40), "2".repeat(40), "2".repeat(40), repository.url());
    }

    private static String document(String name) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name
                + "}\nspec:\n  components:\n    - {name: web, kind: service, source: {image: \"" + IMAGE + "\"}}\n";
    }
}
