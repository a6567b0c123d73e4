package dev.slipway.web.security;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Credential;
import dev.slipway.activities.store.PersonStore.Link;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Callers;
import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Trigger;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * Signing in by name and password, and choosing a password by a one-time link: the first administrator's, an invitation's, a
 * reset's. Opening a link only shows a form: mail scanners and link previews open links, and must not burn them.
 *
 * <p>The page {@code sign-in} gets {@code state} ({@code setup}: there is no administrator yet; {@code ask}: name and password;
 * {@code choose}: a password, with {@code token} and, unless the link is somebody's, a name; {@code refused}), {@code name},
 * {@code problems}.
 */
@Controller
@OpenToAll("it is the sign-in")
final class SignInController {
    private final PersonStore people;
    private final Passwords passwords;
    private final SessionCookie sessions;
    private final SignInThrottle throttle;
    private final RequestCache savedRequests;
    private final ProblemTexts texts;

    SignInController(
            PersonStore people,
            Passwords passwords,
            SessionCookie sessions,
            SignInThrottle throttle,
            RequestCache savedRequests,
            ProblemTexts texts) {
        this.people = people;
        this.passwords = passwords;
        this.sessions = sessions;
        this.throttle = throttle;
        this.savedRequests = savedRequests;
        this.texts = texts;
    }

    @GetMapping("/sign-in")
    ModelAndView ask(Locale locale) {
        return page(people.hasAdministrator() ? "ask" : "setup", "", List.of(), locale);
    }

    @PostMapping("/sign-in")
    ModelAndView signIn(
            @RequestParam("name") String name,
            @RequestParam("password") String password,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        String given = name.strip().toLowerCase(Locale.ROOT);
        Problem tooOften = tooOften(request.getRemoteAddr(), nameKey(given));
        if (tooOften != null) {
            return page("ask", given, List.of(tooOften), locale);
        }
        Optional<Credential> known = people.credential(given);
        if (!passwords.matches(password, known.map(Credential::encoded).orElse(null))) {
            throttle.failed(request.getRemoteAddr());
            throttle.failed(nameKey(given));
            return page("ask", given, List.of(Problem.of(ProblemCode.PASSWORD_WRONG, "")), locale);
        }
        return in(known.orElseThrow().personId(), request, response);
    }

    @GetMapping("/sign-in/{token}")
    ModelAndView choose(@PathVariable("token") String token, HttpServletRequest request, Locale locale) {
        Problem tooOften = tooOften(request.getRemoteAddr());
        if (tooOften != null) {
            return page("refused", "", List.of(tooOften), locale);
        }
        return people.link(token)
                .map(link -> form(token, link, "", List.of(), locale))
                .orElseGet(() -> refused(request, locale));
    }

    @PostMapping("/sign-in/{token}")
    ModelAndView choose(
            @PathVariable("token") String token,
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam("password") String password,
            @RequestParam("repeat") String repeat,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        Problem tooOften = tooOften(request.getRemoteAddr());
        if (tooOften != null) {
            return page("refused", "", List.of(tooOften), locale);
        }
        Optional<Link> link = people.link(token);
        if (link.isEmpty()) {
            return refused(request, locale);
        }
        Person person = link.get().person();
        String chosen = person == null ? name.strip().toLowerCase(Locale.ROOT) : person.name();
        List<Problem> problems = new ArrayList<>(person == null ? Passwords.checkName(chosen) : List.of());
        problems.addAll(Passwords.check(chosen, password, repeat));
        if (!problems.isEmpty()) {
            return form(token, link.get(), chosen, problems, locale);
        }
        try {
            return people.use(token, chosen, passwords.encode(password))
                    .map(signedIn -> in(signedIn.id(), request, response))
                    .orElseGet(() -> refused(request, locale));
        } catch (ProblemException taken) {
            return form(token, link.get(), chosen, taken.problems(), locale);
        }
    }

    private ModelAndView in(String personId, HttpServletRequest request, HttpServletResponse response) {
        String target = target(savedRequests.getRequest(request, response));
        savedRequests.removeRequest(request, response);
        sessions.begin(personId, request, response);
        // From here on the request is that person's: so the audit tells it.
        SecurityContextHolder.getContext()
                .setAuthentication(Callers.authenticated(new Caller(
                        personId,
                        people.byId(personId).name(),
                        Trigger.BUTTON,
                        people.grants(personId),
                        EnumSet.allOf(Permission.class),
                        null,
                        request.getRemoteAddr())));
        return new ModelAndView("redirect:" + target);
    }

    private ModelAndView form(String token, Link link, String name, List<Problem> problems, Locale locale) {
        Person person = link.person();
        ModelAndView form = page("choose", person == null ? name : person.name(), problems, locale);
        form.addObject("token", token);
        form.addObject("named", person != null);
        form.addObject("invited", person != null && !person.hasPassword());
        form.addObject("shortest", Passwords.SHORTEST);
        return form;
    }

    private ModelAndView refused(HttpServletRequest request, Locale locale) {
        throttle.failed(request.getRemoteAddr());
        ModelAndView page = page("refused", "", List.of(Problem.of(ProblemCode.SIGN_IN_REFUSED, "")), locale);
        page.setStatus(HttpStatusCode.valueOf(403));
        return page;
    }

    private ModelAndView page(String state, String name, List<Problem> problems, Locale locale) {
        Map<String, Object> model = new HashMap<>();
        model.put("state", state);
        model.put("name", name);
        model.put("problems", texts.texts(problems, locale));
        return problems.isEmpty()
                ? new ModelAndView("sign-in", model)
                : new ModelAndView(
                        "sign-in",
                        model,
                        HttpStatusCode.valueOf(ProblemStatus.of(problems.get(0).code())));
    }

    private @Nullable Problem tooOften(String... keys) {
        Duration longest = Duration.ZERO;
        for (String key : keys) {
            Duration wait = throttle.wait(key);
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        return longest.isZero()
                ? null
                : Problem.of(ProblemCode.SIGN_IN_TOO_OFTEN, "", "seconds", Long.toString(longest.toSeconds() + 1));
    }

    /** Guessing one person's password from many addresses is slow as well. */
    private static String nameKey(String name) {
        return "name " + name;
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
