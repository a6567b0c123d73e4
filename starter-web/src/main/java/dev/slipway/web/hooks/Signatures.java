package dev.slipway.web.hooks;

import dev.slipway.activities.store.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whether a delivery comes from who knows the secret, as each provider documents it, over the bytes as they came. All secrets
 * are tried whatever the first one says, each in constant time.
 */
final class Signatures {
    /** How far a provider's time of day may be from ours. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    /** What a secret begins with whose rest is the key in base64. */
    static final String STANDARD_PREFIX = "whsec_";

    private static final int MOST_SIGNATURES = 10;

    private Signatures() {}

    enum Finding {
        GOOD,
        /** Signed with no secret of the hook. */
        WRONG,
        /** Not signed at all. */
        MISSING,
        /** Its time is more than {@link #WINDOW} away, or is none. */
        STALE
    }

    /** @param secret which of them it is, from 0; -1 unless it is good */
    record Checked(Finding finding, int secret) {
        private static Checked not(Finding finding) {
            return new Checked(finding, -1);
        }
    }

    static Checked check(Provider provider, Headers headers, byte[] body, List<Secret> secrets, Instant now) {
        return switch (provider) {
            case GITHUB -> hex(headers.get("X-Hub-Signature-256"), "sha256=", body, secrets);
            case GITEA ->
                headers.get("X-Gitea-Signature").isEmpty()
                        ? hex(headers.get("X-Hub-Signature-256"), "sha256=", body, secrets)
                        : hex(headers.get("X-Gitea-Signature"), "", body, secrets);
            case FORGEJO ->
                headers.first(List.of("X-Forgejo-Signature", "X-Gitea-Signature"))
                                .isEmpty()
                        ? hex(headers.get("X-Hub-Signature-256"), "sha256=", body, secrets)
                        : hex(headers.first(List.of("X-Forgejo-Signature", "X-Gitea-Signature")), "", body, secrets);
            case GITLAB ->
                headers.get("webhook-signature").isEmpty()
                        ? token(headers.get("X-Gitlab-Token"), secrets)
                        : standard(headers, body, secrets, now);
            case GITEE -> gitee(headers, secrets, now);
        };
    }

    private static Checked hex(String signature, String prefix, byte[] body, List<Secret> secrets) {
        if (signature.isEmpty()) {
            return Checked.not(Finding.MISSING);
        }
        byte[] given;
        try {
            given = HexFormat.of()
                    .parseHex(signature.startsWith(prefix) ? signature.substring(prefix.length()) : "not hex");
        } catch (IllegalArgumentException notHex) {
            given = new byte[0];
        }
        int found = -1;
        for (int i = 0; i < secrets.size(); i++) {
            if (MessageDigest.isEqual(hmac(key(secrets.get(i)), body), given)) {
                found = i;
            }
        }
        return found(found);
    }

    private static Checked token(String token, List<Secret> secrets) {
        if (token.isEmpty()) {
            return Checked.not(Finding.MISSING);
        }
        int found = -1;
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).matches(token)) {
                found = i;
            }
        }
        return found(found);
    }

    /** GitLab's signing tokens, as Standard Webhooks has them: over id, time and body. */
    private static Checked standard(Headers headers, byte[] body, List<Secret> secrets, Instant now) {
        String id = headers.get("webhook-id");
        String time = headers.get("webhook-timestamp");
        byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
        String[] given = headers.get("webhook-signature").split(" ", MOST_SIGNATURES + 1);
        int found = -1;
        for (int i = 0; i < secrets.size(); i++) {
            Secret secret = secrets.get(i);
            byte[] plain = hmac(key(secret), head, body);
            byte[] decoded = hmac(decoded(secret), head, body);
            for (String one : given) {
                byte[] signature = one.startsWith("v1,") ? base64(one.substring(3)) : new byte[0];
                if (MessageDigest.isEqual(plain, signature) | MessageDigest.isEqual(decoded, signature)) {
                    found = i;
                }
            }
        }
        if (found < 0) {
            return Checked.not(Finding.WRONG);
        }
        return near(time, 1_000, now) ? found(found) : Checked.not(Finding.STALE);
    }

    /**
     * A password as it is, or a signature over the time alone: Gitee signs no body, so whoever sees a delivery may change it
     * within {@link #WINDOW}. Only TLS keeps it from being seen. Gitee says the time with both.
     */
    private static Checked gitee(Headers headers, List<Secret> secrets, Instant now) {
        String token = headers.get("X-Gitee-Token");
        String time = headers.get("X-Gitee-Timestamp");
        if (token.isEmpty()) {
            return Checked.not(Finding.MISSING);
        }
        if (time.isEmpty()) {
            return Checked.not(Finding.WRONG);
        }
        byte[] given = base64(percentDecoded(token));
        int found = -1;
        for (int i = 0; i < secrets.size(); i++) {
            Secret secret = secrets.get(i);
            byte[] signed = hmac(key(secret), (time + "\n" + secret.reveal()).getBytes(StandardCharsets.UTF_8));
            boolean asSignature = MessageDigest.isEqual(signed, given);
            boolean asPassword = secret.matches(token);
            if (asPassword | asSignature) {
                found = i;
            }
        }
        if (found < 0) {
            return Checked.not(Finding.WRONG);
        }
        return near(time, 1, now) ? found(found) : Checked.not(Finding.STALE);
    }

    private static Checked found(int secret) {
        return secret < 0 ? Checked.not(Finding.WRONG) : new Checked(Finding.GOOD, secret);
    }

    private static boolean near(String time, long milliseconds, Instant now) {
        if (!time.matches("[0-9]{1,15}")) {
            return false;
        }
        Instant then = Instant.ofEpochMilli(Long.parseLong(time) * milliseconds);
        return Duration.between(then, now).abs().compareTo(WINDOW) <= 0;
    }

    private static byte[] key(Secret secret) {
        return secret.reveal().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decoded(Secret secret) {
        String text = secret.reveal();
        byte[] key = text.startsWith(STANDARD_PREFIX) ? base64(text.substring(STANDARD_PREFIX.length())) : new byte[0];
        return key.length == 0 ? key(secret) : key;
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    /** Gitee's signature is percent-encoded in some of its versions; a plus sign of the base64 stays one. */
    private static String percentDecoded(String text) {
        try {
            return text.contains("%") ? URLDecoder.decode(text, StandardCharsets.UTF_8) : text;
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256", e);
        }
    }
}
