package dev.slipway.activities.git;

import dev.slipway.activities.store.GitHostKey;
import dev.slipway.activities.store.GitKeyring;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jspecify.annotations.Nullable;

/** Believes an ssh server that shows a key which a person confirmed, and no other; keeps what the others showed. */
final class ServerKeys implements ServerKeyDatabase {
    private final GitKeyring keyring;
    private final GitAddress server;
    private volatile @Nullable ProblemException refusal;

    ServerKeys(GitKeyring keyring, GitAddress server) {
        this.keyring = keyring;
        this.server = server;
    }

    /** Why the server was not believed; {@code null}: it was, or it never got so far. */
    @Nullable
    ProblemException refusal() {
        return refusal;
    }

    @Override
    public List<PublicKey> lookup(String connectAddress, InetSocketAddress remote, Configuration config) {
        List<PublicKey> keys = new ArrayList<>();
        keyring.confirmed(server.host(), server.port())
                .forEach(known -> key(known).ifPresent(keys::add));
        return keys;
    }

    @Override
    public boolean accept(
            String connectAddress,
            InetSocketAddress remote,
            PublicKey shown,
            Configuration config,
            @Nullable CredentialsProvider provider) {
        List<GitHostKey> confirmed = keyring.confirmed(server.host(), server.port());
        boolean known =
                confirmed.stream().flatMap(one -> key(one).stream()).anyMatch(key -> KeyUtils.compareKeys(key, shown));
        if (!known) {
            String fingerprint = SshKeys.fingerprint(shown);
            keyring.showed(server.host(), server.port(), PublicKeyEntry.toString(shown), fingerprint);
            String place = server.host() + (server.port() == 22 ? "" : ":" + server.port());
            refusal = confirmed.isEmpty()
                    ? GitProblems.of(ProblemCode.GIT_HOST_UNKNOWN, place, "fingerprint", fingerprint)
                    : GitProblems.of(
                            ProblemCode.GIT_HOST_CHANGED,
                            place,
                            "fingerprint",
                            fingerprint,
                            "known",
                            String.join(
                                    ", ",
                                    confirmed.stream()
                                            .map(GitHostKey::fingerprint)
                                            .toList()));
        }
        return known;
    }

    private static Optional<PublicKey> key(GitHostKey known) {
        try {
            return Optional.ofNullable(
                    PublicKeyEntry.parsePublicKeyEntry(known.key()).resolvePublicKey(null, null, null));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
