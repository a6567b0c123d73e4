package dev.slipway.web.applications;

import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.applications.Dockerfiles.Dockerfile;
import dev.slipway.web.applications.Dockerfiles.Wanted;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The Dockerfile of a component: shown, and committed to its repository. */
@Controller
@Needs(value = Permission.EDIT, at = At.APPLICATION)
@RequestMapping("/applications/{name}/components/{component}/dockerfile")
final class DockerfileController {
    private final Applications applications;
    private final Dockerfiles dockerfiles;
    private final ProblemTexts texts;

    DockerfileController(Applications applications, Dockerfiles dockerfiles, ProblemTexts texts) {
        this.applications = applications;
        this.dockerfiles = dockerfiles;
        this.texts = texts;
    }

    @GetMapping
    String show(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam(name = "committed", required = false) @Nullable String committed,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication application = applications.named(name);
        model.addAttribute("committed", committed);
        model.addAttribute("onto", branch);
        try {
            Dockerfile dockerfile = dockerfiles.of(application, component);
            String text = dockerfile.text() == null ? "" : dockerfile.text();
            Wanted wanted = new Wanted(dockerfile.commit(), dockerfile.newBranch(), text, dockerfile.message());
            return page(application, component, dockerfile, wanted, List.of(), locale, response, model);
        } catch (ProblemException e) {
            return page(application, component, null, null, e.problems(), locale, response, model);
        }
    }

    @PostMapping
    String commit(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam("commit") String seen,
            @RequestParam("branch") String branch,
            @RequestParam("text") String text,
            @RequestParam("message") String message,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model,
            RedirectAttributes to) {
        StoredApplication application = applications.named(name);
        Dockerfile dockerfile = dockerfiles.of(application, component);
        Wanted wanted = new Wanted(seen, branch, FormValues.plain(text), FormValues.plain(message));
        try {
            to.addAttribute("committed", dockerfiles.commit(dockerfile, wanted, who.getName()));
            to.addAttribute("branch", branch.strip());
            return "redirect:/applications/" + name + "/components/" + component + "/dockerfile";
        } catch (ProblemException e) {
            return page(application, component, dockerfile, wanted, e.problems(), locale, response, model);
        }
    }

    private String page(
            StoredApplication application,
            String component,
            @Nullable Dockerfile dockerfile,
            @Nullable Wanted wanted,
            List<Problem> problems,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        if (!problems.isEmpty()) {
            response.setStatus(ProblemStatus.of(problems.get(0).code()));
        }
        model.addAttribute("app", applications.view(application));
        model.addAttribute("component", component);
        model.addAttribute("dockerfile", dockerfile);
        model.addAttribute("wanted", wanted);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "applications/dockerfile";
    }
}
