package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Logins of git servers, sealed with the master key, and the keys that ssh servers showed. */
public final class GitLoginStore implements GitKeyring {
    private final JdbcClient jdbc;
    private final SecretBox box;

    public GitLoginStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /** @throws ProblemException {@code SLP-GIT-LOGIN-EXISTS} when the name or the address has one */
    public void add(GitLogin login) {
        Secret passphrase = login.passphrase();
        try {
            jdbc.sql("""
                            insert into git_login (name, kind, address, username, secret, passphrase, public_key)
                            values (:name, :kind, :address, :username, :secret, :passphrase, :publicKey)
                            """)
                    .param("name", login.name())
                    .param("kind", login.kind().word())
                    .param("address", login.address())
                    .param("username", login.username())
                    .param("secret", box.seal(login.secret(), context(login.name(), login.address())))
                    .param(
                            "passphrase",
                            passphrase == null ? null : box.seal(passphrase, context(login.name(), login.address())),
                            java.sql.Types.BINARY)
                    .param("publicKey", login.publicKey())
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.GIT_LOGIN_EXISTS,
                            login.name(),
                            "name",
                            login.name(),
                            "address",
                            login.address()),
                    e);
        }
    }

    @Override
    public List<GitLogin> logins() {
        return jdbc.sql("select * from git_login order by name")
                .query(this::login)
                .list();
    }

    /** Whether there was one. */
    public boolean remove(String name) {
        return jdbc.sql("delete from git_login where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    private GitLogin login(ResultSet row, int number) throws SQLException {
        String name = row.getString("name");
        String address = row.getString("address");
        byte[] passphrase = row.getBytes("passphrase");
        String kind = row.getString("kind");
        return new GitLogin(
                name,
                GitLogin.Kind.SSH_KEY.word().equals(kind) ? GitLogin.Kind.SSH_KEY : GitLogin.Kind.PASSWORD,
                address,
                row.getString("username"),
                box.openSecret(row.getBytes("secret"), context(name, address)),
                passphrase == null ? null : box.openSecret(passphrase, context(name, address)),
                row.getString("public_key"),
                row.getTimestamp("created_at").toInstant());
    }

    /** All keys of all servers, confirmed or not. */
    public List<GitHostKey> hostKeys() {
        return jdbc.sql("select * from git_host_key order by host, port, confirmed_at nulls last, key")
                .query(GitLoginStore::hostKey)
                .list();
    }

    @Override
    public List<GitHostKey> confirmed(String host, int port) {
        return jdbc.sql("select * from git_host_key where host = :host and port = :port and confirmed_at is not null")
                .param("host", host)
                .param("port", port)
                .query(GitLoginStore::hostKey)
                .list();
    }

    @Override
    public void showed(String host, int port, String key, String fingerprint) {
        jdbc.sql("""
                        insert into git_host_key (host, port, key, fingerprint) values (:host, :port, :key, :fingerprint)
                        on conflict (host, port, key) do update set seen_at = now()
                        """)
                .param("host", host)
                .param("port", port)
                .param("key", key)
                .param("fingerprint", fingerprint)
                .update();
    }

    /** A person compared the fingerprint. Older keys of the same type are replaced by it. Whether the server showed such a key. */
    public boolean confirm(String host, int port, String fingerprint, String who) {
        boolean there = jdbc.sql("""
                        update git_host_key set confirmed_at = coalesce(confirmed_at, now()), confirmed_by = coalesce(confirmed_by, :who)
                        where host = :host and port = :port and fingerprint = :fingerprint
                        """)
                        .param("host", host)
                        .param("port", port)
                        .param("fingerprint", fingerprint)
                        .param("who", who)
                        .update()
                == 1;
        if (there) {
            jdbc.sql("""
                            delete from git_host_key old using git_host_key new
                            where old.host = :host and old.port = :port and new.host = :host and new.port = :port
                                and new.fingerprint = :fingerprint and old.fingerprint <> :fingerprint
                                and split_part(old.key, ' ', 1) = split_part(new.key, ' ', 1)
                            """)
                    .param("host", host)
                    .param("port", port)
                    .param("fingerprint", fingerprint)
                    .update();
        }
        return there;
    }

    /** Whether there was such a key. */
    public boolean forget(String host, int port, String fingerprint) {
        return jdbc.sql("delete from git_host_key where host = :host and port = :port and fingerprint = :fingerprint")
                        .param("host", host)
                        .param("port", port)
                        .param("fingerprint", fingerprint)
                        .update()
                > 0;
    }

    private static GitHostKey hostKey(ResultSet row, int number) throws SQLException {
        Timestamp confirmed = row.getTimestamp("confirmed_at");
        @Nullable String by = row.getString("confirmed_by");
        return new GitHostKey(
                row.getString("host"),
                row.getInt("port"),
                row.getString("key"),
                row.getString("fingerprint"),
                row.getTimestamp("seen_at").toInstant(),
                confirmed == null ? null : confirmed.toInstant(),
                by);
    }

    private static String context(String name, String address) {
        return "git/" + name + "/" + address;
    }
}
