package dev.slipway.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.Reason;
import dev.slipway.web.hooks.Samples.Sample;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadsTest {
    @ParameterizedTest
    @EnumSource(Provider.class)
    @DisplayName("every provider's push says repository, branch, commits, files and sender")
    void push(Provider provider) {
        Push push =
                Objects.requireNonNull(read(provider, Samples.push(provider)).push());

        assertThat(push.tag()).isFalse();
        assertThat(push.ref()).isEqualTo("main");
        assertThat(push.before()).isEqualTo(Samples.BEFORE);
        assertThat(push.after()).isEqualTo(Samples.AFTER);
        assertThat(push.repositories()).contains("https://git.example/team/shop.git", "git@git.example:team/shop.git");
        assertThat(push.defaultBranch()).isEqualTo("main");
        assertThat(push.commits()).isEqualTo(1);
        assertThat(push.message()).isEqualTo("Rename the flags");
        assertThat(push.files()).containsExactly("site/new.json", "site/products.json");
        assertThat(push.allFiles()).isTrue();
        assertThat(push.sender()).isEqualTo("ann");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    @DisplayName(
            "a deleted branch, a push of nothing, a note, a ping and another event come to nothing, each for its reason")
    void nothing(Provider provider) {
        String zeros = "0".repeat(40);
        String push = Samples.push(provider);
        assertThat(read(provider, push.replace("\"after\": \"" + Samples.AFTER, "\"after\": \"" + zeros))
                        .reason())
                .isEqualTo(Reason.of("deleted", "main"));
        assertThat(read(provider, push.replace("\"before\": \"" + Samples.BEFORE, "\"before\": \"" + Samples.AFTER))
                        .reason())
                .isEqualTo(Reason.of("empty", "main"));
        assertThat(read(provider, push.replace("refs/heads/main", "refs/notes/x"))
                        .reason())
                .isEqualTo(Reason.of("ref", "refs/notes/x"));
        Sample sample = Samples.signed(provider, "{}", 0);
        Sample other = switch (provider) {
            case GITHUB -> sample.with("X-GitHub-Event", "issues");
            case GITEA -> sample.with("X-Gitea-Event", "issues");
            case FORGEJO -> sample.with("X-Forgejo-Event", "issues");
            case GITLAB -> sample.with("X-Gitlab-Event", "issues");
            case GITEE -> sample.with("X-Gitee-Event", "issues");
        };
        assertThat(Payloads.read(provider, other.read(), other.body()).reason())
                .isEqualTo(Reason.of("event", "issues"));
    }

    @Test
    @DisplayName("GitHub's and Gitee's pings are answered")
    void pings() {
        Sample github =
                Samples.signed(Provider.GITHUB, "{\"zen\": \"Keep it.\"}", 0).with("X-GitHub-Event", "ping");
        Sample gitee =
                Samples.signed(Provider.GITEE, Samples.push(Provider.GITEE), 0).with("X-Gitee-Ping", "true");

        assertThat(Payloads.read(Provider.GITHUB, github.read(), github.body()).reason())
                .isEqualTo(Reason.of("ping"));
        assertThat(Payloads.read(Provider.GITEE, gitee.read(), gitee.body()).reason())
                .isEqualTo(Reason.of("ping"));
    }

    @Test
    @DisplayName("a tag is one; a new branch, a forced push and a cut list of commits do not say all files")
    void notAllFiles() {
        String github = Samples.push(Provider.GITHUB);
        assertThat(push(Provider.GITHUB, github.replace("refs/heads/main", "refs/tags/v1")))
                .matches(push -> push.tag() && push.ref().equals("v1"));
        assertThat(push(Provider.GITHUB, github.replace(Samples.BEFORE, "0".repeat(40)))
                        .allFiles())
                .isFalse();
        assertThat(push(Provider.GITHUB, github.replace("\"forced\": false", "\"forced\": true"))
                        .allFiles())
                .isFalse();
        assertThat(push(
                                Provider.GITLAB,
                                Samples.push(Provider.GITLAB)
                                        .replace("\"total_commits_count\": 1", "\"total_commits_count\": 21"))
                        .allFiles())
                .isFalse();
        assertThat(push(
                                Provider.GITEE,
                                Samples.push(Provider.GITEE)
                                        .replace("\"commits_more_than_ten\": false", "\"commits_more_than_ten\": true"))
                        .allFiles())
                .isFalse();
        String files = "\"x\",".repeat(2_999) + "\"x\"";
        assertThat(push(Provider.GITHUB, github.replace("\"site/new.json\"", files))
                        .allFiles())
                .isFalse();
    }

    @Test
    @DisplayName("a form is read from its own bytes")
    void form() {
        byte[] form = ("a=%&payload=" + URLEncoder.encode(Samples.push(Provider.GITHUB), StandardCharsets.UTF_8) + "&b")
                .getBytes(StandardCharsets.UTF_8);
        Sample sample = Samples.signed(Provider.GITHUB, "", 0)
                .body(form)
                .with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");

        assertThat(Payloads.read(Provider.GITHUB, sample.read(), form).push())
                .matches(push -> push != null && push.ref().equals("main"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{}",
                "{\"ref\": 1}",
                "{\"ref\": \"refs/heads/\"}",
                "{\"ref\": \"refs/heads/x\", \"repository\": []}",
                "{\"ref\": \"refs/heads/x\", \"repository\": {\"clone_url\": \"file:\"}}"
            })
    @DisplayName("what is no push is refused as unreadable")
    void malformed(String body) {
        assertThatThrownBy(() -> read(Provider.GITHUB, body))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.HOOK_PAYLOAD));
    }

    @Test
    @DisplayName("other content types, broken UTF-8 and deep nesting are refused as unreadable")
    void hostile() {
        Sample good = Samples.signed(Provider.GITHUB, Samples.push(Provider.GITHUB), 0);
        byte[] broken = good.body().clone();
        broken[broken.length / 2] = (byte) 0xC3;
        for (Sample sample : new Sample[] {
            good.with("Content-Type", "text/plain"),
            good.without("Content-Type"),
            good.with("Content-Type", "multipart/form-data; boundary=x"),
            good.body(broken),
            good.body("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)),
            good.with("Content-Type", "application/x-www-form-urlencoded")
                    .body("payload=%7".getBytes(StandardCharsets.UTF_8)),
            good.with("Content-Type", "application/x-www-form-urlencoded")
        }) {
            assertThatThrownBy(() -> Payloads.read(Provider.GITHUB, sample.read(), sample.body()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.HOOK_PAYLOAD));
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    @DisplayName("whatever stands in any field: a payload that can be kept, or unreadable, never a fault")
    void fuzzed(Provider provider) {
        String[] odd = {
            "null",
            "true",
            "-1",
            "1e999",
            "[]",
            "{}",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[[]]",
            "\"" + "é".repeat(9_000) + "\"",
            "\"\\u202e\"",
            "123456789012345678901234567890",
            "[1,null,{}]",
            "\"refs/heads/x\""
        };
        String push = Samples.push(provider);
        Random random = new Random(6);
        java.util.regex.Matcher values = java.util.regex.Pattern.compile(
                        ": (\"[^\"]*\"|true|false|[0-9]+|\\[[^\\]]*\\])")
                .matcher(push);
        int tried = 0;
        while (values.find()) {
            for (String value : odd) {
                tried += tried(provider, push.substring(0, values.start(1)) + value + push.substring(values.end(1)));
            }
        }
        for (int i = 0; i < 300; i++) {
            byte[] bytes = push.getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            tried += tried(provider, new String(bytes, StandardCharsets.ISO_8859_1));
        }
        assertThat(tried).isGreaterThan(400);
    }

    private static int tried(Provider provider, String body) {
        try {
            Push push = read(provider, body).push();
            if (push != null) {
                assertThat(push.ref()).isNotBlank().hasSizeLessThanOrEqualTo(300);
                assertThat(push.toString()).doesNotContain("\u0000", "\u202e");
                assertThat(push.repositories()).isNotEmpty();
            }
        } catch (ProblemException unreadable) {
            assertThat(unreadable.problem().code()).isEqualTo(ProblemCode.HOOK_PAYLOAD);
        }
        return 1;
    }

    private static Push push(Provider provider, String body) {
        return Objects.requireNonNull(read(provider, body).push());
    }

    private static Payload read(Provider provider, String body) {
        Sample sample = Samples.signed(provider, body, 0);
        return Payloads.read(provider, sample.read(), sample.body());
    }
}
