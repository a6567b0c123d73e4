package dev.slipway.web.security;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.web.SlipwaySettings;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * A browser's session: a random text in a cookie, its hash in the store (ADR 46). No web process keeps anything of it, so that any
 * of them may answer and any may die.
 */
@Component
public final class SessionCookie {
    private static final String SESSION = SessionCookie.class.getName();

    private final CredentialStore credentials;
    private final String name;

    SessionCookie(CredentialStore credentials, SlipwaySettings settings) {
        this.credentials = credentials;
        // Cookies ignore ports: two instances on one machine must not sign each other out.
        this.name = "slipway-session-" + settings.port();
    }

    /** What the browser sent; {@code null}: nothing. */
    public @Nullable String of(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, name);
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    /** The request comes in that session. */
    static void note(HttpServletRequest request, String sessionId) {
        request.setAttribute(SESSION, sessionId);
    }

    /** Id of the session that the request came in; {@code null}: in none. */
    public static @Nullable String session(HttpServletRequest request) {
        return request.getAttribute(SESSION) instanceof String id ? id : null;
    }

    /** Signs somebody in; whatever session the browser had ends. */
    void begin(String personId, HttpServletRequest request, HttpServletResponse response) {
        String before = of(request);
        if (before != null) {
            credentials.signOut(before);
        }
        String agent = request.getHeader("User-Agent");
        String text = credentials.signIn(personId, request.getRemoteAddr(), agent == null ? "" : agent);
        write(text, CredentialStore.LONGEST, request, response);
    }

    void end(HttpServletRequest request, HttpServletResponse response) {
        String text = of(request);
        if (text != null) {
            credentials.signOut(text);
            write("", Duration.ZERO, request, response);
        }
    }

    private void write(String text, Duration age, HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name, text)
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Lax")
                        .path("/")
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
