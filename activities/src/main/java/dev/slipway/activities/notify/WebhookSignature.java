package dev.slipway.activities.notify;

import dev.slipway.activities.store.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a webhook proves that it comes from Slipway: {@code Slipway-Signature: t=<seconds since 1970>,v1=<hex>}, where {@code v1} is the
 * HMAC-SHA256, with the webhook's secret, over {@code t}, a dot and the body as it was sent, byte for byte. After a secret was changed there are two {@code v1}
 * for a while: one that fits is enough.
 *
 * <p>A receiver does what {@link #verify} does: read the raw body, compute, compare in constant time, refuse what is older than five
 * minutes, and treat a {@code Slipway-Delivery} that it has seen as done.
 */
public final class WebhookSignature {
    public static final String HEADER = "Slipway-Signature";

    private static final Pattern FORM = Pattern.compile("t=(\\d{1,12})((?:,v1=[0-9a-f]{64}){1,4})");

    private WebhookSignature() {}

    /** The header's value. */
    static String sign(List<Secret> secrets, Instant at, byte[] body) {
        return "t=" + at.getEpochSecond()
                + secrets.stream()
                        .map(secret -> ",v1=" + hmac(secret, at.getEpochSecond(), body))
                        .collect(Collectors.joining());
    }

    /** Whether the body was sent by somebody with the secret, not longer ago than that. */
    public static boolean verify(Secret secret, String header, byte[] body, Instant now, Duration tolerance) {
        Matcher form = FORM.matcher(header);
        if (!form.matches()) {
            return false;
        }
        long at = Long.parseLong(form.group(1));
        byte[] expected = hmac(secret, at, body).getBytes(StandardCharsets.US_ASCII);
        boolean fits = Arrays.stream(form.group(2).substring(1).split(","))
                .map(one -> one.substring("v1=".length()).getBytes(StandardCharsets.US_ASCII))
                .map(one -> MessageDigest.isEqual(one, expected))
                .reduce(false, Boolean::logicalOr);
        return fits && Math.abs(now.getEpochSecond() - at) <= tolerance.toSeconds();
    }

    private static String hmac(Secret secret, long at, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((at + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
