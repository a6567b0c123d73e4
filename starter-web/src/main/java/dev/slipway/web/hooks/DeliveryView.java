package dev.slipway.web.hooks;

import dev.slipway.web.problems.ProblemText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as pages and API show it. What it says of a push was written by strangers.
 *
 * @param hookId {@code null}: the hook is gone
 * @param state {@code waiting}, {@code done}, {@code refused}
 * @param shown what came of it in a word: {@code refused}, {@code waiting}, {@code failed}, {@code waits}, {@code started}, {@code skipped}
 * @param push {@code null}: it was none
 * @param address where it came from
 * @param repeats how often it came again
 * @param reason why nothing comes of it as a whole; {@code null}: see its results
 * @param problem why it was refused; {@code null}: it was not
 */
public record DeliveryView(
        String id,
        @Nullable String hookId,
        String hook,
        String provider,
        String event,
        String state,
        String shown,
        @Nullable PushView push,
        String address,
        Instant receivedAt,
        int repeats,
        @Nullable ReasonView reason,
        @Nullable ProblemText problem,
        List<ResultView> results) {
    /** So many files are shown. */
    static final int FILES = 200;

    public DeliveryView {
        results = List.copyOf(results);
    }

    /**
     * @param repository short, without protocol
     * @param before {@code null}: there was nothing
     * @param after {@code null}: it was deleted
     * @param files the first {@value DeliveryView#FILES}
     * @param allFiles whether the provider listed all
     */
    public record PushView(
            String repository,
            String ref,
            boolean tag,
            @Nullable String before,
            @Nullable String after,
            int commits,
            String message,
            String sender,
            List<String> files,
            int fileCount,
            boolean allFiles) {}

    /** A word, and the sentence in the reader's language. */
    public record ReasonView(String code, String text) {}

    /**
     * What it came to by a rule.
     *
     * @param state {@code skipped}, {@code waits}, {@code started}, {@code replaced}, {@code failed}
     * @param operation {@code null}: nothing is started
     * @param components none: all
     * @param dueAt of one that waits; {@code null}: it does not
     * @param run {@code null}: none was started
     * @param problem why it could not be started
     */
    public record ResultView(
            String delivery,
            String environment,
            String rule,
            String state,
            ReasonView reason,
            @Nullable String operation,
            List<String> components,
            @Nullable Instant dueAt,
            @Nullable String run,
            @Nullable ProblemText problem,
            Instant changedAt) {}

    /** Whether something of it could not be started. */
    public boolean failed() {
        return results.stream().anyMatch(result -> result.state().equals("failed"));
    }
}
