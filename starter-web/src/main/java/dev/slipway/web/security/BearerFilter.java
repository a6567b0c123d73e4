package dev.slipway.web.security;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Trigger;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * {@code Authorization: Bearer …}: a token lets in whom it stands for, the bootstrap token an administrator; a wrong one is refused,
 * never ignored.
 */
final class BearerFilter extends OncePerRequestFilter {
    static final String SCHEME = "Bearer ";
    private static final int LONGEST = 500;

    private final @Nullable Secret bootstrapToken;
    private final CredentialStore credentials;
    private final SignInThrottle throttle;
    private final ProblemWriter problems;

    BearerFilter(
            @Nullable Secret bootstrapToken,
            CredentialStore credentials,
            SignInThrottle throttle,
            ProblemWriter problems) {
        this.bootstrapToken = bootstrapToken;
        this.credentials = credentials;
        this.throttle = throttle;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Authorization");
        if (header == null) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Caller> caller = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? caller(header.substring(SCHEME.length()).strip(), request.getRemoteAddr())
                : Optional.empty();
        if (caller.isEmpty()) {
            refuse(request, response);
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(Callers.authenticated(caller.get()));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private Optional<Caller> caller(String token, String address) {
        if (bootstrapToken != null && bootstrapToken.matches(token)) {
            return Optional.of(Caller.admin("bootstrap-token", Trigger.API, address));
        }
        if (!token.startsWith(CredentialStore.TOKEN_PREFIX) || token.length() > LONGEST) {
            return Optional.empty();
        }
        return credentials
                .token(token)
                .map(known -> new Caller(
                        known.personId(),
                        known.name(),
                        Trigger.API,
                        known.grants(),
                        known.scopes(),
                        known.credentialId(),
                        address));
    }

    /** A right token is never throttled: another client's mistakes on the same machine must not lock automation out. */
    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Duration wait = throttle.wait(request.getRemoteAddr());
        if (!wait.isZero()) {
            String seconds = Long.toString(wait.toSeconds() + 1);
            response.setHeader("Retry-After", seconds);
            problems.write(Problem.of(ProblemCode.SIGN_IN_TOO_OFTEN, "", "seconds", seconds), request, response);
            return;
        }
        throttle.failed(request.getRemoteAddr());
        response.setHeader("WWW-Authenticate", "Bearer");
        problems.write(Problem.of(ProblemCode.SIGN_IN_REFUSED, "Authorization"), request, response);
    }
}
