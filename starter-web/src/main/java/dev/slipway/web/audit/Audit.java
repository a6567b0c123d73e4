package dev.slipway.web.audit;

import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.audit.AuditEntry;
import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.web.access.Caller;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Writes down who did what. Routes need not call it: {@link AuditFilter} does for all of them. Doors that act for somebody else
 * than who called their route (chat, hooks) or without a route (schedules) use {@link #act}.
 *
 * <p>An act is written down before it is begun and once more, before anybody is told, when it has ended: so an act that was
 * acknowledged has its row whenever Slipway dies, and one that is cut short has one that says so. What cannot be written down is
 * not begun.
 */
@Component
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final Set<ProblemCode> REFUSALS = EnumSet.of(
            ProblemCode.SIGN_IN_REQUIRED,
            ProblemCode.SIGN_IN_REFUSED,
            ProblemCode.SIGN_IN_TOO_OFTEN,
            ProblemCode.FORBIDDEN,
            ProblemCode.NOT_PERMITTED,
            ProblemCode.TOKEN_SCOPE,
            ProblemCode.HOST_REFUSED);

    private final AuditStore store;
    private final Clock clock = Clock.systemUTC();
    private final RefusalThrottle throttle = new RefusalThrottle(clock);

    Audit(AuditStore store) {
        this.store = store;
    }

    /**
     * Does something for somebody, and writes it down. Within a request of the same caller that is audited anyway, it tells that
     * row what really was done.
     *
     * @param detail what of the result identifies it, such as a run's id; never anything secret
     */
    public <T> T act(Caller caller, String action, AuditSubject subject, Supplier<T> work, Function<T, String> detail) {
        Optional<Trace> request = current();
        if (request.isPresent() && request.get().isOf(caller)) {
            Trace trace = request.get();
            trace.action = action;
            trace.subject = subject;
            T result = work.get();
            trace.detail = detail.apply(result);
            return result;
        }
        String act = Ids.next();
        String from = request.map(trace -> trace.id).orElse(act);
        store.append(entry(clock.instant(), act, from, AuditOutcome.BEGUN, caller, "", "", action, subject, "", ""));
        T result;
        try {
            result = work.get();
        } catch (RuntimeException e) {
            String code = code(e);
            AuditOutcome outcome = isRefusal(code) ? AuditOutcome.REFUSED : AuditOutcome.FAILED;
            store.append(entry(clock.instant(), act, from, outcome, caller, "", "", action, subject, "", code));
            throw e;
        }
        store.append(entry(
                clock.instant(),
                act,
                from,
                AuditOutcome.ALLOWED,
                caller,
                "",
                "",
                action,
                subject,
                detail.apply(result),
                ""));
        return result;
    }

    /** For acts without a result that says more. */
    public void act(Caller caller, String action, AuditSubject subject, Runnable work) {
        var unused = act(
                caller,
                action,
                subject,
                () -> {
                    work.run();
                    return "";
                },
                nothing -> nothing);
    }

    private static Optional<Trace> current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Trace.of(attributes.getRequest())
                : Optional.empty();
    }

    private static String code(RuntimeException e) {
        return e instanceof ProblemException problem
                ? problem.problems().get(0).code().id()
                : ProblemCode.UNEXPECTED.id();
    }

    static boolean isRefusal(String code) {
        return REFUSALS.stream().anyMatch(known -> known.id().equals(code));
    }

    Instant now() {
        return clock.instant();
    }

    /** @throws DataAccessException it is not written, or nobody knows */
    void write(AuditEntry entry) {
        store.append(entry);
    }

    /** A refusal, unless its source had many lately: then it is only counted. A store that is away changes no refusal. */
    void writeThrottled(AuditEntry entry) {
        writeLeftOut(throttle.leftOut());
        if (throttle.admits(entry.who().isEmpty() ? entry.address() : entry.who())) {
            writeIfPossible(entry);
        }
    }

    /** What was counted and is not written yet. */
    void flush(boolean all) {
        writeLeftOut(all ? throttle.drain() : throttle.leftOut());
    }

    private void writeLeftOut(long times) {
        if (times > 0) {
            String act = Ids.next();
            writeIfPossible(new AuditEntry(
                    clock.instant(),
                    act,
                    act,
                    AuditOutcome.REFUSED,
                    "",
                    "",
                    "",
                    "",
                    "",
                    "refusals.counted",
                    "",
                    "",
                    "",
                    "too many in a minute for a row each",
                    "",
                    times));
        }
    }

    private void writeIfPossible(AuditEntry entry) {
        try {
            store.append(entry);
        } catch (RuntimeException away) {
            LOG.warn("{} {} is refused and cannot be written down: {}", entry.action(), entry.name(), away.toString());
        }
    }

    /** @param door,address where there is no caller */
    static AuditEntry entry(
            Instant at,
            String act,
            String request,
            AuditOutcome outcome,
            @Nullable Caller caller,
            String door,
            String address,
            String action,
            AuditSubject subject,
            String detail,
            String problem) {
        return new AuditEntry(
                at,
                act,
                request,
                outcome,
                caller == null ? "" : caller.name(),
                caller == null || caller.userId() == null ? "" : caller.userId(),
                caller == null || caller.tokenId() == null ? "" : caller.tokenId(),
                caller == null ? door : caller.door().word(),
                caller == null || caller.address().isEmpty() ? address : caller.address(),
                action,
                subject.kind(),
                subject.name(),
                subject.id(),
                detail,
                problem,
                1);
    }
}
