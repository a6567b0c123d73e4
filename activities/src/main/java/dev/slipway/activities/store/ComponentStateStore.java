package dev.slipway.activities.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How the components of environments are: written by the worker that watches the cluster, read by the web, which is woken
 * by NOTIFY on {@value #CHANNEL} with the environment's id.
 */
public final class ComponentStateStore {
    public static final String CHANNEL = "component_state";

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

    public void put(ComponentState state) {
        jdbc.sql("""
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

    public List<ComponentState> of(String environmentId) {
        return jdbc.sql("select * from component_state where environment_id = :environment order by component")
                .param("environment", environmentId)
                .query(ComponentStateStore::row)
                .list();
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
