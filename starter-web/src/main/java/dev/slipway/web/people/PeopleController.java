package dev.slipway.web.people;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.activities.store.Sight;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.security.SignInLinkController;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of people and services. */
@Controller
@Needs(value = Permission.PEOPLE, at = At.EVERYWHERE)
@RequestMapping("/people")
final class PeopleController {
    private static final int MOST = 1_000;
    private static final int MOST_PLACES = 500;

    private final People people;
    private final PersonStore store;
    private final CredentialStore credentials;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;
    private final ProblemTexts texts;

    PeopleController(
            People people,
            PersonStore store,
            CredentialStore credentials,
            ApplicationStore applications,
            EnvironmentStore environments,
            ProblemTexts texts) {
        this.people = people;
        this.store = store;
        this.credentials = credentials;
        this.applications = applications;
        this.environments = environments;
        this.texts = texts;
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("people", views(Kind.PERSON));
        model.addAttribute("services", views(Kind.SERVICE));
        return "people/list";
    }

    private List<PersonView> views(Kind kind) {
        return store.list(kind, "", MOST).stream().map(people::view).toList();
    }

    @GetMapping("/new")
    String ask(@RequestParam(name = "kind", defaultValue = "person") String kind, Locale locale, Model model) {
        return form(kind, "", Role.DEVELOPER, "everywhere", List.of(), locale, model);
    }

    @PostMapping
    String add(
            @RequestParam("kind") String kind,
            @RequestParam("name") String name,
            @RequestParam("role") Role role,
            @RequestParam("where") String where,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            boolean service = kind.equals(Kind.SERVICE.word());
            Person added =
                    people.add(name, service ? Kind.SERVICE : Kind.PERSON, List.of(RoleView.of(role, where)), caller);
            if (!service) {
                model.addAttribute("link", SignInLinkController.address(people.link(added, caller)));
            }
            return page(added, List.of(), locale, model);
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(kind, name, role, where, refused.problems(), locale, model);
        }
    }

    private String form(
            String kind, String name, Role role, String where, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("kind", kind.equals(Kind.SERVICE.word()) ? kind : Kind.PERSON.word());
        model.addAttribute("name", name);
        model.addAttribute("role", role);
        model.addAttribute("where", where);
        model.addAttribute("problems", texts.texts(problems, locale));
        places(model);
        return "people/new";
    }

    private void places(Model model) {
        List<String> places = new ArrayList<>(List.of("everywhere"));
        applications.list(Sight.EVERYTHING, "", MOST_PLACES).forEach(one -> places.add("application/" + one.name()));
        environments.list(Sight.EVERYTHING, "", MOST_PLACES).forEach(one -> places.add("environment/" + one.name()));
        model.addAttribute("places", places);
        model.addAttribute("roles", Role.values());
    }

    @GetMapping("/{name}")
    String one(@PathVariable("name") String name, Locale locale, Model model) {
        return page(store.named(name), List.of(), locale, model);
    }

    private String page(Person person, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("person", people.view(person));
        model.addAttribute("sessions", credentials.sessions(person.id()));
        model.addAttribute(
                "tokens",
                credentials.tokens(person.id()).stream().map(TokenView::of).toList());
        model.addAttribute("permissions", Permission.values());
        model.addAttribute("problems", texts.texts(problems, locale));
        places(model);
        return "people/person";
    }

    @PostMapping("/{name}/roles")
    String addRole(
            @PathVariable("name") String name,
            @RequestParam("role") Role role,
            @RequestParam("where") String where,
            @RequestParam("version") long version,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        return roles(name, roles -> roles.add(RoleView.of(role, where)), version, locale, response, model);
    }

    @PostMapping("/{name}/roles/remove")
    String removeRole(
            @PathVariable("name") String name,
            @RequestParam("role") Role role,
            @RequestParam("where") String where,
            @RequestParam("version") long version,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        return roles(name, roles -> roles.remove(RoleView.of(role, where)), version, locale, response, model);
    }

    private String roles(
            String name,
            Consumer<List<RoleView>> change,
            long version,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        List<RoleView> roles = new ArrayList<>(people.roles(store.named(name).id()));
        change.accept(roles);
        try {
            people.roles(name, roles, version);
            return "redirect:/people/" + name;
        } catch (ProblemException refused) {
            return refused(name, refused, locale, response, model);
        }
    }

    private String refused(
            String name, ProblemException refused, Locale locale, HttpServletResponse response, Model model) {
        response.setStatus(ProblemStatus.of(refused.problems().get(0).code()));
        return page(store.named(name), refused.problems(), locale, model);
    }

    @PostMapping("/{name}/remove")
    String remove(
            @PathVariable("name") String name,
            @RequestParam("version") long version,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            store.remove(store.named(name).id(), version);
            return "redirect:/people";
        } catch (ProblemException refused) {
            return refused(name, refused, locale, response, model);
        }
    }

    /** Not a redirect: the link is shown once and kept nowhere. */
    @PostMapping("/{name}/link")
    String link(@PathVariable("name") String name, Caller caller, Locale locale, Model model) {
        Person person = store.named(name);
        model.addAttribute("link", SignInLinkController.address(people.link(person, caller)));
        return page(person, List.of(), locale, model);
    }

    @PostMapping("/{name}/sign-out")
    String signOut(@PathVariable("name") String name) {
        credentials.endSessions(store.named(name).id(), null);
        return "redirect:/people/" + name;
    }

    @PostMapping("/{name}/tokens")
    String token(
            @PathVariable("name") String name,
            @RequestParam("token") String token,
            @RequestParam(name = "scope", required = false) @Nullable Set<Permission> scopes,
            @RequestParam(name = "days", required = false) @Nullable Integer days,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            model.addAttribute(
                    "made",
                    people.token(
                                    store.named(name),
                                    token,
                                    scopes == null ? EnumSet.noneOf(Permission.class) : scopes,
                                    days,
                                    caller)
                            .text()
                            .reveal());
            return page(store.named(name), List.of(), locale, model);
        } catch (ProblemException refused) {
            return refused(name, refused, locale, response, model);
        }
    }

    @PostMapping("/{name}/tokens/{token}/revoke")
    String revoke(@PathVariable("name") String name, @PathVariable("token") String token) {
        PeopleApi.revoke(credentials, store.named(name).id(), token);
        return "redirect:/people/" + name;
    }
}
