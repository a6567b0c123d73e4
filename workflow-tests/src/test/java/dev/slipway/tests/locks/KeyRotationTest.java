package dev.slipway.tests.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.GitLoginStore;
import dev.slipway.activities.store.KeyRotation;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.tests.support.RunningSlipway;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class KeyRotationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Columns of bytes that hold nothing sealed. */
    private static final Set<String> CLEAR =
            Set.of("audit.hash", "build.log", "password_link.hash", "signed_in.hash", "api_token.hash");

    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: hello}
            spec:
              parameters: [{name: key, type: secret, generate: 24}]
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """.formatted("0".repeat(64));

    @TempDir
    Path data;

    @Test
    @DisplayName(
            "with a new master key everything old still opens, is sealed anew, and the old key can go; a column that nobody lists is found")
    void rotate() throws Exception {
        Path file = data.resolve("master.key");
        String environment;
        Map<String, Secret> secrets;
        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            StoredEnvironment made = slipway.environment(DOCUMENT, "staging");
            environment = made.id();
            slipway.get(ClusterStore.class).add("other", Secret.of("kubeconfig of other"), "here", null);
            slipway.get(GitLoginStore.class).add(login());
            secrets = slipway.get(ParameterStore.class).secrets(environment);
            assertThat(secrets).isNotEmpty();
            assertThat(everySealedColumnIsListed(slipway)).isTrue();
        }
        String old = Files.readString(file).strip();
        String fresh = SecretBox.newKey().reveal();
        Files.writeString(file, fresh + "\n" + old + "\n");

        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            assertThat(slipway.get(ParameterStore.class).secrets(environment)).isEqualTo(secrets);
            JsonNode before = call(slipway, "GET", "/api/v1/master-key");
            assertThat(before.path("left").asLong()).isGreaterThanOrEqualTo(4);
            assertThat(before.path("older").size()).isEqualTo(1);
            assertThat(before.toString()).doesNotContain(old, fresh);

            JsonNode after = call(slipway, "POST", "/api/v1/master-key:reseal");

            assertThat(after.path("left").asLong()).isZero();
            assertThat(after.path("resealed").asLong()).isGreaterThanOrEqualTo(3);
            assertThat(call(slipway, "POST", "/api/v1/master-key:reseal")
                            .path("resealed")
                            .asLong())
                    .isZero();
        }
        Files.writeString(file, fresh);

        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            assertThat(slipway.get(ParameterStore.class).secrets(environment)).isEqualTo(secrets);
            assertThat(slipway.get(ClusterStore.class).kubeconfig("other")).contains(Secret.of("kubeconfig of other"));
            assertThat(slipway.get(GitLoginStore.class).logins()).hasSize(1);
            assertThat(slipway.get(AuditProof.class).prove(List.of()).whole()).isTrue();
        }
        Files.writeString(file, old);
        assertThatThrownBy(() -> RunningSlipway.start(data).close())
                .as("the old key opens nothing any more")
                .hasStackTraceContaining("SLP-KEY-WRONG");
    }

    private static boolean everySealedColumnIsListed(RunningSlipway slipway) {
        Set<String> listed = slipway.get(KeyRotation.class).progress().stream()
                .map(column -> column.table() + "." + column.column())
                .collect(Collectors.toSet());
        List<String> bytes =
                slipway.get(JdbcClient.class).sql("""
                        select table_name || '.' || column_name from information_schema.columns
                        where table_schema = 'public' and data_type = 'bytea'
                        """).query(String.class).list();
        assertThat(bytes.stream().filter(column -> !CLEAR.contains(column)))
                .as("list it in SealedColumn, or here when nothing in it is sealed")
                .containsExactlyInAnyOrderElementsOf(listed);
        return true;
    }

    private static GitLogin login() {
        return new GitLogin(
                "shop",
                GitLogin.Kind.SSH_KEY,
                "ssh://git.example/shop",
                "git",
                Secret.of("a private key"),
                Secret.of("its passphrase"),
                null,
                null);
    }

    private static JsonNode call(RunningSlipway slipway, String method, String path) throws Exception {
        return JSON.readTree(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }
}
