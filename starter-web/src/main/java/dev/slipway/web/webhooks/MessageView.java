package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.OutboxMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of the outbox as pages and API show it.
 *
 * @param channel {@code webhook}, {@code status}, {@code chat}
 * @param target the webhook, the git server, the conversation
 * @param run what it is about; {@code null}: no run
 * @param state {@code waiting}, {@code delivered}, {@code dead}, {@code superseded}
 * @param nextAt when it is tried next, while it waits; {@code null}: it does not
 * @param status of the last answer; {@code null}: there was none
 * @param answer its beginning, or why there was none; {@code null}: it was not sent yet
 * @param body as it is sent; {@code null}: not shown here
 */
public record MessageView(
        String id,
        String channel,
        String target,
        String event,
        @Nullable String run,
        String state,
        int attempts,
        Instant createdAt,
        @Nullable Instant nextAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable Integer status,
        @Nullable String answer,
        @Nullable String body) {

    static MessageView of(OutboxMessage message, @Nullable String body) {
        return new MessageView(
                message.id(),
                message.channel().word(),
                message.target(),
                message.event(),
                message.runId(),
                message.state().word(),
                message.attempts(),
                message.createdAt(),
                message.state() == OutboxMessage.State.WAITING ? message.nextAt() : null,
                message.expiresAt(),
                message.endedAt(),
                message.status(),
                message.answer(),
                body);
    }
}
