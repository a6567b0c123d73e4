package dev.slipway.web.security;

import dev.slipway.activities.store.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * One-time links that sign a person in as administrator. A link works once and for one hour; they live in memory, so a restart
 * ends them all. Safe for use by many threads.
 */
final class SignInLinks {
    static final Duration VALID = Duration.ofHours(1);
    private static final int MOST = 100;

    private record Link(Secret token, Instant until) {}

    private final SecureRandom random = new SecureRandom();
    private final Deque<Link> links = new ArrayDeque<>();
    private final Clock clock;

    SignInLinks(Clock clock) {
        this.clock = clock;
    }

    /** A new token of 256 random bits, safe in an address. Beyond a hundred open ones the oldest stops working. */
    synchronized String issue() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        if (links.size() == MOST) {
            links.removeFirst();
        }
        links.addLast(new Link(Secret.of(token), clock.instant().plus(VALID)));
        return token;
    }

    /** Whether the token would be accepted; it stays usable, so that a link preview does not burn it. */
    synchronized boolean isOpen(String token) {
        expire();
        return links.stream().anyMatch(link -> link.token().matches(token));
    }

    /** Whether the token was open; it never is again. */
    synchronized boolean use(String token) {
        expire();
        return links.removeIf(link -> link.token().matches(token));
    }

    private void expire() {
        Instant now = clock.instant();
        links.removeIf(link -> !link.until().isAfter(now));
    }
}
