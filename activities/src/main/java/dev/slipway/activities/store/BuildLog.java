package dev.slipway.activities.store;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What builders say: a row for each line while they build, one compressed text when they have ended. Of very long logs the first and
 * the last part are kept.
 */
public final class BuildLog {
    /** Lines of the first part, and of the last. */
    static final int PART_LINES = 25_000;

    /** Bytes of the first part, and of the last. */
    static final int PART_BYTES = 4 << 20;

    private static final long NANOS = 1_000_000_000;

    /** @param id grows within a build, and within a run together with the lines of its steps */
    public record Line(long id, Instant at, String text) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public BuildLog(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * Of a build that has ended, nothing more is written.
     *
     * @param at when it was said; the same line of the same moment is kept once, whoever writes it
     * @param text one line, with its colours and nothing else that a terminal would obey
     */
    public void write(String build, Instant at, String text) {
        jdbc.sql("""
                        insert into build_log (build_id, at, source_nanos, line)
                        select :build, to_timestamp(:seconds), :nanos, :line from build
                        where id = :build and log is null for share
                        on conflict do nothing
                        """)
                .param("build", build)
                .param("seconds", at.toEpochMilli() / 1_000.0)
                .param("nanos", Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano()))
                .param("line", text)
                .update();
    }

    /** When the last line was said; empty: none was, or the build has ended. */
    public Optional<Instant> writtenUntil(String build) {
        return jdbc.sql("select max(source_nanos) as last from build_log where build_id = :build")
                .param("build", build)
                .query((row, number) -> {
                    long nanos = row.getLong("last");
                    return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochSecond(0, nanos));
                })
                .single();
    }

    /** Leaves out what is between the first and the last part. To be called every few thousand lines. */
    public void trim(String build) {
        jdbc.sql("""
                        with line as (
                            select id, row_number() over past as lines, sum(octet_length(line)) over past as bytes,
                                count(*) over () as all_lines, sum(octet_length(line)) over () as all_bytes
                            from build_log where build_id = :build window past as (order by id)
                        ), gone as (
                            delete from build_log where id in (
                                select id from line
                                where (lines > :lines or bytes > :bytes)
                                  and (all_lines - lines >= :lines or all_bytes - bytes >= :bytes))
                            returning id
                        )
                        update build set log_left_out = log_left_out + (select count(*) from gone) where id = :build
                        """)
                .param("build", build)
                .param("lines", PART_LINES)
                .param("bytes", PART_BYTES)
                .update();
    }

    /** The build has ended: what it said becomes one compressed text. Safe to repeat. */
    public void close(String build) {
        transaction.executeWithoutResult(status -> {
            Optional<Long> open = jdbc.sql(
                            "select log_left_out from build where id = :build and log is null for update")
                    .param("build", build)
                    .query(Long.class)
                    .optional();
            if (open.isEmpty()) {
                return;
            }
            trim(build);
            long leftOut = jdbc.sql("select log_left_out from build where id = :build")
                    .param("build", build)
                    .query(Long.class)
                    .single();
            List<Line> lines = rows(build, 0, Integer.MAX_VALUE);
            jdbc.sql("update build set log = :log, log_last = :last where id = :build")
                    .param("log", packed(leftOut == 0 ? lines : withGap(lines, leftOut)))
                    .param(
                            "last",
                            lines.isEmpty() ? 0 : lines.get(lines.size() - 1).id())
                    .param("build", build)
                    .update();
            jdbc.sql("delete from build_log where build_id = :build")
                    .param("build", build)
                    .update();
        });
    }

    private static List<Line> withGap(List<Line> lines, long leftOut) {
        int first = 0;
        for (int bytes = 0; first < Math.min(PART_LINES, lines.size()); first++) {
            bytes += lines.get(first).text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > PART_BYTES) {
                break;
            }
        }
        List<Line> all = new ArrayList<>(lines.subList(0, first));
        Line before = lines.get(Math.max(0, first - 1));
        all.add(new Line(before.id(), before.at(), "… " + leftOut + " lines are left out …"));
        all.addAll(lines.subList(first, lines.size()));
        return all;
    }

    /** @param after id of the last line seen; 0: from the beginning */
    public List<Line> read(String build, long after, int limit) {
        List<Line> rows = rows(build, after, limit); // first: it may be closed meanwhile
        return kept(build, after, limit).orElse(rows);
    }

    /** The last lines. */
    public List<Line> last(String build, int number) {
        List<Line> lines = read(build, 0, Integer.MAX_VALUE);
        return lines.subList(Math.max(0, lines.size() - number), lines.size());
    }

    /** Id of the last line; 0: there is none. */
    public long lastId(String build) {
        return jdbc.sql("""
                        select greatest((select coalesce(max(id), 0) from build_log where build_id = :build),
                            (select coalesce(log_last, 0) from build where id = :build))
                        """).param("build", build).query(Long.class).single();
    }

    private List<Line> rows(String build, long after, int limit) {
        return jdbc.sql("""
                        select id, at, line from build_log where build_id = :build and id > :after order by id limit :limit
                        """)
                .param("build", build)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) ->
                        new Line(row.getLong("id"), row.getTimestamp("at").toInstant(), row.getString("line")))
                .list();
    }

    /** Empty: the build has not ended. */
    private Optional<List<Line>> kept(String build, long after, int limit) {
        return jdbc.sql("select log from build where id = :build and log is not null")
                .param("build", build)
                .query((row, number) -> unpacked(row.getBytes("log"), after, limit))
                .optional();
    }

    /**
     * Forgets what builds have said, and not the builds.
     *
     * @param keep the logs of so many of the newest stay
     * @param age of the oldest that stays
     */
    public void forget(int keep, Duration age) {
        jdbc.sql("""
                        update build set log = '', log_last = 0 where log_last > 0
                          and (ended_at < now() - make_interval(secs => :age)
                            or position <= (select position from build order by position desc offset :keep limit 1))
                        """).param("age", age.toSeconds()).param("keep", keep).update();
    }

    private static byte[] packed(List<Line> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (Line line : lines) {
                long micros = ChronoUnit.MICROS.between(Instant.EPOCH, line.at());
                out.write((line.id() + "\t" + micros + "\t" + line.text() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Unpacks as far as it is asked for. */
    private static List<Line> unpacked(byte @Nullable [] packed, long after, int limit) {
        if (packed == null || packed.length == 0) {
            return List.of();
        }
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(new ByteArrayInputStream(packed)), StandardCharsets.UTF_8))) {
            return in.lines()
                    .map(line -> {
                        String[] parts = line.split("\t", 3);
                        return new Line(
                                Long.parseLong(parts[0]),
                                Instant.EPOCH.plus(Long.parseLong(parts[1]), ChronoUnit.MICROS),
                                parts[2]);
                    })
                    .filter(line -> line.id() > after)
                    .limit(limit)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("It was packed here", e);
        }
    }
}
