package dev.slipway.web.builds;

import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.BuildStore.Wanted;
import dev.slipway.web.problems.ProblemText;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A build as pages and API show it.
 *
 * @param ref {@code null}: not kept
 * @param tree git tree id of what was built; {@code null}: not kept
 * @param builderImage by digest; {@code null}: none was needed
 * @param base by digest, several with spaces between them; {@code null}: none
 * @param image by digest; {@code null}: there is none
 * @param instruction of the Dockerfile that it failed at; {@code null}: none is known
 * @param run of the first who needed it; {@code null}: not kept
 * @param cache {@code 3 of 4}: layers that came from the cache; {@code null}: not told
 * @param pushedBytes {@code null}: not told
 * @param seconds that it took; {@code null}: it has not ended
 */
public record BuildView(
        String id,
        String state,
        String application,
        String component,
        String key,
        String url,
        @Nullable String ref,
        String commit,
        @Nullable String tree,
        String builder,
        @Nullable String builderImage,
        @Nullable String base,
        String repository,
        @Nullable String tag,
        @Nullable String image,
        @Nullable ProblemText problem,
        @Nullable String instruction,
        @Nullable String run,
        @Nullable String cluster,
        @Nullable String job,
        @Nullable String cache,
        @Nullable Long pushedBytes,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Double seconds) {
    static BuildView of(Build build, @Nullable ProblemText problem) {
        Wanted wanted = build.wanted();
        Map<String, String> told =
                build.problem() == null ? Map.of() : build.problem().arguments();
        String instruction = told.getOrDefault("instruction", "");
        return new BuildView(
                build.id(),
                build.state().word(),
                wanted.application(),
                wanted.component(),
                wanted.key(),
                wanted.url(),
                wanted.ref(),
                wanted.commit(),
                wanted.tree(),
                wanted.builder(),
                wanted.builderImage(),
                wanted.base(),
                wanted.repository(),
                wanted.tag(),
                build.digest() == null ? null : wanted.repository() + "@" + build.digest(),
                problem,
                instruction.isBlank() ? null : instruction,
                build.runId(),
                build.cluster(),
                build.job(),
                build.cache(),
                build.pushedBytes(),
                build.startedAt(),
                build.endedAt(),
                build.endedAt() == null
                        ? null
                        : Duration.between(build.startedAt(), build.endedAt()).toMillis() / 1_000.0);
    }

    public boolean running() {
        return endedAt == null;
    }
}
