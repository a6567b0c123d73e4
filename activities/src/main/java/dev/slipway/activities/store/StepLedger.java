package dev.slipway.activities.store;

import dev.slipway.workflows.contract.StepCall;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Effects that happened, by run, step and hash of inputs. Looked up before an effect is caused, so that a repeated
 * activity, a retried step and a run started again after a crash never repeat a recorded effect.
 */
public final class StepLedger {
    private final JdbcClient jdbc;

    public StepLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Causes the effect unless it is recorded, and records it.
     *
     * @param inputsHash of everything that decides the effect
     * @param effect must be safe to repeat: the process may die between effect and record
     * @return the recorded result
     */
    public <T> T once(StepCall call, String inputsHash, Class<T> type, Supplier<T> effect) {
        Optional<T> recorded = recorded(call, inputsHash, type);
        if (recorded.isPresent()) {
            return recorded.get();
        }
        T result = effect.get();
        jdbc.sql("""
                        insert into step_ledger (run_id, step_id, inputs_hash, result)
                        values (:run, :step, :hash, cast(:result as jsonb))
                        on conflict do nothing
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("hash", inputsHash)
                .param("result", StoredJson.write(result))
                .update();
        return recorded(call, inputsHash, type).orElse(result);
    }

    /** Ids of the steps of a run that have an effect recorded. */
    public java.util.Set<String> steps(String runId) {
        return java.util.Set.copyOf(jdbc.sql("select distinct step_id from step_ledger where run_id = :run")
                .param("run", runId)
                .query(String.class)
                .list());
    }

    /** For an effect that somebody else has undone since: the next attempt causes it again. */
    public void forget(StepCall call, String inputsHash) {
        jdbc.sql("""
                        delete from step_ledger
                        where run_id = :run and step_id = :step and inputs_hash = :hash
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("hash", inputsHash)
                .update();
    }

    public <T> Optional<T> recorded(StepCall call, String inputsHash, Class<T> type) {
        return jdbc.sql("""
                        select result from step_ledger
                        where run_id = :run and step_id = :step and inputs_hash = :hash
                        """)
                .param("run", call.runId())
                .param("step", call.stepId())
                .param("hash", inputsHash)
                .query(String.class)
                .optional()
                .map(json -> StoredJson.read(json, type));
    }
}
