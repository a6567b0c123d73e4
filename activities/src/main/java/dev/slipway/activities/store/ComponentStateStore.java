package dev.slipway.activities.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How the components of environments are: written by the worker that watches the cluster, read by the web, which is woken
 * by NOTIFY on {@value #CHANNEL} with the environment's id.
 */
public final class ComponentStateStore {
    public static final String CHANNEL = "component_state";

    /** Reason of a component whose cluster no worker looks at; the cluster's name follows it. */
    public static final String UNWATCHED = "SLP-WORKER-SILENT";

    /** How old the newest beat of a cluster's worker may be, in seconds; they come every two. */
    private static final int SILENT_SECONDS = 7;

    public enum State {
        HEALTHY,
        PROGRESSING,
        DEGRADED,
        SUSPENDED,
        STOPPED,
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param kind of the document: {@code service}
     * @param reason why it is not healthy: a code and what belongs to it, which the edge puts into words, or what the platform
     *     said itself; empty when there is nothing to say
     * @param since when it came into this state
     * @param restarts of its containers in the last hour
     * @param known when its cluster was last heard; {@code null}: it is being heard
     */
    public record ComponentState(
            String environmentId,
            String component,
            String kind,
            State state,
            String reason,
            int ready,
            int wanted,
            @Nullable String image,
            Instant since,
            int restarts,
            @Nullable Instant known) {}

    private final JdbcClient jdbc;

    public ComponentStateStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The first one of a cluster begins its pulse: a worker that dies before its first beat is missed too. */
    public void put(ComponentState state) {
        jdbc.sql("""
                        with pulse as (
                            insert into cluster_pulse (cluster, beat_at)
                            select cluster, now() from environment where id = :environment
                            on conflict (cluster) do nothing)
                        insert into component_state (environment_id, component, kind, state, reason, ready, wanted, image,
                            since, restarts, known_at)
                        select id, :component, :kind, :state, :reason, :ready, :wanted, :image, :since, :restarts, :known
                        from environment where id = :environment and destroyed_at is null
                        on conflict (environment_id, component) do update set kind = excluded.kind,
                            state = excluded.state, reason = excluded.reason, ready = excluded.ready,
                            wanted = excluded.wanted, image = excluded.image, since = excluded.since,
                            restarts = excluded.restarts, known_at = excluded.known_at
                        """)
                .param("environment", state.environmentId())
                .param("component", state.component())
                .param("kind", state.kind())
                .param("state", state.state().word())
                .param("reason", state.reason())
                .param("ready", state.ready())
                .param("wanted", state.wanted())
                .param("image", state.image())
                .param("since", Timestamp.from(state.since()))
                .param("restarts", state.restarts())
                .param("known", state.known() == null ? null : Timestamp.from(state.known()), Types.TIMESTAMP)
                .update();
        notifyReaders(state.environmentId());
    }

    public void remove(String environmentId, String component) {
        jdbc.sql("delete from component_state where environment_id = :environment and component = :component")
                .param("environment", environmentId)
                .param("component", component)
                .update();
        notifyReaders(environmentId);
    }

    /** Says that a worker looks at the cluster, and has told all that it sees. */
    public void beat(String cluster) {
        jdbc.sql("""
                        insert into cluster_pulse (cluster, beat_at) values (:cluster, now())
                        on conflict (cluster) do update set beat_at = now()
                        """).param("cluster", cluster).update();
    }

    /** As its worker told them last, whether or not one still looks. */
    public List<ComponentState> told(String environmentId) {
        return jdbc.sql("select * from component_state where environment_id = :environment order by component")
                .param("environment", environmentId)
                .query(ComponentStateStore::row)
                .list();
    }

    /** As far as it is known now: when no worker looks at the cluster any more, what was told last is no news. */
    public List<ComponentState> of(String environmentId) {
        Unwatched unwatched = jdbc.sql("""
                        select cluster, beat_at from environment join cluster_pulse using (cluster)
                        where id = :environment and beat_at < now() - make_interval(secs => :seconds)
                        """)
                .param("environment", environmentId)
                .param("seconds", SILENT_SECONDS)
                .query((row, number) -> new Unwatched(
                        row.getString("cluster"), row.getTimestamp("beat_at").toInstant()))
                .optional()
                .orElse(null);
        List<ComponentState> told = told(environmentId);
        return unwatched == null ? told : told.stream().map(unwatched::unknown).toList();
    }

    /** The same of many environments, by their ids. */
    public Map<String, List<ComponentState>> of(Collection<String> environmentIds) {
        String[] asked = environmentIds.toArray(String[]::new);
        Map<String, Unwatched> unwatched = new HashMap<>();
        jdbc.sql("""
                        select id, cluster, beat_at from environment join cluster_pulse using (cluster)
                        where id = any(:environments) and beat_at < now() - make_interval(secs => :seconds)
                        """)
                .param("environments", asked)
                .param("seconds", SILENT_SECONDS)
                .query((row, number) -> unwatched.put(
                        row.getString("id"),
                        new Unwatched(
                                row.getString("cluster"),
                                row.getTimestamp("beat_at").toInstant())))
                .list();
        Map<String, List<ComponentState>> states = new HashMap<>();
        jdbc.sql("select * from component_state where environment_id = any(:environments) order by component")
                .param("environments", asked)
                .query(ComponentStateStore::row)
                .list()
                .forEach(told -> {
                    Unwatched silent = unwatched.get(told.environmentId());
                    states.computeIfAbsent(told.environmentId(), environment -> new ArrayList<>())
                            .add(silent == null ? told : silent.unknown(told));
                });
        return states;
    }

    /** @param since the last beat */
    private record Unwatched(String cluster, Instant since) {
        ComponentState unknown(ComponentState told) {
            return told.state() == State.UNKNOWN
                    ? told
                    : new ComponentState(
                            told.environmentId(),
                            told.component(),
                            told.kind(),
                            State.UNKNOWN,
                            UNWATCHED + " " + cluster,
                            told.ready(),
                            told.wanted(),
                            told.image(),
                            since,
                            told.restarts(),
                            since);
        }
    }

    private static ComponentState row(ResultSet row, int number) throws SQLException {
        Timestamp known = row.getTimestamp("known_at");
        return new ComponentState(
                row.getString("environment_id"),
                row.getString("component"),
                row.getString("kind"),
                State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                row.getString("reason"),
                row.getInt("ready"),
                row.getInt("wanted"),
                row.getString("image"),
                row.getTimestamp("since").toInstant(),
                row.getInt("restarts"),
                known == null ? null : known.toInstant());
    }

    private void notifyReaders(String environmentId) {
        jdbc.sql("select pg_notify(:channel, :environment)")
                .param("channel", CHANNEL)
                .param("environment", environmentId)
                .query()
                .listOfRows();
    }
}
