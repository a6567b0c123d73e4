package dev.slipway.web.security;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Trigger;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Signing in by the one-time link. Opening the link only shows a button: mail scanners and link previews open links, and must not
 * burn them. The button's POST uses the link up.
 *
 * <p>The page {@code sign-in} gets {@code state} ({@code ask}: how to get a link; {@code confirm}: the button, with
 * {@code token}; {@code refused}: with {@code problem}).
 */
@Controller
@OpenToAll("it is the sign-in")
final class SignInController {
    private final SignInLinks links;
    private final SignInThrottle throttle;
    private final ProblemTexts texts;
    private final HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();
    private final HttpSessionRequestCache savedRequests = new HttpSessionRequestCache();

    SignInController(SignInLinks links, SignInThrottle throttle, ProblemTexts texts) {
        this.links = links;
        this.throttle = throttle;
        this.texts = texts;
    }

    @GetMapping("/sign-in")
    ModelAndView ask() {
        return new ModelAndView("sign-in", Map.of("state", "ask"));
    }

    @GetMapping("/sign-in/{token}")
    ModelAndView confirm(@PathVariable("token") String token, HttpServletRequest request, Locale locale) {
        Problem problem = refusal(token, request, links.isOpen(token));
        return problem == null
                ? new ModelAndView("sign-in", Map.of("state", "confirm", "token", token))
                : refused(problem, locale);
    }

    @PostMapping("/sign-in/{token}")
    ModelAndView signIn(
            @PathVariable("token") String token,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        Duration wait = throttle.wait(request.getRemoteAddr());
        Problem problem = refusal(token, request, wait.isZero() && links.use(token));
        if (problem != null) {
            return refused(problem, locale);
        }
        String target = target(savedRequests.getRequest(request, response));
        startSession(request, response);
        return new ModelAndView("redirect:" + target);
    }

    private @Nullable Problem refusal(String token, HttpServletRequest request, boolean accepted) {
        String address = request.getRemoteAddr();
        Duration wait = throttle.wait(address);
        if (!wait.isZero()) {
            return Problem.of(ProblemCode.SIGN_IN_TOO_OFTEN, "", "seconds", Long.toString(wait.toSeconds() + 1));
        }
        if (accepted) {
            return null;
        }
        throttle.failed(address);
        return Problem.of(ProblemCode.SIGN_IN_REFUSED, "");
    }

    private ModelAndView refused(Problem problem, Locale locale) {
        HttpStatus status =
                problem.code() == ProblemCode.SIGN_IN_REFUSED ? HttpStatus.FORBIDDEN : HttpStatus.TOO_MANY_REQUESTS;
        return new ModelAndView("sign-in", Map.of("state", "refused", "problem", texts.text(problem, locale)), status);
    }

    /** A session of its own: nothing that an earlier one held, its CSRF token included, lives on. */
    private void startSession(HttpServletRequest request, HttpServletResponse response) {
        HttpSession before = request.getSession(false);
        if (before != null) {
            before.invalidate();
        }
        request.getSession(true);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                Callers.authenticated(Caller.admin("admin", Trigger.BUTTON, request.getRemoteAddr())));
        SecurityContextHolder.setContext(context);
        sessions.saveContext(context, request, response);
    }

    /** Where the person wanted to go, on this server only. */
    static String target(@Nullable SavedRequest saved) {
        if (saved == null) {
            return "/";
        }
        try {
            URI uri = URI.create(saved.getRedirectUrl());
            String path = uri.getRawPath();
            if (path == null || !path.startsWith("/") || path.startsWith("//") || path.contains("\\")) {
                return "/";
            }
            // Spring marks a saved address with `continue`; people need not see it.
            String query = uri.getRawQuery() == null ? "" : uri.getRawQuery().replaceFirst("(^|&)continue$", "");
            return query.isEmpty() ? path : path + "?" + query;
        } catch (IllegalArgumentException notAnAddress) {
            return "/";
        }
    }
}
