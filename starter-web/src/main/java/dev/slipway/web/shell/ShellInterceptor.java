package dev.slipway.web.shell;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Lays out, for every template of a request, {@code words} and {@code shell}; the page of an error included. */
public final class ShellInterceptor implements HandlerInterceptor {
    private final Wordings wordings;
    private final Installation installation;

    public ShellInterceptor(Wordings wordings, Installation installation) {
        this.wordings = wordings;
        this.installation = installation;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        request.setAttribute("words", wordings.in(RequestContextUtils.getLocale(request)));
        request.setAttribute(
                "shell",
                new Shell(
                        installation.engine(),
                        installation.allSimulated(),
                        request.getUserPrincipal() != null,
                        request.getRequestURI(),
                        request.getMethod().equals("GET")
                                ? Objects.requireNonNullElse(request.getQueryString(), "")
                                : "",
                        System.currentTimeMillis()));
        return true;
    }
}
