package dev.slipway.web.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.web.util.WebUtils;

/**
 * Where a person wanted to go before signing in: path and query, kept by the browser, as any web process may answer next. The
 * request that comes back is taken as it is.
 */
final class WantedPage implements RequestCache {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int LONGEST = 2_000;

    private final String name;

    WantedPage(int port) {
        this.name = "slipway-wanted-" + port;
    }

    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        if (SecurityConfiguration.isPageVisit(request)) {
            String query = request.getQueryString();
            String wanted = request.getRequestURI() + (query == null ? "" : "?" + query);
            if (wanted.length() <= LONGEST) {
                write(
                        Base64.getUrlEncoder().withoutPadding().encodeToString(wanted.getBytes(StandardCharsets.UTF_8)),
                        KEPT,
                        request,
                        response);
            }
        }
    }

    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        Cookie cookie = WebUtils.getCookie(request, name);
        if (cookie == null) {
            return null;
        }
        try {
            return new SimpleSavedRequest(
                    new String(Base64.getUrlDecoder().decode(cookie.getValue()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
        if (WebUtils.getCookie(request, name) != null) {
            write("", Duration.ZERO, request, response);
        }
    }

    private void write(String value, Duration age, HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name, value)
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Lax")
                        .path("/")
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
