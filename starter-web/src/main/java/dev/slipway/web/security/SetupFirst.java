package dev.slipway.web.security;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Until an administrator has a password only this machine is answered, and where {@code slipway.security.setup-from} says. Whoever
 * has the bootstrap token need not wait: it was set by the one who runs this installation.
 */
final class SetupFirst extends OncePerRequestFilter {
    private static final List<IpAddressMatcher> LOOPBACK =
            List.of(new IpAddressMatcher("127.0.0.0/8"), new IpAddressMatcher("::1"));

    private final BooleanSupplier administrator;
    private final List<IpAddressMatcher> from;
    private final @Nullable Secret bootstrapToken;
    private final ProblemWriter problems;
    private volatile boolean done;

    SetupFirst(
            BooleanSupplier administrator, List<String> from, @Nullable Secret bootstrapToken, ProblemWriter problems) {
        this.administrator = administrator;
        this.from = from.stream().map(IpAddressMatcher::new).toList();
        this.bootstrapToken = bootstrapToken;
        this.problems = problems;
    }

    static SetupFirst of(
            PersonStore people, List<String> from, @Nullable Secret bootstrapToken, ProblemWriter problems) {
        return new SetupFirst(people::hasAdministrator, from, bootstrapToken, problems);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator/health");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (done || near(request.getRemoteAddr()) || hasBootstrapToken(request) || setUp()) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    Problem.of(ProblemCode.SETUP_FIRST, "", "address", request.getRemoteAddr()), request, response);
        }
    }

    /** Once is for ever: the last administrator cannot be removed. */
    private boolean setUp() {
        done = administrator.getAsBoolean();
        return done;
    }

    private boolean near(String address) {
        return LOOPBACK.stream().anyMatch(one -> one.matches(address))
                || from.stream().anyMatch(one -> one.matches(address));
    }

    private boolean hasBootstrapToken(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return bootstrapToken != null
                && header != null
                && header.startsWith(BearerFilter.SCHEME)
                && bootstrapToken.matches(
                        header.substring(BearerFilter.SCHEME.length()).strip());
    }
}
