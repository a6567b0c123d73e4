package dev.slipway.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;

/**
 * Where a person wanted to go before signing in, kept by the browser, as any web process may answer next. The request that comes
 * back is taken as it is: Spring's own would put an earlier one's missing headers in its place.
 */
final class WantedPage implements RequestCache {
    private final CookieRequestCache cookie = new CookieRequestCache();

    WantedPage() {
        cookie.setRequestMatcher(SecurityConfiguration::isPageVisit);
    }

    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        cookie.saveRequest(request, response);
    }

    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        return cookie.getRequest(request, response);
    }

    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
        cookie.removeRequest(request, response);
    }
}
