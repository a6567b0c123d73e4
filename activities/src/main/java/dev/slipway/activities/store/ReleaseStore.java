package dev.slipway.activities.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Releases: what an environment was told to run. Written before the first apply. */
public final class ReleaseStore {
    public enum State {
        DEPLOYING,
        DEPLOYED,
        PARTIAL,
        FAILED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param document resolved, as YAML
     * @param endedAt {@code null} while deploying
     */
    public record Release(
            String environmentId,
            long number,
            String runId,
            State state,
            String document,
            Instant createdAt,
            @Nullable Instant endedAt) {}

    /**
     * @param image by digest
     * @param commit {@code null}: the image was not built here
     */
    public record ReleaseImage(
            String component, String image, @Nullable String commit) {}

    /**
     * What a component was told to run in some release.
     *
     * @param digest with its algorithm: {@code sha256:7c1e…}
     * @param commit {@code null}: the image was not built here
     */
    public record Told(
            String component, String digest, @Nullable String commit, String runId) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    public ReleaseStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Opens the run's release; the run has one only. */
    public Release open(String environmentId, String runId, String document) {
        transaction.executeWithoutResult(status -> {
            EnvironmentStore.lock(jdbc, environmentId);
            insert(environmentId, runId, document);
        });
        return ofRun(runId).orElseThrow();
    }

    private void insert(String environmentId, String runId, String document) {
        jdbc.sql("""
                        insert into release (environment_id, number, run_id, state, document)
                        select environment.id,
                            (select coalesce(max(number), 0) + 1 from release where environment_id = :environment),
                            :run, 'deploying', :document
                        from environment where environment.id = :environment
                        on conflict (run_id) do nothing
                        """)
                .param("environment", environmentId)
                .param("run", runId)
                .param("document", document)
                .update();
    }

    /** Notes the image of a component; the same twice changes nothing. */
    public void image(Release release, ReleaseImage image) {
        jdbc.sql("""
                        insert into release_image (environment_id, number, component, image, git_commit)
                        values (:environment, :number, :component, :image, :commit)
                        on conflict (environment_id, number, component)
                        do update set image = excluded.image, git_commit = excluded.git_commit
                        """)
                .param("environment", release.environmentId())
                .param("number", release.number())
                .param("component", image.component())
                .param("image", image.image())
                .param("commit", image.commit())
                .update();
    }

    /** Somebody has changed a component in the middle of the run: from then on this is what is told to run. */
    void amend(Release release, String document) {
        jdbc.sql("""
                        update release set document = :document
                        where environment_id = :environment and number = :number and state = 'deploying'
                        """)
                .param("document", document)
                .param("environment", release.environmentId())
                .param("number", release.number())
                .update();
    }

    public void close(String runId, State state) {
        jdbc.sql("update release set state = :state, ended_at = now() where run_id = :run and state = 'deploying'")
                .param("state", state.word())
                .param("run", runId)
                .update();
    }

    public Optional<Release> ofRun(String runId) {
        return jdbc.sql("select * from release where run_id = :run")
                .param("run", runId)
                .query(ReleaseStore::row)
                .optional();
    }

    public Optional<Release> newest(String environmentId) {
        return list(environmentId, Long.MAX_VALUE, 1).stream().findFirst();
    }

    /** The newest of each environment that has one, by its id. */
    public Map<String, Release> newest(Collection<String> environmentIds) {
        return jdbc
                .sql("""
                        select newest.* from unnest(:environments) as asked (id),
                        lateral (select * from release where environment_id = asked.id order by number desc limit 1) as newest
                        """)
                .param("environments", environmentIds.toArray(String[]::new))
                .query(ReleaseStore::row)
                .list()
                .stream()
                .collect(Collectors.toMap(Release::environmentId, release -> release));
    }

    /** What each of these runs, by the environment's id; at most one release of each. */
    public Map<String, List<ReleaseImage>> images(Collection<Release> some) {
        Map<String, List<ReleaseImage>> images = new HashMap<>();
        jdbc.sql("""
                        select i.environment_id, i.component, i.image, i.git_commit from release_image i
                        join unnest(:environments, :numbers) as asked (environment_id, number)
                            using (environment_id, number)
                        order by i.component
                        """)
                .param("environments", some.stream().map(Release::environmentId).toArray(String[]::new))
                .param("numbers", some.stream().map(Release::number).toArray(Long[]::new))
                .query((row, number) -> images.computeIfAbsent(
                                row.getString("environment_id"), environment -> new ArrayList<>())
                        .add(new ReleaseImage(
                                row.getString("component"), row.getString("image"), row.getString("git_commit"))))
                .list();
        return images;
    }

    public Optional<Release> byNumber(String environmentId, long number) {
        return list(environmentId, number + 1, 1).stream()
                .filter(release -> release.number() == number)
                .findFirst();
    }

    /** Newest first. */
    public List<Release> list(String environmentId, long before, int limit) {
        return jdbc.sql("""
                        select * from release where environment_id = :environment and number < :before
                        order by number desc limit :limit
                        """)
                .param("environment", environmentId)
                .param("before", before)
                .param("limit", limit)
                .query(ReleaseStore::row)
                .list();
    }

    public List<ReleaseImage> images(Release release) {
        return jdbc.sql("""
                        select component, image, git_commit from release_image
                        where environment_id = :environment and number = :number order by component
                        """)
                .param("environment", release.environmentId())
                .param("number", release.number())
                .query((row, number) -> new ReleaseImage(
                        row.getString("component"), row.getString("image"), row.getString("git_commit")))
                .list();
    }

    /** The newest releases that told components to run images of these digests; at most one for each component and digest. */
    public List<Told> told(String environmentId, Collection<String> digests) {
        if (digests.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select distinct on (component, digest) component, digest, git_commit, run_id
                        from (select release_image.*, split_part(image, '@', 2) as digest from release_image
                            where environment_id = :environment) as told
                        join release using (environment_id, number)
                        where digest in (:digests) order by component, digest, number desc
                        """)
                .param("environment", environmentId)
                .param("digests", digests)
                .query((row, number) -> new Told(
                        row.getString("component"),
                        row.getString("digest"),
                        row.getString("git_commit"),
                        row.getString("run_id")))
                .list();
    }

    private static Release row(ResultSet row, int number) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        return new Release(
                row.getString("environment_id"),
                row.getLong("number"),
                row.getString("run_id"),
                State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                row.getString("document"),
                row.getTimestamp("created_at").toInstant(),
                ended == null ? null : ended.toInstant());
    }
}
