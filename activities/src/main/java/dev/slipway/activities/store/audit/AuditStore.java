package dev.slipway.activities.store.audit;

import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.activities.threads.Together;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The audit in the database. What is appended is committed when {@link #append} returns, in a transaction of its own. All
 * processes write one chain: they take turns by an advisory lock. Within a process those that wait are written together, so
 * that one commit serves many (ADR 40).
 */
public final class AuditStore implements AutoCloseable {
    /** Sealed with it, {@link SecretBox}. */
    static final String HEAD_CONTEXT = "audit head";

    private static final Logger LOG = LoggerFactory.getLogger(AuditStore.class);

    private static final long LOCK = 0x5117_A0D1L;
    private static final int MOST_AT_ONCE = 500;
    private static final String LOCKED_END = """
            select pg_advisory_xact_lock(?);
            select a.seq, a.hash, h.sealed from (values (true)) always
            left join (select seq, hash from audit order by seq desc limit 1) a on true
            left join audit_head h on true
            """;
    private static final String INSERT = """
            insert into audit (seq, at, act, request, outcome, who, user_id, token_id, door, address, action, kind, name,
                subject_id, detail, problem, times, hash)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final JdbcClient jdbc;
    private final JdbcClient chain;
    private final JdbcTemplate batches;
    private final SecretBox box;
    private final TransactionTemplate own;
    private final Together<AuditEntry, AuditHead> writer = new Together<>("audit", MOST_AT_ONCE, this::writeAll);
    private volatile AuditHead newest = AuditHead.NONE;

    /**
     * @param jdbc for whoever reads
     * @param writing for the one thread that writes, and for nobody else: everybody who acts waits for it, so it waits for none of
     *     their connections
     */
    public AuditStore(JdbcClient jdbc, DataSource writing, SecretBox box) {
        this.jdbc = jdbc;
        this.batches = new JdbcTemplate(writing);
        this.chain = JdbcClient.create(batches);
        this.box = box;
        this.own = new TransactionTemplate(new JdbcTransactionManager(writing));
    }

    /**
     * Writes an entry at the end of the chain.
     *
     * @throws org.springframework.dao.DataAccessException it is not written, or nobody knows
     */
    public void append(AuditEntry entry) {
        try {
            var unused = writer.ask(entry);
        } catch (RejectedExecutionException closed) {
            throw new DataAccessResourceFailureException("the audit is closed", closed);
        }
    }

    private List<AuditHead> writeAll(List<AuditEntry> entries) {
        AuditHead head = Objects.requireNonNull(own.execute(status -> write(entries)));
        remember(head);
        return Collections.nCopies(entries.size(), head);
    }

    private AuditHead write(List<AuditEntry> entries) {
        End end = lockedEnd();
        AuditHead last = end.last();
        AuditHead sealed = end.sealed();
        List<AuditEntry> all = new ArrayList<>(entries);
        AuditHead known = newest;
        if (!last.equals(sealed) || last.seq() < known.seq()) {
            LOG.error("the audit does not end with {} as Slipway left it but with {}", sealed, last);
            all.add(0, tampered());
        }
        // Where rows were cut off the gap stays, to be found; where some were added the chain goes on behind them.
        AuditHead head = Stream.of(last, known, sealed)
                .max(Comparator.comparingLong(AuditHead::seq))
                .orElse(sealed);
        List<Object[]> rows = new ArrayList<>(all.size());
        for (AuditEntry entry : all) {
            long seq = head.seq() + 1;
            head = new AuditHead(seq, AuditChain.hash(head.hash(), seq, entry));
            rows.add(columns(head, entry));
        }
        batches.batchUpdate(INSERT, rows);
        seal(head);
        return head;
    }

    /** How the chain ends, by its rows and by its seal. */
    private record End(AuditHead last, AuditHead sealed) {}

    /**
     * The others wait until this transaction ends. Asked at once, as everybody waits for each round trip; what is read is as of after
     * the lock.
     */
    private End lockedEnd() {
        return Objects.requireNonNull(batches.execute(LOCKED_END, (PreparedStatement asked) -> {
            asked.setLong(1, LOCK);
            asked.execute();
            asked.getMoreResults();
            try (ResultSet row = asked.getResultSet()) {
                row.next();
                byte[] hash = row.getBytes("hash");
                byte[] seal = row.getBytes("sealed");
                return new End(
                        hash == null
                                ? AuditHead.NONE
                                : new AuditHead(
                                        row.getLong("seq"), HexFormat.of().formatHex(hash)),
                        seal == null ? AuditHead.NONE : opened(seal, box).orElse(AuditHead.NONE));
            }
        }));
    }

    private static AuditEntry tampered() {
        String act = Ids.next();
        return new AuditEntry(
                Instant.now(),
                act,
                act,
                AuditOutcome.FAILED,
                "",
                "",
                "",
                "",
                "",
                "audit.tampered",
                "",
                "",
                "",
                "the newest rows are not those that Slipway wrote last",
                "",
                1);
    }

    /** Empty: there is none, or it was not sealed by Slipway. */
    static Optional<AuditHead> sealed(JdbcClient jdbc, SecretBox box) {
        return jdbc.sql("select sealed from audit_head")
                .query(byte[].class)
                .optional()
                .flatMap(bytes -> opened(bytes, box));
    }

    private static Optional<AuditHead> opened(byte[] sealed, SecretBox box) {
        try {
            return AuditHead.of(new String(box.open(sealed, HEAD_CONTEXT), StandardCharsets.UTF_8));
        } catch (ProblemException otherKey) {
            return Optional.empty();
        }
    }

    private void seal(AuditHead head) {
        chain.sql("""
                        insert into audit_head (one, sealed) values (true, :sealed)
                        on conflict (one) do update set sealed = excluded.sealed
                        """)
                .param("sealed", box.seal(head.toString().getBytes(StandardCharsets.UTF_8), HEAD_CONTEXT))
                .update();
    }

    /** A head that was kept from an earlier time: the chain never goes back behind it. */
    public synchronized void remember(AuditHead kept) {
        newest = kept.seq() > newest.seq() ? kept : newest;
    }

    /** Nothing more is written. */
    @Override
    public void close() {
        writer.close();
    }

    /** The newest row that this process wrote or remembers. */
    public AuditHead newest() {
        return newest;
    }

    /** Newest first. Of an act that has ended its beginning is not shown. */
    public List<AuditRow> search(AuditQuery query, int limit) {
        return jdbc.sql("""
                        select * from audit a
                        where (cast(:who as text) is null or who = :who)
                            and (cast(:action as text) is null or action like :action escape '\\')
                            and (cast(:name as text) is null or name = :name)
                            and (cast(:outcome as text) is null or outcome = :outcome)
                            and (cast(:from as timestamptz) is null or at >= :from)
                            and (cast(:until as timestamptz) is null or at < :until)
                            and (cast(:before as bigint) is null or seq < :before)
                            and (outcome <> 'begun'
                                or not exists (select 1 from audit other where other.act = a.act and other.seq > a.seq))
                        order by seq desc limit :limit
                        """)
                .param("who", query.who())
                .param("action", query.action() == null ? null : literally(query.action()) + "%")
                .param("name", query.name())
                .param(
                        "outcome",
                        query.outcome() == null ? null : query.outcome().word())
                .param("from", query.from() == null ? null : Timestamp.from(query.from()))
                .param("until", query.until() == null ? null : Timestamp.from(query.until()))
                .param("before", query.before())
                .param("limit", limit)
                .query(AuditStore::row)
                .list();
    }

    private static String literally(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    static AuditRow row(ResultSet row, int number) throws SQLException {
        return new AuditRow(
                row.getLong("seq"),
                new AuditEntry(
                        row.getTimestamp("at").toInstant(),
                        row.getString("act"),
                        row.getString("request"),
                        AuditOutcome.of(row.getString("outcome")).orElse(AuditOutcome.FAILED),
                        row.getString("who"),
                        row.getString("user_id"),
                        row.getString("token_id"),
                        row.getString("door"),
                        row.getString("address"),
                        row.getString("action"),
                        row.getString("kind"),
                        row.getString("name"),
                        row.getString("subject_id"),
                        row.getString("detail"),
                        row.getString("problem"),
                        row.getLong("times")),
                HexFormat.of().formatHex(row.getBytes("hash")));
    }

    private static Object[] columns(AuditHead place, AuditEntry entry) {
        return new Object[] {
            place.seq(),
            Timestamp.from(entry.at()),
            entry.act(),
            entry.request(),
            entry.outcome().word(),
            entry.who(),
            entry.userId(),
            entry.tokenId(),
            entry.door(),
            entry.address(),
            entry.action(),
            entry.kind(),
            entry.name(),
            entry.subjectId(),
            entry.detail(),
            entry.problem(),
            entry.times(),
            HexFormat.of().parseHex(place.hash())
        };
    }
}
