package dev.slipway.tests.locks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.workflows.run.Outcome;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.WorkflowClient;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(OutputCaptureExtension.class)
class CanaryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: hello}
            spec:
              parameters: [{name: key, type: secret, generate: 24}]
              components:
                - name: web
                  source: {image: "registry.example/any@sha256:%s"}
                  env: {KEY: "${param.key}", URL: "https://u:${param.key}@db.example/x"}
                  security: {runAsUser: 10001}
            """.formatted("0".repeat(64));

    /** All that is said to anybody, by where it was said. */
    private final Map<String, String> said = new LinkedHashMap<>();

    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    @TempDir
    Path data;

    private RunningSlipway slipway;

    @Test
    @DisplayName("planted secrets appear in no log, page, answer, history, audit row or column, in no form of writing")
    void planted(CapturedOutput console) throws Exception {
        Map<String, String> canaries = new LinkedHashMap<>();
        canaries.put("bootstrap token", "canary-bootstrap-4711/token");
        canaries.put("git password", "canary-git+pass/word-4712");
        canaries.put("registry password", "canary-registry~pass 4713");
        canaries.put("parameter", "canary/parameter+secret=4714");
        canaries.put("kubeconfig token", "canary.kubeconfig.token-4715");
        canaries.put("chat secret", "canary-chat/signing+secret-4716");
        canaries.put("password of the person who looks", SignInForm.PASSWORD);
        slipway = RunningSlipway.start(
                data,
                "slipway.security.bootstrap-token=" + canaries.get("bootstrap token"),
                "slipway.registries[0].address=registry.example",
                "slipway.registries[0].username=reader",
                "slipway.registries[0].password=" + canaries.get("registry password"));
        try {
            canaries.put(
                    "master key", Files.readString(data.resolve("master.key")).strip());
            act(canaries);
            look();
            keepTables();
        } finally {
            slipway.close();
        }
        said.put("console", console.getAll());

        assertThat(said).hasSizeGreaterThan(40);
        canaries.forEach((name, secret) -> said.forEach((where, text) ->
                assertThat(forms(secret)).as("%s in %s", name, where).noneMatch(text::contains)));
    }

    @Test
    @DisplayName("the forms in which a secret is looked for are those in which it would be written")
    void finds() {
        assertThat(forms("a/b+c d"))
                .contains("a/b+c d", "a%2Fb%2Bc+d", "612f622b632064")
                .anyMatch(form -> Base64.getEncoder()
                        .encodeToString("user:a/b+c d".getBytes(StandardCharsets.UTF_8))
                        .contains(form));
    }

    /** Also inside of something longer that was encoded as a whole: three phases of base64, without the ends that depend on neighbours. */
    private static List<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Stream<String> base64 = Stream.of(0, 1, 2).map(phase -> {
            byte[] shifted = new byte[phase + bytes.length];
            System.arraycopy(bytes, 0, shifted, phase, bytes.length);
            String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int from = phase == 0 ? 0 : phase + 1;
            return text.substring(from, text.length() - (shifted.length % 3 == 0 ? 0 : 1));
        });
        return Stream.concat(
                        Stream.of(
                                secret,
                                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                                HexFormat.of().formatHex(bytes)),
                        base64)
                .toList();
    }

    private void act(Map<String, String> canaries) throws Exception {
        StoredEnvironment environment = slipway.environment(DOCUMENT, "staging");
        slipway.get(ParameterStore.class).put(environment.id(), "key", Secret.of(canaries.get("parameter")));
        slipway.get(ClusterStore.class).add("spare", Secret.of(kubeconfig(canaries)), "here", null);
        api(
                "POST",
                "/api/v1/clusters",
                JSON.writeValueAsString(Map.of("name", "other", "kubeconfig", kubeconfig(canaries))));
        for (String name : List.of("shop", "shop")) {
            api(
                    "POST",
                    "/api/v1/git/logins",
                    JSON.writeValueAsString(Map.of(
                            "name",
                            name,
                            "address",
                            "https://127.0.0.1:1/shop",
                            "username",
                            "u",
                            "password",
                            canaries.get("git password"))));
        }
        api("POST", "/api/v1/applications:draft", "{\"url\":\"https://127.0.0.1:1/shop/x.git\"}");
        api(
                "PUT",
                "/api/v1/chat-connections/team",
                JSON.writeValueAsString(Map.of("provider", "slack", "secret", canaries.get("chat secret"))));
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isNotEqualTo(Outcome.TERMINATED);
        for (String id : List.of(run.id())) {
            for (String path : List.of("", "/log?limit=500")) {
                api("GET", "/api/v1/runs/" + id + path, null);
            }
            history("run/" + id);
        }
        history("lane/" + environment.id());
        HttpResponse<String> wrong = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/runs"))
                                .header("Authorization", "Bearer x" + canaries.get("bootstrap token"))
                                .build(),
                        BodyHandlers.ofString());
        said.put("a wrong token", wrong.body());
        said.put("pages of the run", "/runs/" + run.id());
    }

    private static String kubeconfig(Map<String, String> canaries) {
        return """
                apiVersion: v1
                kind: Config
                current-context: here
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                """.formatted(canaries.get("kubeconfig token"));
    }

    private void look() throws Exception {
        for (String path : List.of(
                "/environments",
                "/environments/staging",
                "/environments/staging/releases",
                "/environments/staging/manifests",
                "/applications",
                "/applications/hello",
                "/clusters",
                "/clusters/spare",
                "/git/logins",
                "/chat-connections",
                "/people",
                "/me",
                "/inbox",
                "/git/hosts",
                "/builds",
                "/runs",
                "/audit?limit=200",
                "/audit/export",
                "/master-key")) {
            api("GET", "/api/v1" + path, null);
        }
        api("POST", "/api/v1/environments/staging/plans", "{\"operation\":\"deploy\"}");
        signIn();
        for (String path : List.of(
                "/environments",
                "/environments/staging",
                "/environments/staging/plan",
                "/environments/staging/manifests",
                "/environments/staging/components/web",
                "/applications",
                "/applications/hello",
                "/applications/hello/edit",
                "/clusters",
                "/clusters/new",
                "/git",
                "/git/new",
                "/builds",
                "/audit",
                "/chat",
                "/webhooks",
                "/hooks",
                "/people",
                "/account",
                "/inbox",
                "/nowhere",
                said.get("pages of the run"))) {
            said.put(
                    "page " + path,
                    browser.send(
                                    HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                            .header("Accept", "text/html")
                                            .build(),
                                    BodyHandlers.ofString())
                            .body());
        }
        assertThat(said.get("page /git")).contains("shop");
    }

    private void signIn() throws Exception {
        JsonNode link = JSON.readTree(api("POST", "/api/v1/sign-in-links", "").body());
        URI page = URI.create(link.path("link").asText());
        String form =
                SignInForm.filled(browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                        .body());
        browser.send(
                HttpRequest.newBuilder(page)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> api(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer canary-bootstrap-4711/token")
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        said.put(
                said.size() + " " + method + " " + path,
                answer.statusCode() + answer.headers().map().toString() + answer.body());
        return answer;
    }

    private void history(String workflow) {
        WorkflowClient temporal = slipway.get(WorkflowClient.class);
        said.put(
                "history of " + workflow,
                temporal.getWorkflowServiceStubs()
                        .blockingStub()
                        .getWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest.newBuilder()
                                .setNamespace(temporal.getOptions().getNamespace())
                                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                                .build())
                        .toByteString()
                        .toString(StandardCharsets.ISO_8859_1));
    }

    /** Every row of every table as text; bytes as hex. */
    private void keepTables() {
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        List<String> tables = jdbc.sql("select table_name from information_schema.tables where table_schema = 'public'"
                        + " and table_type = 'BASE TABLE'")
                .query(String.class)
                .list();
        assertThat(tables).contains("audit", "git_login", "parameter_secret", "run");
        tables.forEach(table -> said.put(
                "table " + table,
                String.join(
                        "\n",
                        jdbc.sql("select cast(t as text) from " + table + " t")
                                .query(String.class)
                                .list())));
        assertThat(said.get("table parameter_secret")).isNotEmpty();
    }
}
