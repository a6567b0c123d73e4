package dev.slipway.activities.notify;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is told, as JSON.
 *
 * @param event {@code run.finished}, {@code run.failed}, {@code ping}
 * @param at when it happened, in ISO 8601
 * @param run {@code null}: of a ping
 */
@JsonPropertyOrder({"event", "at", "run"})
record RunNews(String event, String at, @Nullable Run run) {
    /**
     * The small shape of a run; its whole is at {@code GET /api/v1/runs/<id>}.
     *
     * @param trigger {@code button}, {@code api}, {@code webhook}, {@code chat}
     * @param startedAt {@code null}: it never began
     * @param link to its page; {@code null}: nobody knows where people reach Slipway
     * @param problems why it is not as wished, the most telling first, at most {@link #MOST_PROBLEMS}
     */
    @JsonPropertyOrder({
        "id",
        "number",
        "operation",
        "application",
        "environment",
        "outcome",
        "actor",
        "trigger",
        "startedAt",
        "endedAt",
        "link",
        "problems"
    })
    record Run(
            String id,
            long number,
            String operation,
            String application,
            String environment,
            String outcome,
            String actor,
            String trigger,
            @Nullable String startedAt,
            @Nullable String endedAt,
            @Nullable String link,
            List<Announcements.Words> problems) {}

    static final int MOST_PROBLEMS = 20;
}
