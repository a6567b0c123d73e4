package dev.slipway.activities.store;

import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What proves who somebody is: sessions of browsers, tokens of programs. Stored hashed, read anew for each request. */
public final class CredentialStore {
    /** A session that nobody used for so long ends. */
    public static final Duration IDLE = Duration.ofHours(12);
    /** Every session ends after that. */
    public static final Duration LONGEST = Duration.ofDays(7);
    /** What every token begins with, so that scanners of leaked secrets know it. */
    public static final String TOKEN_PREFIX = "slipway_";

    private static final int HINT = TOKEN_PREFIX.length() + 4;
    private static final int LONGEST_AGENT = 200;

    /**
     * Who a session or a token stands for, as of now.
     *
     * @param credentialId of the session or token
     * @param scopes all permissions for a session
     */
    public record Bearer(
            String credentialId, String personId, String name, Set<Permission> scopes, List<Grant> grants) {
        public Bearer {
            scopes = Set.copyOf(scopes);
            grants = List.copyOf(grants);
        }
    }

    /** A browser that is signed in. @param agent what the browser called itself */
    public record Session(String id, String address, String agent, Instant createdAt, Instant seenAt) {}

    /**
     * @param hint its first characters
     * @param expiresAt {@code null}: never
     * @param usedAt {@code null}: not yet; told to the minute
     */
    public record Token(
            String id,
            String name,
            String hint,
            Set<Permission> scopes,
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant usedAt,
            boolean revoked) {
        public Token {
            scopes = Set.copyOf(scopes);
        }

        public boolean expired() {
            return expiresAt != null && !expiresAt.isAfter(Instant.now());
        }

        public boolean works() {
            return !revoked && !expired();
        }
    }

    /** @param text shown once, not stored */
    public record NewToken(Token token, Secret text) {}

    private static final String GRANTS = """
             join person p on p.id = c.person_id and p.removed_at is null
             left join role_grant g on g.person_id = p.id
             left join environment e on e.id = g.environment_id
            """;
    private static final String COLUMNS = """
            select c.id, c.person_id, p.name, g.role, coalesce(g.application_id, e.application_id) as application_id,
                g.environment_id
            """;

    private final JdbcClient jdbc;

    public CredentialStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A new session; the text is for the cookie and is not stored. */
    public String signIn(String personId, String address, String agent) {
        String text = OneTimeText.next();
        jdbc.sql("""
                        delete from signed_in where seen_at < now() - cast(:idle as interval)
                            or created_at < now() - cast(:longest as interval)
                        """)
                .param("idle", IDLE.toString())
                .param("longest", LONGEST.toString())
                .update();
        jdbc.sql("""
                        insert into signed_in (id, hash, person_id, address, agent)
                        values (:id, :hash, :person, :address, :agent)
                        """)
                .param("id", Ids.next())
                .param("hash", OneTimeText.hash(text))
                .param("person", personId)
                .param("address", address)
                .param("agent", agent.substring(0, Math.min(agent.length(), LONGEST_AGENT)))
                .update();
        return text;
    }

    /** Whose session it is; it counts as used. Empty: it has ended. */
    public Optional<Bearer> session(String text) {
        List<Part> parts = jdbc.sql(COLUMNS + """
                        , null as scopes, c.seen_at < now() - interval '1 minute' as stale from signed_in c
                        """ + GRANTS + """
                         where c.hash = :hash and c.seen_at > now() - cast(:idle as interval)
                           and c.created_at > now() - cast(:longest as interval)
                        """)
                .param("hash", OneTimeText.hash(text))
                .param("idle", IDLE.toString())
                .param("longest", LONGEST.toString())
                .query(CredentialStore::part)
                .list();
        return used(parts, "update signed_in set seen_at = now() where id = :id");
    }

    public List<Session> sessions(String personId) {
        return jdbc.sql("""
                        select * from signed_in where person_id = :person and seen_at > now() - cast(:idle as interval)
                            and created_at > now() - cast(:longest as interval)
                        order by seen_at desc
                        """)
                .param("person", personId)
                .param("idle", IDLE.toString())
                .param("longest", LONGEST.toString())
                .query((row, number) -> new Session(
                        row.getString("id"),
                        row.getString("address"),
                        row.getString("agent"),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("seen_at").toInstant()))
                .list();
    }

    /** Ends a session; one that has ended is no error. */
    public void signOut(String text) {
        jdbc.sql("delete from signed_in where hash = :hash")
                .param("hash", OneTimeText.hash(text))
                .update();
    }

    /** Ends one session of somebody; whether there was one. */
    public boolean endSession(String personId, String id) {
        return jdbc.sql("delete from signed_in where person_id = :person and id = :id")
                        .param("person", personId)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Ends all sessions of somebody, but that one. */
    public int endSessions(String personId, @Nullable String but) {
        return jdbc.sql("delete from signed_in where person_id = :person and id is distinct from cast(:but as text)")
                .param("person", personId)
                .param("but", but)
                .update();
    }

    public NewToken issue(
            String personId, String name, Set<Permission> scopes, @Nullable Instant expiresAt, String by) {
        String text = TOKEN_PREFIX + OneTimeText.next();
        Token made = jdbc.sql("""
                        insert into api_token (id, person_id, name, hash, hint, scopes, created_by, expires_at)
                        values (:id, :person, :name, :hash, :hint, :scopes, :by, :until) returning *
                        """)
                .param("id", Ids.next())
                .param("person", personId)
                .param("name", name)
                .param("hash", OneTimeText.hash(text))
                .param("hint", text.substring(0, HINT))
                .param("scopes", scopes.stream().sorted().map(Permission::word).toArray(String[]::new))
                .param("by", by)
                .param("until", expiresAt == null ? null : Timestamp.from(expiresAt))
                .query(CredentialStore::token)
                .single();
        return new NewToken(made, Secret.of(text));
    }

    /** Whom a token stands for; it counts as used. Empty: there is none such, it was revoked, or it has expired. */
    public Optional<Bearer> token(String text) {
        List<Part> parts = jdbc.sql(COLUMNS + """
                        , c.scopes, c.used_at is null or c.used_at < now() - interval '1 minute' as stale from api_token c
                        """ + GRANTS + """
                         where c.hash = :hash and c.revoked_at is null and (c.expires_at is null or c.expires_at > now())
                        """)
                .param("hash", OneTimeText.hash(text))
                .query(CredentialStore::part)
                .list();
        return used(parts, "update api_token set used_at = now() where id = :id");
    }

    /** What is shown of the last use is told to the minute: not each request writes. */
    private Optional<Bearer> used(List<Part> parts, String update) {
        Optional<Bearer> bearer = bearer(parts);
        if (bearer.isPresent() && parts.get(0).stale()) {
            jdbc.sql(update).param("id", bearer.get().credentialId()).update();
        }
        return bearer;
    }

    /** Newest first, those that were revoked or have expired included. */
    public List<Token> tokens(String personId) {
        return jdbc.sql("select * from api_token where person_id = :person order by created_at desc")
                .param("person", personId)
                .query(CredentialStore::token)
                .list();
    }

    /** It works no more, from the next request on; whether there was one that did. */
    public boolean revoke(String personId, String id) {
        return jdbc.sql(
                                "update api_token set revoked_at = now() where person_id = :person and id = :id and revoked_at is null")
                        .param("person", personId)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** @param stale its use was told more than a minute ago */
    private record Part(Bearer bearer, @Nullable Grant grant, boolean stale) {}

    private static Part part(ResultSet row, int number) throws SQLException {
        java.sql.Array scopes = row.getArray("scopes");
        return new Part(
                new Bearer(
                        row.getString("id"),
                        row.getString("person_id"),
                        row.getString("name"),
                        scopes == null ? EnumSet.allOf(Permission.class) : permissions((String[]) scopes.getArray()),
                        List.of()),
                row.getString("role") == null ? null : PersonStore.grantRow(row, number),
                row.getBoolean("stale"));
    }

    private static Optional<Bearer> bearer(List<Part> parts) {
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        List<Grant> grants = new ArrayList<>();
        for (Part part : parts) {
            if (part.grant() != null) {
                grants.add(part.grant());
            }
        }
        Bearer one = parts.get(0).bearer();
        return Optional.of(new Bearer(one.credentialId(), one.personId(), one.name(), one.scopes(), grants));
    }

    private static Token token(ResultSet row, int number) throws SQLException {
        return new Token(
                row.getString("id"),
                row.getString("name"),
                row.getString("hint"),
                permissions((String[]) row.getArray("scopes").getArray()),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                instant(row, "expires_at"),
                instant(row, "used_at"),
                row.getTimestamp("revoked_at") != null);
    }

    private static Set<Permission> permissions(String[] words) {
        return Arrays.stream(words)
                .flatMap(word -> Permission.of(word).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
