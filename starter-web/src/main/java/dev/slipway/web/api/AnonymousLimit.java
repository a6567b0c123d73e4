package dev.slipway.web.api;

import dev.slipway.web.api.RateLimits.Answer;
import dev.slipway.web.api.RateLimits.Kind;
import dev.slipway.web.problems.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Counts, by address, those who ask the API without saying who they are, before anything else is done for them. */
final class AnonymousLimit extends OncePerRequestFilter {
    private final RateLimits limits;
    private final ProblemWriter problems;

    AnonymousLimit(RateLimits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Authorization") == null && request.getRequestedSessionId() == null) {
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
