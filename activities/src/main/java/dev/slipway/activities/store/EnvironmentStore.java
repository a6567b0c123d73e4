package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Environments: which application runs where, with which overrides. */
public final class EnvironmentStore {
    /** @param overrides document of kind Overrides; empty: none */
    public record StoredEnvironment(
            String id,
            String name,
            String applicationId,
            String applicationName,
            String cluster,
            String namespace,
            String overrides,
            Instant createdAt) {}

    private static final String SELECT = """
            select e.*, a.name as application_name from environment e join application a on a.id = e.application_id
            """;

    private final JdbcClient jdbc;

    public EnvironmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws ProblemException {@code SLP-ENV-EXISTS}, {@code SLP-ENV-NAMESPACE-TAKEN} */
    public StoredEnvironment create(
            String name, String applicationId, String cluster, String namespace, String overrides) {
        String id = Ids.next();
        try {
            jdbc.sql("""
                            insert into environment (id, name, application_id, cluster, namespace, overrides)
                            values (:id, :name, :application, :cluster, :namespace, :overrides)
                            """)
                    .param("id", id)
                    .param("name", name)
                    .param("application", applicationId)
                    .param("cluster", cluster)
                    .param("namespace", namespace)
                    .param("overrides", overrides)
                    .update();
        } catch (DuplicateKeyException e) {
            if (byName(name).isPresent()) {
                throw new ProblemException(Problem.of(ProblemCode.ENVIRONMENT_EXISTS, name, "name", name), e);
            }
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.ENVIRONMENT_NAMESPACE_TAKEN, name, "namespace", namespace, "cluster", cluster),
                    e);
        }
        return byId(id);
    }

    /** Replaces the overrides. */
    public StoredEnvironment override(String id, String overrides) {
        jdbc.sql("update environment set overrides = :overrides where id = :id")
                .param("overrides", overrides)
                .param("id", id)
                .update();
        return byId(id);
    }

    /** Changes the overrides; of two who do so at once, the later one sees what the earlier one wrote. */
    public void override(String id, UnaryOperator<String> change) {
        String before;
        String after;
        do {
            before = byId(id).overrides();
            after = change.apply(before);
        } while (!before.equals(after)
                && jdbc.sql("update environment set overrides = :after where id = :id and overrides = :before")
                                .param("after", after)
                                .param("id", id)
                                .param("before", before)
                                .update()
                        == 0);
    }

    public Optional<StoredEnvironment> byName(String name) {
        return jdbc.sql(SELECT + " where e.name = :name and e.destroyed_at is null")
                .param("name", name)
                .query(EnvironmentStore::row)
                .optional();
    }

    /**
     * One that was not destroyed.
     *
     * @throws ProblemException {@code SLP-ENV-UNKNOWN}
     */
    public StoredEnvironment living(String id) {
        return jdbc.sql(SELECT + " where e.id = :id and e.destroyed_at is null")
                .param("id", id)
                .query(EnvironmentStore::row)
                .optional()
                .orElseThrow(() -> unknown(byId(id).name()));
    }

    /** Whether it was not destroyed. */
    public boolean lives(String id) {
        return jdbc.sql("select exists (select 1 from environment where id = :id and destroyed_at is null)")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /**
     * It is no more: its name and its namespace are free, its runs and releases stay to be read.
     *
     * @param secretsToo its secret values go too; they are worth nothing where the volumes went as well
     */
    public void destroyed(String id, boolean secretsToo) {
        jdbc.sql("update environment set destroyed_at = now() where id = :id and destroyed_at is null")
                .param("id", id)
                .update();
        jdbc.sql("delete from component_state where environment_id = :id")
                .param("id", id)
                .update();
        if (secretsToo) {
            jdbc.sql("delete from parameter_secret where environment_id = :id")
                    .param("id", id)
                    .update();
        }
    }

    /**
     * Also one that was destroyed: what its runs did stays readable.
     *
     * @throws ProblemException {@code SLP-ENV-UNKNOWN}
     */
    public StoredEnvironment byId(String id) {
        return jdbc.sql(SELECT + " where e.id = :id")
                .param("id", id)
                .query(EnvironmentStore::row)
                .optional()
                .orElseThrow(() -> unknown(id));
    }

    /** Where a run is, or was; empty: there is no such run. */
    public Optional<StoredEnvironment> ofRun(String runId) {
        return jdbc.sql(SELECT + " where e.id = (select environment_id from run where id = :run)")
                .param("run", runId)
                .query(EnvironmentStore::row)
                .optional();
    }

    /** By name, after the given one; of those that somebody sees. */
    public List<StoredEnvironment> list(Sight sight, String afterName, int limit) {
        return sight.bind(jdbc.sql(SELECT + " where e.name > :after and e.destroyed_at is null and "
                        + Sight.OF_ENVIRONMENT + " order by e.name limit :limit"))
                .param("after", afterName)
                .param("limit", limit)
                .query(EnvironmentStore::row)
                .list();
    }

    public List<StoredEnvironment> ofApplication(String applicationId) {
        return jdbc.sql(SELECT + " where e.application_id = :application and e.destroyed_at is null order by e.name")
                .param("application", applicationId)
                .query(EnvironmentStore::row)
                .list();
    }

    public List<StoredEnvironment> ofCluster(String cluster) {
        return jdbc.sql(SELECT + " where e.cluster = :cluster and e.destroyed_at is null order by e.name")
                .param("cluster", cluster)
                .query(EnvironmentStore::row)
                .list();
    }

    public static ProblemException unknown(String name) {
        return new ProblemException(Problem.of(ProblemCode.ENVIRONMENT_UNKNOWN, name, "name", name));
    }

    private static StoredEnvironment row(ResultSet row, int number) throws SQLException {
        return new StoredEnvironment(
                row.getString("id"),
                row.getString("name"),
                row.getString("application_id"),
                row.getString("application_name"),
                row.getString("cluster"),
                row.getString("namespace"),
                row.getString("overrides"),
                row.getTimestamp("created_at").toInstant());
    }

    /**
     * Whoever counts something of an environment comes here first. A statement of its own: one that counts and locks at
     * once counts what was there before it waited.
     */
    static void lock(JdbcClient jdbc, String id) {
        jdbc.sql("select id from environment where id = :id for update")
                .param("id", id)
                .query(String.class)
                .optional();
    }
}
