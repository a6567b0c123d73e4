package dev.slipway.web.shell;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.access.Offers;
import dev.slipway.workflows.people.Subject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.springframework.dao.DataAccessException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Lays out, for every template of a request, {@code words}, {@code shell} and {@code may}; the page of an error included. */
public final class ShellInterceptor implements HandlerInterceptor {
    /** The attribute that a page's frame is laid out from. */
    public static final String SHELL = "shell";

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
                SHELL,
                new Shell(
                        installation.engine(),
                        simulated(),
                        Callers.find(request).map(Caller::name).orElse(null),
                        request.getRequestURI(),
                        request.getMethod().equals("GET")
                                ? Objects.requireNonNullElse(request.getQueryString(), "")
                                : "",
                        System.currentTimeMillis()));
        if (request.getAttribute("may") == null) {
            request.setAttribute("may", new Offers(Callers.find(request).orElse(null), Subject.INSTALLATION));
        }
        return true;
    }

    /** While the store is away, the page that says so has a frame all the same. */
    private boolean simulated() {
        try {
            return installation.allSimulated();
        } catch (DataAccessException away) {
            return false;
        }
    }
}
