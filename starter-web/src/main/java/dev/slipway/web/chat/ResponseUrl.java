package dev.slipway.web.chat;

import dev.slipway.activities.store.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Answers by the address that came with a command: in order, again until it is taken or its time is over. */
interface ResponseUrl {
    /**
     * @param conversation key of the response address, the same for all its answers
     * @param address checked against the hosts of its connection
     * @param expires after this moment it is not sent any more
     * @param uses of the response address altogether
     * @param key of this answer in the conversation: a second one with the same key is the same answer
     * @param runId what it is about; {@code null}: no run
     */
    record Answer(
            String conversation,
            Secret address,
            String json,
            Instant expires,
            int uses,
            String key,
            @Nullable String runId) {}

    /** @return whether it will be sent; false: the address is used up or its time is over */
    boolean send(Answer answer);
}
