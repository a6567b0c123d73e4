package dev.slipway.tests.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.api.Schemathesis.Result;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.people.Role;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Everything that the description of the API has, asked by a program that tries to prove it wrong, once for each role. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchemathesisIT {
    /** What people make and change. */
    private static final List<String> TABLES =
            List.of("application", "application_revision", "environment", "run", "release", "cluster", "git_login");

    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: web
                  source: {image: "registry.example/web@sha256:%s"}
                  ports: [{name: http, port: 8080, protocol: http}]
                  security: {runAsUser: 10001}
            """;

    @TempDir
    static Path data;

    private static Schemathesis schemathesis;
    private static RunningSlipway slipway;
    private static String run = "";

    @BeforeAll
    static void start() throws Exception {
        schemathesis = Schemathesis.installed();
        slipway = RunningSlipway.start(
                data, "slipway.api.reads=1000000", "slipway.api.writes=1000000", "slipway.api.costly=1000000");
        StoredEnvironment environment = slipway.environment(document("fuzzed"), "fuzzed-dev");
        slipway.environment(document("fuzzed"), "fuzzed-doomed");
        HttpResponse<String> unused =
                ApiClient.of(slipway).yaml("POST", "/api/v1/applications", document("fuzzed-unused"));
        assertThat(unused.statusCode()).isEqualTo(201);
        run = slipway.deploy(environment).id();
    }

    @AfterAll
    static void stop() {
        if (slipway != null) {
            slipway.close();
        }
    }

    private static String document(String name) {
        return DOCUMENT.formatted(name, "0".repeat(64));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Role.class,
            names = {"VIEWER", "APPROVER"})
    @Order(1)
    @DisplayName(
            "asked by somebody who may only look, nothing breaks, every answer is a documented one, and nothing is changed")
    void readers(Role role) throws Exception {
        Map<String, String> before = fingerprints();

        Result result = schemathesis.ask(slipway.url(), token(role), run);

        assertThat(result.success()).as(result.end()).isTrue();
        assertThat(fingerprints()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Role.class,
            names = {"DEVELOPER", "OPERATOR"})
    @Order(2)
    @DisplayName("asked by somebody who may change some things, nothing breaks, and every answer is a documented one")
    void writers(Role role) throws Exception {
        Result result = schemathesis.ask(slipway.url(), token(role), run);

        assertThat(result.success()).as(result.end()).isTrue();
    }

    @Test
    @Order(3)
    @DisplayName("asked by an administrator, nothing breaks, and every answer is a documented one")
    void administrator() throws Exception {
        Result result = schemathesis.ask(slipway.url(), slipway.token(), run);

        assertThat(result.success()).as(result.end()).isTrue();
    }

    private static Map<String, String> fingerprints() {
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        Map<String, String> prints = new LinkedHashMap<>();
        TABLES.forEach(table -> prints.put(
                table,
                jdbc.sql("select count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' order by t::text)), '') from "
                                + table + " t")
                        .query(String.class)
                        .single()));
        return prints;
    }

    /** Of a service with one role everywhere, for all that it may do. */
    private static String token(Role role) {
        ApiClient admin = ApiClient.of(slipway);
        String name = "fuzzing-" + role.word();
        HttpResponse<String> made = admin.json(
                "POST",
                "/api/v1/people",
                "{\"name\": \"" + name + "\", \"kind\": \"service\", \"roles\": [{\"role\": \"" + role.word()
                        + "\"}]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        HttpResponse<String> token = admin.json(
                "POST",
                "/api/v1/people/" + name + "/tokens",
                "{\"name\": \"fuzzing\", \"scopes\": [\"view\", \"deploy\", \"edit\", \"operate\", \"approve\"]}");
        assertThat(token.statusCode()).as(token.body()).isEqualTo(201);
        return ApiClient.read(token).path("token").asText();
    }
}
