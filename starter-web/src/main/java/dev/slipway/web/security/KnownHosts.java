package dev.slipway.web.security;

import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers only when asked for by a loopback name or a configured one. A web page elsewhere can point a name of its own at this
 * machine (DNS rebinding) and would then share an origin with Slipway. Health is for probes, which use addresses.
 */
final class KnownHosts extends OncePerRequestFilter {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final List<String> hosts;
    private final ProblemWriter problems;

    KnownHosts(List<String> hosts, ProblemWriter problems) {
        this.hosts = hosts;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator/health");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Host");
        String host = header == null
                ? ""
                : PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
        if (LOOPBACK.matcher(host).matches() || hosts.contains(host)) {
            chain.doFilter(request, response);
        } else {
            problems.write(Problem.of(ProblemCode.HOST_REFUSED, "Host", "host", host), request, response);
        }
    }
}
