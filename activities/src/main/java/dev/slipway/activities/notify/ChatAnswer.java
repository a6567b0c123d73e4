package dev.slipway.activities.notify;

import dev.slipway.activities.store.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message for the response address that came with a chat command.
 *
 * @param conversation key of that response address, the same for all its messages, which are sent in order; not the address itself
 * @param address https; who has it may post to the chat, so it is kept sealed and shown nowhere
 * @param json the body, as the chat wants it
 * @param expires after this moment it is not sent any more: Slack takes answers for 30 minutes
 * @param uses of the response address altogether: Slack takes five
 * @param key of this message in the conversation: a second one with the same key is the same message
 * @param runId what it is about; {@code null}: no run
 */
public record ChatAnswer(
        String conversation,
        Secret address,
        String json,
        Instant expires,
        int uses,
        String key,
        @Nullable String runId) {}
