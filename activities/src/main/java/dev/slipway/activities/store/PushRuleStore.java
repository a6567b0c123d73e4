package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Which pushes start what, per environment. */
public final class PushRuleStore {
    public record StoredRule(String id, String environmentId, PushRule rule, Instant changedAt, String changedBy) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public PushRuleStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * @param most how many an environment may have
     * @throws ProblemException {@code SLP-HOOK-RULES} when it has as many
     */
    public StoredRule add(String environmentId, PushRule rule, String by, int most) {
        String id = Ids.next();
        transaction.executeWithoutResult(status -> {
            EnvironmentStore.lock(jdbc, environmentId);
            if (of(environmentId).size() >= most) {
                throw new ProblemException(
                        Problem.of(ProblemCode.HOOK_RULES, environmentId, "limit", Integer.toString(most)));
            }
            jdbc.sql("""
                            insert into push_rule (id, environment_id, body, changed_by)
                            values (:id, :environment, cast(:body as jsonb), :by)
                            """)
                    .param("id", id)
                    .param("environment", environmentId)
                    .param("body", StoredJson.write(rule))
                    .param("by", by)
                    .update();
        });
        return byId(environmentId, id);
    }

    /** @throws ProblemException {@code SLP-HOOK-RULE-UNKNOWN} */
    public StoredRule change(String environmentId, String id, PushRule rule, String by) {
        jdbc.sql("""
                        update push_rule set body = cast(:body as jsonb), changed_by = :by, changed_at = now()
                        where id = :id and environment_id = :environment
                        """)
                .param("body", StoredJson.write(rule))
                .param("by", by)
                .param("id", id)
                .param("environment", environmentId)
                .update();
        return byId(environmentId, id);
    }

    /** What waited by it will not start. One that is not there is gone already. */
    public void remove(String environmentId, String id) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            update push_result set state = 'skipped', reason = cast(:reason as jsonb), changed_at = now()
                            where rule_id = :id and environment_id = :environment and state = 'waits'
                            """)
                    .param("reason", StoredJson.write(Reason.of("rule-removed")))
                    .param("id", id)
                    .param("environment", environmentId)
                    .update();
            jdbc.sql("delete from push_rule where id = :id and environment_id = :environment")
                    .param("id", id)
                    .param("environment", environmentId)
                    .update();
        });
    }

    /** @throws ProblemException {@code SLP-HOOK-RULE-UNKNOWN} */
    public StoredRule byId(String environmentId, String id) {
        return jdbc.sql("select * from push_rule where id = :id and environment_id = :environment")
                .param("id", id)
                .param("environment", environmentId)
                .query(PushRuleStore::row)
                .optional()
                .orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.HOOK_RULE_UNKNOWN, id, "rule", id)));
    }

    /** In the order in which they are tried. */
    public List<StoredRule> of(String environmentId) {
        return jdbc.sql("select * from push_rule where environment_id = :environment order by position")
                .param("environment", environmentId)
                .query(PushRuleStore::row)
                .list();
    }

    /** Those of all environments that were not destroyed, in the order in which they are tried. */
    public List<StoredRule> all() {
        return jdbc.sql("""
                        select r.* from push_rule r join environment e on e.id = r.environment_id
                        where e.destroyed_at is null order by r.position
                        """).query(PushRuleStore::row).list();
    }

    private static StoredRule row(ResultSet row, int number) throws SQLException {
        return new StoredRule(
                row.getString("id"),
                row.getString("environment_id"),
                StoredJson.read(row.getString("body"), PushRule.class),
                row.getTimestamp("changed_at").toInstant(),
                row.getString("changed_by"));
    }
}
