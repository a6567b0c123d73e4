package dev.slipway.activities.notify;

import dev.slipway.activities.notify.Outbox.Leased;
import dev.slipway.activities.notify.OutboxMessage.Channel;
import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.activities.outbound.OutboundPost.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt came to.
 *
 * @param state waiting: it is tried again
 * @param status of the answer; {@code null}: there was none
 * @param pause before it is tried again
 * @param hold whether everything for the same receiver waits as long
 */
record Verdict(State state, @Nullable Integer status, String answer, Duration pause, boolean hold) {
    /** What GitLab says to a state that a commit has already. */
    private static final String ALREADY = "Cannot transition status";

    static Verdict dead(@Nullable Integer status, String answer) {
        return new Verdict(State.DEAD, status, answer, Duration.ZERO, false);
    }

    static Verdict retry(@Nullable Integer status, String answer, Duration pause) {
        return new Verdict(State.WAITING, status, answer, pause, false);
    }

    static Verdict of(Channel channel, int attempts, Answer answer, Instant now) {
        int status = answer.status();
        if (status / 100 == 2
                || channel == Channel.STATUS && status == 400 && answer.body().contains(ALREADY)) {
            return new Verdict(State.DELIVERED, status, answer.body(), Duration.ZERO, false);
        }
        String shown = status / 100 == 3
                ? "a redirect to " + answer.headers().getOrDefault("location", "nowhere")
                        + ", which is not followed: configure that address"
                : answer.body();
        Optional<Duration> asked = Backoff.asked(answer.headers(), now);
        if (asked.isPresent() && asksForTime(channel, status)) {
            Duration usual = Backoff.after(channel, attempts);
            Duration pause = asked.get().compareTo(usual) > 0 ? asked.get() : usual;
            return new Verdict(State.WAITING, status, shown, pause, true);
        }
        return lasting(channel, status) ? dead(status, shown) : retry(status, shown, Backoff.after(channel, attempts));
    }

    private static boolean asksForTime(Channel channel, int status) {
        return status == 429 || status == 503 || channel == Channel.STATUS && status == 403;
    }

    /**
     * A webhook's receiver may be mended within the day, whatever it answers, but for "gone". A git server or a chat that does not want
     * the message will not want it later.
     */
    private static boolean lasting(Channel channel, int status) {
        return channel == Channel.WEBHOOK
                ? status == 410
                : status / 100 == 4 && status != 408 && status != 425 && status != 429;
    }

    void record(Outbox outbox, Leased sent) {
        switch (state) {
            case DELIVERED -> outbox.delivered(sent, status == null ? 0 : status, answer);
            case DEAD -> outbox.dead(sent, status, answer);
            case WAITING -> {
                Instant next = Instant.now().plus(pause);
                outbox.failed(sent, status, answer, next);
                if (hold) {
                    outbox.hold(sent.message().channel(), sent.message().target(), next);
                }
            }
            case SUPERSEDED -> throw new IllegalStateException("nothing that was sent is superseded");
        }
    }
}
