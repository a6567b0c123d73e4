package dev.slipway.web.audit;

import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.audit.AuditEntry;
import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ToldProblems;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Trigger;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.OnCommittedResponseWrapper;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The one place that audits what comes by HTTP: before everything else, so that what others refuse is seen too. How a request
 * ended is written before the first byte of its answer leaves.
 */
final class AuditFilter extends OncePerRequestFilter {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final String REQUEST_ID = "X-Request-Id";

    private final Audit audit;

    AuditFilter(Audit audit) {
        this.audit = audit;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Trace trace = Trace.open(request, Ids.next(), audit.now());
        response.setHeader(REQUEST_ID, trace.id);
        Held held = new Held(response, request, trace);
        Answer answer = new Answer(held);
        held.answer = answer;
        try {
            chain.doFilter(request, answer);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            answer.told = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            held.conclude();
            throw e;
        }
        if (!request.isAsyncStarted()) {
            held.conclude();
        }
    }

    /** Writes how it ended, once, when the answer is about to leave. */
    private final class Held extends OnCommittedResponseWrapper {
        private final HttpServletRequest request;
        private final Trace trace;
        private boolean concluded;

        @Nullable
        private Answer answer;

        Held(HttpServletResponse response, HttpServletRequest request, Trace trace) {
            super(response);
            this.request = request;
            this.trace = trace;
        }

        @Override
        protected void onResponseCommitted() {
            conclude();
            disableOnResponseCommitted();
        }

        void conclude() {
            if (!concluded) {
                concluded = true;
                int told = answer == null ? 0 : answer.told;
                AuditFilter.this.conclude(request, trace, told == 0 ? getStatus() : told, location());
            }
        }

        /** Where the browser is sent, or else what is shown. */
        private @Nullable String location() {
            if (answer != null && answer.location != null) {
                return answer.location;
            }
            String sent = getHeader(HttpHeaders.LOCATION);
            return sent == null ? getHeader(HttpHeaders.CONTENT_LOCATION) : sent;
        }
    }

    /** Knows what is answered by the calls that answer at once. */
    private static final class Answer extends HttpServletResponseWrapper {
        private int told;

        @Nullable
        private String location;

        Answer(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendError(int status) throws IOException {
            told = status;
            super.sendError(status);
        }

        @Override
        public void sendError(int status, String message) throws IOException {
            told = status;
            super.sendError(status, message);
        }

        @Override
        public void sendRedirect(String target) throws IOException {
            told = HttpServletResponse.SC_FOUND;
            location = target;
            super.sendRedirect(target);
        }
    }

    private void conclude(HttpServletRequest request, Trace trace, int status, @Nullable String location) {
        if (trace.caller == null) {
            trace.caller = Callers.current().orElse(null);
        }
        boolean safe = SAFE.contains(request.getMethod());
        boolean routed = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod;
        boolean toSignIn = trace.caller == null && !routed && !safe && isSignIn(location);
        String code = toSignIn ? ProblemCode.SIGN_IN_REQUIRED.id() : code(request, status);
        if (toSignIn || isRefusal(status, code) || Callers.wasHidden(request)) {
            AuditEntry refused = entry(request, trace, AuditOutcome.REFUSED, location, code);
            if (trace.begun) {
                audit.write(refused);
            } else {
                audit.writeThrottled(refused);
            }
            return;
        }
        if (trace.begun) {
            audit.write(
                    entry(request, trace, status < 400 ? AuditOutcome.ALLOWED : AuditOutcome.FAILED, location, code));
        } else if (!safe && !trace.changesNothing) {
            if (status < 400) {
                audit.write(entry(request, trace, AuditOutcome.ALLOWED, location, code));
            } else if (routed) {
                audit.writeThrottled(entry(request, trace, AuditOutcome.FAILED, location, code));
            }
        }
    }

    private static boolean isRefusal(int status, String code) {
        return status == HttpServletResponse.SC_UNAUTHORIZED
                || status == HttpServletResponse.SC_FORBIDDEN
                || Audit.isRefusal(code);
    }

    private static boolean isSignIn(@Nullable String location) {
        return location != null && (location.equals("/sign-in") || location.endsWith("/sign-in"));
    }

    private static String code(HttpServletRequest request, int status) {
        Optional<String> told = ToldProblems.first(request);
        if (told.isPresent() || status < 400) {
            return told.orElse("");
        }
        return switch (status) {
            case HttpServletResponse.SC_UNAUTHORIZED -> ProblemCode.SIGN_IN_REQUIRED.id();
            case HttpServletResponse.SC_FORBIDDEN -> ProblemCode.FORBIDDEN.id();
            case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> ProblemCode.UNEXPECTED.id();
            default -> "HTTP-" + status;
        };
    }

    private AuditEntry entry(
            HttpServletRequest request, Trace trace, AuditOutcome outcome, @Nullable String location, String problem) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String route = pattern instanceof String known ? known : RouteWords.unknown(request.getRequestURI());
        AuditSubject subject = trace.subject;
        if (subject == null) {
            Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
            subject = RouteWords.subject(route, variables instanceof Map<?, ?> named ? named : Map.of());
            AuditSubject created = RouteWords.created(location);
            if (subject.equals(AuditSubject.INSTALLATION) && created != null && outcome == AuditOutcome.ALLOWED) {
                subject = created;
            }
        }
        String action = trace.action;
        if (action == null) {
            Audited named =
                    request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod method
                            ? method.getMethodAnnotation(Audited.class)
                            : null;
            action = named == null ? RouteWords.action(request.getMethod(), route) : named.value();
        }
        return Audit.entry(
                outcome == AuditOutcome.BEGUN ? trace.at : audit.now(),
                trace.id,
                trace.id,
                outcome,
                trace.caller,
                door(request.getRequestURI()),
                request.getRemoteAddr(),
                action,
                subject,
                trace.detail.isEmpty() ? request.getMethod() + " " + route : trace.detail,
                problem);
    }

    /** Of those who have not signed in. */
    private static String door(String path) {
        if (path.startsWith("/api/v1/hooks")) {
            return Trigger.WEBHOOK.word();
        }
        if (path.startsWith("/api/v1/chat")) {
            return Trigger.CHAT.word();
        }
        return (path.startsWith("/api/") ? Trigger.API : Trigger.BUTTON).word();
    }

    /** Writes what is begun, after it was permitted and before it is. */
    HandlerInterceptor beginnings() {
        return new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                Trace trace = Trace.of(request).orElse(null);
                if (trace == null || !(handler instanceof HandlerMethod route) || trace.begun) {
                    return true;
                }
                Optional<Caller> caller = Callers.find(request);
                trace.caller = caller.orElse(null);
                trace.changesNothing = route.hasMethodAnnotation(ChangesNothing.class);
                boolean acts = !SAFE.contains(request.getMethod()) || route.hasMethodAnnotation(Audited.class);
                // Nobody can make two rows of one attempt without having signed in.
                if (acts && !trace.changesNothing && caller.isPresent()) {
                    audit.write(entry(request, trace, AuditOutcome.BEGUN, null, ""));
                    trace.begun = true;
                }
                return true;
            }

            @Override
            public void postHandle(
                    HttpServletRequest request,
                    HttpServletResponse response,
                    Object handler,
                    @Nullable ModelAndView page) {
                // A form that is shown again tells its problems on the page.
                if (page != null
                        && response.getStatus() >= 400
                        && page.getModel().get("problems") instanceof List<?> told
                        && !told.isEmpty()
                        && told.get(0) instanceof ProblemText first) {
                    ToldProblems.note(request, first.code());
                }
            }
        };
    }
}
