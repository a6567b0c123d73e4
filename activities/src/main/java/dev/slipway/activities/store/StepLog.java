package dev.slipway.activities.store;

import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What steps say while they work. Lines are cut at {@value #MAX_LINE} characters; control characters are dropped. See {@link BuildLog}. */
public final class StepLog {
    public static final int MAX_LINE = 4_000;

    /**
     * @param id grows within a run: ask for what comes after the last one seen
     * @param text may have colours where a builder has said it, as {@link BuildLog} keeps them
     */
    public record Line(long id, String stepId, Instant at, String text) {}

    private final JdbcClient jdbc;
    private final BuildLog builds;

    public StepLog(JdbcClient jdbc, BuildLog builds) {
        this.jdbc = jdbc;
        this.builds = builds;
    }

    public void write(StepCall call, String text) {
        jdbc.sql("insert into step_log (run_id, step_id, line) values (:run, :step, :line)")
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("line", clean(text))
                .update();
    }

    /**
     * What steps have said, together with what the builds have said that they needed.
     *
     * @param stepId empty: of all steps
     * @param after id of the last line seen; 0: from the beginning
     */
    public List<Line> read(String runId, String stepId, long after, int limit) {
        List<Line> lines = new ArrayList<>(said(runId, stepId, after, limit));
        jdbc.sql("""
                        select u.step_id, u.build_id from build_use u join build b on b.id = u.build_id
                        where u.run_id = :run and (:step = '' or u.step_id = :step)
                          and (b.log is null or b.log_last > :after)
                        """)
                .param("run", runId)
                .param("step", stepId)
                .param("after", after)
                .query((row, number) -> new String[] {row.getString("step_id"), row.getString("build_id")})
                .list()
                .forEach(use -> builds.read(use[1], after, limit)
                        .forEach(line -> lines.add(new Line(line.id(), use[0], line.at(), line.text()))));
        lines.sort(Comparator.comparingLong(Line::id));
        return List.copyOf(lines.subList(0, Math.min(limit, lines.size())));
    }

    private List<Line> said(String runId, String stepId, long after, int limit) {
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

    /**
     * What keeps the step right now and may pass: the last word counts. Safe to repeat.
     *
     * @param obstacle {@code null}: nothing any more, or nothing that has a name
     */
    public void obstacle(StepCall call, @Nullable Problem obstacle) {
        if (obstacle == null) {
            jdbc.sql("delete from step_obstacle where run_id = :run and step_id = :step")
                    .param("run", call.runId())
                    .param("step", call.stepId())
                    .update();
            return;
        }
        jdbc.sql("""
                        insert into step_obstacle (run_id, step_id, problem)
                        values (:run, :step, cast(:problem as jsonb))
                        on conflict (run_id, step_id) do update set problem = excluded.problem
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("problem", StoredJson.write(obstacle))
                .update();
    }

    /** By step: what keeps those of a run that wait. */
    public Map<String, Problem> obstacles(String runId) {
        Map<String, Problem> obstacles = new LinkedHashMap<>();
        jdbc.sql("select step_id, problem from step_obstacle where run_id = :run order by step_id")
                .param("run", runId)
                .query(row -> {
                    obstacles.put(row.getString("step_id"), StoredJson.read(row.getString("problem"), Problem.class));
                });
        return obstacles;
    }

    private static String clean(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", " ").stripTrailing();
        return shown.length() <= MAX_LINE ? shown : shown.substring(0, MAX_LINE - 1) + "…";
    }
}
