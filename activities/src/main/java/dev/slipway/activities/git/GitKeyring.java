package dev.slipway.activities.git;

import dev.slipway.activities.store.GitHostKey;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.GitLoginStore;
import java.util.List;

/** Who Slipway is at git servers, and which ssh servers it believes. */
public interface GitKeyring {
    /** None: public repositories over https only. */
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

    List<GitLogin> logins();

    /** The keys of one ssh server that a person confirmed. */
    List<GitHostKey> confirmed(String host, int port);

    /** A server showed a key that nobody confirmed. */
    void showed(String host, int port, String key, String fingerprint);

    /** What people keep on the page of git. */
    static GitKeyring of(GitLoginStore store) {
        return new GitKeyring() {
            @Override
            public List<GitLogin> logins() {
                return store.all();
            }

            @Override
            public List<GitHostKey> confirmed(String host, int port) {
                return store.confirmed(host, port);
            }

            @Override
            public void showed(String host, int port, String key, String fingerprint) {
                store.showed(host, port, key, fingerprint);
            }
        };
    }
}
