package dev.slipway.activities.store;

import java.util.List;

/** Who Slipway is at git servers, and which ssh servers it believes. */
public interface GitKeyring {
    /** Public repositories over https only. */
    GitKeyring NONE = new GitKeyring() {
        @Override
        public List<GitLogin> logins() {
            return List.of();
        }

        @Override
        public List<GitHostKey> confirmed(String host, int port) {
            return List.of();
        }

        @Override
        public void showed(String host, int port, String key, String fingerprint) {}
    };

    /** By name. */
    List<GitLogin> logins();

    /** The keys of one ssh server that a person confirmed. */
    List<GitHostKey> confirmed(String host, int port);

    /** Keeps what a server showed, to be confirmed. Known keys stay as they are. */
    void showed(String host, int port, String key, String fingerprint);
}
