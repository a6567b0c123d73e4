package dev.slipway.activities.store;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Clusters that were added while Slipway runs, and what its workers saw of every cluster. */
public final class ClusterStore {
    /**
     * @param context of its kubeconfig
     * @param registryAddress how it reaches the registry where that differs; {@code null}: as all do
     * @param accepted false while its first look is awaited
     */
    public record StoredCluster(
            String name, String context, @Nullable String registryAddress, boolean accepted, Instant createdAt) {}

    /**
     * One look.
     *
     * @param identity uid of its kube-system namespace; {@code null}: not known
     * @param version {@code null}: not known
     * @param nodes {@code null}: not known, or not permitted to ask
     * @param architectures of the nodes, without repetition
     * @param problem why it can't be used; {@code null}: it can
     * @param askedAt when this was found out; {@code null}: never yet
     * @param answeredAt when it answered last; {@code null}: never yet
     */
    public record Seen(
            String name,
            @Nullable String identity,
            String address,
            @Nullable String version,
            @Nullable Integer nodes,
            List<String> architectures,
            @Nullable Problem problem,
            @Nullable Instant askedAt,
            @Nullable Instant answeredAt) {
        public Seen {
            architectures = List.copyOf(architectures);
        }
    }

    private final JdbcClient jdbc;
    private final SecretBox box;

    public ClusterStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /** @throws ProblemException {@code SLP-K8S-CLUSTER-EXISTS} */
    public void add(String name, Secret kubeconfig, String context, @Nullable String registryAddress) {
        try {
            jdbc.sql("""
                            insert into cluster (name, kubeconfig, context, registry_address)
                            values (:name, :kubeconfig, :context, :registry)
                            """)
                    .param("name", name)
                    .param("kubeconfig", box.seal(kubeconfig, context(name)))
                    .param("context", context)
                    .param("registry", registryAddress)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.KUBERNETES_CLUSTER_EXISTS, name, "cluster", name), e);
        }
    }

    /** From here on environments may be created in it. */
    public void accept(String name) {
        jdbc.sql("update cluster set accepted = true where name = :name")
                .param("name", name)
                .update();
    }

    /** Forgets it and what was seen of it. No environment may name it. */
    public void remove(String name) {
        jdbc.sql("delete from cluster where name = :name").param("name", name).update();
        jdbc.sql("delete from cluster_seen where name = :name")
                .param("name", name)
                .update();
    }

    /** Forgets it unless an environment is on it; whether it did. */
    public boolean removeUnused(String name) {
        boolean gone = jdbc.sql("""
                        delete from cluster
                        where name = :name and not exists (select 1 from environment where cluster = :name and destroyed_at is null)
                        """).param("name", name).update() == 1;
        if (gone) {
            jdbc.sql("delete from cluster_seen where name = :name")
                    .param("name", name)
                    .update();
        }
        return gone;
    }

    /** By name, those that are not accepted yet included. */
    public List<StoredCluster> all() {
        return jdbc.sql("select * from cluster order by name")
                .query((row, number) -> new StoredCluster(
                        row.getString("name"),
                        row.getString("context"),
                        row.getString("registry_address"),
                        row.getBoolean("accepted"),
                        row.getTimestamp("created_at").toInstant()))
                .list();
    }

    /** Empty: it was removed in the meantime. */
    public Optional<Secret> kubeconfig(String name) {
        return jdbc.sql("select kubeconfig from cluster where name = :name")
                .param("name", name)
                .query((row, number) -> box.openSecret(row.getBytes("kubeconfig"), context(name)))
                .optional();
    }

    /** Somebody wants a look at it now. */
    public void want(String name) {
        jdbc.sql("""
                        insert into cluster_seen (name, wanted_at) values (:name, now())
                        on conflict (name) do update set wanted_at = now()
                        """).param("name", name).update();
    }

    /** Names of the clusters that somebody waits to be looked at. */
    public List<String> wanted() {
        return jdbc.sql(
                        "select name from cluster_seen where wanted_at is not null and (asked_at is null or asked_at < wanted_at)")
                .query(String.class)
                .list();
    }

    /** Whether the newest look is later than the newest wish for one. */
    public boolean looked(String name) {
        return jdbc.sql(
                        "select asked_at is not null and asked_at >= coalesce(wanted_at, asked_at) from cluster_seen where name = :name")
                .param("name", name)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /**
     * Keeps a look. An identity that is known stays, unless no environment is on the cluster.
     *
     * @param seen what is not known this time stays as it was known
     */
    public void note(Seen seen) {
        jdbc.sql("""
                        insert into cluster_seen as known
                            (name, identity, address, version, nodes, architectures, problem, asked_at, answered_at)
                        values (:name, :identity, :address, :version, cast(:nodes as int), :architectures,
                            cast(:problem as jsonb), now(), case when :answered then now() end)
                        on conflict (name) do update set
                            identity = case when known.identity is null
                                    or (excluded.identity is not null
                                        and not exists (select 1 from environment where cluster = :name and destroyed_at is null))
                                then excluded.identity else known.identity end,
                            address = excluded.address,
                            version = coalesce(excluded.version, known.version),
                            nodes = coalesce(excluded.nodes, known.nodes),
                            architectures = case when excluded.architectures = '' then known.architectures
                                else excluded.architectures end,
                            problem = excluded.problem,
                            asked_at = now(),
                            answered_at = coalesce(excluded.answered_at, known.answered_at)
                        """)
                .param("name", seen.name())
                .param("identity", seen.identity())
                .param("address", seen.address())
                .param("version", seen.version())
                .param("nodes", seen.nodes())
                .param("architectures", String.join(" ", seen.architectures()))
                .param("problem", seen.problem() == null ? null : StoredJson.write(seen.problem()))
                .param("answered", seen.answeredAt() != null)
                .update();
    }

    /** Whether an environment is on it. */
    public boolean used(String name) {
        return jdbc.sql("select exists (select 1 from environment where cluster = :name and destroyed_at is null)")
                .param("name", name)
                .query(Boolean.class)
                .single();
    }

    public Optional<Seen> seen(String name) {
        return jdbc.sql("select * from cluster_seen where name = :name")
                .param("name", name)
                .query(ClusterStore::seenRow)
                .optional();
    }

    private static Seen seenRow(ResultSet row, int number) throws SQLException {
        String problem = row.getString("problem");
        Timestamp asked = row.getTimestamp("asked_at");
        Timestamp answered = row.getTimestamp("answered_at");
        String architectures = row.getString("architectures");
        return new Seen(
                row.getString("name"),
                row.getString("identity"),
                row.getString("address"),
                row.getString("version"),
                row.getObject("nodes", Integer.class),
                architectures.isEmpty() ? List.of() : Arrays.asList(architectures.split(" ")),
                problem == null ? null : StoredJson.read(problem, Problem.class),
                asked == null ? null : asked.toInstant(),
                answered == null ? null : answered.toInstant());
    }

    private static String context(String name) {
        return "cluster/" + name;
    }
}
