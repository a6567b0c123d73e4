package dev.slipway.web.hooks;

import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says.
 *
 * @param event the provider's word
 * @param push {@code null}: nothing was pushed that anything could come of
 * @param reason why nothing comes of it; {@code null} where there is a push
 */
record Payload(String event, @Nullable Push push, @Nullable Reason reason) {
    static Payload of(String event, Push push) {
        return new Payload(event, push, null);
    }

    static Payload nothing(String event, Push push, Reason reason) {
        return new Payload(event, push, reason);
    }

    static Payload nothing(String event, Reason reason) {
        return new Payload(event, null, reason);
    }
}
