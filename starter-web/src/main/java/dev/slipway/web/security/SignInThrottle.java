package dev.slipway.web.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** After ten failed sign-ins from an address within a minute, that address waits. Remembers at most a thousand addresses. */
final class SignInThrottle {
    private static final int MOST_FAILURES = 10;
    private static final int MOST_ADDRESSES = 1_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Deque<Instant>> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    /** How long this address has to wait; zero: not at all. */
    synchronized Duration wait(String address) {
        Deque<Instant> recent = failures.get(address);
        if (recent == null) {
            return Duration.ZERO;
        }
        Instant now = clock.instant();
        while (!recent.isEmpty() && !recent.getFirst().plus(WINDOW).isAfter(now)) {
            recent.removeFirst();
        }
        if (recent.isEmpty()) {
            failures.remove(address);
        }
        return recent.size() < MOST_FAILURES
                ? Duration.ZERO
                : Duration.between(now, recent.getFirst().plus(WINDOW));
    }

    synchronized void failed(String address) {
        Deque<Instant> recent = failures.computeIfAbsent(address, ignored -> new ArrayDeque<>());
        recent.addLast(clock.instant());
        if (recent.size() > MOST_FAILURES) {
            recent.removeFirst();
        }
    }
}
