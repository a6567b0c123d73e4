package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Applications: their documents as their authors wrote them. */
public final class ApplicationStore {
    /**
     * Where a document is kept in git.
     *
     * @param branch {@code null}: the repository's default branch
     * @param path of the file in the repository
     */
    public record GitOrigin(String url, @Nullable String branch, String path) {}

    /**
     * @param document the author's text, last read
     * @param revision counts the changes of the document, from 1
     * @param origin {@code null}: the document is kept in Slipway
     */
    public record StoredApplication(
            String id,
            String name,
            @Nullable String title,
            String document,
            long revision,
            @Nullable GitOrigin origin,
            Instant createdAt,
            Instant changedAt) {}

    /**
     * One text that the document was.
     *
     * @param number of the revision, as the application counted it
     * @param author who saved it; empty: nobody, it was read from git or came with the demo
     * @param message why, in the author's words; may be empty
     */
    public record Revision(long number, String document, String author, String message, Instant createdAt) {}

    private final JdbcClient jdbc;

    public ApplicationStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An application that no person made. */
    public StoredApplication create(String name, @Nullable String title, String document, @Nullable GitOrigin origin) {
        return create(name, title, document, origin, "");
    }

    /**
     * Its document becomes revision 1.
     *
     * @param author who made it
     * @throws ProblemException {@code SLP-APP-EXISTS} when the name is taken
     */
    public StoredApplication create(
            String name, @Nullable String title, String document, @Nullable GitOrigin origin, String author) {
        String id = Ids.next();
        try {
            jdbc.sql("""
                            with created as (
                                insert into application (id, name, title, document, git_url, git_branch, git_path)
                                values (:id, :name, :title, :document, :url, :branch, :path)
                                returning id, revision, document)
                            insert into application_revision (application_id, number, document, author)
                            select id, revision, document, :author from created
                            """)
                    .param("id", id)
                    .param("name", name)
                    .param("title", title)
                    .param("document", document)
                    .param("url", origin == null ? null : origin.url())
                    .param("branch", origin == null ? null : origin.branch())
                    .param("path", origin == null ? null : origin.path())
                    .param("author", author)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.APPLICATION_EXISTS, name, "name", name), e);
        }
        return byId(id);
    }

    /**
     * Replaces the document: a new revision.
     *
     * @param expectedRevision the revision that the writer saw
     * @param author who saves it
     * @param message why; may be empty
     * @throws ProblemException {@code SLP-APP-CHANGED} when somebody else was faster
     */
    public StoredApplication replace(
            String name,
            @Nullable String title,
            String document,
            long expectedRevision,
            String author,
            String message) {
        int rows = jdbc.sql("""
                        with changed as (
                            update application set document = :document, title = :title, revision = revision + 1,
                                changed_at = now()
                            where name = :name and revision = :revision
                            returning id, revision, document)
                        insert into application_revision (application_id, number, document, author, message)
                        select id, revision, document, :author, :message from changed
                        """)
                .param("document", document)
                .param("title", title)
                .param("name", name)
                .param("revision", expectedRevision)
                .param("author", author)
                .param("message", message)
                .update();
        StoredApplication now = byName(name).orElseThrow(() -> unknown(name));
        if (rows == 0) {
            throw changed(name, expectedRevision, now.revision());
        }
        return now;
    }

    /** Somebody else was faster. */
    public static ProblemException changed(String name, long expected, long now) {
        return new ProblemException(Problem.of(
                ProblemCode.APPLICATION_CHANGED, name, "expected", Long.toString(expected), "now", Long.toString(now)));
    }

    /** Keeps what git had at the last plan, for showing; a new revision only when it differs. */
    public void refresh(String id, String document) {
        jdbc.sql("""
                        with changed as (
                            update application set document = :document, revision = revision + 1, changed_at = now()
                            where id = :id and document <> :document
                            returning id, revision, document)
                        insert into application_revision (application_id, number, document)
                        select id, revision, document from changed
                        """).param("document", document).param("id", id).update();
    }

    /** Newest first, before the given number. Without their texts, which may be large. */
    public List<Revision> revisions(String applicationId, long before, int limit) {
        return jdbc.sql("""
                        select number, '' as document, author, message, created_at from application_revision
                        where application_id = :id and number < :before order by number desc limit :limit
                        """)
                .param("id", applicationId)
                .param("before", before)
                .param("limit", limit)
                .query(ApplicationStore::revision)
                .list();
    }

    public Optional<Revision> revision(String applicationId, long number) {
        return jdbc.sql("select * from application_revision where application_id = :id and number = :number")
                .param("id", applicationId)
                .param("number", number)
                .query(ApplicationStore::revision)
                .optional();
    }

    private static Revision revision(ResultSet row, int index) throws SQLException {
        return new Revision(
                row.getLong("number"),
                row.getString("document"),
                row.getString("author"),
                row.getString("message"),
                row.getTimestamp("created_at").toInstant());
    }

    /** @throws ProblemException {@code SLP-APP-IN-USE} while environments run it, {@code SLP-APP-UNKNOWN} */
    public void delete(String name) {
        try {
            // Of environments that are no more, nothing but their runs is left.
            jdbc.sql("""
                            delete from environment e using application a
                            where a.id = e.application_id and a.name = :name and e.destroyed_at is not null
                              and not exists (select 1 from environment other
                                  where other.application_id = a.id and other.destroyed_at is null)
                            """).param("name", name).update();
            if (jdbc.sql("delete from application where name = :name")
                            .param("name", name)
                            .update()
                    == 0) {
                throw unknown(name);
            }
        } catch (org.springframework.dao.DataIntegrityViolationException e) {
            throw new ProblemException(Problem.of(ProblemCode.APPLICATION_IN_USE, name, "name", name), e);
        }
    }

    public Optional<StoredApplication> byName(String name) {
        return jdbc.sql("select * from application where name = :name")
                .param("name", name)
                .query(ApplicationStore::row)
                .optional();
    }

    public StoredApplication byId(String id) {
        return jdbc.sql("select * from application where id = :id")
                .param("id", id)
                .query(ApplicationStore::row)
                .optional()
                .orElseThrow(() -> unknown(id));
    }

    /** By name, after the given one. */
    public List<StoredApplication> list(Sight sight, String afterName, int limit) {
        return sight.bind(jdbc.sql("select * from application a where a.name > :after and " + Sight.OF_APPLICATION
                        + " order by a.name limit :limit"))
                .param("after", afterName)
                .param("limit", limit)
                .query(ApplicationStore::row)
                .list();
    }

    public static ProblemException unknown(String name) {
        return new ProblemException(Problem.of(ProblemCode.APPLICATION_UNKNOWN, name, "name", name));
    }

    private static StoredApplication row(ResultSet row, int number) throws SQLException {
        String url = row.getString("git_url");
        return new StoredApplication(
                row.getString("id"),
                row.getString("name"),
                row.getString("title"),
                row.getString("document"),
                row.getLong("revision"),
                url == null ? null : new GitOrigin(url, row.getString("git_branch"), row.getString("git_path")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("changed_at").toInstant());
    }
}
