package dev.slipway.web.environments;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.InboxStore;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.live.Broadcaster;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Fragments;
import dev.slipway.web.shell.Installation;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The pages of environments. */
@Controller
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
final class EnvironmentController {
    private static final int PAGE = 50;

    private final Access access;
    private final InboxStore inboxes;
    private final Environments environments;
    private final EnvironmentStore store;
    private final ApplicationStore applications;
    private final NewEnvironments creation;
    private final Installation installation;
    private final Broadcaster broadcaster;
    private final Fragments fragments;
    private final ProblemTexts texts;

    EnvironmentController(
            Environments environments,
            EnvironmentStore store,
            ApplicationStore applications,
            NewEnvironments creation,
            Installation installation,
            Broadcaster broadcaster,
            Fragments fragments,
            ProblemTexts texts,
            Access access,
            InboxStore inboxes) {
        this.inboxes = inboxes;
        this.access = access;
        this.environments = environments;
        this.store = store;
        this.applications = applications;
        this.creation = creation;
        this.installation = installation;
        this.broadcaster = broadcaster;
        this.fragments = fragments;
        this.texts = texts;
    }

    /** The one environment there is, else the list to choose from. */
    @GetMapping("/")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    String home(Caller caller) {
        List<StoredEnvironment> few = store.list(access.sight(caller), "", 2);
        return few.size() == 1 ? "redirect:/environments/" + few.get(0).name() : "redirect:/environments";
    }

    @GetMapping("/environments")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    String list(@RequestParam(name = "after", defaultValue = "") String after, Caller caller, Model model) {
        List<StoredEnvironment> some = store.list(access.sight(caller), after, PAGE + 1);
        List<EnvironmentView> shown =
                environments.views(some.stream().limit(PAGE).toList());
        model.addAttribute("environments", shown);
        model.addAttribute("later", !after.isEmpty());
        model.addAttribute("next", some.size() > PAGE ? shown.get(PAGE - 1).name() : null);
        return "environments/list";
    }

    @GetMapping("/environments/{name}")
    String environment(
            @PathVariable("name") String name,
            @RequestParam(name = "component", required = false) @Nullable String component,
            Caller caller,
            Locale locale,
            Model model) {
        return page(environments.named(name), component, caller, locale, model);
    }

    private String page(
            StoredEnvironment environment, @Nullable String component, Caller caller, Locale locale, Model model) {
        EnvironmentPage page = EnvironmentPage.of(environments, environment);
        model.addAllAttributes(page.model(component, fragments.words(locale)));
        model.addAttribute(
                "watched", caller.userId() == null ? null : inboxes.watches(caller.userId(), environment.id()));
        model.addAttribute("fromGit", environments.isFromGit(applications.byId(environment.applicationId())));
        return EnvironmentPage.TEMPLATE;
    }

    /** The panel of one component, by itself. */
    @GetMapping("/environments/{name}/components/{component}")
    String component(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            Locale locale,
            Model model) {
        EnvironmentView environment = environments.view(environments.named(name));
        EnvironmentPage page = new EnvironmentPage(environment, List.of(), List.of());
        if (environment.component(component).isEmpty()) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, component));
        }
        model.addAllAttributes(page.model(component, fragments.words(locale)));
        return EnvironmentPage.TEMPLATE + " :: component";
    }

    @GetMapping(path = "/environments/{name}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable("name") String name,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Locale locale,
            HttpServletResponse response) {
        StoredEnvironment environment = environments.named(name);
        response.setHeader("X-Accel-Buffering", "no");
        return broadcaster.open(
                "environment/" + environment.id(),
                () -> new EnvironmentPage.Live(environments, environment, fragments),
                locale,
                lastEventId);
    }

    /** Chooses the branch, and leads to what deploying it would do. */
    @PostMapping("/environments/{name}")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    String branch(
            @PathVariable("name") String name,
            @RequestParam("branch") String branch,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredEnvironment environment = environments.named(name);
        try {
            creation.branch(environment, branch);
            return "redirect:/environments/" + name + "/plan";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("branch", branch);
            model.addAttribute("problems", texts.texts(refused.problems(), locale));
            return page(environment, null, caller, locale, model);
        }
    }

    @GetMapping("/environments/new")
    @Needs(value = Permission.OPERATE, at = At.ANYWHERE)
    String ask(@RequestParam("application") String application, Model model) {
        return form(application, creation.suggestedName(application), null, "", List.of(), model, Locale.ENGLISH);
    }

    @PostMapping("/environments")
    @Needs(value = Permission.OPERATE, at = At.ANYWHERE)
    String create(
            @RequestParam("application") String application,
            @RequestParam("name") String name,
            @RequestParam("cluster") String cluster,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            StoredEnvironment created = creation.create(
                    name.strip(),
                    application,
                    cluster,
                    null,
                    branch.isBlank() ? "" : NewEnvironments.overrides(branch),
                    caller);
            return "redirect:/environments/" + created.name();
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(application, name, cluster, branch, refused.problems(), model, locale);
        }
    }

    private String form(
            String application,
            String name,
            @Nullable String cluster,
            String branch,
            List<Problem> problems,
            Model model,
            Locale locale) {
        StoredApplication known =
                applications.byName(application).orElseThrow(() -> ApplicationStore.unknown(application));
        model.addAttribute("app", known.name());
        model.addAttribute("branch", branch);
        model.addAttribute("fromGit", environments.isFromGit(known));
        model.addAttribute("name", name);
        model.addAttribute("cluster", cluster);
        model.addAttribute("clusters", installation.clusters());
        model.addAttribute("problems", texts.texts(problems, locale));
        return "environments/new";
    }
}
