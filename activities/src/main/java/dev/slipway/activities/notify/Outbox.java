package dev.slipway.activities.notify;

import dev.slipway.activities.notify.OutboxMessage.Channel;
import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages to others. Writing one is a row in the database, in the transaction of the caller if there is one: it is there exactly when
 * what it tells of is. A deliverer sends it, in order with those before it, again and again until it is taken or its time is over.
 */
public final class Outbox {
    /** How long a webhook or a git host is tried. */
    static final Duration PATIENCE = Duration.ofHours(24);

    private static final int LONGEST_ANSWER = 1_000;

    private final JdbcClient jdbc;
    private final SecretBox box;

    public Outbox(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * A new message.
     *
     * @param orderKey of messages with one key, a later one waits for the earlier one
     * @param dedupKey of which there is one message at most
     * @param address sealed with the row; {@code null}: the target has one
     */
    record Draft(
            Channel channel,
            String target,
            String orderKey,
            String dedupKey,
            String event,
            @Nullable String runId,
            String body,
            @Nullable Secret address,
            Instant expires) {}

    /** A message to send, under a lease. */
    record Leased(
            OutboxMessage message,
            String orderKey,
            String body,
            @Nullable Secret address,
            String lease) {}

    /**
     * Answers in a chat, in order, by its response address. Safe to repeat: the same key is the same message.
     *
     * @return whether it will be sent; false: the address is used up or expired
     */
    public boolean chat(ChatAnswer answer) {
        String order = "chat/" + answer.conversation();
        String key = order + "/" + answer.key();
        if (known(key)) {
            return true;
        }
        int used = jdbc.sql("select count(*) from outbox where order_key = :order and state <> 'superseded'")
                .param("order", order)
                .query(Integer.class)
                .single();
        if (used >= answer.uses() || !answer.expires().isAfter(Instant.now())) {
            return false;
        }
        add(new Draft(
                Channel.CHAT,
                answer.conversation(),
                order,
                key,
                "answer",
                answer.runId(),
                answer.json(),
                answer.address(),
                answer.expires()));
        return true;
    }

    private boolean known(String key) {
        return jdbc.sql("select exists (select from outbox where dedup_key = :key)")
                .param("key", key)
                .query(Boolean.class)
                .single();
    }

    /** Whether it is new: of one de-duplication key there is one message. */
    boolean add(Draft draft) {
        String id = Ids.next();
        Secret address = draft.address();
        return jdbc.sql("""
                        insert into outbox (id, channel, target, order_key, dedup_key, event, run_id, body, address, expires_at)
                        values (:id, :channel, :target, :order, :key, :event, :run, :body, :address, :expires)
                        on conflict (dedup_key) do nothing
                        """)
                        .param("id", id)
                        .param("channel", draft.channel().word())
                        .param("target", draft.target())
                        .param("order", draft.orderKey())
                        .param("key", draft.dedupKey())
                        .param("event", draft.event())
                        .param("run", draft.runId())
                        .param("body", draft.body())
                        .param("address", address == null ? null : box.seal(address, context(id)), Types.BINARY)
                        .param("expires", Timestamp.from(draft.expires()))
                        .update()
                == 1;
    }

    /** What was told last under an order key; empty: nothing, or it is forgotten. */
    Optional<String> lastEvent(String orderKey) {
        return jdbc.sql("select event from outbox where order_key = :order order by position desc limit 1")
                .param("order", orderKey)
                .query(String.class)
                .optional();
    }

    /**
     * A message that says all that those before it under its order key said: of these none is sent any more, but for what is being sent.
     * Nothing happens when its de-duplication key is known.
     */
    void replace(Draft draft) {
        if (add(draft)) {
            jdbc.sql("""
                            update outbox set state = 'superseded', ended_at = now()
                            where order_key = :order and dedup_key <> :key and state = 'waiting' and leased_until is null
                            """)
                    .param("order", draft.orderKey())
                    .param("key", draft.dedupKey())
                    .update();
        }
    }

    /**
     * Takes messages that are due, each the first that waits under its key; nobody else gets them until the lease is over. A message
     * whose sender vanished is taken once more, as it may not have arrived; after a second time it is given up.
     *
     * @param perTarget most that are under way to one target
     */
    List<Leased> lease(int most, int perTarget, Duration length) {
        jdbc.sql("""
                        update outbox set state = 'dead', ended_at = now(), leased_until = null, lease = null,
                            answer = 'interrupted twice while it was being sent: whether it arrived is not known'
                        where state = 'waiting' and leased_until < now() and unsure > 0
                        """).update();
        return jdbc.sql("""
                        update outbox set leased_until = now() + make_interval(secs => :seconds), lease = :lease || id,
                            attempts = attempts + 1,
                            unsure = unsure + case when leased_until is null then 0 else 1 end
                        where id in (
                            select m.id from outbox m
                            where m.state = 'waiting' and m.next_at <= now()
                              and (m.leased_until is null or m.leased_until < now())
                              and not exists (select from outbox e
                                  where e.order_key = m.order_key and e.state = 'waiting' and e.position < m.position)
                              and (select count(*) from outbox o
                                  where o.target = m.target and o.channel = m.channel and o.leased_until > now()) < :perTarget
                            order by m.next_at, m.position limit :most for update skip locked)
                        returning *
                        """)
                .param("seconds", length.toMillis() / 1000.0)
                .param("lease", Ids.next() + "/")
                .param("perTarget", perTarget)
                .param("most", most)
                .query(this::leased)
                .list();
    }

    /** It was taken. Nothing changes when the lease has gone to somebody else. */
    void delivered(Leased sent, int status, String answer) {
        end(sent, State.DELIVERED, status, answer);
    }

    /** It is given up. */
    void dead(Leased sent, @Nullable Integer status, String answer) {
        end(sent, State.DEAD, status, answer);
    }

    private void end(Leased sent, State state, @Nullable Integer status, String answer) {
        jdbc.sql("""
                        update outbox set state = :state, ended_at = now(), status = :status, answer = :answer,
                            leased_until = null, lease = null
                        where id = :id and lease = :lease and state = 'waiting'
                        """)
                .param("state", state.word())
                .param("status", status, Types.INTEGER)
                .param("answer", shown(answer))
                .param("id", sent.message().id())
                .param("lease", sent.lease())
                .update();
    }

    /**
     * It was not taken, and waits. When its time is over before the next attempt, it is given up.
     *
     * @param next when it is tried again
     */
    void failed(Leased sent, @Nullable Integer status, String answer, Instant next) {
        jdbc.sql("""
                        update outbox set status = :status, answer = :answer, leased_until = null, lease = null,
                            next_at = least(:next, expires_at),
                            state = case when now() >= expires_at then 'dead' else state end,
                            ended_at = case when now() >= expires_at then now() end
                        where id = :id and lease = :lease and state = 'waiting'
                        """)
                .param("status", status, Types.INTEGER)
                .param("answer", shown(answer))
                .param("next", Timestamp.from(next))
                .param("id", sent.message().id())
                .param("lease", sent.lease())
                .update();
    }

    /** A receiver asked not to be disturbed: all that waits for it waits longer. */
    void hold(Channel channel, String target, Instant until) {
        jdbc.sql("""
                        update outbox set next_at = least(:until, expires_at)
                        where channel = :channel and target = :target and state = 'waiting' and next_at < :until
                        """)
                .param("until", Timestamp.from(until))
                .param("channel", channel.word())
                .param("target", target)
                .update();
    }

    public Optional<OutboxMessage> find(String id) {
        return jdbc.sql("select * from outbox where id = :id")
                .param("id", id)
                .query(Outbox::message)
                .optional();
    }

    /** What was or will be sent, without what is added when it is: time and signature. */
    public Optional<String> body(String id) {
        return jdbc.sql("select body from outbox where id = :id and channel <> 'chat'")
                .param("id", id)
                .query(String.class)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param state {@code null}: any
     * @param before position of the last one that is known; {@link Long#MAX_VALUE}: from the newest
     */
    public List<OutboxMessage> list(@Nullable State state, long before, int limit) {
        return jdbc.sql("""
                        select * from outbox
                        where position < :before and (cast(:state as text) is null or state = :state)
                        order by position desc limit :limit
                        """)
                .param("before", before)
                .param("state", state == null ? null : state.word())
                .param("limit", limit)
                .query(Outbox::message)
                .list();
    }

    public int count(State state) {
        return jdbc.sql("select count(*) from outbox where state = :state")
                .param("state", state.word())
                .query(Integer.class)
                .single();
    }

    /**
     * A person wants a dead message sent again, or a waiting one now. Answers to a chat keep their end.
     *
     * @return whether there was one
     */
    public boolean again(String id) {
        return jdbc.sql(AGAIN + " and id = :id")
                        .param("patience", (double) PATIENCE.toSeconds())
                        .param("id", id)
                        .update()
                == 1;
    }

    /** All dead ones. @return how many */
    public int allAgain() {
        return jdbc.sql(AGAIN + " and state = 'dead'")
                .param("patience", (double) PATIENCE.toSeconds())
                .update();
    }

    private static final String AGAIN = """
            update outbox set state = 'waiting', next_at = now(), ended_at = null, unsure = 0,
                expires_at = case when channel = 'chat' then expires_at
                    else greatest(expires_at, now() + make_interval(secs => :patience)) end
            where (state = 'dead' or state = 'waiting' and leased_until is null)
            """;

    /** Forgets what ended long ago; what waits stays. */
    public void forget(Duration delivered, Duration dead) {
        jdbc.sql("""
                        delete from outbox where state in ('delivered', 'superseded') and ended_at < :delivered
                            or state = 'dead' and ended_at < :dead
                        """)
                .param("delivered", Timestamp.from(Instant.now().minus(delivered)))
                .param("dead", Timestamp.from(Instant.now().minus(dead)))
                .update();
    }

    private Leased leased(ResultSet row, int number) throws SQLException {
        OutboxMessage message = message(row, number);
        byte[] address = row.getBytes("address");
        return new Leased(
                message,
                row.getString("order_key"),
                row.getString("body"),
                address == null ? null : box.openSecret(address, context(message.id())),
                row.getString("lease"));
    }

    private static OutboxMessage message(ResultSet row, int number) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        int status = row.getInt("status");
        boolean answered = !row.wasNull();
        return new OutboxMessage(
                row.getString("id"),
                row.getLong("position"),
                Channel.valueOf(row.getString("channel").toUpperCase(Locale.ROOT)),
                row.getString("target"),
                row.getString("event"),
                row.getString("run_id"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                row.getInt("unsure"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("next_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                answered ? status : null,
                row.getString("answer"));
    }

    /** What a stranger sent: short, and without what no store and no page takes. */
    private static String shown(String answer) {
        String clean = answer.codePoints()
                .limit(LONGEST_ANSWER)
                .map(c ->
                        c < ' ' && c != '\n' || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.strip();
    }

    private static String context(String id) {
        return "outbox/" + id;
    }
}
