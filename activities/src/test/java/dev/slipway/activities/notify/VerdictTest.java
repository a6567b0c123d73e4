package dev.slipway.activities.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.notify.OutboxMessage.Channel;
import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.activities.notify.StatusHost.Provider;
import dev.slipway.activities.outbound.OutboundPost.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An answer says whether a message arrived, comes again, or is given up")
class VerdictTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "WEBHOOK, 200, DELIVERED", "WEBHOOK, 204, DELIVERED", "WEBHOOK, 301, WAITING", "WEBHOOK, 401, WAITING",
        "WEBHOOK, 404, WAITING", "WEBHOOK, 410, DEAD", "WEBHOOK, 429, WAITING", "WEBHOOK, 500, WAITING",
        "STATUS, 201, DELIVERED", "STATUS, 302, WAITING", "STATUS, 401, DEAD", "STATUS, 404, DEAD",
        "STATUS, 422, DEAD", "STATUS, 429, WAITING", "STATUS, 408, WAITING", "STATUS, 502, WAITING",
        "CHAT, 200, DELIVERED", "CHAT, 404, DEAD", "CHAT, 410, DEAD", "CHAT, 500, WAITING"
    })
    void judges(Channel channel, int status, State state) {
        assertThat(Verdict.of(channel, 1, new Answer(status, Map.of(), ""), NOW).state())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "WEBHOOK, 429, 120, 120, true",
        "WEBHOOK, 503, 'Mon, 30 Nov 2026 12:10:00 GMT', 600, true",
        "WEBHOOK, 503, 999999999, 3600, true",
        "WEBHOOK, 503, -5, 0, false",
        "WEBHOOK, 503, soon, 0, false",
        "WEBHOOK, 500, 120, 0, false",
        "STATUS, 403, 60, 60, true"
    })
    @DisplayName("what a receiver asks for is heeded, an hour at most, where it means that")
    void asks(Channel channel, int status, String after, long seconds, boolean hold) {
        Verdict verdict = Verdict.of(channel, 1, new Answer(status, Map.of("retry-after", after), ""), NOW);

        assertThat(verdict.hold()).isEqualTo(hold);
        assertThat(verdict.pause())
                .isBetween(Duration.ofSeconds(Math.max(seconds, 4)), Duration.ofSeconds(Math.max(seconds, 6)));
    }

    @Test
    @DisplayName("GitHub's spent limit is heeded, its refusal of a token is the end; GitLab's second time is the first")
    void providers() {
        String reset = Long.toString(NOW.getEpochSecond() + 300);
        Map<String, String> spent = Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", reset);

        assertThat(Verdict.of(Channel.STATUS, 1, new Answer(403, spent, ""), NOW)
                        .pause())
                .isEqualTo(Duration.ofSeconds(300));
        assertThat(Verdict.of(Channel.STATUS, 1, new Answer(403, Map.of(), "no"), NOW)
                        .state())
                .isEqualTo(State.DEAD);
        assertThat(Verdict.of(Channel.STATUS, 1, new Answer(400, Map.of(), "Cannot transition status via"), NOW)
                        .state())
                .isEqualTo(State.DELIVERED);
    }

    @Test
    @DisplayName("pauses double to a quarter of an hour, never in step")
    void backoff() {
        Duration before = Duration.ZERO;
        for (int attempts = 1; attempts <= 100; attempts++) {
            Duration pause = Backoff.after(Channel.WEBHOOK, attempts);
            long usual = Math.min(900_000, 5_000L << Math.min(20, attempts - 1));
            assertThat(pause.toMillis()).isBetween(usual * 8 / 10, usual * 12 / 10);
            assertThat(pause).isNotEqualTo(before);
            before = pause;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example, https://git.example/team/shop.git, team/shop",
        "https://git.example, git@git.example:team/shop.git, team/shop",
        "https://git.example, ssh://git@git.example:2222/team/sub/shop, team/sub/shop",
        "https://git.example/forge, https://git.example/forge/team/shop, team/shop",
        "https://git.example/forge, ssh://git@git.example/team/shop, team/shop",
        "https://git.example/forge, https://git.example/other/team/shop, ",
        "https://git.example, https://git.example.evil.example/team/shop, ",
        "https://git.example, https://git.example/shop, ",
        "https://git.example, 'https://git.example/team/shop%3Fx', ",
        "https://git.example, file:///srv/git/team/shop, "
    })
    @DisplayName("a repository is told of only by its own server, by the path that its server knows")
    void repositories(String server, String url, String path) {
        StatusHost host = new StatusHost("x", Provider.GITEA, server, server + "/api/v1", "test", null);

        assertThat(host.repository(url).orElse(null)).isEqualTo(path);
    }
}
