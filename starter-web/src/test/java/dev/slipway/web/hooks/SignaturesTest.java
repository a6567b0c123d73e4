package dev.slipway.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.Secret;
import dev.slipway.web.hooks.Samples.Sample;
import dev.slipway.web.hooks.Signatures.Checked;
import dev.slipway.web.hooks.Signatures.Finding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignaturesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_780_000_000);
    private static final List<Secret> SECRETS = List.of(Secret.of("the one before"), Secret.of(Samples.SECRET));

    @ParameterizedTest
    @EnumSource(Provider.class)
    @DisplayName("what a provider signs as it documents is let in, by whichever secret it was")
    void good(Provider provider) {
        assertThat(check(sample(provider), SECRETS)).isEqualTo(new Checked(Finding.GOOD, 1));
        assertThat(check(sample(provider), List.of(Secret.of(Samples.SECRET)))).isEqualTo(new Checked(Finding.GOOD, 0));
        assertThat(check(sample(provider), List.of(Secret.of("another"))).finding())
                .isEqualTo(Finding.WRONG);
        assertThat(check(sample(provider), List.of()).finding()).isEqualTo(Finding.WRONG);
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"GITEE"},
            mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("a body with any one byte altered is refused")
    void altered(Provider provider) {
        Sample sample = sample(provider);
        for (int i = 0; i < sample.body().length; i++) {
            byte[] altered = sample.body().clone();
            altered[i] ^= 1;
            assertThat(check(sample.body(altered), SECRETS).finding()).isEqualTo(Finding.WRONG);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"GITLAB", "GITEE"})
    @DisplayName("where the provider says when it signed, five minutes are the most, before and after")
    void stale(Provider provider) {
        for (long away : new long[] {-301, 301, -100_000}) {
            Sample sample = Samples.signed(provider, Samples.push(provider), NOW.getEpochSecond() + away);
            assertThat(check(sample, SECRETS).finding()).as("%d", away).isEqualTo(Finding.STALE);
        }
        for (long away : new long[] {-299, 299}) {
            Sample sample = Samples.signed(provider, Samples.push(provider), NOW.getEpochSecond() + away);
            assertThat(check(sample, SECRETS).finding()).as("%d", away).isEqualTo(Finding.GOOD);
        }
        // The time is signed too: a recorded delivery is not made young again.
        Sample old = Samples.signed(provider, Samples.push(provider), NOW.getEpochSecond() - 3_600);
        String now =
                provider == Provider.GITEE ? Long.toString(NOW.toEpochMilli()) : Long.toString(NOW.getEpochSecond());
        String header = provider == Provider.GITEE ? "X-Gitee-Timestamp" : "webhook-timestamp";
        assertThat(check(old.with(header, now), SECRETS).finding()).isEqualTo(Finding.WRONG);
        assertThat(check(old.without(header), SECRETS).finding()).isEqualTo(Finding.WRONG);
    }

    @Test
    @DisplayName(
            "GitLab's secret token and Gitee's password are the secret itself; a signature that is there counts before a token")
    void tokens() {
        Sample gitlab = sample(Provider.GITLAB).without("webhook-signature").with("X-Gitlab-Token", Samples.SECRET);
        assertThat(check(gitlab, SECRETS).finding()).isEqualTo(Finding.GOOD);
        assertThat(check(gitlab.with("X-Gitlab-Token", Samples.SECRET + "x"), SECRETS)
                        .finding())
                .isEqualTo(Finding.WRONG);
        assertThat(check(gitlab.with("webhook-signature", "v1,AAAA"), SECRETS).finding())
                .isEqualTo(Finding.WRONG);
        Sample gitee = sample(Provider.GITEE);
        assertThat(check(gitee.with("X-Gitee-Token", Samples.SECRET), SECRETS).finding())
                .isEqualTo(Finding.GOOD);
        assertThat(check(gitee.with("X-Gitee-Token", Samples.SECRET).without("X-Gitee-Timestamp"), SECRETS)
                        .finding())
                .isEqualTo(Finding.WRONG);
        String encoded = URLEncoder.encode(gitee.headers().get("x-gitee-token"), StandardCharsets.UTF_8);
        assertThat(check(gitee.with("X-Gitee-Token", encoded), SECRETS).finding())
                .isEqualTo(Finding.GOOD);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    @DisplayName("nothing, nonsense and signatures of other kinds are refused without a fault")
    void nonsense(Provider provider) {
        Sample sample = sample(provider);
        for (String header : List.of(
                "X-Hub-Signature-256",
                "X-Gitea-Signature",
                "X-Forgejo-Signature",
                "webhook-signature",
                "X-Gitee-Token")) {
            if (sample.read().find(header) == null) {
                continue;
            }
            for (String value : List.of(
                    "x",
                    "sha256=",
                    "sha256=zz",
                    "sha1=00",
                    "v1,",
                    "v1,%%%",
                    "%",
                    "%zz",
                    "0",
                    " ",
                    "v1,a v1,b v2,c",
                    "é")) {
                assertThat(check(sample.with(header, value), SECRETS).finding())
                        .as("%s: %s", header, value)
                        .isIn(Finding.WRONG, Finding.MISSING);
            }
            assertThat(check(sample.without(header), SECRETS).finding()).isEqualTo(Finding.MISSING);
        }
    }

    private static Sample sample(Provider provider) {
        return Samples.signed(provider, Samples.push(provider), NOW.getEpochSecond());
    }

    private static Checked check(Sample sample, List<Secret> secrets) {
        return Signatures.check(sample.provider(), sample.read(), sample.body(), secrets, NOW);
    }
}
