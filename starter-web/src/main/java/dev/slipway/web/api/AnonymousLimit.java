package dev.slipway.web.api;

import dev.slipway.web.api.RateLimits.Answer;
import dev.slipway.web.api.RateLimits.Kind;
import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.web.security.SessionCookie;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts, by address, those who ask the API without saying who they are, before anything else is done for them. Doors that are
 * opened by a signature have limits of their own: all of a chat comes from a few addresses.
 */
final class AnonymousLimit extends OncePerRequestFilter {
    private static final List<String> SIGNED = List.of("/api/v1/chat/", "/api/v1/hooks/");

    private final RateLimits limits;
    private final SessionCookie sessions;
    private final ProblemWriter problems;

    AnonymousLimit(RateLimits limits, SessionCookie sessions, ProblemWriter problems) {
        this.sessions = sessions;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return SIGNED.stream().anyMatch(request.getRequestURI()::startsWith);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Authorization") == null && sessions.of(request) == null) {
            Answer answer = limits.ask(Kind.ANONYMOUS, request.getRemoteAddr());
            if (answer.refused()) {
                RateLimitInterceptor.headers(answer, response);
                problems.write(RateLimitInterceptor.problem(answer), request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
