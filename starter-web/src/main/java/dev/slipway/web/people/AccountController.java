package dev.slipway.web.people;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Credential;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.security.Passwords;
import dev.slipway.web.security.SessionCookie;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Everybody's own account: password, sessions, tokens. */
@Controller
@SignedInOnly
@RequestMapping("/account")
final class AccountController {
    private final People people;
    private final PersonStore store;
    private final CredentialStore credentials;
    private final Passwords passwords;
    private final ProblemTexts texts;

    AccountController(
            People people, PersonStore store, CredentialStore credentials, Passwords passwords, ProblemTexts texts) {
        this.people = people;
        this.store = store;
        this.credentials = credentials;
        this.passwords = passwords;
        this.texts = texts;
    }

    @GetMapping
    String account(
            @RequestParam(name = "changed", required = false) @Nullable String changed,
            Caller caller,
            HttpServletRequest request,
            Locale locale,
            Model model) {
        model.addAttribute("changed", changed != null);
        return page(caller, List.of(), request, locale, model);
    }

    private String page(Caller caller, List<Problem> problems, HttpServletRequest request, Locale locale, Model model) {
        Person person = person(caller);
        model.addAttribute("person", people.view(person));
        model.addAttribute("sessions", credentials.sessions(person.id()));
        model.addAttribute("current", SessionCookie.session(request));
        model.addAttribute(
                "tokens",
                credentials.tokens(person.id()).stream().map(TokenView::of).toList());
        model.addAttribute("permissions", Permission.values());
        model.addAttribute("shortest", Passwords.SHORTEST);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "people/account";
    }

    private Person person(Caller caller) {
        return store.byId(caller.person());
    }

    /** Other sessions end: whoever knew the old password is out. */
    @PostMapping("/password")
    String password(
            @RequestParam("old") String old,
            @RequestParam("password") String password,
            @RequestParam("repeat") String repeat,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale,
            Model model) {
        Person person = person(caller);
        List<Problem> problems = new ArrayList<>();
        String encoded =
                store.credential(person.name()).map(Credential::encoded).orElse(null);
        if (!passwords.matches(old, encoded)) {
            problems.add(Problem.of(ProblemCode.PASSWORD_WRONG, "old"));
        }
        problems.addAll(Passwords.check(person.name(), password, repeat));
        if (!problems.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return page(caller, problems, request, locale, model);
        }
        store.password(person.id(), passwords.encode(password), SessionCookie.session(request));
        return "redirect:/account?changed";
    }

    @PostMapping("/sessions/{session}/end")
    String end(@PathVariable("session") String session, Caller caller) {
        credentials.endSession(caller.person(), session);
        return "redirect:/account";
    }

    @PostMapping("/sessions/end")
    String endOthers(Caller caller, HttpServletRequest request) {
        credentials.endSessions(caller.person(), SessionCookie.session(request));
        return "redirect:/account";
    }

    /** Not a redirect: the token is shown once and kept nowhere. */
    @PostMapping("/tokens")
    String token(
            @RequestParam("token") String token,
            @RequestParam(name = "scope", required = false) @Nullable Set<Permission> scopes,
            @RequestParam(name = "days", required = false) @Nullable Integer days,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale,
            Model model) {
        try {
            model.addAttribute(
                    "made",
                    people.token(
                                    person(caller),
                                    token,
                                    scopes == null ? EnumSet.noneOf(Permission.class) : scopes,
                                    days,
                                    caller)
                            .text()
                            .reveal());
            return page(caller, List.of(), request, locale, model);
        } catch (ProblemException refused) {
            response.setStatus(ProblemStatus.of(refused.problems().get(0).code()));
            return page(caller, refused.problems(), request, locale, model);
        }
    }

    @PostMapping("/tokens/{token}/revoke")
    String revoke(@PathVariable("token") String token, Caller caller) {
        PeopleApi.revoke(credentials, caller.person(), token);
        return "redirect:/account";
    }
}
