package dev.slipway.activities.store;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Builds: every one that ran, and who needed it. Of one key at most one runs. */
public final class BuildStore {
    /** How a build is. */
    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED,
        /** Nobody needed it any more. */
        CANCELLED;

        /** The word of API, pages and store. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is to be built.
     *
     * @param key git tree of the context + builder and base digests + arguments (DESIGN section 5)
     * @param ref what the commit was resolved from; {@code null}: built before that was kept
     * @param tree git tree id of the component's folder; {@code null}: likewise
     * @param builder {@code jib}, {@code dockerfile}
     * @param builderImage by digest; {@code null}: none is needed
     * @param base by digest, several with spaces between them; {@code null}: none
     * @param repository with the registry's name
     * @param tag of branch and commit; {@code null}: built before that was kept
     */
    public record Wanted(
            String key,
            String application,
            String component,
            String url,
            @Nullable String ref,
            String commit,
            @Nullable String tree,
            String builder,
            @Nullable String builderImage,
            @Nullable String base,
            String repository,
            @Nullable String tag) {}

    /**
     * A build.
     *
     * @param position order of beginning
     * @param runId of the first who needed it; {@code null}: built before that was kept
     * @param digest of its image; {@code null}: there is none, or none yet
     * @param cluster where a Job builds it; {@code null}: no Job does
     * @param job its name; {@code null}: likewise
     * @param cache {@code 3 of 4}: layers that came from the cache; {@code null}: not told
     * @param pushedBytes {@code null}: not told
     */
    public record Build(
            String id,
            long position,
            Wanted wanted,
            State state,
            @Nullable String runId,
            @Nullable String digest,
            @Nullable Problem problem,
            @Nullable String cluster,
            @Nullable String job,
            @Nullable String cache,
            @Nullable Long pushedBytes,
            Instant startedAt,
            @Nullable Instant endedAt) {
        /** With the registry's name. */
        public String repository() {
            return wanted.repository();
        }
    }

    /** A build and the step that needed it. */
    public record Use(String stepId, Build build) {}

    private static final String NOBODY_WAITS = """
            not exists (select from build_use u join run r on r.id = u.run_id
              where u.build_id = b.id and u.waits and r.state <> 'finished')
            """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public BuildStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** The build of that key that runs, or a new one; the step waits for it from now on. Safe to repeat. */
    public Build join(Wanted wanted, StepCall call) {
        Optional<String> joined;
        do {
            begin(wanted, call);
            joined = transaction.execute(status -> {
                // Who leaves at this moment waits for this, or has ended the build before.
                Optional<String> running = jdbc.sql(
                                "select id from build where key = :key and state = 'running' for update")
                        .param("key", wanted.key())
                        .query(String.class)
                        .optional();
                running.ifPresent(id -> use(call, id, true));
                return running;
            });
        } while (joined == null || joined.isEmpty());
        return byId(joined.get());
    }

    /** Whether somebody with that sight may see the build: it was made for an environment that they see. */
    public boolean seen(String id, Sight sight) {
        return sight.bind(jdbc.sql("""
                        select exists (select from build_use u join run r on r.id = u.run_id
                            join environment e on e.id = r.environment_id
                            where u.build_id = :id and %s) or (:everything and exists (select from build where id = :id))
                        """.formatted(Sight.OF_ENVIRONMENT)).param("id", id))
                .query(Boolean.class)
                .single();
    }

    private void begin(Wanted wanted, StepCall call) {
        jdbc.sql("""
                        insert into build (id, key, application, component, git_url, git_ref, git_commit, git_tree, builder,
                            builder_image, base, repository, tag, run_id, state, started_at)
                        values (:id, :key, :application, :component, :url, :ref, :commit, :tree, :builder,
                            :builderImage, :base, :repository, :tag, :run, 'running', now())
                        on conflict (key) where state = 'running' do nothing
                        """)
                .param("id", Ids.next())
                .param("key", wanted.key())
                .param("application", wanted.application())
                .param("component", wanted.component())
                .param("url", wanted.url())
                .param("ref", wanted.ref())
                .param("commit", wanted.commit())
                .param("tree", wanted.tree())
                .param("builder", wanted.builder())
                .param("builderImage", wanted.builderImage())
                .param("base", wanted.base())
                .param("repository", wanted.repository())
                .param("tag", wanted.tag())
                .param("run", call.runId())
                .update();
    }

    /** The step takes the image of a build that has ended. */
    public void reuse(StepCall call, String id) {
        use(call, id, false);
    }

    private void use(StepCall call, String id, boolean waits) {
        jdbc.sql("""
                        insert into build_use (run_id, step_id, build_id, waits) values (:run, :step, :id, :waits)
                        on conflict (run_id, step_id, build_id) do update set waits = excluded.waits
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("id", id)
                .param("waits", waits)
                .update();
    }

    /**
     * The step does not wait for it any more. When nobody does, the build has ended.
     *
     * @param problem why; {@code null}: it was cancelled
     * @return whether it has ended by that
     */
    public boolean leave(StepCall call, String id, @Nullable Problem problem) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            jdbc.sql("select id from build where id = :id for update")
                    .param("id", id)
                    .query(String.class)
                    .single();
            use(call, id, false);
            int ended = jdbc.sql("""
                            update build set state = :state, problem = cast(:problem as jsonb), ended_at = now()
                            where id = :id and state = 'running'
                              and not exists (select from build_use where build_id = :id and waits)
                            """)
                    .param("state", (problem == null ? State.CANCELLED : State.FAILED).word())
                    .param("problem", problem == null ? null : StoredJson.write(problem))
                    .param("id", id)
                    .update();
            return ended == 1;
        }));
    }

    /** It is built: that counts, whatever was said of it before. */
    public void succeeded(String id, String repository, String digest) {
        jdbc.sql("""
                        update build set state = 'succeeded', repository = :repository, digest = :digest, problem = null,
                            ended_at = now()
                        where id = :id and state <> 'succeeded'
                        """)
                .param("repository", repository)
                .param("digest", digest)
                .param("id", id)
                .update();
    }

    /** Of one that has ended, nothing changes. */
    public void failed(String id, Problem problem) {
        jdbc.sql("""
                        update build set state = 'failed', problem = cast(:problem as jsonb), ended_at = now()
                        where id = :id and state = 'running'
                        """)
                .param("problem", StoredJson.write(problem))
                .param("id", id)
                .update();
    }

    /** Those that run though no run waits for them: whoever did has gone without a word. */
    public List<Build> forgotten() {
        return jdbc.sql("select b.* from build b where state = 'running' and " + NOBODY_WAITS)
                .query(BuildStore::row)
                .list();
    }

    /** Ends a forgotten one, if it is one still. */
    public void cancelForgotten(String id) {
        jdbc.sql("update build b set state = 'cancelled', ended_at = now() where id = :id and state = 'running' and "
                        + NOBODY_WAITS)
                .param("id", id)
                .update();
    }

    /** The steps of ended runs that needed a build: {@code <run id>/<step id>}. */
    public List<String> stepsOfEnded(String id) {
        return jdbc.sql("""
                        select u.run_id || '/' || u.step_id from build_use u join run r on r.id = u.run_id
                        where u.build_id = :id and r.state = 'finished'
                        """).param("id", id).query(String.class).list();
    }

    /** Those that have ended, and whose log is not compressed yet. */
    public List<String> endedInRows() {
        return jdbc.sql("""
                        select id from build b where state <> 'running' and log is null
                          and exists (select from build_log l where l.build_id = b.id)
                        """).query(String.class).list();
    }

    public void runsAs(String id, String cluster, String job) {
        jdbc.sql("update build set cluster = :cluster, job = :job where id = :id")
                .param("cluster", cluster)
                .param("job", job)
                .param("id", id)
                .update();
    }

    /** @param layers {@code 3 of 4} */
    public void cached(String id, String layers) {
        jdbc.sql("update build set cache = :layers where id = :id")
                .param("layers", layers)
                .param("id", id)
                .update();
    }

    public void pushed(String id, long bytes) {
        jdbc.sql("update build set pushed_bytes = :bytes where id = :id")
                .param("bytes", bytes)
                .param("id", id)
                .update();
    }

    /**
     * Whether this worker is the one that makes the build: nobody else does, or whoever did was not heard for a while. To be
     * repeated as long as it works.
     */
    public boolean claim(String id, String worker, Duration silence) {
        int claimed = jdbc.sql("""
                        update build set worker = :worker, seen_at = now() where id = :id and state = 'running'
                          and (worker is null or worker = :worker or seen_at < now() - make_interval(secs => :silence))
                        """)
                .param("worker", worker)
                .param("silence", silence.toSeconds())
                .param("id", id)
                .update();
        return claimed == 1;
    }

    /** The newest image of a key. */
    public Optional<Build> byKey(String key) {
        return jdbc.sql("""
                        select * from build where key = :key and state = 'succeeded' order by position desc limit 1
                        """).param("key", key).query(BuildStore::row).optional();
    }

    /** @throws ProblemException {@code SLP-BUILD-UNKNOWN} */
    public Build byId(String id) {
        return jdbc.sql("select * from build where id = :id")
                .param("id", id)
                .query(BuildStore::row)
                .optional()
                .orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.BUILD_UNKNOWN, id, "build", id)));
    }

    /**
     * Newest first.
     *
     * @param application {@code null}: of all, as with the others
     * @param before position; {@link Long#MAX_VALUE}: from the newest
     */
    public List<Build> list(
            Sight sight,
            @Nullable String application,
            @Nullable String component,
            @Nullable State state,
            long before,
            int limit) {
        return sight.bind(jdbc.sql("""
                        select * from build b where b.position < :before
                          and (cast(:application as text) is null or b.application = :application)
                          and (cast(:component as text) is null or b.component = :component)
                          and (cast(:state as text) is null or b.state = :state)
                          and (:everything or exists (select from build_use u join run r on r.id = u.run_id
                                join environment e on e.id = r.environment_id where u.build_id = b.id and %s))
                        order by b.position desc limit :limit
                        """.formatted(Sight.OF_ENVIRONMENT)))
                .param("before", before)
                .param("application", application)
                .param("component", component)
                .param("state", state == null ? null : state.word())
                .param("limit", limit)
                .query(BuildStore::row)
                .list();
    }

    /** What the steps of a run have needed, the first first. */
    public List<Use> ofRun(String runId) {
        return jdbc.sql("""
                        select u.step_id, b.* from build_use u join build b on b.id = u.build_id
                        where u.run_id = :run order by b.position
                        """)
                .param("run", runId)
                .query((row, number) -> new Use(row.getString("step_id"), row(row, number)))
                .list();
    }

    private static Build row(ResultSet row, int number) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        String problem = row.getString("problem");
        return new Build(
                row.getString("id"),
                row.getLong("position"),
                new Wanted(
                        row.getString("key"),
                        row.getString("application"),
                        row.getString("component"),
                        row.getString("git_url"),
                        row.getString("git_ref"),
                        row.getString("git_commit"),
                        row.getString("git_tree"),
                        row.getString("builder"),
                        row.getString("builder_image"),
                        row.getString("base"),
                        row.getString("repository"),
                        row.getString("tag")),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("run_id"),
                row.getString("digest"),
                problem == null ? null : StoredJson.read(problem, Problem.class),
                row.getString("cluster"),
                row.getString("job"),
                row.getString("cache"),
                row.getObject("pushed_bytes", Long.class),
                row.getTimestamp("started_at").toInstant(),
                ended == null ? null : ended.toInstant());
    }
}
