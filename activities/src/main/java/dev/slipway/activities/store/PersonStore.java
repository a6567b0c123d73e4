package dev.slipway.activities.store;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** People and services, their roles, and the one-time links by which a person chooses a password. */
public final class PersonStore {
    /** What somebody is. */
    public enum Kind {
        PERSON,
        /** A program: it has tokens and no password. */
        SERVICE;

        /** The word of API, pages and store. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param version counts the changes of roles and state
     * @param hasPassword a person without one is invited and has not come yet
     * @param removed may do nothing any more; the name stays taken
     */
    public record Person(
            String id,
            String name,
            Kind kind,
            boolean hasPassword,
            long version,
            Instant createdAt,
            String createdBy,
            boolean removed) {}

    /** What a link is for. @param person {@code null}: whoever opens it becomes an administrator */
    public record Link(@Nullable Person person, String createdBy, Instant expiresAt) {}

    private static final String SELECT = "select p.*, p.password is not null as has_password from person p ";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public PersonStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** @throws ProblemException {@code SLP-PEOPLE-EXISTS}, also when somebody who was removed had that name */
    public Person add(String name, Kind kind, Collection<Grant> grants, String by) {
        String id = Ids.next();
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("insert into person (id, name, kind, created_by) values (:id, :name, :kind, :by)")
                        .param("id", id)
                        .param("name", name)
                        .param("kind", kind.word())
                        .param("by", by)
                        .update();
                grant(id, grants);
            });
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.PEOPLE_EXISTS, name, "name", name), e);
        }
        return byId(id);
    }

    /** By name; those who were removed are left out. */
    public List<Person> list(Kind kind, String afterName, int limit) {
        return jdbc.sql(SELECT + """
                        where p.kind = :kind and p.removed_at is null and lower(p.name) > lower(:after)
                        order by lower(p.name) limit :limit
                        """)
                .param("kind", kind.word())
                .param("after", afterName)
                .param("limit", limit)
                .query(PersonStore::row)
                .list();
    }

    /** @throws ProblemException {@code SLP-PEOPLE-UNKNOWN}: there is none of that name, or it was removed */
    public Person named(String name) {
        return byName(name)
                .filter(person -> !person.removed())
                .orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.PEOPLE_UNKNOWN, name, "name", name)));
    }

    public Optional<Person> byName(String name) {
        return jdbc.sql(SELECT + "where lower(p.name) = lower(:name)")
                .param("name", name)
                .query(PersonStore::row)
                .optional();
    }

    public Person byId(String id) {
        return jdbc.sql(SELECT + "where p.id = :id")
                .param("id", id)
                .query(PersonStore::row)
                .single();
    }

    /** What somebody is, and where. */
    public List<Grant> grants(String personId) {
        return jdbc.sql("""
                        select g.role, coalesce(g.application_id, e.application_id) as application_id, g.environment_id
                        from role_grant g left join environment e on e.id = g.environment_id
                        where g.person_id = :person order by g.role, application_id nulls first, g.environment_id nulls first
                        """)
                .param("person", personId)
                .query(PersonStore::grantRow)
                .list();
    }

    /**
     * Replaces all roles of somebody.
     *
     * @param version that the change is based on
     * @throws ProblemException {@code SLP-PEOPLE-CHANGED} when somebody else was faster, {@code SLP-PEOPLE-LAST-ADMIN}
     */
    public Person replaceGrants(String id, Collection<Grant> grants, long version) {
        transaction.executeWithoutResult(status -> {
            lockAdministrators();
            touch(id, version);
            jdbc.sql("delete from role_grant where person_id = :id")
                    .param("id", id)
                    .update();
            grant(id, grants);
            requireAdministrator(id);
        });
        return byId(id);
    }

    /**
     * Somebody may do nothing any more: roles, sessions, tokens and links are gone at once. What they started goes on.
     *
     * @throws ProblemException {@code SLP-PEOPLE-CHANGED}, {@code SLP-PEOPLE-LAST-ADMIN}
     */
    public void remove(String id, long version) {
        transaction.executeWithoutResult(status -> {
            lockAdministrators();
            touch(id, version);
            jdbc.sql("update person set removed_at = now(), password = null where id = :id")
                    .param("id", id)
                    .update();
            for (String table : List.of("role_grant", "signed_in", "password_link")) {
                jdbc.sql("delete from " + table + " where person_id = :id")
                        .param("id", id)
                        .update();
            }
            jdbc.sql("update api_token set revoked_at = now() where person_id = :id and revoked_at is null")
                    .param("id", id)
                    .update();
            requireAdministrator(id);
        });
    }

    /** Whether an administrator has a password: until then only this machine is answered. */
    public boolean hasAdministrator() {
        return jdbc.sql("select exists (select 1 from person p where " + ADMINISTRATOR + ")")
                .query(Boolean.class)
                .single();
    }

    private static final String ADMINISTRATOR = """
            p.kind = 'person' and p.removed_at is null and p.password is not null and exists (select 1 from role_grant g
              where g.person_id = p.id and g.role = 'admin' and g.application_id is null and g.environment_id is null)
            """;

    /** Two administrators who remove each other come one after the other. */
    private void lockAdministrators() {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('slipway administrators'))")
                .query((row, number) -> true)
                .list();
    }

    private void requireAdministrator(String changed) {
        if (!hasAdministrator()
                && jdbc.sql("select password is not null or removed_at is not null from person where id = :id")
                        .param("id", changed)
                        .query(Boolean.class)
                        .single()) {
            throw new ProblemException(Problem.of(ProblemCode.PEOPLE_LAST_ADMIN, ""));
        }
    }

    private void touch(String id, long version) {
        if (jdbc.sql(
                                "update person set version = version + 1 where id = :id and version = :version and removed_at is null")
                        .param("id", id)
                        .param("version", version)
                        .update()
                == 0) {
            throw new ProblemException(Problem.of(ProblemCode.PEOPLE_CHANGED, "", "name", byId(id).name()));
        }
    }

    private void grant(String id, Collection<Grant> grants) {
        for (Grant grant : grants) {
            jdbc.sql("""
                            insert into role_grant (person_id, role, application_id, environment_id)
                            values (:person, :role, :application, :environment) on conflict do nothing
                            """)
                    .param("person", id)
                    .param("role", grant.role().word())
                    .param("application", grant.environmentId() == null ? grant.applicationId() : null)
                    .param("environment", grant.environmentId())
                    .update();
        }
    }

    /** What was encoded of the password; empty: nobody of that name can sign in. */
    public Optional<Credential> credential(String name) {
        return jdbc.sql("""
                        select id, password from person
                        where lower(name) = lower(:name) and removed_at is null and password is not null
                        """)
                .param("name", name)
                .query((row, number) -> new Credential(row.getString("id"), row.getString("password")))
                .optional();
    }

    /** @param encoded never leaves the sign-in */
    public record Credential(String personId, String encoded) {
        @Override
        public String toString() {
            return personId + " ***";
        }
    }

    /** A new password; all sessions but the given one end. */
    public void password(String id, String encoded, @Nullable String keptSession) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("update person set password = :encoded where id = :id and removed_at is null and kind = 'person'")
                    .param("encoded", encoded)
                    .param("id", id)
                    .update();
            jdbc.sql("delete from signed_in where person_id = :id and id is distinct from cast(:kept as text)")
                    .param("id", id)
                    .param("kept", keptSession)
                    .update();
            jdbc.sql("delete from password_link where person_id = :id")
                    .param("id", id)
                    .update();
        });
    }

    /**
     * A new link; earlier ones for the same person end.
     *
     * @param personId {@code null}: whoever opens it becomes an administrator
     * @return what the link ends with; it is not stored
     */
    public String link(@Nullable String personId, String by, Duration valid) {
        String text = OneTimeText.next();
        jdbc.sql("delete from password_link where person_id = :person or expires_at < now()")
                .param("person", personId)
                .update();
        jdbc.sql("""
                        insert into password_link (hash, person_id, created_by, expires_at)
                        values (:hash, :person, :by, :until)
                        """)
                .param("hash", OneTimeText.hash(text))
                .param("person", personId)
                .param("by", by)
                .param("until", Timestamp.from(Instant.now().plus(valid)))
                .update();
        return text;
    }

    /** The link, if it still works; it goes on working, so that a preview of it burns nothing. */
    public Optional<Link> link(String text) {
        return jdbc.sql("select * from password_link where hash = :hash and expires_at > now()")
                .param("hash", OneTimeText.hash(text))
                .query((row, number) -> new Link(
                        row.getString("person_id") == null ? null : byId(row.getString("person_id")),
                        row.getString("created_by"),
                        row.getTimestamp("expires_at").toInstant()))
                .optional();
    }

    /**
     * Uses a link up: its person has this password now, or there is a new administrator.
     *
     * @param name of the new administrator; not looked at when the link is somebody's
     * @return empty: the link does not work any more
     * @throws ProblemException {@code SLP-PEOPLE-EXISTS}; the link goes on working then
     */
    public Optional<Person> use(String text, String name, String encoded) {
        Optional<String> used;
        try {
            used = transaction.execute(status -> jdbc.sql(
                            "delete from password_link where hash = :hash and expires_at > now() returning person_id")
                    .param("hash", OneTimeText.hash(text))
                    .query((row, number) -> Optional.ofNullable(row.getString("person_id")))
                    .optional()
                    .map(person -> {
                        String id = person.orElseGet(() -> administrator(name));
                        password(id, encoded, null);
                        return id;
                    }));
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.PEOPLE_EXISTS, name, "name", name), e);
        }
        return used == null ? Optional.empty() : used.map(this::byId);
    }

    private String administrator(String name) {
        String id = Ids.next();
        jdbc.sql("insert into person (id, name, kind, created_by) values (:id, :name, 'person', :name)")
                .param("id", id)
                .param("name", name)
                .update();
        grant(id, List.of(Grant.everywhere(Role.ADMIN)));
        return id;
    }

    private static Person row(ResultSet row, int number) throws SQLException {
        return new Person(
                row.getString("id"),
                row.getString("name"),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getBoolean("has_password"),
                row.getLong("version"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                row.getTimestamp("removed_at") != null);
    }

    static Grant grantRow(ResultSet row, int number) throws SQLException {
        return new Grant(
                Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getString("application_id"),
                row.getString("environment_id"));
    }
}
