package dev.slipway.activities.notify;

import dev.slipway.activities.notify.StatusHost.Provider;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The git servers that are told of commits; tokens sealed with the master key. */
public final class StatusHostStore {
    private final JdbcClient jdbc;
    private final SecretBox box;

    public StatusHostStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    record Access(StatusHost host, Secret token) {}

    /** @throws ProblemException {@code SLP-STATUS-HOST-EXISTS} when the name or the server has one */
    public void add(StatusHost host, Secret token) {
        try {
            jdbc.sql("""
                            insert into status_host (name, provider, address, api, token, created_by)
                            values (:name, :provider, :address, :api, :token, :who)
                            """)
                    .param("name", host.name())
                    .param("provider", host.provider().word())
                    .param("address", host.address())
                    .param("api", host.api())
                    .param("token", box.seal(token, context(host.name())))
                    .param("who", host.createdBy())
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.STATUS_HOST_EXISTS,
                            host.name(),
                            "name",
                            host.name(),
                            "address",
                            host.address()),
                    e);
        }
    }

    /** Whether there was one. */
    public boolean remove(String name) {
        return jdbc.sql("delete from status_host where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** By name. */
    public List<StatusHost> list() {
        return jdbc.sql("select * from status_host order by name")
                .query(StatusHostStore::host)
                .list();
    }

    Optional<Access> access(String name) {
        return jdbc.sql("select * from status_host where name = :name")
                .param("name", name)
                .query((row, number) ->
                        new Access(host(row, number), box.openSecret(row.getBytes("token"), context(name))))
                .optional();
    }

    private static StatusHost host(ResultSet row, int number) throws SQLException {
        return new StatusHost(
                row.getString("name"),
                Provider.of(row.getString("provider")).orElseThrow(),
                row.getString("address"),
                row.getString("api"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant());
    }

    private static String context(String name) {
        return "status/" + name;
    }
}
