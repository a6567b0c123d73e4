package dev.slipway.activities.store;

import dev.slipway.workflows.contract.StepCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What steps are about to change, noted before they do it: how it was. The first note about a subject counts for its run, as
 * what a run finds later may be its own doing.
 */
public final class UndoStore {
    /** What the step was about to do. */
    public enum Deed {
        CREATED,
        CHANGED,
        DELETED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One note.
     *
     * @param subject {@code Deployment/orders}
     * @param component whose; empty: the environment's
     * @param before how it was, as JSON; {@code null}: it was not
     */
    public record Note(
            String subject,
            String component,
            Deed deed,
            @Nullable String before) {}

    private final JdbcClient jdbc;
    private final SecretBox box;

    public UndoStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    public boolean noted(String runId, String subject) {
        return jdbc.sql("select exists (select 1 from step_undo where run_id = :run and subject = :subject)")
                .param("run", runId)
                .param("subject", subject)
                .query(Boolean.class)
                .single();
    }

    /** Of a subject that the run has a note about, nothing changes. */
    public void note(StepCall call, Note note) {
        String before = note.before();
        jdbc.sql("""
                        insert into step_undo (run_id, step_id, subject, component, deed, before)
                        values (:run, :step, :subject, :component, :deed, :before)
                        on conflict do nothing
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("subject", note.subject())
                .param("component", note.component())
                .param("deed", note.deed().word())
                .param(
                        "before",
                        before == null
                                ? null
                                : box.seal(
                                        before.getBytes(StandardCharsets.UTF_8), context(call.runId(), note.subject())))
                .update();
    }

    /** What a step has noted and that is not undone yet, the last first. */
    public List<Note> of(String runId, String stepId) {
        return jdbc.sql("""
                        select * from step_undo where run_id = :run and step_id = :step and undone_at is null
                        order by position desc
                        """)
                .param("run", runId)
                .param("step", stepId)
                .query((row, number) -> {
                    byte[] before = row.getBytes("before");
                    String subject = row.getString("subject");
                    return new Note(
                            subject,
                            row.getString("component"),
                            Deed.valueOf(row.getString("deed").toUpperCase(Locale.ROOT)),
                            before == null
                                    ? null
                                    : new String(box.open(before, context(runId, subject)), StandardCharsets.UTF_8));
                })
                .list();
    }

    public void undone(String runId, String subject) {
        jdbc.sql("update step_undo set undone_at = now() where run_id = :run and subject = :subject")
                .param("run", runId)
                .param("subject", subject)
                .update();
    }

    private static String context(String runId, String subject) {
        return "undo/" + runId + "/" + subject;
    }
}
