package dev.slipway.web.api;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.api.RateLimits.Answer;
import dev.slipway.web.api.RateLimits.Kind;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Counts what signed-in callers ask of the API. An event stream is one request, however long it lasts. */
final class RateLimitInterceptor implements HandlerInterceptor {
    private final RateLimits limits;

    RateLimitInterceptor(RateLimits limits) {
        this.limits = limits;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            Callers.find(request).ifPresent(caller -> tell(limits.ask(kind(request, handler), who(caller)), response));
        }
        return true;
    }

    /** @throws ProblemException {@code SLP-REQUEST-RATE} */
    private static void tell(Answer answer, HttpServletResponse response) {
        headers(answer, response);
        if (answer.refused()) {
            throw new ProblemException(problem(answer));
        }
    }

    static void headers(Answer answer, HttpServletResponse response) {
        response.setHeader("RateLimit-Policy", answer.policy());
        response.setHeader("RateLimit", answer.state());
        if (answer.refused()) {
            response.setHeader("Retry-After", Long.toString(answer.waitSeconds()));
        }
    }

    static Problem problem(Answer answer) {
        return Problem.of(
                ProblemCode.REQUEST_RATE,
                "",
                "limit",
                Long.toString(answer.limit()),
                "seconds",
                Long.toString(answer.waitSeconds()));
    }

    private static Kind kind(HttpServletRequest request, Object handler) {
        if (handler instanceof HandlerMethod route && route.hasMethodAnnotation(Costly.class)) {
            return Kind.COSTLY;
        }
        return switch (request.getMethod()) {
            case "GET", "HEAD", "OPTIONS" -> Kind.READ;
            default -> Kind.WRITE;
        };
    }

    private static String who(Caller caller) {
        if (caller.tokenId() != null) {
            return "token/" + caller.tokenId();
        }
        return caller.userId() != null ? "user/" + caller.userId() : "name/" + caller.name();
    }
}
