package dev.slipway.web.security;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.CredentialStore.Bearer;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.workflows.run.Trigger;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows a person by the session of the browser; what they may is read anew for each request. */
final class SessionFilter extends OncePerRequestFilter {
    private final SessionCookie cookie;
    private final CredentialStore credentials;
    private final boolean readsOnly;

    /** @param readsOnly the API has no CSRF token: a session must not be able to change anything through it */
    SessionFilter(SessionCookie cookie, CredentialStore credentials, boolean readsOnly) {
        this.cookie = cookie;
        this.credentials = credentials;
        this.readsOnly = readsOnly;
    }

    /** The page of an error has the menu of its reader. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return readsOnly
                && !request.getMethod().equals("GET")
                && !request.getMethod().equals("HEAD");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String text = cookie.of(request);
        if (text != null) {
            person(text, request).ifPresent(person -> {
                SessionCookie.note(request, person.credentialId());
                SecurityContext context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(Callers.authenticated(new Caller(
                        person.personId(),
                        person.name(),
                        Trigger.BUTTON,
                        person.grants(),
                        person.scopes(),
                        null,
                        request.getRemoteAddr())));
                SecurityContextHolder.setContext(context);
            });
        }
        chain.doFilter(request, response);
    }

    /** The page of an error is shown without a menu while the store is away. */
    private Optional<Bearer> person(String text, HttpServletRequest request) {
        try {
            return credentials.session(text);
        } catch (DataAccessException away) {
            if (request.getDispatcherType() == DispatcherType.ERROR) {
                return Optional.empty();
            }
            throw away;
        }
    }
}
