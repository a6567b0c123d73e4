package dev.slipway.activities.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time it is on a cluster. Its clock and this machine's may differ by minutes, so whatever is compared with a time that
 * the cluster has written is asked for here (decision 29).
 *
 * <p>Each answer of the API server tells its time in whole seconds, written at some moment between the question and the
 * answer: two bounds for the difference. It is moved by no more than a bound that it does not keep, so that equal clocks stay
 * equal, and a slow answer tells little instead of something wrong.
 */
public final class ClusterTime {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterTime.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

    private final String cluster;
    private final Clock clock;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean known;
    private Duration told = Duration.ZERO;

    /** @param clock this machine's */
    ClusterTime(String cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** By this machine's clock. */
    static ClusterTime of(String cluster) {
        return new ClusterTime(cluster, Clock.systemUTC());
    }

    /** On the cluster; as here while it has not answered yet. */
    public Instant now() {
        return there(here());
    }

    /** By this machine's clock: for what is shown to people, and kept. */
    public Instant here() {
        return clock.instant();
    }

    /** What the cluster writes when it is {@code here} by this machine's clock. */
    public Instant there(Instant here) {
        return here.plus(ahead);
    }

    /** What this machine's clock said when the cluster wrote {@code there}. */
    public Instant here(Instant there) {
        return there.minus(ahead);
    }

    /** Whether it has answered yet. */
    public boolean known() {
        return known;
    }

    /**
     * @param date what the API server's answer says, in whole seconds
     * @param asked by this machine's clock, as is {@code answered}
     */
    synchronized void heard(Instant date, Instant asked, Instant answered) {
        Duration least = Duration.between(answered, date);
        Duration most = Duration.between(asked, date).plus(SECOND);
        if (most.compareTo(least) < 0) {
            return; // this machine's clock was set meanwhile
        }
        if (ahead.compareTo(least) < 0) {
            ahead = least;
        } else if (ahead.compareTo(most) > 0) {
            ahead = most;
        }
        known = true;
        if (ahead.minus(told).abs().compareTo(WORTH_TELLING) >= 0) {
            told = ahead;
            LOG.warn(
                    "The clock of cluster {} is {} s {} this machine's",
                    cluster,
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
    }
}
