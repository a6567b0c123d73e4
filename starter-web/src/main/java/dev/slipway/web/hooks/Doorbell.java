package dev.slipway.web.hooks;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** Wakes whoever waits for work, in this process; others look by themselves now and then. */
@Component
final class Doorbell {
    private long rings;

    synchronized void ring() {
        rings++;
        notifyAll();
    }

    /** How often it rang so far: to be asked before one looks for work. */
    synchronized long rings() {
        return rings;
    }

    /** Returns when it rang since, or after a while. */
    synchronized void await(long since, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toMillis();
                rings == since && left > 0;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
