package dev.slipway.activities.store;

import dev.slipway.activities.store.HookStore.Hook;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What git providers delivered, and what came of it. Two queues: deliveries that wait for the rules to be asked, and what the
 * rules said that waits to be started. Several processes may work on both: a row is in one hand at a time.
 */
public final class DeliveryStore {
    public enum State {
        WAITING,
        DONE,
        REFUSED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param hookId {@code null}: the hook is gone
     * @param push {@code null}: it was no push, or it was refused
     * @param reason why nothing comes of it as a whole; {@code null}: see its results
     * @param problem why it was refused; {@code null}: it was not
     * @param address where it came from
     * @param repeats how often it came again
     */
    public record StoredDelivery(
            String id,
            long position,
            @Nullable String hookId,
            String hookName,
            String provider,
            String digest,
            String event,
            State state,
            @Nullable Push push,
            @Nullable Reason reason,
            @Nullable Problem problem,
            String address,
            Instant receivedAt,
            int repeats) {}

    /** @param repeated it was there already, and is as it was */
    public record Accepted(StoredDelivery delivery, boolean repeated) {}

    public enum ResultState {
        /** Nothing starts. */
        SKIPPED,
        /** It will start when it is due. */
        WAITS,
        STARTED,
        /** A newer push was faster than its waiting time. */
        REPLACED,
        /** It could not be started; somebody may try again. */
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a rule says about a delivery.
     *
     * @param scope what is started; {@code null}: nothing
     * @param replace whether it ends runs of older pushes that have not begun
     * @param debounce how long it waits for a newer push
     */
    public record Verdict(
            String environmentId,
            String ruleId,
            Reason reason,
            @Nullable Scope scope,
            boolean replace,
            Duration debounce) {}

    /**
     * @param dueAt of one that waits; {@code null}: it does not
     * @param runId {@code null}: none was started
     * @param problem why none could be; {@code null}: none
     */
    public record StoredResult(
            String id,
            String deliveryId,
            String environmentId,
            String environmentName,
            String ruleId,
            ResultState state,
            Reason reason,
            @Nullable Scope scope,
            @Nullable Instant dueAt,
            @Nullable String runId,
            @Nullable Problem problem,
            Instant changedAt) {}

    /** Something to be started now, by this process. */
    public record Due(
            String id,
            String deliveryId,
            String hookName,
            String address,
            String environmentId,
            Scope scope,
            boolean replace,
            int attempt) {}

    /** How long one that is waited for may be put off by newer ones, as a multiple of its waiting time. */
    private static final int PATIENCE = 10;

    private static final String RESULT = """
            select r.*, e.name as environment_name from push_result r join environment e on e.id = r.environment_id
            """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public DeliveryStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * Records a delivery that was let in, once for each id of the provider.
     *
     * @param delivery the provider's id
     * @param reason why nothing comes of it; {@code null}: the rules are to be asked
     * @throws ProblemException {@code SLP-HOOK-REPLAYED} when the id came before with another body
     */
    public Accepted accept(
            Hook hook,
            String delivery,
            String digest,
            String event,
            @Nullable Push push,
            @Nullable Reason reason,
            String address) {
        String id = Ids.next();
        boolean inserted = jdbc.sql("""
                        insert into hook_delivery (id, hook_id, hook_name, provider, delivery, digest, event, state, push, reason, address)
                        values (:id, :hook, :name, :provider, :delivery, :digest, :event, :state, cast(:push as jsonb),
                            cast(:reason as jsonb), :address)
                        on conflict (hook_id, delivery) do nothing
                        """)
                        .param("id", id)
                        .param("hook", hook.id())
                        .param("name", hook.name())
                        .param("provider", hook.provider())
                        .param("delivery", delivery)
                        .param("digest", digest)
                        .param("event", event)
                        .param("state", (reason == null ? State.WAITING : State.DONE).word())
                        .param("push", push == null ? null : StoredJson.write(push))
                        .param("reason", reason == null ? null : StoredJson.write(reason))
                        .param("address", address)
                        .update()
                == 1;
        if (inserted) {
            return new Accepted(byId(id), false);
        }
        StoredDelivery before = jdbc.sql("""
                        update hook_delivery set repeats = least(repeats + 1, 1000000)
                        where hook_id = :hook and delivery = :delivery and digest = :digest returning *
                        """)
                .param("hook", hook.id())
                .param("delivery", delivery)
                .param("digest", digest)
                .query(DeliveryStore::row)
                .optional()
                .orElseThrow(() ->
                        new ProblemException(Problem.of(ProblemCode.HOOK_REPLAYED, hook.name(), "delivery", delivery)));
        return new Accepted(before, true);
    }

    /**
     * Records one that was refused.
     *
     * @param keep of the refused ones of the hook, so many of the newest stay
     */
    public void refuse(Hook hook, String event, String digest, Problem problem, String address, int keep) {
        jdbc.sql("""
                        insert into hook_delivery (id, hook_id, hook_name, provider, digest, event, state, problem, address)
                        values (:id, :hook, :name, :provider, :digest, :event, 'refused', cast(:problem as jsonb), :address)
                        """)
                .param("id", Ids.next())
                .param("hook", hook.id())
                .param("name", hook.name())
                .param("provider", hook.provider())
                .param("digest", digest)
                .param("event", event)
                .param("problem", StoredJson.write(problem))
                .param("address", address)
                .update();
        jdbc.sql("""
                        delete from hook_delivery where hook_id = :hook and state = 'refused' and position < coalesce(
                            (select position from hook_delivery where hook_id = :hook and state = 'refused'
                             order by position desc offset :keep limit 1), 0) + 1
                        """).param("hook", hook.id()).param("keep", keep).update();
    }

    /**
     * Takes the oldest delivery that waits, and keeps what the rules say about it: all of it, or nothing when they cannot be asked.
     *
     * @param rules what they say; their order is kept
     * @return whether there was one
     */
    public boolean ask(Function<StoredDelivery, List<Verdict>> rules) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            Optional<StoredDelivery> next =
                    jdbc.sql("""
                            select * from hook_delivery d where state = 'waiting' and not exists (
                                select 1 from hook_delivery older
                                where older.state = 'waiting' and older.hook_id = d.hook_id and older.position < d.position)
                            order by position limit 1 for update skip locked
                            """).query(DeliveryStore::row).optional();
            next.ifPresent(delivery -> {
                List<Verdict> verdicts = rules.apply(delivery);
                verdicts.forEach(verdict -> keep(delivery, verdict));
                jdbc.sql("update hook_delivery set state = 'done', reason = cast(:reason as jsonb) where id = :id")
                        .param("reason", verdicts.isEmpty() ? StoredJson.write(Reason.of("no-rule")) : null)
                        .param("id", delivery.id())
                        .update();
            });
            return next.isPresent();
        }));
    }

    private void keep(StoredDelivery delivery, Verdict verdict) {
        long debounce = verdict.debounce().toSeconds();
        Timestamp since = null;
        if (verdict.scope() != null) {
            since = jdbc.sql("""
                            with replaced as (
                                update push_result r set state = 'replaced', changed_at = now(), reason = cast(:reason as jsonb)
                                from hook_delivery d
                                where d.id = r.delivery_id and r.rule_id = :rule and r.state = 'waits' and r.attempt = 0
                                    and d.position < :position and (r.claimed_until is null or r.claimed_until < now())
                                returning d.received_at)
                            select min(received_at) from replaced
                            """)
                    .param("reason", StoredJson.write(Reason.of("replaced", delivery.id())))
                    .param("rule", verdict.ruleId())
                    .param("position", delivery.position())
                    .query(Timestamp.class)
                    .optional()
                    .orElse(null);
        }
        jdbc.sql("""
                        insert into push_result (id, delivery_id, environment_id, rule_id, state, reason, scope, replace, due_at)
                        values (:id, :delivery, :environment, :rule, :state, cast(:reason as jsonb), cast(:scope as jsonb), :replace,
                            case when :waits then least(now() + :debounce * interval '1 second',
                                coalesce(cast(:since as timestamptz), now()) + :longest * interval '1 second') end)
                        """)
                .param("id", Ids.next())
                .param("delivery", delivery.id())
                .param("environment", verdict.environmentId())
                .param("rule", verdict.ruleId())
                .param("state", (verdict.scope() == null ? ResultState.SKIPPED : ResultState.WAITS).word())
                .param("reason", StoredJson.write(verdict.reason()))
                .param("scope", verdict.scope() == null ? null : StoredJson.write(verdict.scope()))
                .param("replace", verdict.replace())
                .param("waits", verdict.scope() != null)
                .param("debounce", debounce)
                .param("since", since)
                .param("longest", debounce * PATIENCE)
                .update();
    }

    /**
     * Takes what is due, the oldest first, for as long as the lease. Whoever takes it and dies leaves it to the next; what is
     * started carries a key, so nothing starts twice.
     */
    public Optional<Due> claim(Duration lease) {
        return jdbc.sql("""
                        with next as (
                            select r.id from push_result r join hook_delivery d on d.id = r.delivery_id
                            where r.state = 'waits' and r.due_at <= now()
                                and (r.claimed_until is null or r.claimed_until < now())
                                and not exists (select 1 from push_result other
                                    where other.environment_id = r.environment_id and other.state = 'waits'
                                        and other.claimed_until > now())
                            order by d.position limit 1 for update of r skip locked)
                        update push_result r set claimed_until = now() + :lease * interval '1 second'
                        from next, hook_delivery d where r.id = next.id and d.id = r.delivery_id
                        returning r.*, d.hook_name, d.address
                        """)
                .param("lease", lease.toSeconds())
                .query((row, number) -> new Due(
                        row.getString("id"),
                        row.getString("delivery_id"),
                        row.getString("hook_name"),
                        row.getString("address"),
                        row.getString("environment_id"),
                        StoredJson.read(row.getString("scope"), Scope.class),
                        row.getBoolean("replace"),
                        row.getInt("attempt")))
                .optional();
    }

    public void started(String resultId, String runId) {
        jdbc.sql("""
                        update push_result set state = 'started', run_id = :run, claimed_until = null, problem = null, changed_at = now()
                        where id = :id and state = 'waits'
                        """).param("run", runId).param("id", resultId).update();
    }

    public void failed(String resultId, Problem problem) {
        jdbc.sql("""
                        update push_result set state = 'failed', problem = cast(:problem as jsonb), claimed_until = null,
                            changed_at = now()
                        where id = :id and state = 'waits'
                        """)
                .param("problem", StoredJson.write(problem))
                .param("id", resultId)
                .update();
    }

    /** What could not be started waits again, due at once; how much that was. */
    public int again(String deliveryId) {
        return jdbc.sql("""
                        update push_result set state = 'waits', attempt = attempt + 1, due_at = now(), problem = null,
                            changed_at = now()
                        where delivery_id = :delivery and state = 'failed'
                        """).param("delivery", deliveryId).update();
    }

    /** How long until something is due; empty: nothing waits for a time. */
    public Optional<Duration> untilDue() {
        return jdbc.sql("""
                        select greatest(0, extract(epoch from min(greatest(due_at, coalesce(claimed_until, due_at))) - now()))
                        from push_result where state = 'waits'
                        """)
                .query(Double.class)
                .optional()
                .map(seconds -> Duration.ofMillis((long) Math.ceil(seconds * 1_000)));
    }

    /** @throws ProblemException {@code SLP-HOOK-DELIVERY-UNKNOWN} */
    public StoredDelivery byId(String id) {
        return jdbc.sql("select * from hook_delivery where id = :id")
                .param("id", id)
                .query(DeliveryStore::row)
                .optional()
                .orElseThrow(
                        () -> new ProblemException(Problem.of(ProblemCode.HOOK_DELIVERY_UNKNOWN, id, "delivery", id)));
    }

    /**
     * Newest first.
     *
     * @param hookId {@code null}: of all
     * @param before {@link Long#MAX_VALUE}: from the newest
     */
    public List<StoredDelivery> list(@Nullable String hookId, long before, int limit) {
        return jdbc.sql("""
                        select * from hook_delivery
                        where position < :before and (cast(:hook as text) is null or hook_id = :hook)
                        order by position desc limit :limit
                        """)
                .param("before", before)
                .param("hook", hookId)
                .param("limit", limit)
                .query(DeliveryStore::row)
                .list();
    }

    /** When something came last that was let in; {@code null}: never. */
    public @Nullable Instant newest(String hookId) {
        return jdbc.sql("""
                        select received_at from hook_delivery where hook_id = :hook and state <> 'refused'
                        order by position desc limit 1
                        """)
                .param("hook", hookId)
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant)
                .orElse(null);
    }

    /** Of some deliveries, in the order of the rules. */
    public List<StoredResult> results(List<String> deliveryIds) {
        return jdbc.sql(RESULT + " where r.delivery_id = any(:deliveries) order by r.id")
                .param("deliveries", deliveryIds.toArray(String[]::new))
                .query(DeliveryStore::result)
                .list();
    }

    /** Of an environment, newest first. */
    public List<StoredResult> ofEnvironment(String environmentId, int limit) {
        return jdbc.sql(RESULT + """
                         join hook_delivery d on d.id = r.delivery_id
                         where r.environment_id = :environment order by d.position desc, r.id limit :limit
                        """)
                .param("environment", environmentId)
                .param("limit", limit)
                .query(DeliveryStore::result)
                .list();
    }

    /**
     * Forgets deliveries, with what they came to; never one that something still waits for.
     *
     * @param keep so many of the newest of each hook stay
     * @param keepFor and none that is older
     */
    public int forget(int keep, Duration keepFor) {
        return jdbc.sql("""
                        delete from hook_delivery d
                        where d.state <> 'waiting'
                            and not exists (select 1 from push_result r where r.delivery_id = d.id and r.state = 'waits')
                            and (d.received_at < now() - :seconds * interval '1 second' or d.id in (
                                select id from (select id, row_number() over (
                                    partition by hook_name order by position desc) as place from hook_delivery) placed
                                where place > :keep))
                        """)
                .param("seconds", keepFor.toSeconds())
                .param("keep", keep)
                .update();
    }

    private static StoredDelivery row(ResultSet row, int number) throws SQLException {
        @Nullable String hookId = row.getString("hook_id");
        String push = row.getString("push");
        String reason = row.getString("reason");
        String problem = row.getString("problem");
        return new StoredDelivery(
                row.getString("id"),
                row.getLong("position"),
                hookId,
                row.getString("hook_name"),
                row.getString("provider"),
                row.getString("digest"),
                row.getString("event"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                push == null ? null : StoredJson.read(push, Push.class),
                reason == null ? null : StoredJson.read(reason, Reason.class),
                problem == null ? null : StoredJson.read(problem, Problem.class),
                row.getString("address"),
                row.getTimestamp("received_at").toInstant(),
                row.getInt("repeats"));
    }

    private static StoredResult result(ResultSet row, int number) throws SQLException {
        String scope = row.getString("scope");
        String problem = row.getString("problem");
        Timestamp due = row.getTimestamp("due_at");
        ResultState state = ResultState.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        @Nullable String run = row.getString("run_id");
        return new StoredResult(
                row.getString("id"),
                row.getString("delivery_id"),
                row.getString("environment_id"),
                row.getString("environment_name"),
                row.getString("rule_id"),
                state,
                StoredJson.read(row.getString("reason"), Reason.class),
                scope == null ? null : StoredJson.read(scope, Scope.class),
                due == null || state != ResultState.WAITS ? null : due.toInstant(),
                run,
                problem == null ? null : StoredJson.read(problem, Problem.class),
                row.getTimestamp("changed_at").toInstant());
    }
}
