package dev.slipway.activities.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message in the outbox, without its body and address.
 *
 * @param target the webhook, the git host, the conversation
 * @param event {@code run.finished}, {@code success}
 * @param runId {@code null}: about no run
 * @param attempts so far, one under way included
 * @param unsure of them, how many may have arrived without anybody knowing
 * @param nextAt when it is sent next, while it waits
 * @param expiresAt when it is given up
 * @param endedAt {@code null}: it waits
 * @param status of the last answer over HTTP; {@code null}: none came
 * @param answer the beginning of the last answer, or why there was none; {@code null}: not sent yet
 */
public record OutboxMessage(
        String id,
        long position,
        Channel channel,
        String target,
        String event,
        @Nullable String runId,
        State state,
        int attempts,
        int unsure,
        Instant createdAt,
        Instant nextAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable Integer status,
        @Nullable String answer) {

    /** Which way it goes. */
    public enum Channel {
        WEBHOOK,
        STATUS,
        CHAT;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What became of it. */
    public enum State {
        WAITING,
        DELIVERED,
        /** Given up: a person may send it again. */
        DEAD,
        /** A newer one says more; it was not sent. */
        SUPERSEDED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
