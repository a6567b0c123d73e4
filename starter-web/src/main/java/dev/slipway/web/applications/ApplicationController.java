package dev.slipway.web.applications;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.Sight;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.git.RefChoices;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of applications. */
@Controller
@Needs(value = Permission.VIEW, at = At.APPLICATION)
final class ApplicationController {
    private static final int PAGE = 50;
    private static final Pattern LINE = Pattern.compile("(?:^|, )line (\\d{1,7})$");

    private final Access access;
    private final Applications applications;
    private final ApplicationStore store;
    private final EnvironmentStore environmentStore;
    private final Environments environments;
    private final ProblemTexts texts;

    ApplicationController(
            Applications applications,
            ApplicationStore store,
            EnvironmentStore environmentStore,
            Environments environments,
            ProblemTexts texts,
            Access access) {
        this.access = access;
        this.applications = applications;
        this.store = store;
        this.environmentStore = environmentStore;
        this.environments = environments;
        this.texts = texts;
    }

    /**
     * What was typed into the form.
     *
     * @param from {@code git} or {@code text}
     */
    record Form(String from, String url, String branch, String path, String document) {
        GitOrigin origin() {
            return new GitOrigin(
                    url.strip(),
                    branch.isBlank() ? null : branch.strip(),
                    path.isBlank() ? Applications.FILE : path.strip());
        }
    }

    @GetMapping("/applications")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    String list(@RequestParam(name = "after", defaultValue = "") String after, Caller caller, Model model) {
        List<StoredApplication> some = store.list(access.sight(caller), after, PAGE + 1);
        List<ApplicationView> shown =
                some.stream().limit(PAGE).map(applications::view).toList();
        model.addAttribute("applications", shown);
        model.addAttribute("later", !after.isEmpty());
        model.addAttribute("next", some.size() > PAGE ? shown.get(PAGE - 1).name() : null);
        return "applications/list";
    }

    @GetMapping("/applications/{name}")
    String application(
            @PathVariable("name") String name,
            @RequestParam(name = "saved", required = false) @Nullable Long saved,
            Caller caller,
            Locale locale,
            Model model) {
        StoredApplication application = applications.named(name);
        Sight sight = access.sight(caller);
        List<Problem> problems = application.document().isBlank()
                ? List.of()
                : applications.check(application.document()).problems();
        model.addAttribute("app", applications.view(application));
        model.addAttribute("saved", saved != null && saved == application.revision() ? saved : null);
        model.addAttribute("edges", edges(application));
        model.addAttribute(
                "environments",
                environmentStore.ofApplication(application.id()).stream()
                        .filter(environment -> sight.sees(environment.applicationId(), environment.id()))
                        .map(environments::view)
                        .toList());
        document(application.document(), problems, locale, model);
        return "applications/application";
    }

    /** The branches of all its repositories, for a field of a form; a part of a page. */
    @GetMapping("/applications/{name}/refs")
    String refs(
            @PathVariable("name") String name,
            @RequestParam(name = "kind", defaultValue = "branch") String kind,
            @RequestParam(name = "q", defaultValue = "") String text,
            Locale locale,
            Model model) {
        Applications.Refs refs = applications.refs(applications.named(name), text, RefChoices.MOST + 1);
        model.addAttribute(
                "choices", RefChoices.of(refs.repositories().values(), kind, texts.texts(refs.problems(), locale)));
        return "git/refs :: choices";
    }

    /** One edge of the picture: who needs whom, and when that is met. */
    public record Edge(String from, String to, String when) {}

    private static List<Edge> edges(StoredApplication application) {
        Application read = ApplicationReader.read(application.document()).value();
        return read == null
                ? List.of()
                : read.components().stream()
                        .flatMap(component -> component.dependsOn().stream()
                                .map(edge -> new Edge(component.name(), edge.component(), Words.word(edge.when()))))
                        .toList();
    }

    @GetMapping("/applications/new")
    @Needs(value = Permission.EDIT, at = At.EVERYWHERE)
    String ask(@RequestParam(name = "from", defaultValue = "git") String from, Locale locale, Model model) {
        return form(new Form(from.equals("text") ? "text" : "git", "", "", "", ""), "", List.of(), locale, model);
    }

    /** Shows every problem at once and keeps what was typed; success leads to the first environment. */
    @PostMapping("/applications")
    @Needs(value = Permission.EDIT, at = At.EVERYWHERE)
    String create(
            @RequestParam(name = "from", defaultValue = "git") String from,
            @RequestParam(name = "url", defaultValue = "") String url,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            @RequestParam(name = "path", defaultValue = "") String path,
            @RequestParam(name = "document", defaultValue = "") String pasted,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        Form form = new Form(from.equals("text") ? "text" : "git", url, branch, path, pasted);
        String document = "";
        try {
            GitOrigin origin = form.from().equals("git") ? form.origin() : null;
            document = origin == null ? pasted : applications.read(origin);
            String name = applications.create(document, origin, who.getName()).name();
            return "redirect:/environments/new?application=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(form, document, refused.problems(), locale, model);
        }
    }

    private String form(Form form, String document, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("form", form);
        model.addAttribute(
                "noDocument", problems.stream().anyMatch(problem -> problem.code() == ProblemCode.GIT_PATH_MISSING));
        document(document, problems, locale, model);
        return "applications/new";
    }

    private void document(String document, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("problems", texts.texts(problems, locale));
        model.addAttribute(
                "lines", document.isEmpty() ? List.of() : document.lines().toList());
        model.addAttribute("wrong", wrongLines(problems));
    }

    /** The lines that problems name. */
    static Set<Integer> wrongLines(List<Problem> problems) {
        Set<Integer> lines = new HashSet<>();
        for (Problem problem : problems) {
            Matcher matcher = LINE.matcher(problem.where());
            if (matcher.find()) {
                lines.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return lines;
    }
}
