package dev.slipway.activities.git;

import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** Reads private keys. */
public final class SshKeys {
    private static final int LONGEST = 64 * 1024;

    private SshKeys() {}

    /**
     * The public half, to be given to a git server: {@code ssh-ed25519 AAAA…}.
     *
     * @throws ProblemException {@code SLP-GIT-KEY}
     */
    public static String publicKey(String login, Secret key, @Nullable Secret passphrase) {
        return PublicKeyEntry.toString(read(login, key, passphrase).get(0).getPublic());
    }

    static List<KeyPair> read(String login, Secret key, @Nullable Secret passphrase) {
        String text = key.reveal();
        if (text.length() > LONGEST) {
            throw unreadable(login, "too-long");
        }
        // Pasting turns line ends into others and drops the last one; both make a key unreadable.
        String clean = text.strip().replace("\r\n", "\n") + "\n";
        List<KeyPair> pairs = new ArrayList<>();
        try (var in = new ByteArrayInputStream(clean.getBytes(StandardCharsets.UTF_8))) {
            FilePasswordProvider password =
                    passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(passphrase.reveal());
            Iterable<KeyPair> read =
                    SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(login), in, password);
            if (read != null) {
                read.forEach(pairs::add);
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // Never its message: it may quote the key.
            throw unreadable(login, encrypted(clean) ? (passphrase == null ? "encrypted" : "passphrase") : "not-a-key");
        }
        if (pairs.isEmpty()) {
            throw unreadable(login, "not-a-key");
        }
        return pairs;
    }

    private static boolean encrypted(String text) {
        return text.contains("ENCRYPTED") || text.contains("OPENSSH PRIVATE KEY");
    }

    static String fingerprint(java.security.PublicKey key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    private static ProblemException unreadable(String login, String reason) {
        return new ProblemException(Problem.of(ProblemCode.GIT_KEY, login, "name", login, "reason", reason));
    }
}
