package dev.slipway.activities.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Seals everything anew that an older master key sealed. Safe while Slipway runs, by several at once, and to be cut short at any
 * moment: each value is replaced alone, and only if it is still the one that was read; what is left is found by the id of
 * its key.
 */
public final class KeyRotation {
    private static final int CHUNK = 100;

    private final JdbcClient jdbc;
    private final SecretBox box;

    public KeyRotation(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * @param values in this column
     * @param older of them are sealed with an older key
     */
    public record Column(String table, String column, long values, long older) {}

    /** How far it is. */
    public List<Column> progress() {
        List<Column> columns = new ArrayList<>();
        for (SealedColumn column : SealedColumn.ALL) {
            columns.add(jdbc.sql(
                            "select count(%1$s) as all_values, count(*) filter (where %2$s) as older_values from %3$s"
                                    .formatted(column.column(), older(column), column.table()))
                    .param("key", HexFormat.of().parseHex(box.keyId()))
                    .query((row, number) -> new Column(
                            column.table(), column.column(), row.getLong("all_values"), row.getLong("older_values")))
                    .single());
        }
        return columns;
    }

    /**
     * Seals anew until nothing is left or the time is over.
     *
     * @return how many values
     * @throws dev.slipway.workflows.problem.ProblemException {@code SLP-KEY-WRONG}: one is sealed with a key that is not known;
     *     everything before it is done
     */
    public long reseal(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        long done = 0;
        for (SealedColumn column : SealedColumn.ALL) {
            for (List<Sealed> some = some(column); !some.isEmpty(); some = some(column)) {
                for (Sealed one : some) {
                    if (System.nanoTime() > until) {
                        return done;
                    }
                    done += replace(column, one);
                }
            }
        }
        return done;
    }

    private record Sealed(String place, String context, byte[] value) {}

    private List<Sealed> some(SealedColumn column) {
        return jdbc.sql(
                        "select cast(ctid as text) as place, %1$s as context, %2$s as value from %3$s where %4$s limit %5$d"
                                .formatted(column.context(), column.column(), column.table(), older(column), CHUNK))
                .param("key", HexFormat.of().parseHex(box.keyId()))
                .query((row, number) ->
                        new Sealed(row.getString("place"), row.getString("context"), row.getBytes("value")))
                .list();
    }

    /** A row that somebody changed or moved meanwhile stays as it is: it is found again, if it still has to be. */
    private long replace(SealedColumn column, Sealed one) {
        return jdbc.sql("update %1$s set %2$s = :fresh where ctid = cast(:place as tid) and %2$s = :value"
                        .formatted(column.table(), column.column()))
                .param("fresh", box.reseal(one.value(), one.context()))
                .param("place", one.place())
                .param("value", one.value())
                .update();
    }

    private static String older(SealedColumn column) {
        return "%1$s is not null and substring(%1$s from 2 for 8) <> :key".formatted(column.column());
    }
}
