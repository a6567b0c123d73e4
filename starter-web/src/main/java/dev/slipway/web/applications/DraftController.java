package dev.slipway.web.applications;

import dev.slipway.activities.git.GitRef;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.applications.DraftView.PartView;
import dev.slipway.web.audit.Audited;
import dev.slipway.web.audit.ChangesNothing;
import dev.slipway.web.environments.topology.TopologySvg;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page that proposes an application for a repository, and creates it as somebody has changed it. */
@Controller
@Needs(value = Permission.EDIT, at = At.EVERYWHERE)
@RequestMapping("/applications/new/draft")
final class DraftController {
    /** Of the fields with generated Dockerfiles, before the component's name. */
    private static final String DOCKERFILE = "dockerfile.";

    private final Drafts drafts;
    private final Applications applications;
    private final Wordings wordings;
    private final ProblemTexts texts;

    DraftController(Drafts drafts, Applications applications, Wordings wordings, ProblemTexts texts) {
        this.drafts = drafts;
        this.applications = applications;
        this.wordings = wordings;
        this.texts = texts;
    }

    /**
     * What is looked at.
     *
     * @param branch empty: the default one
     * @param folder empty: the whole repository
     */
    public record Place(String url, String branch, String folder) {
        GitRef ref() {
            return branch.isBlank() ? GitRef.defaultBranch() : GitRef.branch(branch.strip());
        }
    }

    @GetMapping
    String propose(
            @RequestParam("url") String url,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            @RequestParam(name = "folder", defaultValue = "") String folder,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        return page(new Place(url, branch, folder), null, List.of(), locale, response, model);
    }

    /** From the form of a new application, to an address that can be kept. */
    @ChangesNothing
    @PostMapping(params = "!document")
    String look(
            @RequestParam("url") String url,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            RedirectAttributes to) {
        to.addAttribute("url", url.strip());
        to.addAttribute("branch", branch.strip());
        return "redirect:/applications/new/draft";
    }

    /** A generated Dockerfile that was changed stands in the document from now on. */
    @Audited("application.create")
    @PostMapping(params = "document")
    String create(
            @RequestParam("url") String url,
            @RequestParam(name = "branch", defaultValue = "") String branch,
            @RequestParam(name = "folder", defaultValue = "") String folder,
            @RequestParam("document") String sent,
            @RequestParam Map<String, String> fields,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model,
            RedirectAttributes to) {
        Place place = new Place(url, branch, folder);
        String document = FormValues.plain(sent);
        try {
            document = withDockerfiles(document, view(place, locale).components(), fields);
            to.addAttribute(
                    "application",
                    applications.create(document, null, who.getName()).name());
            return "redirect:/environments/new";
        } catch (ProblemException refused) {
            return page(place, document, refused.problems(), locale, response, model);
        }
    }

    private static String withDockerfiles(String document, List<PartView> parts, Map<String, String> fields) {
        String changed = document;
        for (PartView part : parts) {
            String sent = FormValues.plain(fields.getOrDefault(DOCKERFILE + part.name(), ""));
            if (!sent.isBlank() && !sent.equals(part.dockerfile())) {
                changed = Edits.dockerfile(changed, part.name(), sent);
            }
        }
        return changed;
    }

    /** What is wrong with the document that somebody is typing. */
    @ChangesNothing
    @PostMapping("/check")
    String check(@RequestParam("document") String document, Locale locale, Model model) {
        List<Problem> problems = applications.check(FormValues.plain(document)).problems();
        model.addAttribute("found", Found.of(problems, List.of(), texts, locale));
        return "applications/edit :: verdict";
    }

    private DraftView view(Place place, Locale locale) {
        return DraftView.of(drafts.of(place.url(), place.ref(), place.folder()), wordings.in(locale));
    }

    /** @param changed the document as somebody has it; {@code null}: as it is proposed */
    private String page(
            Place place,
            @Nullable String changed,
            List<Problem> refused,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        List<Problem> problems = new ArrayList<>(refused);
        DraftView draft = null;
        try {
            draft = view(place, locale);
        } catch (ProblemException e) {
            problems = e.problems();
        }
        if (!problems.isEmpty()) {
            response.setStatus(ProblemStatus.of(problems.get(0).code()));
        }
        String document = changed != null ? changed : draft == null ? "" : draft.document();
        Application application = ApplicationReader.read(document).value();
        model.addAttribute("origin", place);
        model.addAttribute("draft", draft);
        model.addAttribute("document", document);
        model.addAttribute("found", Found.of(problems, List.of(), texts, locale));
        model.addAttribute("topology", application == null ? null : picture(application, wordings.in(locale)));
        model.addAttribute("inline", application == null ? Map.of() : inline(application));
        return "applications/draft";
    }

    /** The Dockerfiles that stand in the document, by component. */
    private static Map<String, String> inline(Application application) {
        Map<String, String> inline = new HashMap<>();
        application.components().forEach(component -> {
            if (component.source() instanceof Source.Git git && git.build().dockerfileInline() != null) {
                inline.put(component.name(), git.build().dockerfileInline());
            }
        });
        return inline;
    }

    private static String place(@Nullable Source source) {
        return source instanceof Source.Git git
                ? (git.path().isEmpty() ? "." : git.path())
                : source instanceof Source.Image image ? image.reference() : "";
    }

    private static TopologySvg picture(Application application, Wording words) {
        List<TopologySvg.Node> nodes = new ArrayList<>();
        List<TopologySvg.Need> needs = new ArrayList<>();
        application.components().forEach(component -> {
            String name = component.name();
            nodes.add(new TopologySvg.Node(
                    name,
                    "new",
                    words.word("kind", component.kind().name().toLowerCase(Locale.ROOT)),
                    "",
                    place(component.source()),
                    "",
                    "#part-" + name,
                    false));
            component
                    .dependsOn()
                    .forEach(need -> needs.add(new TopologySvg.Need(
                            name,
                            need.component(),
                            need.when() != Dependency.Condition.LINKED,
                            true,
                            name + " " + words.say("edges.needs") + " " + need.component())));
        });
        return TopologySvg.of(nodes, needs);
    }
}
