package dev.slipway.activities.store;

import dev.slipway.activities.store.RunStore.StoredRun;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** What somebody should know of: runs that need them, their own, and those of environments that they watch. */
public final class InboxStore {
    /** Whose inbox it is, and what they see; a name without a person watches nothing. */
    public record Reader(String personId, String name, Sight sight) {}

    private static final String WATCHED =
            " exists (select from watch w where w.environment_id = r.environment_id and w.person_id = :person) ";

    /**
     * Ended badly within a month, is the reader's or of an environment that they watch, is not done with, and nothing of its kind has
     * gone well since.
     */
    private static final String NEEDS = """
             r.outcome in ('failed', 'refused', 'rollbackIncomplete', 'terminated')
               and r.ended_at > now() - interval '30 days'
               and (r.actor = :name or %s)
               and not exists (select from run_seen s where s.run_id = r.id and s.person_id = :person)
               and not exists (select from run later where later.environment_id = r.environment_id
                     and later.operation = r.operation and later.position > r.position
                     and later.outcome in ('succeeded', 'unchanged'))
            """.formatted(WATCHED);

    private final JdbcClient jdbc;

    public InboxStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Runs that need the reader, newest first. @param before position; {@link Long#MAX_VALUE}: from the newest */
    public List<StoredRun> needs(Reader reader, long before, int limit) {
        return runs(reader, NEEDS, before, limit);
    }

    public int countNeeds(Reader reader) {
        return bind(reader, jdbc.sql("""
                        select count(*) from run r join environment e on e.id = r.environment_id
                        where %s and %s
                        """.formatted(NEEDS, Sight.OF_ENVIRONMENT)))
                .query(Integer.class)
                .single();
    }

    /** Runs that the reader started, through whichever door. */
    public List<StoredRun> mine(Reader reader, long before, int limit) {
        return runs(reader, " r.actor = :name ", before, limit);
    }

    /** Runs of environments that the reader watches. */
    public List<StoredRun> watching(Reader reader, long before, int limit) {
        return runs(reader, WATCHED, before, limit);
    }

    private List<StoredRun> runs(Reader reader, String condition, long before, int limit) {
        return bind(
                        reader,
                        jdbc.sql(RunStore.SELECT + " where r.position < :before and " + condition + " and "
                                + Sight.OF_ENVIRONMENT + " order by r.position desc limit :limit"))
                .param("before", before)
                .param("limit", limit)
                .query(RunStore::row)
                .list();
    }

    private static StatementSpec bind(Reader reader, StatementSpec statement) {
        return reader.sight().bind(statement).param("person", reader.personId()).param("name", reader.name());
    }

    /** The reader is done with a run. Safe to repeat. */
    public void seen(String personId, String runId) {
        jdbc.sql("insert into run_seen (person_id, run_id) values (:person, :run) on conflict do nothing")
                .param("person", personId)
                .param("run", runId)
                .update();
    }

    /** Takes that back. */
    public void unseen(String personId, String runId) {
        jdbc.sql("delete from run_seen where person_id = :person and run_id = :run")
                .param("person", personId)
                .param("run", runId)
                .update();
    }

    /** Safe to repeat. */
    public void watch(String personId, String environmentId) {
        jdbc.sql("insert into watch (person_id, environment_id) values (:person, :environment) on conflict do nothing")
                .param("person", personId)
                .param("environment", environmentId)
                .update();
    }

    /** Safe to repeat. */
    public void unwatch(String personId, String environmentId) {
        jdbc.sql("delete from watch where person_id = :person and environment_id = :environment")
                .param("person", personId)
                .param("environment", environmentId)
                .update();
    }

    public boolean watches(String personId, String environmentId) {
        return jdbc.sql("""
                        select exists (select from watch where person_id = :person and environment_id = :environment)
                        """)
                .param("person", personId)
                .param("environment", environmentId)
                .query(Boolean.class)
                .single();
    }
}
