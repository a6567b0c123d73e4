package dev.slipway.web.access;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** Carries the {@link Caller} through a request. */
public final class Callers {
    private static final String HIDDEN = Callers.class.getName() + ".hidden";

    private Callers() {}

    /** For the security context. */
    public static AbstractAuthenticationToken authenticated(Caller caller) {
        return new Signed(caller);
    }

    /** Whoever signed in; empty: nobody did. */
    public static Optional<Caller> find(HttpServletRequest request) {
        return find(request.getUserPrincipal());
    }

    static Optional<Caller> find(@Nullable Principal principal) {
        return principal instanceof Signed signed ? Optional.of(signed.caller) : Optional.empty();
    }

    /** Whoever signed in, where only the security context is at hand; empty: nobody did. */
    public static Optional<Caller> current() {
        return find(SecurityContextHolder.getContext().getAuthentication());
    }

    /** The caller may not see what they asked for and is told that it is not there. */
    static void noteHidden(HttpServletRequest request) {
        request.setAttribute(HIDDEN, true);
    }

    /** Whether the answer "not there" was a refusal. */
    public static boolean wasHidden(HttpServletRequest request) {
        return request.getAttribute(HIDDEN) != null;
    }

    /** Only behind the sign-in. */
    public static Caller of(HttpServletRequest request) {
        return find(request).orElseThrow(() -> new IllegalStateException("nobody has signed in"));
    }

    private static final class Signed extends AbstractAuthenticationToken {
        private static final long serialVersionUID = 1;

        private final transient Caller caller;

        Signed(Caller caller) {
            super(List.of());
            this.caller = caller;
            setAuthenticated(true);
        }

        @Override
        public Object getPrincipal() {
            return caller;
        }

        @Override
        public Object getCredentials() {
            return "";
        }

        @Override
        public String getName() {
            return caller.name();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Signed signed && caller.equals(signed.caller);
        }

        @Override
        public int hashCode() {
            return caller.hashCode();
        }
    }
}
