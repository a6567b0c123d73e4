package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Runs: PostgreSQL holds what a run is, the engine drives it. */
public final class RunStore {
    /**
     * @param number counts the runs of its environment, from 1
     * @param answerWithin seconds that its questions wait; 0: as long as usual
     * @param progress the last one, written at the end; {@code null} before, and when the run could not say
     */
    public record StoredRun(
            String id,
            long position,
            String environmentId,
            String environmentName,
            String cluster,
            long number,
            Operation operation,
            Scope scope,
            Trigger trigger,
            String actor,
            @Nullable String agreedPlan,
            OnConflict onConflict,
            OnFailure onFailure,
            int answerWithin,
            RunState state,
            @Nullable Outcome outcome,
            Instant acceptedAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Progress progress) {}

    static final String SELECT = """
            select r.*, e.name as environment_name, e.cluster, s.body as scope
            from run r join environment e on e.id = r.environment_id
            left join plan_part s on s.plan_id = r.id and s.part = 'scope'
            """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Supplier<List<RunListener>> listeners;

    /** Nobody listens. */
    public RunStore(JdbcClient jdbc, TransactionOperations transaction) {
        this(jdbc, transaction, List::of);
    }

    /** @param listeners asked for when there is something to tell */
    public RunStore(JdbcClient jdbc, TransactionOperations transaction, Supplier<List<RunListener>> listeners) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.listeners = listeners;
    }

    /**
     * Records a request. The same key on the same environment gives the run that is there.
     *
     * @throws ProblemException {@code SLP-RUN-KEY-REUSED} when the key came with another request
     */
    public StoredRun accept(RunRequest request) {
        transaction.executeWithoutResult(status -> {
            EnvironmentStore.lock(jdbc, request.environmentId());
            insert(request);
        });
        StoredRun run = jdbc.sql(SELECT + " where r.environment_id = :environment and r.idempotency_key = :key")
                .param("environment", request.environmentId())
                .param("key", request.idempotencyKey())
                .query(RunStore::row)
                .optional()
                .orElseThrow(() -> EnvironmentStore.unknown(request.environmentId()));
        if (!run.scope().equals(request.scope())
                || run.onConflict() != request.onConflict()
                || run.onFailure() != request.onFailure()
                || !Objects.equals(run.agreedPlan(), request.plan())) {
            throw new ProblemException(
                    Problem.of(ProblemCode.RUN_KEY_REUSED, run.id(), "key", request.idempotencyKey()));
        }
        return run;
    }

    private void insert(RunRequest request) {
        String id = Ids.next();
        int inserted = jdbc.sql("""
                        insert into run (id, environment_id, number, operation, trigger, actor, agreed_plan,
                            on_conflict, on_failure, answer_within, idempotency_key, state)
                        select :id, environment.id,
                            (select coalesce(max(number), 0) + 1 from run where environment_id = :environment),
                            :operation, :trigger, :actor, :plan, :conflict, :failure, :within, :key, 'accepted'
                        from environment where environment.id = :environment and environment.destroyed_at is null
                        on conflict (environment_id, idempotency_key) do nothing
                        """)
                .param("id", id)
                .param("environment", request.environmentId())
                .param("operation", request.operation().word())
                .param("trigger", request.trigger().word())
                .param("actor", request.actor())
                .param("plan", request.plan())
                .param("conflict", request.onConflict().word())
                .param("failure", request.onFailure().word())
                .param("within", request.answerWithin())
                .param("key", request.idempotencyKey())
                .update();
        if (inserted == 1 && !request.scope().equals(Scope.whole(Operation.DEPLOY))) {
            // In the same transaction: a run without it would be about everything.
            new PlanStore(jdbc).scope(id, request.scope());
        }
    }

    /** The run has begun. Of a run that is over, nothing changes. */
    public StoredRun open(String id) {
        jdbc.sql("""
                        update run set state = 'planning', started_at = coalesce(started_at, now())
                        where id = :id and state <> 'finished'
                        """).param("id", id).update();
        return byId(id);
    }

    public void start(String id) {
        transaction.executeWithoutResult(status -> {
            int updated = jdbc.sql("update run set state = 'running' where id = :id and state <> 'finished'")
                    .param("id", id)
                    .update();
            if (updated == 1) {
                StoredRun run = byId(id);
                listeners.get().forEach(listener -> listener.started(run));
            }
        });
    }

    /** The first end counts; the listeners are told of it in the same transaction. */
    public void finish(String id, Outcome outcome, @Nullable Progress progress) {
        transaction.executeWithoutResult(status -> {
            int updated = jdbc.sql("""
                            update run set state = 'finished', outcome = :outcome, ended_at = now(),
                                progress = cast(:progress as jsonb)
                            where id = :id and state <> 'finished'
                            """)
                    .param("outcome", outcome.word())
                    .param("progress", progress == null ? null : StoredJson.write(progress))
                    .param("id", id)
                    .update();
            if (updated == 1) {
                StoredRun run = byId(id);
                listeners.get().forEach(listener -> listener.finished(run));
            }
        });
    }

    /** @throws ProblemException {@code SLP-RUN-UNKNOWN} */
    public StoredRun byId(String id) {
        return find(id).orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.RUN_UNKNOWN, id, "run", id)));
    }

    /** Empty: there is none, or it is gone together with its application. */
    public Optional<StoredRun> find(String id) {
        return jdbc.sql(SELECT + " where r.id = :id")
                .param("id", id)
                .query(RunStore::row)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param environmentId {@code null}: of all
     * @param state {@code null}: any
     * @param beforePosition {@link Long#MAX_VALUE}: from the newest
     */
    public List<StoredRun> list(
            @Nullable String environmentId,
            @Nullable Operation operation,
            @Nullable RunState state,
            long beforePosition,
            int limit) {
        return list(Sight.EVERYTHING, environmentId, operation, state, beforePosition, limit);
    }

    /** As the other; of those that somebody sees. */
    public List<StoredRun> list(
            Sight sight,
            @Nullable String environmentId,
            @Nullable Operation operation,
            @Nullable RunState state,
            long beforePosition,
            int limit) {
        return sight.bind(jdbc.sql(SELECT + """
                         where r.position < :before
                           and (cast(:environment as text) is null or r.environment_id = :environment)
                           and (cast(:operation as text) is null or r.operation = :operation)
                           and (cast(:state as text) is null or r.state = :state)
                           and %s
                         order by r.position desc limit :limit
                        """.formatted(Sight.OF_ENVIRONMENT)))
                .param("before", beforePosition)
                .param("environment", environmentId)
                .param("operation", operation == null ? null : operation.word())
                .param("state", state == null ? null : state.word())
                .param("limit", limit)
                .query(RunStore::row)
                .list();
    }

    /** Open runs, oldest first: those a lane should know. */
    public List<StoredRun> open(Duration olderThan) {
        return jdbc.sql(SELECT + " where r.state <> 'finished' and r.accepted_at <= :until order by r.position")
                .param("until", Timestamp.from(Instant.now().minus(olderThan)))
                .query(RunStore::row)
                .list();
    }

    public Optional<StoredRun> newest(String environmentId) {
        return list(environmentId, null, null, Long.MAX_VALUE, 1).stream().findFirst();
    }

    /** How many open runs of the same environment come before this one; builds wait for builds only. */
    public int ahead(StoredRun run) {
        return jdbc.sql("""
                        select count(*) from run
                        where environment_id = :environment and state <> 'finished' and position < :position
                          and (operation = 'build') = :build
                        """)
                .param("build", run.operation() == Operation.BUILD)
                .param("environment", run.environmentId())
                .param("position", run.position())
                .query(Integer.class)
                .single();
    }

    static StoredRun row(ResultSet row, int number) throws SQLException {
        Timestamp started = row.getTimestamp("started_at");
        Timestamp ended = row.getTimestamp("ended_at");
        String outcome = row.getString("outcome");
        String progress = row.getString("progress");
        String scope = row.getString("scope");
        Operation operation = Operation.valueOf(row.getString("operation").toUpperCase(Locale.ROOT));
        return new StoredRun(
                row.getString("id"),
                row.getLong("position"),
                row.getString("environment_id"),
                row.getString("environment_name"),
                row.getString("cluster"),
                row.getLong("number"),
                operation,
                scope == null ? Scope.whole(operation) : StoredJson.read(scope, Scope.class),
                Trigger.valueOf(row.getString("trigger").toUpperCase(Locale.ROOT)),
                row.getString("actor"),
                row.getString("agreed_plan"),
                OnConflict.valueOf(row.getString("on_conflict").toUpperCase(Locale.ROOT)),
                OnFailure.valueOf(row.getString("on_failure").toUpperCase(Locale.ROOT)),
                row.getInt("answer_within"),
                RunState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                outcome == null
                        ? null
                        : Arrays.stream(Outcome.values())
                                .filter(known -> known.word().equals(outcome))
                                .findFirst()
                                .orElseThrow(),
                row.getTimestamp("accepted_at").toInstant(),
                started == null ? null : started.toInstant(),
                ended == null ? null : ended.toInstant(),
                progress == null ? null : StoredJson.read(progress, Progress.class));
    }
}
