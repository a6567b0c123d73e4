package dev.slipway.web.chat;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.store.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Slack's slash commands, and Mattermost's, which have the same form but a token in place of a signature.
 *
 * @see <a href="https://docs.slack.dev/authentication/verifying-requests-from-slack">Verifying requests from Slack</a>
 * @see <a href="https://developers.mattermost.com/integrate/slash-commands/custom/">Mattermost: custom slash commands</a>
 */
@Component
final class SlackProvider implements ChatProvider {
    static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String TIMESTAMP = "X-Slack-Request-Timestamp";
    private static final String SIGNATURE = "X-Slack-Signature";
    private static final String TOKEN_SCHEME = "Token ";
    private static final int MOST_FIELDS = 64;
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_URL = 2_000;
    /** Slack cuts at 40,000 characters; nobody reads so much. */
    private static final int LONGEST_ANSWER = 3_000;

    private final JsonMapper json;

    SlackProvider(JsonMapper json) {
        this.json = json;
    }

    @Override
    public String word() {
        return "slack";
    }

    @Override
    public Set<Verification> verifications() {
        return EnumSet.allOf(Verification.class);
    }

    @Override
    public Verdict verify(Delivery delivery, Verification how, Secret secret, Instant now) {
        return switch (how) {
            case SIGNATURE -> signed(delivery, secret, now);
            case TOKEN -> {
                String header = text(delivery.header().apply("Authorization"));
                boolean right = header.startsWith(TOKEN_SCHEME)
                        && secret.matches(
                                header.substring(TOKEN_SCHEME.length()).strip());
                yield right || secret.matches(token(delivery.body())) ? Verdict.RIGHT : Verdict.WRONG;
            }
        };
    }

    private static Verdict signed(Delivery delivery, Secret secret, Instant now) {
        String time = text(delivery.header().apply(TIMESTAMP));
        String given = text(delivery.header().apply(SIGNATURE));
        if (!time.matches("[0-9]{1,12}") || given.length() > 100) {
            return Verdict.WRONG;
        }
        byte[] wanted = ("v0=" + signature(secret, time, delivery.body())).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8))) {
            return Verdict.WRONG;
        }
        long off = Math.abs(now.getEpochSecond() - Long.parseLong(time));
        return off <= WINDOW.toSeconds() ? Verdict.RIGHT : Verdict.STALE;
    }

    /** Hex, without its version. */
    static String signature(Secret secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(("v0:" + time + ":").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a body that nobody has verified yet. */
    private static String token(byte[] body) {
        try {
            return form(body).getOrDefault("token", "");
        } catch (IllegalArgumentException notAForm) {
            return "";
        }
    }

    @Override
    public String fingerprint(Delivery delivery) {
        String signature = text(delivery.header().apply(SIGNATURE));
        return Sha256.hex(signature.getBytes(StandardCharsets.UTF_8), delivery.body());
    }

    @Override
    public Typed read(Delivery delivery) {
        Map<String, String> form = form(delivery.body());
        return new Typed(
                required(form, "team_id"),
                limited(form, "team_domain", LONGEST_ID),
                required(form, "user_id"),
                limited(form, "user_name", LONGEST_ID),
                limited(form, "command", LONGEST_ID),
                limited(form, "text", LONGEST_TEXT),
                limited(form, "trigger_id", LONGEST_URL),
                limited(form, "response_url", LONGEST_URL),
                text(delivery.header().apply(TIMESTAMP)));
    }

    private static String required(Map<String, String> form, String name) {
        String value = limited(form, name, LONGEST_ID);
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static String limited(Map<String, String> form, String name, int longest) {
        String value = form.getOrDefault(name, "");
        if (value.length() > longest) {
            throw new IllegalArgumentException(name + " is longer than " + longest + " characters");
        }
        if (value.indexOf(0) >= 0) {
            throw new IllegalArgumentException(name + " holds a character that no text has");
        }
        return value;
    }

    /** {@code application/x-www-form-urlencoded} in strict UTF-8; of a name that comes twice neither is taken. */
    static Map<String, String> form(byte[] body) {
        Map<String, String> form = new HashMap<>();
        // Bytes as characters: what is decoded is decoded below.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            return form;
        }
        String[] pairs = text.split("&", -1);
        if (pairs.length > MOST_FIELDS) {
            throw new IllegalArgumentException("more than " + MOST_FIELDS + " fields");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (form.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("a field comes twice");
            }
        }
        return form;
    }

    private static String decoded(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one == '%') {
                if (i + 2 >= text.length()
                        || Character.digit(text.charAt(i + 1), 16) < 0
                        || Character.digit(text.charAt(i + 2), 16) < 0) {
                    throw new IllegalArgumentException("an escape that is none");
                }
                bytes[length++] = (byte) Integer.parseInt(text.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) (one == '+' ? ' ' : one);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    @Override
    public String answer(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LONGEST_ANSWER).forEach(point -> {
            switch (point) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                // Slack calls many by <!channel>, Mattermost by @channel: a blank of no width makes it a word.
                case '@' -> safe.append("@\u200b");
                case '\n' -> safe.append('\n');
                default -> {
                    int type = Character.getType(point);
                    if (type != Character.CONTROL && type != Character.SURROGATE && type != Character.FORMAT) {
                        safe.appendCodePoint(point);
                    }
                }
            }
        });
        return json.writeValueAsString(Map.of("response_type", "ephemeral", "text", safe.toString()));
    }

    @Override
    public Duration answersFor() {
        return Duration.ofMinutes(30);
    }

    @Override
    public int answers() {
        return 5;
    }

    @Override
    public Set<String> usualHosts() {
        return Set.of("hooks.slack.com");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
