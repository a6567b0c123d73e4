package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Hooks that git providers call, and their secrets, sealed. */
public final class HookStore {
    /** Where a secret is rotated, two are good for a while. */
    public static final int MOST_SECRETS = 5;

    /**
     * @param id stands in its address; no secret
     * @param address the repositories that it may speak for: one, a folder of them, or a server
     */
    public record Hook(String id, String name, String provider, String address, Instant createdAt, String createdBy) {}

    /**
     * A secret without what it is.
     *
     * @param usedAt when a delivery was signed with it last; {@code null}: never
     */
    public record HookSecret(
            String id, Instant createdAt, @Nullable Instant usedAt) {}

    /** A secret in clear, for checking a signature. */
    public record Candidate(String id, Secret secret) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final SecretBox box;

    public HookStore(JdbcClient jdbc, TransactionOperations transaction, SecretBox box) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.box = box;
    }

    /** @throws ProblemException {@code SLP-HOOK-EXISTS} */
    public Hook add(String name, String provider, String address, Secret secret, String by) {
        String id = Ids.next();
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("""
                                insert into hook (id, name, provider, address, created_by)
                                values (:id, :name, :provider, :address, :by)
                                """)
                        .param("id", id)
                        .param("name", name)
                        .param("provider", provider)
                        .param("address", address)
                        .param("by", by)
                        .update();
                insert(id, secret);
            });
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.HOOK_EXISTS, name, "name", name), e);
        }
        return byId(id);
    }

    private void insert(String hookId, Secret secret) {
        String id = Ids.next();
        jdbc.sql("insert into hook_secret (id, hook_id, secret) values (:id, :hook, :secret)")
                .param("id", id)
                .param("hook", hookId)
                .param("secret", box.seal(secret, context(hookId, id)))
                .update();
    }

    /**
     * Another secret; those that are there stay good.
     *
     * @throws ProblemException {@code SLP-HOOK-SECRETS} when there are as many as there may be
     */
    public void addSecret(String hookId, Secret secret) {
        transaction.executeWithoutResult(status -> {
            lock(hookId);
            if (secrets(hookId).size() >= MOST_SECRETS) {
                throw new ProblemException(Problem.of(
                        ProblemCode.HOOK_SECRETS, hookId, "least", "1", "most", Integer.toString(MOST_SECRETS)));
            }
            insert(hookId, secret);
        });
    }

    /**
     * From now on nothing that is signed with it is let in. One that is not there is gone already.
     *
     * @throws ProblemException {@code SLP-HOOK-SECRETS} when it is the last
     */
    public void removeSecret(String hookId, String secretId) {
        transaction.executeWithoutResult(status -> {
            lock(hookId);
            List<HookSecret> there = secrets(hookId);
            if (there.size() == 1 && there.get(0).id().equals(secretId)) {
                throw new ProblemException(Problem.of(
                        ProblemCode.HOOK_SECRETS, hookId, "least", "1", "most", Integer.toString(MOST_SECRETS)));
            }
            jdbc.sql("delete from hook_secret where hook_id = :hook and id = :id")
                    .param("hook", hookId)
                    .param("id", secretId)
                    .update();
        });
    }

    private void lock(String hookId) {
        var unused = jdbc.sql("select id from hook where id = :id for update")
                .param("id", hookId)
                .query(String.class)
                .optional()
                .orElseThrow(() -> unknown(hookId));
    }

    /** Its deliveries stay to be read; what of them still waited will not start. */
    public void remove(String hookId) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            update push_result r set state = 'skipped', reason = cast(:reason as jsonb), changed_at = now()
                            from hook_delivery d where d.id = r.delivery_id and d.hook_id = :hook and r.state = 'waits'
                            """)
                    .param("reason", StoredJson.write(Reason.of("hook-removed")))
                    .param("hook", hookId)
                    .update();
            jdbc.sql("""
                            update hook_delivery set state = 'done', reason = cast(:reason as jsonb)
                            where hook_id = :hook and state = 'waiting'
                            """)
                    .param("reason", StoredJson.write(Reason.of("hook-removed")))
                    .param("hook", hookId)
                    .update();
            jdbc.sql("delete from hook where id = :hook").param("hook", hookId).update();
        });
    }

    /** By name. */
    public List<Hook> all() {
        return jdbc.sql("select * from hook order by name")
                .query(HookStore::row)
                .list();
    }

    public Optional<Hook> find(String id) {
        return jdbc.sql("select * from hook where id = :id")
                .param("id", id)
                .query(HookStore::row)
                .optional();
    }

    /** @throws ProblemException {@code SLP-HOOK-UNKNOWN} */
    public Hook byId(String id) {
        return find(id).orElseThrow(() -> unknown(id));
    }

    public static ProblemException unknown(String id) {
        return new ProblemException(Problem.of(ProblemCode.HOOK_UNKNOWN, id, "hook", id));
    }

    /** Oldest first. */
    public List<HookSecret> secrets(String hookId) {
        return jdbc.sql("select * from hook_secret where hook_id = :hook order by id")
                .param("hook", hookId)
                .query((row, number) -> new HookSecret(
                        row.getString("id"),
                        row.getTimestamp("created_at").toInstant(),
                        instant(row.getTimestamp("used_at"))))
                .list();
    }

    /** What a delivery may be signed with. */
    public List<Candidate> candidates(String hookId) {
        return jdbc.sql("select * from hook_secret where hook_id = :hook order by id")
                .param("hook", hookId)
                .query((row, number) -> new Candidate(
                        row.getString("id"),
                        box.openSecret(row.getBytes("secret"), context(hookId, row.getString("id")))))
                .list();
    }

    /** To the minute: not every delivery writes here. */
    public void used(String secretId) {
        jdbc.sql("""
                        update hook_secret set used_at = now()
                        where id = :id and (used_at is null or used_at < now() - interval '1 minute')
                        """).param("id", secretId).update();
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static Hook row(ResultSet row, int number) throws SQLException {
        return new Hook(
                row.getString("id"),
                row.getString("name"),
                row.getString("provider"),
                row.getString("address"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"));
    }

    private static String context(String hookId, String secretId) {
        return "hook/" + hookId + "/" + secretId;
    }
}
