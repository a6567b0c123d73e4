package dev.slipway.activities.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Images that were built, by the key of everything that decides their bytes. */
public final class BuildStore {
    /**
     * @param key git tree of the context + builder and base digests + arguments (DESIGN section 5)
     * @param commit the first that led to this key
     */
    public record Build(
            String key,
            String repository,
            String digest,
            String url,
            String commit,
            String builder,
            @Nullable String baseDigest,
            @Nullable String runId,
            Instant startedAt,
            Instant endedAt) {}

    private final JdbcClient jdbc;

    public BuildStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Records a build; a second one of the same key replaces it, as the image may have been deleted in between. */
    public void record(Build build) {
        jdbc.sql("""
                        insert into build (key, repository, digest, git_url, git_commit, builder, base_digest, run_id,
                            started_at, ended_at)
                        values (:key, :repository, :digest, :url, :commit, :builder, :base, :run, :started, :ended)
                        on conflict (key) do update set repository = excluded.repository, digest = excluded.digest,
                            git_url = excluded.git_url, git_commit = excluded.git_commit, run_id = excluded.run_id,
                            started_at = excluded.started_at, ended_at = excluded.ended_at
                        """)
                .param("key", build.key())
                .param("repository", build.repository())
                .param("digest", build.digest())
                .param("url", build.url())
                .param("commit", build.commit())
                .param("builder", build.builder())
                .param("base", build.baseDigest())
                .param("run", build.runId())
                .param("started", Timestamp.from(build.startedAt()))
                .param("ended", Timestamp.from(build.endedAt()))
                .update();
    }

    public Optional<Build> byKey(String key) {
        return jdbc.sql("select * from build where key = :key")
                .param("key", key)
                .query((row, number) -> new Build(
                        row.getString("key"),
                        row.getString("repository"),
                        row.getString("digest"),
                        row.getString("git_url"),
                        row.getString("git_commit"),
                        row.getString("builder"),
                        row.getString("base_digest"),
                        row.getString("run_id"),
                        row.getTimestamp("started_at").toInstant(),
                        row.getTimestamp("ended_at").toInstant()))
                .optional();
    }
}
