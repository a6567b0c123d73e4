package dev.slipway.activities.store;

import dev.slipway.workflows.contract.StepCall;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What steps say while they work. Lines are cut at {@value #MAX_LINE} characters; control characters are dropped. */
public final class StepLog {
    public static final int MAX_LINE = 4_000;

    /** @param id grows within a run: ask for what comes after the last one seen */
    public record Line(long id, String stepId, Instant at, String text) {}

    private final JdbcClient jdbc;

    public StepLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void write(StepCall call, String text) {
        jdbc.sql("insert into step_log (run_id, step_id, line) values (:run, :step, :line)")
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("line", clean(text))
                .update();
    }

    /**
     * @param stepId empty: of all steps
     * @param after id of the last line seen; 0: from the beginning
     */
    public List<Line> read(String runId, String stepId, long after, int limit) {
        return jdbc.sql("""
                        select id, step_id, at, line from step_log
                        where run_id = :run and (:step = '' or step_id = :step) and id > :after
                        order by id limit :limit
                        """)
                .param("run", runId)
                .param("step", stepId)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new Line(
                        row.getLong("id"),
                        row.getString("step_id"),
                        row.getTimestamp("at").toInstant(),
                        row.getString("line")))
                .list();
    }

    private static String clean(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", " ").stripTrailing();
        return shown.length() <= MAX_LINE ? shown : shown.substring(0, MAX_LINE - 1) + "…";
    }
}
