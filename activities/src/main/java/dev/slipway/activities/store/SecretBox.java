package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with the master key: AES-256-GCM, a fresh random nonce per seal, bound to a context so that a sealed value
 * cannot be moved to another place unnoticed. A sealed value is {@code version (1) | key id (8) | nonce (12) | text and tag}.
 * Safe for use by many threads; good for 2^32 seals per key (NIST SP 800-38D, random nonces).
 */
public final class SecretBox {
    /** Length of the master key in bytes. */
    public static final int KEY_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int ID_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD_BYTES = 1 + ID_BYTES;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final byte[] id;

    /** @throws IllegalArgumentException when the key has not exactly {@value #KEY_BYTES} bytes */
    public SecretBox(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a master key has " + KEY_BYTES + " bytes, this one has " + key.length);
        }
        this.key = new SecretKeySpec(key, "AES");
        this.id = Arrays.copyOf(sha256("slipway key id", key), ID_BYTES);
    }

    /** @param base64 32 bytes, as {@code openssl rand -base64 32} prints them */
    public static SecretBox ofBase64(Secret base64) {
        return new SecretBox(Base64.getDecoder().decode(base64.reveal().strip()));
    }

    /** A new random key in the form of {@link #ofBase64}. */
    public static Secret newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Secret.of(Base64.getEncoder().encodeToString(bytes));
    }

    /** Names the key without telling it: 16 hex digits of a hash. */
    public String keyId() {
        return HexFormat.of().formatHex(id);
    }

    /** @param context where the value belongs, {@code secret/42/version/3}; the same is needed to open it */
    public byte[] seal(byte[] clear, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, clear, context);
        return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
                .put(VERSION)
                .put(id)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /**
     * @throws ProblemException {@code SLP-KEY-WRONG} when it was sealed with another key, altered, or sealed for another
     *     context
     */
    public byte[] open(byte[] sealed, String context) {
        if (sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BITS / 8
                || sealed[0] != VERSION
                || !Arrays.equals(sealed, 1, HEAD_BYTES, id, 0, ID_BYTES)) {
            throw new ProblemException(wrong(context, sealed));
        }
        byte[] nonce = Arrays.copyOfRange(sealed, HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
        byte[] text = Arrays.copyOfRange(sealed, HEAD_BYTES + NONCE_BYTES, sealed.length);
        try {
            return crypt(Cipher.DECRYPT_MODE, nonce, text, context);
        } catch (IllegalStateException altered) {
            throw new ProblemException(wrong(context, sealed), altered);
        }
    }

    public byte[] seal(Secret secret, String context) {
        return seal(secret.reveal().getBytes(StandardCharsets.UTF_8), context);
    }

    public Secret openSecret(byte[] sealed, String context) {
        return Secret.of(new String(open(sealed, context), StandardCharsets.UTF_8));
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] input, String context) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM: " + e.getClass().getSimpleName(), e);
        }
    }

    private Problem wrong(String context, byte[] sealed) {
        String other =
                sealed.length < HEAD_BYTES ? "?" : HexFormat.of().formatHex(Arrays.copyOfRange(sealed, 1, HEAD_BYTES));
        return Problem.of(ProblemCode.MASTER_KEY_WRONG, context, "key", keyId(), "expected", other);
    }

    private static byte[] sha256(String label, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(label.getBytes(StandardCharsets.UTF_8));
            return digest.digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
