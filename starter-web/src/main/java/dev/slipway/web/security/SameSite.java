package dev.slipway.web.security;

import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a change that a browser sends from a page of another site, beside the CSRF token: a neighbour's name in the same domain
 * can set cookies, and cannot set {@code Sec-Fetch-Site} (W3C Fetch Metadata). Programs do not send that header.
 */
final class SameSite extends OncePerRequestFilter {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final ProblemWriter problems;

    SameSite(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String from = request.getHeader("Sec-Fetch-Site");
        if (from == null || READS.contains(request.getMethod()) || from.equals("same-origin") || from.equals("none")) {
            chain.doFilter(request, response);
        } else {
            problems.write(Problem.of(ProblemCode.CROSS_SITE, ""), request, response);
        }
    }
}
