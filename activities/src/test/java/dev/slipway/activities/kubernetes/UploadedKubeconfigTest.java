package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadedKubeconfigTest {
    private static final String GOOD = kubeconfig("server: https://k.example:6443", "token: tok-en");

    @Test
    @DisplayName("only the chosen context is kept, with what belongs to it, and it does not print itself")
    void keepsOneContext() {
        String text = GOOD.replace("users:", "users:\n- {name: other, user: {token: not-this-one}}");

        UploadedKubeconfig read = UploadedKubeconfig.read(text, null);

        assertThat(read.context()).isEqualTo("here");
        assertThat(read.text().reveal())
                .contains("https://k.example:6443", "tok-en")
                .doesNotContain("not-this-one", "elsewhere");
        assertThat(read.text()).hasToString("***");
        assertThat(UploadedKubeconfig.read(text, "elsewhere").context()).isEqualTo("elsewhere");
    }

    @ParameterizedTest
    @DisplayName("what names a file, a program, a proxy or somebody else is refused, and so are credentials in clear")
    @CsvSource(
            delimiter = '|',
            value = {
                "server: https://k.example, certificate-authority: /etc/passwd | token: a | certificate-authority names a file",
                "server: https://k.example, insecure-skip-tls-verify: true | token: a | insecure-skip-tls-verify",
                "server: https://k.example, proxy-url: http://p.example | token: a | proxy-url",
                "server: http://k.example | token: a | over http",
                "server: file:///etc/passwd | token: a | no http address",
                "server: https://u:p@k.example | token: a | no http address",
                "server: https://k.example | tokenFile: /etc/shadow | tokenFile",
                "server: https://k.example | client-certificate: a.pem, client-key-data: YQ== | client-certificate names a file",
                "server: https://k.example | client-key: a.pem, client-certificate-data: YQ== | client-key names a file",
                "server: https://k.example | client-key-data: YQ== | belong together",
                "server: https://k.example | exec: {apiVersion: v1, command: /bin/sh} | exec names a program",
                "server: https://k.example | auth-provider: {name: gcp} | auth-provider names a program",
                "server: https://k.example | token: a, as: root | pretends",
                "server: https://k.example | username: a, password: b | password"
            })
    void refuses(String cluster, String user, String reason) {
        assertThat(reasons(kubeconfig(cluster, user), null)).anyMatch(text -> text.contains(reason));
    }

    @Test
    @DisplayName("all that is wrong is said at once")
    void saysAllAtOnce() {
        String text = kubeconfig("server: http://k.example, certificate-authority: ca.pem", "token: a, tokenFile: b");

        assertThat(reasons(text, null)).hasSize(3);
    }

    @ParameterizedTest
    @DisplayName("what is no kubeconfig is refused without quoting it")
    @ValueSource(
            strings = {
                "",
                "secret-word",
                "[secret-word",
                "contexts: secret-word",
                "{\"kind\": \"secret-word\"}",
                "a: &a [*a]"
            })
    void refusesOtherTexts(String text) {
        assertThat(reasons(text, null))
                .singleElement()
                .satisfies(reason -> assertThat(reason).doesNotContain("secret-word"));
    }

    @Test
    @DisplayName("a context that is not there, or names nothing that is there, is refused")
    void refusesUnknownContexts() {
        assertThat(reasons(GOOD, "nowhere")).singleElement().asString().contains("nowhere", "here");
        assertThat(reasons(GOOD.replace("cluster: one, user: me", "cluster: two, user: me"), null))
                .singleElement()
                .asString()
                .contains("names no cluster");
        assertThat(reasons("x".repeat(300_000), null))
                .singleElement()
                .asString()
                .contains("longer");
    }

    private static List<String> reasons(String text, String context) {
        try {
            UploadedKubeconfig.read(text, context);
            return List.of();
        } catch (ProblemException e) {
            assertThat(e.problems()).extracting(Problem::code).containsOnly(ProblemCode.KUBERNETES_KUBECONFIG);
            return e.problems().stream()
                    .map(problem -> problem.arguments().get("reason"))
                    .toList();
        }
    }

    @Test
    @DisplayName("a key that is none is refused when the connection is made, without quoting it")
    void refusesBrokenKeys() {
        UploadedKubeconfig read = UploadedKubeconfig.read(
                kubeconfig("server: https://k.example", "client-key-data: YQ==, client-certificate-data: YQ=="), null);

        try (ClusterConnections connections = new ClusterConnections()) {
            assertThatThrownBy(() -> connections.add("k", read.text(), null))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.KUBERNETES_KUBECONFIG));
        }
    }

    private static String kubeconfig(String cluster, String user) {
        return """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts:
                - {name: here, context: {cluster: one, user: me}}
                - {name: elsewhere, context: {cluster: one, user: me}}
                clusters:
                - {name: one, cluster: {%s}}
                users:
                - {name: me, user: {%s}}
                """.formatted(cluster, user);
    }
}
