package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;

/** Asks for a reconciliation of the same key later. */
interface Timers {
    void again(ObjectKey key, Duration delay);
}
