package dev.slipway.activities.store.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * How rows hang together: {@code hash(n) = SHA-256(hash(n-1) | row n)}. A row is written as its number, its time in microseconds,
 * its count, and its texts, each with its length before it, so that no two rows are written alike.
 */
public final class AuditChain {
    /** What the first row follows. */
    public static final String BEGIN = "0".repeat(64);

    private AuditChain() {}

    /** @param before hash of the row before, 64 hex digits */
    public static String hash(String before, long seq, AuditEntry entry) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(before));
        number(digest, seq);
        number(digest, ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()));
        number(digest, entry.times());
        text(digest, entry.act());
        text(digest, entry.request());
        text(digest, entry.outcome().word());
        text(digest, entry.who());
        text(digest, entry.userId());
        text(digest, entry.tokenId());
        text(digest, entry.door());
        text(digest, entry.address());
        text(digest, entry.action());
        text(digest, entry.kind());
        text(digest, entry.name());
        text(digest, entry.subjectId());
        text(digest, entry.detail());
        text(digest, entry.problem());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void number(MessageDigest digest, long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private static void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(digest, bytes.length);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
