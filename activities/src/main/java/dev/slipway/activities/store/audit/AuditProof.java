package dev.slipway.activities.store.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.activities.store.SecretBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the whole chain and says whether anybody changed it. It takes the audit as it is at one moment, and holds nobody up who
 * appends meanwhile.
 */
public final class AuditProof {
    private static final int CHUNK = 5_000;

    private final JdbcClient jdbc;
    private final SecretBox box;
    private final TransactionTemplate snapshot;

    public AuditProof(JdbcClient jdbc, SecretBox box, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.box = box;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    /** What is wrong. */
    public enum Break {
        /** The row is not as it was written. */
        CHANGED,
        /** Rows are gone before this one. */
        MISSING,
        /** Rows are gone at the end: the sealed head, or a head kept elsewhere, knows more. */
        CUT_OFF,
        /** Rows at the end were not written by Slipway: the sealed head knows fewer. */
        ADDED,
        /** The sealed head is gone, or cannot be opened with this master key. */
        HEAD,
        /** A head kept elsewhere names another hash for its row: the chain was written anew. */
        REWRITTEN;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param rows that were read
     * @param head the newest row, to be kept elsewhere and given to a later proof
     * @param broken {@code null}: nothing is wrong
     * @param at the first row that is wrong; 0 while nothing is
     */
    public record Result(
            long rows, AuditHead head, @Nullable Break broken, long at) {
        public boolean whole() {
            return broken == null;
        }
    }

    /** @param kept heads that were noted earlier, outside the database */
    public Result prove(List<AuditHead> kept) {
        Result result = snapshot.execute(status -> read(new ArrayList<>(kept)));
        if (result == null) {
            throw new IllegalStateException("no result");
        }
        return result;
    }

    private Result read(List<AuditHead> kept) {
        AuditHead head = AuditHead.NONE;
        for (List<AuditRow> rows = after(0); !rows.isEmpty(); rows = after(head.seq())) {
            for (AuditRow row : rows) {
                AuditHead next = new AuditHead(row.seq(), AuditChain.hash(head.hash(), row.seq(), row.entry()));
                if (row.seq() != head.seq() + 1) {
                    return new Result(head.seq(), head, Break.MISSING, row.seq());
                }
                if (!next.hash().equals(row.hash())) {
                    return new Result(head.seq(), head, Break.CHANGED, row.seq());
                }
                for (AuditHead known : kept) {
                    if (known.seq() == row.seq() && !known.hash().equals(row.hash())) {
                        return new Result(head.seq(), head, Break.REWRITTEN, row.seq());
                    }
                }
                head = next;
            }
        }
        return end(head, kept);
    }

    private Result end(AuditHead head, List<AuditHead> kept) {
        Optional<AuditHead> sealed = AuditStore.sealed(jdbc, box);
        if (sealed.isEmpty() && head.seq() > 0) {
            return new Result(head.seq(), head, Break.HEAD, head.seq());
        }
        long last = sealed.orElse(AuditHead.NONE).seq();
        if (last < head.seq()) {
            return new Result(head.seq(), head, Break.ADDED, last + 1);
        }
        if (last > head.seq() || kept.stream().anyMatch(known -> known.seq() > head.seq())) {
            return new Result(head.seq(), head, Break.CUT_OFF, head.seq() + 1);
        }
        if (!sealed.orElse(AuditHead.NONE).equals(head)) {
            return new Result(head.seq(), head, Break.REWRITTEN, head.seq());
        }
        return new Result(head.seq(), head, null, 0);
    }

    private List<AuditRow> after(long seq) {
        return jdbc.sql("select * from audit where seq > :seq order by seq limit :limit")
                .param("seq", seq)
                .param("limit", CHUNK)
                .query(AuditStore::row)
                .list();
    }
}
