package dev.slipway.web.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteWordsTest {
    @ParameterizedTest
    @CsvSource({
        "POST,   /api/v1/environments,                       environment.create",
        "DELETE, /api/v1/environments/{environment},         environment.delete",
        "PUT,    /api/v1/environments/{environment}/branch,  environment.branch.change",
        "POST,   /api/v1/environments/{environment}/runs,    run.start",
        "POST,   /environments/{name}/runs,                  run.start",
        "POST,   /api/v1/runs,                               run.start",
        "POST,   /runs/{id}/cancel,                          run.cancel",
        "POST,   /clusters/{name}/remove,                    cluster.delete",
        "DELETE, /api/v1/clusters/{cluster},                 cluster.delete",
        "POST,   /api/v1/clusters/{cluster}/test,            cluster.test",
        "POST,   /applications/{name}/save,                  application.change",
        "POST,   /sign-in/{token},                           sign-in",
        "POST,   /sign-out,                                  sign-out",
        "POST,   /api/v1/hooks/{provider},                   hook.receive",
        "POST,   /api/v1/secrets:rotate,                     secret.rotate",
    })
    @DisplayName("page and API have the same word for the same action")
    void action(String method, String pattern, String word) {
        assertThat(RouteWords.action(method, pattern)).isEqualTo(word);
    }

    @Test
    @DisplayName("what a path names is the subject, unless it may be a secret")
    void subject() {
        assertThat(RouteWords.subject("/api/v1/environments/{environment}/runs", Map.of("environment", "staging")))
                .isEqualTo(new AuditSubject("environment", "staging", ""));
        assertThat(RouteWords.subject("/sign-in/{token}", Map.of("token", "s3cret")))
                .isEqualTo(AuditSubject.INSTALLATION);
        assertThat(RouteWords.subject("/invitations/{invitation}", Map.of("invitation", "s3cret")))
                .isEqualTo(AuditSubject.INSTALLATION);
    }

    @Test
    @DisplayName("what was made is known by the place it is said to be at, if that is no secret")
    void created() {
        assertThat(RouteWords.created("/api/v1/environments/staging"))
                .isEqualTo(new AuditSubject("environment", "staging", ""));
        assertThat(RouteWords.created("http://127.0.0.1:8080/applications/shop?saved=2"))
                .isEqualTo(new AuditSubject("application", "shop", ""));
        assertThat(RouteWords.created("http://127.0.0.1:8080/sign-in/s3cret")).isNull();
        assertThat(RouteWords.created("/environments/new?application=shop")).isNull();
        assertThat(RouteWords.created("/environments")).isNull();
        assertThat(RouteWords.created(null)).isNull();
    }

    @Test
    @DisplayName("of a path that no route has only the head is kept")
    void unknown() {
        assertThat(RouteWords.unknown("/api/v1/environments/x/y")).isEqualTo("/environments");
        assertThat(RouteWords.unknown("/sign-in/s3cret")).isEqualTo("/sign-in");
        assertThat(RouteWords.unknown("/%00<script>")).isEqualTo("/");
        assertThat(RouteWords.unknown("")).isEqualTo("/");
    }
}
