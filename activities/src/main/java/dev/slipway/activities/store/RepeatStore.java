package dev.slipway.activities.store;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Answers to requests that came with an idempotency key, kept for 24 hours. What a request was is kept as a sealed hash: it may
 * hold a password, which a plain hash would let somebody guess.
 */
public final class RepeatStore {
    /**
     * An answer.
     *
     * @param location {@code null}: it has none
     * @param etag with its quotes; {@code null}: it has none
     * @param body JSON
     */
    public record Kept(
            int status, @Nullable String location, @Nullable String etag, String body) {}

    private record Row(
            byte[] request, boolean givenUp, @Nullable Kept answer) {}

    private final JdbcClient jdbc;
    private final SecretBox box;

    public RepeatStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * Takes the key for a request, or tells what was answered to it. What nobody has answered for two minutes was given up by
     * a process that is no more, and may be done again.
     *
     * @param who the caller: keys of one say nothing to another
     * @param request all that makes it this request
     * @return empty: it is now the caller's to do, and to {@link #finish} or {@link #forget}
     * @throws ProblemException {@code SLP-REQUEST-KEY-REUSED} when the key came with another request,
     *     {@code SLP-REQUEST-KEY-BUSY} while it is being answered
     */
    public Optional<Kept> begin(String who, String key, byte[] request) {
        jdbc.sql("delete from repeat_answer where created_at < now() - interval '24 hours'")
                .update();
        String hash = Sha256.hex(request);
        byte[] sealed = box.seal(hash.getBytes(StandardCharsets.UTF_8), context(who, key));
        int taken = jdbc.sql("""
                        insert into repeat_answer (caller, key, request) values (:who, :key, :request)
                        on conflict (caller, key) do nothing
                        """)
                .param("who", who)
                .param("key", key)
                .param("request", sealed)
                .update();
        if (taken == 1) {
            return Optional.empty();
        }
        Row row = jdbc.sql("""
                        select *, created_at < now() - interval '2 minutes' as given_up from repeat_answer
                        where caller = :who and key = :key
                        """)
                .param("who", who)
                .param("key", key)
                .query(RepeatStore::row)
                .optional()
                // Just now forgotten: the request that had it was refused.
                .orElseThrow(() -> problem(ProblemCode.REQUEST_KEY_BUSY, key));
        if (!hash.equals(opened(row.request(), who, key))) {
            throw problem(ProblemCode.REQUEST_KEY_REUSED, key);
        }
        if (row.answer() == null && !(row.givenUp() && takeOver(who, key))) {
            throw problem(ProblemCode.REQUEST_KEY_BUSY, key);
        }
        return Optional.ofNullable(row.answer());
    }

    private boolean takeOver(String who, String key) {
        return jdbc.sql("""
                        update repeat_answer set created_at = now()
                        where caller = :who and key = :key and status is null and created_at < now() - interval '2 minutes'
                        """).param("who", who).param("key", key).update() == 1;
    }

    /** Keeps the answer. */
    public void finish(String who, String key, Kept answer) {
        jdbc.sql("""
                        update repeat_answer set status = :status, location = :location, etag = :etag, body = :body
                        where caller = :who and key = :key
                        """)
                .param("status", answer.status())
                .param("location", answer.location())
                .param("etag", answer.etag())
                .param("body", answer.body())
                .param("who", who)
                .param("key", key)
                .update();
    }

    /** Nothing came of it: the key is free. */
    public void forget(String who, String key) {
        jdbc.sql("delete from repeat_answer where caller = :who and key = :key and status is null")
                .param("who", who)
                .param("key", key)
                .update();
    }

    /** Empty when the master key was changed since. */
    private String opened(byte[] sealed, String who, String key) {
        try {
            return new String(box.open(sealed, context(who, key)), StandardCharsets.UTF_8);
        } catch (ProblemException otherKey) {
            return "";
        }
    }

    private static String context(String who, String key) {
        return "repeat/" + who + "/" + key;
    }

    private static ProblemException problem(ProblemCode code, String key) {
        return new ProblemException(Problem.of(code, "Idempotency-Key", "key", key));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        int status = row.getInt("status");
        return new Row(
                row.getBytes("request"),
                row.getBoolean("given_up"),
                status == 0
                        ? null
                        : new Kept(status, row.getString("location"), row.getString("etag"), row.getString("body")));
    }
}
