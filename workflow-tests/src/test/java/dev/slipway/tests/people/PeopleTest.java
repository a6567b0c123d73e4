package dev.slipway.tests.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.Api.Answer;
import dev.slipway.tests.support.AtOnce;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may come in and what they may do, through API and pages. */
class PeopleTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """;

    /** Long enough under way for somebody to be removed meanwhile. */
    private static final String SLOW = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: slow}
            spec:
              components:
                - name: web
                  source: {image: "registry.example/any@sha256:%s"}
                  env: {SIMULATION_READY_AFTER: 3s}
                  ports: [{name: http, port: 8080}]
                  probes: {readiness: {tcp: http, period: 1}}
            """.formatted("0".repeat(64));

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static Api admin;
    private static StoredEnvironment shop;
    private static StoredEnvironment other;

    @BeforeAll
    static void start() throws Exception {
        slipway = RunningSlipway.start(data);
        admin = Api.of(slipway);
        shop = slipway.environment(DOCUMENT.formatted("shop", "0".repeat(64)), "shop-dev");
        other = slipway.environment(DOCUMENT.formatted("other", "0".repeat(64)), "other-dev");
        administrator("root");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("an invited person chooses a password once, signs in with it, and is out at once when removed")
    void invitation() throws Exception {
        assertThat(admin.post(
                                "/people",
                                "{\"name\": \"Anna\", \"roles\": [{\"role\": \"developer\", \"application\": \"shop\"}]}")
                        .body()
                        .path("invited")
                        .asBoolean())
                .isTrue();
        String link = admin.post("/people/anna/links", "").body().path("link").asText();
        Person anna = new Person();

        assertThat(anna.post(URI.create(link).getPath(), "password=anna-anna-anna&repeat=anna-anna-anna")
                        .body())
                .contains("SLP-AUTH-PASSWORD-WEAK");
        assertThat(anna.choose(URI.create(link).getPath()).statusCode()).isEqualTo(302);
        assertThat(anna.get("/environments").body()).contains("shop-dev").doesNotContain("other-dev");
        assertThat(anna.get("/environments/other-dev").statusCode()).isEqualTo(404);
        assertThat(anna.get("/people").statusCode()).isEqualTo(403);
        assertThat(anna.get("/people").body()).contains("SLP-AUTH-NOT-PERMITTED", "admin");
        assertThat(new Person().get(URI.create(link).getPath()).statusCode())
                .as("the link works once")
                .isEqualTo(403);

        Person again = new Person();
        assertThat(again.signIn("ANNA", "wrong").body()).contains("SLP-AUTH-PASSWORD-WRONG");
        assertThat(again.signIn("anna", SignInForm.PASSWORD).statusCode()).isEqualTo(302);
        assertThat(admin.send("DELETE", "/people/anna", null, "If-Match", version("anna"))
                        .status())
                .isEqualTo(204);
        assertThat(again.get("/environments").statusCode()).isEqualTo(302);
        assertThat(anna.get("/environments").statusCode()).isEqualTo(302);
        assertThat(new Person().signIn("anna", SignInForm.PASSWORD).statusCode())
                .isEqualTo(401);
        assertThat(admin.post("/people", "{\"name\": \"anna\"}").code()).isEqualTo("SLP-PEOPLE-EXISTS");
    }

    @Test
    @DisplayName("a reset link ends sessions; a changed password ends all others but this one")
    void passwords() throws Exception {
        admin.post("/people", "{\"name\": \"ben\", \"roles\": [{\"role\": \"viewer\"}]}");
        Person first = new Person();
        first.choose(path(admin.post("/people/ben/links", "")));
        Person second = new Person();
        second.signIn("ben", SignInForm.PASSWORD);

        String sentence = "another+good+sentence";
        assertThat(first.form("/account", "/account/password", "old=wrong&password=" + sentence + "&repeat=" + sentence)
                        .body())
                .contains("SLP-AUTH-PASSWORD-WRONG");
        assertThat(admin.get("/audit?who=ben&outcome=failed").body().path("items"))
                .as("what a page refuses is in the audit by its code")
                .extracting(row -> row.path("problem").asText())
                .containsExactly("SLP-AUTH-PASSWORD-WRONG");
        first.form(
                "/account",
                "/account/password",
                "old=" + SignInForm.PASSWORD.replace(' ', '+') + "&password=" + sentence + "&repeat=" + sentence);
        assertThat(first.get("/account").statusCode()).isEqualTo(200);
        assertThat(second.get("/account").statusCode()).isEqualTo(302);

        HttpResponse<String> noRoute = first.get("/account/password");
        assertThat(noRoute.statusCode())
                .as("an address that is only for a form")
                .isEqualTo(405);
        assertThat(noRoute.body()).contains("SLP-REQUEST-METHOD", "</html>");

        new Person().choose(path(admin.post("/people/ben/links", "")));
        assertThat(first.get("/account").statusCode()).isEqualTo(302);
    }

    @Test
    @DisplayName(
            "a token does what its owner may and of that only its scopes, is stored hashed, and ends when revoked, expired or its owner changes")
    void tokens() {
        String robot = admin.service("robot", "operator", ", \"environment\": \"shop-dev\"");
        Api narrow = admin.with(
                admin.post("/people/robot/tokens", "{\"name\": \"reader\", \"scopes\": [\"view\"], \"days\": 1}")
                        .body()
                        .path("token")
                        .asText());

        assertThat(narrow.get("/environments/shop-dev").status()).isEqualTo(200);
        assertThat(narrow.post("/environments/shop-dev/runs", "{}").code()).isEqualTo("SLP-AUTH-TOKEN-SCOPE");
        assertThat(admin.with(robot).get("/environments").body().path("items")).hasSize(1);
        assertThat(admin.with(robot).get("/environments/other-dev").code()).isEqualTo("SLP-ENV-UNKNOWN");
        assertThat(admin.with(robot).get("/people").code()).isEqualTo("SLP-AUTH-NOT-PERMITTED");
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        assertThat(jdbc.sql("select t::text from api_token t")
                        .query(String.class)
                        .list()
                        .toString())
                .doesNotContain(robot.substring(20));
        assertThat(narrow.post("/me/tokens", "{\"name\": \"more\", \"scopes\": [\"view\", \"deploy\"], \"days\": 1}")
                        .code())
                .as("no token makes a wider one")
                .isEqualTo("SLP-PEOPLE-TOKEN");

        jdbc.sql("update api_token set expires_at = now() where name = 'reader'")
                .update();
        assertThat(narrow.get("/me").status()).isEqualTo(401);
        assertThat(admin.send(
                                "PUT",
                                "/people/robot/roles",
                                "{\"roles\": [{\"role\": \"viewer\", \"environment\": \"shop-dev\"}]}",
                                "If-Match",
                                version("robot"))
                        .status())
                .isEqualTo(200);
        assertThat(admin.with(robot).post("/environments/shop-dev/runs", "{}").code())
                .isEqualTo("SLP-AUTH-NOT-PERMITTED");
        String id = admin.get("/people/robot/tokens").body().findPath("id").asText();
        admin.get("/people/robot/tokens")
                .body()
                .forEach(token -> admin.send(
                        "DELETE", "/people/robot/tokens/" + token.path("id").asText(), null));
        assertThat(id).isNotEmpty();
        assertThat(admin.with(robot).get("/me").status()).isEqualTo(401);
    }

    @Test
    @DisplayName("a link that nobody opened in time, or whose person is gone, opens nothing")
    void expiredLinks() throws Exception {
        admin.post("/people", "{\"name\": \"ida\", \"roles\": [{\"role\": \"viewer\"}]}");
        String old = path(admin.post("/people/ida/links", ""));
        slipway.get(JdbcClient.class)
                .sql("update password_link set expires_at = now()")
                .update();

        String password = SignInForm.PASSWORD.replace(' ', '+');
        for (HttpResponse<String> answer : List.of(
                new Person().get(old),
                new Person().form("/sign-in", old, "password=" + password + "&repeat=" + password))) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("SLP-AUTH-REFUSED");
        }
        // Asked of the store: ten wrong sign-ins in a minute make this machine wait.
        PersonStore people = slipway.get(PersonStore.class);
        assertThat(people.credential("ida")).isEmpty();
        String fresh = path(admin.post("/people/ida/links", ""));
        assertThat(new Person().get(fresh).statusCode()).isEqualTo(200);
        admin.send("DELETE", "/people/ida", null, "If-Match", version("ida"));
        assertThat(people.link(fresh.substring("/sign-in/".length()))).isEmpty();
    }

    @Test
    @DisplayName(
            "who is removed while a run of theirs goes on is out at once; the run ends as it would, under their name")
    void removedMeanwhile() {
        StoredEnvironment slow = slipway.environment(SLOW, "slow-dev");
        Api leaver = admin.with(admin.service("leaver", "developer", ", \"environment\": \"slow-dev\""));
        String run = leaver.post("/environments/slow-dev/runs", "{}")
                .body()
                .path("id")
                .asText();
        String waiting = leaver.post("/environments/slow-dev/runs", "{}")
                .body()
                .path("id")
                .asText();
        RunStore runs = slipway.get(RunStore.class);
        await().until(() -> runs.byId(run).state() == RunState.RUNNING);

        assertThat(admin.send("DELETE", "/people/leaver", null, "If-Match", version("leaver"))
                        .status())
                .isEqualTo(204);

        assertThat(runs.byId(run).state()).isEqualTo(RunState.RUNNING);
        assertThat(leaver.get("/runs/" + run).status()).isEqualTo(401);
        assertThat(leaver.post("/environments/slow-dev/runs", "{}").status()).isEqualTo(401);
        for (String id : List.of(run, waiting)) {
            StoredRun ended = slipway.finished(id, Duration.ofMinutes(1));
            assertThat(ended.outcome()).isIn(Outcome.SUCCEEDED, Outcome.UNCHANGED);
            assertThat(ended.actor()).isEqualTo("leaver");
            assertThat(admin.get("/runs/" + id).body().path("actor").asText()).isEqualTo("leaver");
        }
        assertThat(runs.list(slow.id(), null, null, Long.MAX_VALUE, 10)).hasSize(2);
    }

    @Test
    @DisplayName("of two administrators who change one person the second is told; the last administrator stays")
    void twoAtOnce() throws Exception {
        admin.post("/people", "{\"name\": \"carla\"}");
        String version = version("carla");
        List<Integer> answers = AtOnce.run(
                8,
                i -> admin.send(
                                "PUT",
                                "/people/carla/roles",
                                "{\"roles\": [{\"role\": \"viewer\"}]}",
                                "If-Match",
                                version)
                        .status());
        assertThat(answers).containsOnlyOnce(200);
        assertThat(answers).filteredOn(status -> status == 412).hasSize(7);

        administrator("dora");
        administrator("emil");
        List<String> administrators = List.of("root", "dora", "emil");
        List<String> versions = administrators.stream().map(PeopleTest::version).toList();
        List<Answer> removals = AtOnce.run(
                3, i -> admin.send("DELETE", "/people/" + administrators.get(i), null, "If-Match", versions.get(i)));
        List<Integer> statuses = removals.stream().map(Answer::status).toList();
        assertThat(statuses).containsExactlyInAnyOrder(204, 204, 409);
        assertThat(removals).extracting(Answer::code).contains("SLP-PEOPLE-LAST-ADMIN");
        String last = administrators.get(statuses.indexOf(409));
        assertThat(admin.send(
                                "PUT",
                                "/people/" + last + "/roles",
                                "{\"roles\": [{\"role\": \"operator\"}]}",
                                "If-Match",
                                version(last))
                        .code())
                .isEqualTo("SLP-PEOPLE-LAST-ADMIN");
        assertThat(admin.get("/people/" + last).toString()).contains("\"admin\"");
    }

    @Test
    @DisplayName("everything wrong with a new person is told at once")
    void badInput() {
        admin.post("/people", "{\"name\": \"gil\"}");
        Answer refused = admin.post(
                "/people",
                "{\"name\": \"no good\", \"roles\": [{\"role\": \"viewer\", \"environment\": \"nowhere\"}, {\"role\": \"viewer\", \"application\": \"nothing\"}]}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.toString()).contains("SLP-PEOPLE-NAME", "SLP-ENV-UNKNOWN", "SLP-APP-UNKNOWN");
        assertThat(admin.post("/people", "{\"name\": \"x\", \"roles\": [{\"role\": \"king\"}]}")
                        .status())
                .isEqualTo(400);
        assertThat(admin.get("/people/nobody").status()).isEqualTo(404);
        assertThat(admin.send("PUT", "/people/gil/roles", "{}", "If-Match", "soon")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PUT", "/people/gil/roles", "{}").status()).isEqualTo(428);
    }

    @Test
    @DisplayName("a form that a page of another site sends is refused before anything is looked at")
    void crossSite() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(slipway.url() + "/sign-in"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-site")
                .POST(BodyPublishers.ofString("name=anna&password=x"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("SLP-AUTH-CROSS-SITE");
    }

    /** One with a password. */
    private static void administrator(String name) throws Exception {
        admin.post("/people", "{\"name\": \"" + name + "\", \"roles\": [{\"role\": \"admin\"}]}");
        assertThat(new Person()
                        .choose(path(admin.post("/people/" + name + "/links", "")))
                        .statusCode())
                .isEqualTo(302);
    }

    private static String version(String name) {
        return admin.get("/people/" + name).http().headers().firstValue("ETag").orElseThrow();
    }

    private static String path(Answer link) {
        return URI.create(link.body().path("link").asText()).getPath();
    }

    /** Somebody with a browser. */
    private static final class Person {
        private final HttpClient browser =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

        HttpResponse<String> get(String path) throws Exception {
            return browser.send(
                    HttpRequest.newBuilder(URI.create(slipway.url() + path))
                            .header("Accept", "text/html")
                            .build(),
                    BodyHandlers.ofString());
        }

        HttpResponse<String> choose(String path) throws Exception {
            String password = SignInForm.PASSWORD.replace(' ', '+');
            return post(path, "password=" + password + "&repeat=" + password);
        }

        HttpResponse<String> signIn(String name, String password) throws Exception {
            return post("/sign-in", "name=" + name + "&password=" + password.replace(' ', '+'));
        }

        HttpResponse<String> post(String path, String fields) throws Exception {
            return form(path, path, fields);
        }

        HttpResponse<String> form(String page, String path, String fields) throws Exception {
            Matcher csrf = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"")
                    .matcher(get(page).body());
            String token = csrf.find() ? csrf.group(1) : "";
            return browser.send(
                    HttpRequest.newBuilder(URI.create(slipway.url() + path))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Accept", "text/html")
                            .POST(BodyPublishers.ofString(fields + "&_csrf=" + token))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
