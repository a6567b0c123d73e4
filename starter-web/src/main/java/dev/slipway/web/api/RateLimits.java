package dev.slipway.web.api;

import dev.slipway.web.SlipwaySettings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who has asked how often: a token bucket for each caller and kind of request, in the memory of this process. What is full
 * again is like new, so the oldest buckets may be forgotten. Safe for many threads.
 */
final class RateLimits {
    private static final int MOST_BUCKETS = 20_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** What is counted apart. */
    enum Kind {
        READ,
        WRITE,
        COSTLY,
        ANONYMOUS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What became of one request.
     *
     * @param limit requests in a minute
     * @param left of them
     * @param resetSeconds until all of them are there again
     * @param waitSeconds until the next one is; 0: the request is let through
     */
    record Answer(Kind kind, long limit, long left, long resetSeconds, long waitSeconds) {
        boolean refused() {
            return waitSeconds > 0;
        }

        /** {@code RateLimit-Policy}, as in draft-ietf-httpapi-ratelimit-headers-10. */
        String policy() {
            return '"' + kind.word() + "\";q=" + limit + ";w=" + WINDOW.toSeconds();
        }

        /** {@code RateLimit}, likewise. */
        String state() {
            return '"' + kind.word() + "\";r=" + left + ";t=" + resetSeconds;
        }
    }

    private record Key(Kind kind, String who) {}

    private final SlipwaySettings.Api settings;
    private final TimeMeter clock;
    private final Map<Key, Bucket> buckets = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bucket> eldest) {
            return size() > MOST_BUCKETS;
        }
    };

    RateLimits(SlipwaySettings.Api settings, TimeMeter clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Counts one request. */
    Answer ask(Kind kind, String who) {
        long limit = limit(kind);
        ConsumptionProbe probe = bucket(new Key(kind, who), limit).tryConsumeAndReturnRemaining(1);
        return new Answer(
                kind,
                limit,
                probe.getRemainingTokens(),
                seconds(probe.getNanosToWaitForReset()),
                probe.isConsumed() ? 0 : Math.max(1, seconds(probe.getNanosToWaitForRefill())));
    }

    /** How many buckets there are. */
    int remembered() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    private Bucket bucket(Key key, long limit) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(
                    key,
                    unused -> Bucket.builder()
                            .withCustomTimePrecision(clock)
                            .addLimit(bandwidth -> bandwidth.capacity(limit).refillGreedy(limit, WINDOW))
                            .build());
        }
    }

    private long limit(Kind kind) {
        return switch (kind) {
            case READ -> settings.reads();
            case WRITE -> settings.writes();
            case COSTLY -> settings.costly();
            case ANONYMOUS -> settings.anonymous();
        };
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
    }
}
