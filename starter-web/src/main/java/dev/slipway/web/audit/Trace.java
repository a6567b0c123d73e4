package dev.slipway.web.audit;

import dev.slipway.web.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a request while it is answered. One thread at a time has it. */
final class Trace {
    private static final String ATTRIBUTE = Trace.class.getName();

    final String id;
    final Instant at;

    /** {@code null}: nobody has signed in, or it is not known yet. */
    @Nullable
    Caller caller;
    /** A row says that it began. */
    boolean begun;
    /** It is a POST that only looks. */
    boolean changesNothing;
    /** What the door said of itself, better than its route. */
    @Nullable
    String action;

    @Nullable
    AuditSubject subject;

    String detail = "";

    private Trace(String id, Instant at) {
        this.id = id;
        this.at = at;
    }

    static Trace open(HttpServletRequest request, String id, Instant at) {
        Trace trace = new Trace(id, at);
        request.setAttribute(ATTRIBUTE, trace);
        return trace;
    }

    static Optional<Trace> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Trace trace ? Optional.of(trace) : Optional.empty();
    }

    /** Whether a row of this request says that they began something. */
    boolean isOf(Caller other) {
        return begun
                && caller != null
                && caller.name().equals(other.name())
                && java.util.Objects.equals(caller.userId(), other.userId());
    }
}
