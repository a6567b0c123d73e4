package dev.slipway.activities.store;

import java.sql.Timestamp;
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
     * @param reason why it is not healthy, as people read it in a log; empty when there is nothing to say
     * @param since when it came into this state
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
            Instant since) {}

    private final JdbcClient jdbc;

    public ComponentStateStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void put(ComponentState state) {
        jdbc.sql("""
                        insert into component_state (environment_id, component, kind, state, reason, ready, wanted, image,
                            since)
                        select id, :component, :kind, :state, :reason, :ready, :wanted, :image, :since
                        from environment where id = :environment
                        on conflict (environment_id, component) do update set kind = excluded.kind,
                            state = excluded.state, reason = excluded.reason, ready = excluded.ready,
                            wanted = excluded.wanted, image = excluded.image, since = excluded.since
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
                .query((row, number) -> new ComponentState(
                        row.getString("environment_id"),
                        row.getString("component"),
                        row.getString("kind"),
                        State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                        row.getString("reason"),
                        row.getInt("ready"),
                        row.getInt("wanted"),
                        row.getString("image"),
                        row.getTimestamp("since").toInstant()))
                .list();
    }

    private void notifyReaders(String environmentId) {
        jdbc.sql("select pg_notify(:channel, :environment)")
                .param("channel", CHANNEL)
                .param("environment", environmentId)
                .query()
                .listOfRows();
    }
}
