package dev.slipway.activities.store;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with the master key: AES-256-GCM, a fresh random nonce per seal, bound to a context so that a sealed value
 * cannot be moved to another place unnoticed. A sealed value is {@code version (1) | key id (8) | nonce (12) | text and tag}.
 * Safe for use by many threads; good for 2^32 seals per key (NIST SP 800-38D, random nonces).
 *
 * <p>A box may know older keys as well: they open what they sealed, and seal nothing any more.
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
    private final Key current;
    private final List<Key> older;

    /** A key and the id that sealed values carry. */
    private record Key(SecretKeySpec aes, byte[] id) {
        static Key of(byte[] bytes) {
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        "a master key has " + KEY_BYTES + " bytes, this one has " + bytes.length);
            }
            return new Key(
                    new SecretKeySpec(bytes, "AES"),
                    Arrays.copyOf(Sha256.of("slipway key id".getBytes(StandardCharsets.UTF_8), bytes), ID_BYTES));
        }

        boolean sealed(byte[] value) {
            return value.length >= HEAD_BYTES && Arrays.equals(value, 1, HEAD_BYTES, id, 0, ID_BYTES);
        }
    }

    /** @throws IllegalArgumentException when the key has not exactly {@value #KEY_BYTES} bytes */
    public SecretBox(byte[] key) {
        this(Key.of(key), List.of());
    }

    private SecretBox(Key current, List<Key> older) {
        this.current = current;
        this.older = List.copyOf(older);
    }

    /** @param base64 32 bytes, as {@code openssl rand -base64 32} prints them */
    public static SecretBox ofBase64(Secret base64) {
        return ofBase64(base64, List.of());
    }

    /** @param older open what they sealed, each in the form of {@code base64} */
    public static SecretBox ofBase64(Secret base64, List<Secret> older) {
        return new SecretBox(
                Key.of(bytes(base64)),
                older.stream().map(one -> Key.of(bytes(one))).toList());
    }

    private static byte[] bytes(Secret base64) {
        return Base64.getDecoder().decode(base64.reveal().strip());
    }

    /** A new random key in the form of {@link #ofBase64}. */
    public static Secret newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Secret.of(Base64.getEncoder().encodeToString(bytes));
    }

    /** Names the key without telling it: 16 hex digits of a hash. */
    public String keyId() {
        return HexFormat.of().formatHex(current.id());
    }

    /** Names the older keys in the same way. */
    public List<String> olderKeyIds() {
        return older.stream().map(key -> HexFormat.of().formatHex(key.id())).toList();
    }

    /**
     * The same, sealed with the newest key.
     *
     * @throws ProblemException {@code SLP-KEY-WRONG}
     */
    public byte[] reseal(byte[] sealed, String context) {
        return seal(open(sealed, context), context);
    }

    /** @param context where the value belongs, {@code secret/42/version/3}; the same is needed to open it */
    public byte[] seal(byte[] clear, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = crypt(current, Cipher.ENCRYPT_MODE, nonce, clear, context);
        return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
                .put(VERSION)
                .put(current.id())
                .put(nonce)
                .put(sealed)
                .array();
    }

    /**
     * @throws ProblemException {@code SLP-KEY-WRONG} when it was sealed with a key that is not known, altered, or sealed for another
     *     context
     */
    public byte[] open(byte[] sealed, String context) {
        Key key = Stream.concat(Stream.of(current), older.stream())
                .filter(one -> one.sealed(sealed))
                .findFirst()
                .orElse(null);
        if (key == null || sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BITS / 8 || sealed[0] != VERSION) {
            throw new ProblemException(wrong(context, sealed));
        }
        byte[] nonce = Arrays.copyOfRange(sealed, HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
        byte[] text = Arrays.copyOfRange(sealed, HEAD_BYTES + NONCE_BYTES, sealed.length);
        try {
            return crypt(key, Cipher.DECRYPT_MODE, nonce, text, context);
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

    private static byte[] crypt(Key key, int mode, byte[] nonce, byte[] input, String context) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.aes(), new GCMParameterSpec(TAG_BITS, nonce));
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
}
