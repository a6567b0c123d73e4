package dev.slipway.activities.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Which Slipway this database belongs to. */
public final class InstanceStore {
    private final JdbcClient jdbc;

    public InstanceStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The id, made at the first call. It labels every object that this Slipway owns in a cluster. */
    public String id() {
        jdbc.sql("insert into instance (id) values (:id) on conflict do nothing")
                .param("id", Ids.next())
                .update();
        return jdbc.sql("select id from instance").query(String.class).single();
    }
}
