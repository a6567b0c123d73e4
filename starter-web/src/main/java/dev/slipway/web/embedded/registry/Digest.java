package dev.slipway.web.embedded.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of content: algorithm and lower-case hex. Only well-formed digests exist, so a digest is safe as a file name.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#digests">OCI digests</a>
 */
record Digest(Algorithm algorithm, String hex) {
    private static final Pattern SYNTAX = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");

    /** The registered algorithms of the image specification. */
    enum Algorithm {
        SHA256("SHA-256"),
        SHA512("SHA-512");

        private final String javaName;

        Algorithm(String javaName) {
            this.javaName = javaName;
        }

        MessageDigest start() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has " + javaName, e);
            }
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static boolean isDigest(@Nullable String text) {
        return text != null && SYNTAX.matcher(text).matches();
    }

    /** @throws OciError 400 DIGEST_INVALID when the text is no digest */
    static Digest parse(@Nullable String text) {
        if (text == null || !isDigest(text)) {
            throw new OciError(400, "DIGEST_INVALID", "not a sha256 or sha512 digest: " + OciError.quote(text));
        }
        Algorithm algorithm = text.startsWith("sha512:") ? Algorithm.SHA512 : Algorithm.SHA256;
        return new Digest(algorithm, text.substring(text.indexOf(':') + 1));
    }

    static Digest of(Algorithm algorithm, byte[] content) {
        return finished(algorithm, algorithm.start().digest(content));
    }

    static Digest finished(Algorithm algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    @Override
    public String toString() {
        return algorithm.label() + ":" + hex;
    }
}
