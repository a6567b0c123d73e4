package dev.slipway.activities.store;

import dev.slipway.workflows.run.Question;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What runs ask people, open and answered. The run itself says what counts; this is for lists, and for what is told to people. */
public final class QuestionStore {
    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final RunStore runs;
    private final Supplier<List<RunListener>> listeners;

    /** @param listeners asked for when there is something to tell */
    public QuestionStore(
            JdbcClient jdbc, TransactionOperations transaction, RunStore runs, Supplier<List<RunListener>> listeners) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.runs = runs;
        this.listeners = listeners;
    }

    /** The run waits for a person. A question that is known is not asked twice. */
    public void ask(String runId, Question question) {
        transaction.executeWithoutResult(status -> {
            int inserted = jdbc.sql("""
                            insert into question (run_id, id, body)
                            select id, :id, cast(:body as jsonb) from run where id = :run and state <> 'finished'
                            on conflict do nothing
                            """)
                    .param("run", runId)
                    .param("id", question.id())
                    .param("body", StoredJson.write(question))
                    .update();
            if (inserted == 1) {
                waits(runId);
                tell(runId, question, false);
            }
        });
    }

    /** Who was told of it is told once more, if it is still open. */
    public void remind(String runId, Question question) {
        transaction.executeWithoutResult(status -> {
            if (open(runId).stream().anyMatch(one -> one.id().equals(question.id()))) {
                tell(runId, question, true);
            }
        });
    }

    private void tell(String runId, Question question, boolean reminder) {
        runs.find(runId).ifPresent(run -> listeners.get().forEach(listener -> listener.asks(run, question, reminder)));
    }

    /** @param question with its answer */
    public void answered(String runId, Question question) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            insert into question (run_id, id, body, answered_at)
                            select id, :id, cast(:body as jsonb), now() from run where id = :run
                            on conflict (run_id, id) do update set body = excluded.body, answered_at = now()
                            """)
                    .param("run", runId)
                    .param("id", question.id())
                    .param("body", StoredJson.write(question))
                    .update();
            waits(runId);
        });
    }

    /** A run whose steps run is shown as one that waits as long as a question of it is open. */
    private void waits(String runId) {
        jdbc.sql("""
                        update run set state = case
                            when exists (select 1 from question where run_id = :run and answered_at is null) then 'waiting'
                            else 'running' end
                        where id = :run and state in ('running', 'waiting')
                        """).param("run", runId).update();
    }

    /** Oldest first. */
    public List<Question> open(String runId) {
        return jdbc.sql("""
                        select q.body from question q join run r on r.id = q.run_id
                        where q.run_id = :run and q.answered_at is null and r.state <> 'finished'
                        order by q.asked_at, q.id
                        """).param("run", runId).query(String.class).list().stream()
                .map(body -> StoredJson.read(body, Question.class))
                .toList();
    }

    /** Also one of a run that is over. */
    public Optional<Question> find(String runId, String id) {
        return jdbc.sql("select body from question where run_id = :run and id = :id")
                .param("run", runId)
                .param("id", id)
                .query(String.class)
                .optional()
                .map(body -> StoredJson.read(body, Question.class));
    }
}
