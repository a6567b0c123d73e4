package dev.slipway.activities.notify;

import dev.slipway.activities.notify.OutboxMessage.Channel;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: twice as long each time, up to a quarter of an hour, and never in step with others. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    /** Somebody waits in front of a chat, and half an hour is all there is. */
    private static final Duration FIRST_OF_CHAT = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);

    private Backoff() {}

    /** @param attempts so far, at least one */
    static Duration after(Channel channel, int attempts) {
        Duration first = channel == Channel.CHAT ? FIRST_OF_CHAT : FIRST;
        long millis = Math.min(LONGEST.toMillis(), first.toMillis() << Math.min(20, Math.max(0, attempts - 1)));
        return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    /**
     * What a receiver asked for, an hour at most; empty: nothing that can be understood.
     *
     * @param headers by lower-case name
     */
    static Optional<Duration> asked(Map<String, String> headers, Instant now) {
        String after = headers.getOrDefault("retry-after", "");
        if (after.matches("\\d{1,9}")) {
            return Optional.of(limited(Duration.ofSeconds(Long.parseLong(after))));
        }
        if (!after.isEmpty()) {
            try {
                Instant at = ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Optional.of(limited(Duration.between(now, at)));
            } catch (DateTimeException notADate) {
                return Optional.empty();
            }
        }
        String reset = headers.getOrDefault("x-ratelimit-reset", "");
        return headers.getOrDefault("x-ratelimit-remaining", "").equals("0") && reset.matches("\\d{1,12}")
                ? Optional.of(limited(Duration.between(now, Instant.ofEpochSecond(Long.parseLong(reset)))))
                : Optional.empty();
    }

    private static Duration limited(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }
}
