package dev.slipway.activities.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How Slipway signs in to a git server.
 *
 * @param name what people call it
 * @param address the repository it is for, or what the addresses of its repositories begin with
 * @param username for a password; an ssh key is used as the user that the repository's address names
 * @param secret password, token, or private key in PEM or OpenSSH form
 * @param passphrase of the private key; {@code null}: it has none
 * @param publicKey of an ssh key, to be given to the git server; {@code null}: it is a password
 * @param createdAt {@code null}: it is not kept yet
 */
public record GitLogin(
        String name,
        Kind kind,
        String address,
        String username,
        Secret secret,
        @Nullable Secret passphrase,
        @Nullable String publicKey,
        @Nullable Instant createdAt) {
    /** What is shown to the server. */
    public enum Kind {
        PASSWORD("password"),
        SSH_KEY("sshKey");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As API and store write it. */
        public String word() {
            return word;
        }
    }
}
