package dev.slipway.web.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.Secret;
import dev.slipway.web.chat.ChatProvider.Delivery;
import dev.slipway.web.chat.ChatProvider.Typed;
import dev.slipway.web.chat.ChatProvider.Verdict;
import dev.slipway.web.chat.ChatProvider.Verification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SlackProviderTest {
    /** The sample of Slack's documentation. */
    private static final String BODY =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
                    + "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
                    + "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                    + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private static final String SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    private static final Secret SECRET = Secret.of("8f742231b10e8888abcd99yyyzzz85a5");
    private static final Instant SENT = Instant.ofEpochSecond(1531420618);

    private final SlackProvider slack = new SlackProvider(new JsonMapper());

    private static Delivery delivery(byte[] body, String time, String signature) {
        Map<String, String> headers = new HashMap<>();
        headers.put("X-Slack-Request-Timestamp", time);
        headers.put("X-Slack-Signature", signature);
        return new Delivery(body, headers::get);
    }

    private static Delivery documented() {
        return delivery(BODY.getBytes(StandardCharsets.UTF_8), "1531420618", SIGNATURE);
    }

    @Test
    @DisplayName("Slack's documented sample is right, and says what it says")
    void sample() {
        assertThat(slack.verify(documented(), Verification.SIGNATURE, SECRET, SENT))
                .isEqualTo(Verdict.RIGHT);
        Typed typed = slack.read(documented());
        assertThat(typed.team()).isEqualTo("T1DC2JH3J");
        assertThat(typed.user()).isEqualTo("U2CERLKJA");
        assertThat(typed.command()).isEqualTo("/webhook-collect");
        assertThat(typed.responseUrl())
                .isEqualTo("https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN");
    }

    @Test
    @DisplayName("with any one byte of it changed it is wrong")
    void everyByteCounts() {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < body.length; i++) {
            byte[] other = body.clone();
            other[i] ^= 1;
            assertThat(slack.verify(delivery(other, "1531420618", SIGNATURE), Verification.SIGNATURE, SECRET, SENT))
                    .isEqualTo(Verdict.WRONG);
        }
        for (int i = 0; i < SIGNATURE.length(); i++) {
            String other = SIGNATURE.substring(0, i) + "x" + SIGNATURE.substring(i + 1);
            assertThat(slack.verify(delivery(body, "1531420618", other), Verification.SIGNATURE, SECRET, SENT))
                    .isEqualTo(Verdict.WRONG);
        }
    }

    @ParameterizedTest
    @CsvSource({"-301, STALE", "-300, RIGHT", "300, RIGHT", "301, STALE", "100000, STALE"})
    @DisplayName("what is more than five minutes off is stale")
    void window(long seconds, Verdict verdict) {
        assertThat(slack.verify(documented(), Verification.SIGNATURE, SECRET, SENT.plusSeconds(seconds)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1531420618", "1531420618.0", " 1531420618", "99999999999999999999", "NaN"})
    @DisplayName("a time that is none is wrong")
    void times(String time) {
        assertThat(slack.verify(
                        delivery(BODY.getBytes(StandardCharsets.UTF_8), time, SIGNATURE),
                        Verification.SIGNATURE,
                        SECRET,
                        SENT))
                .isEqualTo(Verdict.WRONG);
    }

    @Test
    @DisplayName("a token counts only where a token is wanted")
    void tokens() {
        Secret token = Secret.of("xyzz0WbapA4vBCDEFasx0q6G");
        Delivery unsigned = delivery(BODY.getBytes(StandardCharsets.UTF_8), "1531420618", "");
        assertThat(slack.verify(unsigned, Verification.TOKEN, token, SENT)).isEqualTo(Verdict.RIGHT);
        assertThat(slack.verify(unsigned, Verification.SIGNATURE, token, SENT)).isEqualTo(Verdict.WRONG);
        assertThat(slack.verify(unsigned, Verification.TOKEN, Secret.of("another-token-another"), SENT))
                .isEqualTo(Verdict.WRONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user_id=U1&text=x",
                "team_id=T1&text=x",
                "team_id=T1&user_id=U1&text=%ff",
                "team_id=T1&user_id=U1&text=%4",
                "team_id=T1&user_id=U1&text=%zz",
                "team_id=T1&user_id=U1&text=a%00",
                "team_id=T1&team_id=T2&user_id=U1",
                "team_id=+&user_id=U1"
            })
    @DisplayName("what is no such form is not read")
    void badForms(String body) {
        assertThatThrownBy(() -> slack.read(delivery(body.getBytes(StandardCharsets.UTF_8), "1", "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("an answer is text: no markup, no link, no call of many, no control character")
    void answers() {
        assertThat(new JsonMapper()
                        .readTree(slack.answer("<!channel> @here a&b <https://x|y>\u202e\u0007\nnext"))
                        .path("text")
                        .asString())
                .isEqualTo("&lt;!channel&gt; @\u200bhere a&amp;b &lt;https://x|y&gt;\nnext");
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.slack.com/x, true",
        "https://HOOKS.slack.com:443/x, true",
        "http://hooks.slack.com/x, false",
        "https://hooks.slack.com:8443/x, false",
        "https://hooks.slack.com.evil.example/x, false",
        "https://evil.example/hooks.slack.com, false",
        "https://hooks.slack.com@evil.example/x, false",
        "https://user@hooks.slack.com/x, false",
        "https://a.chat.example/x, true",
        "https://chat.example/x, false",
        "https://xchat.example/x, false",
        "http://chat.internal:8065/x, true",
        "http://chat.internal/x, false",
        "https://chat.internal:8065/x, false",
        "'javascript:alert(1)', false",
        "'', false",
        "not an address, false"
    })
    @DisplayName("answers go only where a connection allows it")
    void hosts(String url, boolean allowed) {
        List<String> hosts = List.of("hooks.slack.com", "*.chat.example", "http://chat.internal:8065");
        assertThat(hosts).allMatch(ResponseHosts::isOne);
        assertThat(ResponseHosts.allowed(url, hosts).isPresent()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"deplyo, DEPLOY", "satus, STATUS", "help!, HELP", "cancle, CANCEL", "zzz, ", "x, "})
    @DisplayName("the nearest word is found, a far one is not")
    void near(String word, Verb verb) {
        assertThat(Verb.near(word).orElse(null)).isEqualTo(verb);
    }
}
