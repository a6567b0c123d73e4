package dev.slipway.activities.kubernetes.render;

import dev.slipway.activities.store.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed digests: equal content, equal digest, and a short secret cannot be guessed from it. */
final class Digests {
    /** For what is no secret and has to be the same everywhere. */
    static final Digests OPEN = new Digests(Secret.of("open"));

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LENGTH = 32;

    private final SecretKeySpec key;

    Digests(Secret key) {
        byte[] bytes = key.reveal().getBytes(StandardCharsets.UTF_8);
        this.key = new SecretKeySpec(bytes.length == 0 ? new byte[1] : bytes, ALGORITHM);
    }

    /** Of plain maps, lists, strings and numbers; the order of keys does not count. */
    String of(Object tree) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(Trees.canonical(tree))).substring(0, LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
