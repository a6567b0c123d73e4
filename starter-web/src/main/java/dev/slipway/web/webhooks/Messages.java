package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.notify.OutboxMessage;
import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.web.shell.GivenName;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The outbox, for people. */
@Component
final class Messages {
    private final Outbox outbox;

    Messages(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Newest first.
     *
     * @param state {@code null}: any
     * @param after {@code null}: from the newest
     * @throws ProblemException {@code SLP-REQUEST-INVALID} when there is no such state
     */
    Page<MessageView> list(@Nullable String state, @Nullable Long after, int limit) {
        State wanted = state == null ? null : state(state);
        List<OutboxMessage> some = outbox.list(wanted, after == null ? Long.MAX_VALUE : after, Page.limit(limit) + 1);
        return Page.of(
                some,
                Page.limit(limit),
                message -> Long.toString(message.position()),
                message -> MessageView.of(message, null));
    }

    private static State state(String word) {
        return Arrays.stream(State.values())
                .filter(known -> known.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.REQUEST_INVALID,
                        "state",
                        "reason",
                        "state is one of waiting, delivered, dead, superseded")));
    }

    int count(State state) {
        return outbox.count(state);
    }

    /** @throws ProblemException {@code SLP-MESSAGE-UNKNOWN} */
    MessageView one(String id) {
        return outbox.find(id)
                .map(message -> MessageView.of(message, outbox.body(id).orElse(null)))
                .orElseThrow(() -> unknown(id));
    }

    /**
     * Sends a dead one again, and one that waits now. One that was delivered meanwhile, or is being sent, stays as it is.
     *
     * @throws ProblemException {@code SLP-MESSAGE-UNKNOWN}
     */
    MessageView again(String id) {
        one(id);
        outbox.again(id);
        return one(id);
    }

    /** All dead ones. @return how many */
    int allAgain() {
        return outbox.allAgain();
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(
                Problem.of(ProblemCode.MESSAGE_UNKNOWN, GivenName.shown(id), "message", GivenName.shown(id)));
    }
}
