package dev.slipway.web.inbox;

import dev.slipway.activities.store.InboxStore;
import dev.slipway.activities.store.InboxStore.Reader;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.environments.RunRow;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Everybody's own inbox, for page and API. */
@Component
final class Inbox {
    /** Which part of it. */
    enum Part {
        /** What ended badly and waits for somebody. */
        NEEDS,
        MINE,
        WATCHING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws ProblemException {@code SLP-REQUEST-INVALID} */
        static Part of(String word) {
            for (Part part : values()) {
                if (part.word().equals(word)) {
                    return part;
                }
            }
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "part", "reason", "part: needs, mine, watching"));
        }
    }

    private final InboxStore store;
    private final Access access;

    Inbox(InboxStore store, Access access) {
        this.store = store;
        this.access = access;
    }

    Page<RunRow> page(Part part, Caller caller, long before, int limit) {
        Reader reader = reader(caller);
        List<StoredRun> some = switch (part) {
            case NEEDS -> store.needs(reader, before, limit + 1);
            case MINE -> store.mine(reader, before, limit + 1);
            case WATCHING -> store.watching(reader, before, limit + 1);
        };
        return Page.of(some, limit, run -> Long.toString(run.position()), Environments::row);
    }

    int count(Caller caller) {
        return store.countNeeds(reader(caller));
    }

    private Reader reader(Caller caller) {
        return new Reader(Objects.requireNonNullElse(caller.userId(), ""), caller.name(), access.sight(caller));
    }

    void seen(Caller caller, String run) {
        store.seen(caller.person(), run);
    }

    void unseen(Caller caller, String run) {
        store.unseen(caller.person(), run);
    }

    void watch(Caller caller, String environmentId) {
        store.watch(caller.person(), environmentId);
    }

    void unwatch(Caller caller, String environmentId) {
        store.unwatch(caller.person(), environmentId);
    }
}
