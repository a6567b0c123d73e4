package dev.slipway.web.applications;

import dev.slipway.activities.git.TextDiff;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.Revision;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.applications.Edits.Draft;
import dev.slipway.web.applications.FormField.Group;
import dev.slipway.web.audit.ChangesNothing;
import dev.slipway.web.problems.ProblemStatus;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages that change an application: text, forms, edges, revisions. Every way leads over the same review to a save. */
@Controller
@Needs(value = Permission.EDIT, at = At.APPLICATION)
@RequestMapping("/applications/{name}")
final class EditController {
    private static final int PAGE = 50;

    private final Applications applications;
    private final Edits edits;
    private final ApplicationStore store;
    private final ProblemTexts texts;

    EditController(Applications applications, Edits edits, ApplicationStore store, ProblemTexts texts) {
        this.applications = applications;
        this.edits = edits;
        this.store = store;
        this.texts = texts;
    }

    @GetMapping("/edit")
    String edit(@PathVariable("name") String name, Locale locale, Model model) {
        StoredApplication application = applications.named(name);
        return editor(application, application.document(), application.revision(), locale, model);
    }

    /** The same page with a text that is not saved yet. */
    @ChangesNothing
    @PostMapping("/edit")
    String editAgain(
            @PathVariable("name") String name,
            @RequestParam("document") String document,
            @RequestParam("revision") long revision,
            Locale locale,
            Model model) {
        return editor(applications.editable(name), FormValues.plain(document), revision, locale, model);
    }

    private String editor(StoredApplication application, String document, long revision, Locale locale, Model model) {
        model.addAttribute("app", applications.view(application));
        model.addAttribute("document", document);
        model.addAttribute("revision", revision);
        verdict(applications.check(application.name(), document).problems(), List.of(), locale, model);
        return "applications/edit";
    }

    /** What is wrong with a text that somebody is typing. */
    @ChangesNothing
    @PostMapping("/check")
    String check(
            @PathVariable("name") String name, @RequestParam("document") String document, Locale locale, Model model) {
        verdict(applications.check(name, FormValues.plain(document)).problems(), List.of(), locale, model);
        return "applications/edit :: verdict";
    }

    private void verdict(List<Problem> problems, List<Group> shape, Locale locale, Model model) {
        model.addAttribute("found", Found.of(problems, shape, texts, locale));
    }

    @ChangesNothing
    @PostMapping("/review")
    String review(
            @PathVariable("name") String name,
            @RequestParam("document") String document,
            @RequestParam("revision") long revision,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication now = applications.editable(name);
        String text = FormValues.plain(document);
        List<Problem> problems = new ArrayList<>();
        if (revision != now.revision()) {
            problems.addAll(
                    ApplicationStore.changed(name, revision, now.revision()).problems());
        }
        problems.addAll(applications.check(name, text).problems());
        return review(now, new Draft(text, problems), "", locale, response, model);
    }

    private String review(
            StoredApplication now,
            Draft draft,
            String message,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        String document = draft.document() == null ? now.document() : draft.document();
        if (!draft.problems().isEmpty()) {
            response.setStatus(ProblemStatus.of(draft.problems().get(0).code()));
        }
        model.addAttribute("app", applications.view(now));
        model.addAttribute("document", document);
        model.addAttribute("message", message);
        model.addAttribute("diff", TextDiff.between(now.document(), document));
        verdict(draft.problems(), List.of(), locale, model);
        return "applications/review";
    }

    @PostMapping("/save")
    String save(
            @PathVariable("name") String name,
            @RequestParam("document") String document,
            @RequestParam("revision") long revision,
            @RequestParam(name = "message", defaultValue = "") String message,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        String text = FormValues.plain(document);
        try {
            StoredApplication saved = applications.replace(name, text, revision, who.getName(), message);
            return "redirect:/applications/" + name + "?saved=" + saved.revision();
        } catch (ProblemException refused) {
            return review(
                    applications.editable(name), new Draft(text, refused.problems()), message, locale, response, model);
        }
    }

    @GetMapping("/revisions")
    @Needs(value = Permission.VIEW, at = At.APPLICATION)
    String revisions(
            @PathVariable("name") String name,
            @RequestParam(name = "before", required = false) @Nullable Long before,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "older", defaultValue = "9223372036854775807") long older,
            Model model) {
        StoredApplication application = applications.named(name);
        List<Revision> some = store.revisions(application.id(), older, PAGE + 1);
        model.addAttribute("app", applications.view(application));
        model.addAttribute("revisions", some.subList(0, Math.min(PAGE, some.size())));
        model.addAttribute("next", some.size() > PAGE ? some.get(PAGE - 1).number() : null);
        long to = after == null ? application.revision() : after;
        long from = before == null ? Math.max(1, to - 1) : before;
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute(
                "diff",
                from == to
                        ? null
                        : TextDiff.between(
                                applications.revision(application, from).document(),
                                applications.revision(application, to).document()));
        return "applications/revisions";
    }

    /** An earlier text again, as a new revision: after the same review. */
    @ChangesNothing
    @PostMapping("/restore")
    String restore(
            @PathVariable("name") String name,
            @RequestParam("number") long number,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication now = applications.editable(name);
        String text = applications.revision(now, number).document();
        Draft draft = new Draft(text, applications.check(name, text).problems());
        return review(now, draft, "= " + number, locale, response, model);
    }

    @GetMapping("/components/{component}")
    String component(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            Locale locale,
            Model model) {
        StoredApplication application = applications.editable(name);
        Application read = edits.read(application);
        List<Group> shape = FormShapes.component(Edits.others(read, component));
        FormValues values = FormValues.of(shape, ApplicationWriter.tree(edits.component(read, component)));
        return form(application, application.revision(), component, shape, values, List.of(), locale, model);
    }

    @GetMapping("/new-component")
    String newComponent(@PathVariable("name") String name, Locale locale, Model model) {
        StoredApplication application = applications.editable(name);
        List<Group> shape = FormShapes.component(Edits.others(edits.read(application), null));
        FormValues empty = FormValues.of(shape, Map.of("kind", "service"));
        return form(application, application.revision(), null, shape, empty, List.of(), locale, model);
    }

    @GetMapping("/settings")
    String settings(@PathVariable("name") String name, Locale locale, Model model) {
        StoredApplication application = applications.editable(name);
        List<Group> shape = FormShapes.application();
        FormValues values = FormValues.of(shape, ApplicationWriter.tree(edits.read(application)));
        return form(application, application.revision(), null, shape, values, List.of(), locale, model);
    }

    @ChangesNothing
    @PostMapping({"/components/{component}", "/new-component", "/settings"})
    String change(
            @PathVariable("name") String name,
            @PathVariable(name = "component", required = false) @Nullable String component,
            @RequestParam("revision") long revision,
            HttpServletRequest request,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        FormValues sent = FormValues.sent(request.getParameterMap());
        boolean settings = request.getRequestURI().endsWith("/settings") && component == null;
        StoredApplication now = applications.editable(name);
        List<Group> shape =
                settings ? FormShapes.application() : FormShapes.component(Edits.others(edits.read(now), component));
        List<Problem> problems;
        try {
            StoredApplication base = edits.base(name, revision);
            Draft draft = settings ? edits.settings(base, sent) : edits.component(base, component, sent);
            if (draft.problems().isEmpty() && request.getHeader("HX-Request") == null) {
                return review(base, draft, "", locale, response, model);
            }
            problems = draft.problems();
        } catch (ProblemException refused) {
            problems = refused.problems();
        }
        if (request.getHeader("HX-Request") != null) {
            // Only asked what is wrong so far.
            verdict(problems, shape, locale, model);
            return "applications/edit :: verdict";
        }
        response.setStatus(ProblemStatus.of(problems.get(0).code()));
        return form(now, revision, component, shape, sent, problems, locale, model);
    }

    private String form(
            StoredApplication application,
            long revision,
            @Nullable String component,
            List<Group> shape,
            FormValues values,
            List<Problem> problems,
            Locale locale,
            Model model) {
        boolean settings = shape.equals(FormShapes.application());
        model.addAttribute("app", applications.view(application));
        model.addAttribute("revision", revision);
        model.addAttribute("component", component);
        model.addAttribute("settings", settings);
        model.addAttribute("groups", shape);
        model.addAttribute("values", values);
        model.addAttribute(
                "references", component == null ? List.of() : Edits.references(edits.read(application), component));
        verdict(problems, shape, locale, model);
        return "applications/component";
    }

    @ChangesNothing
    @PostMapping("/components/{component}/remove")
    String remove(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam("revision") long revision,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication base = edits.base(name, revision);
        return review(base, edits.without(base, component), "- " + component, locale, response, model);
    }

    /** A Dockerfile that was generated, put into the document as somebody has changed it. */
    @ChangesNothing
    @PostMapping("/components/{component}/dockerfile/document")
    String dockerfile(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam("revision") long revision,
            @RequestParam("text") String text,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication base = edits.base(name, revision);
        Draft draft = edits.dockerfile(base, component, FormValues.plain(text));
        return review(base, draft, "Dockerfile of " + component, locale, response, model);
    }

    @ChangesNothing
    @PostMapping("/edges")
    String edge(
            @PathVariable("name") String name,
            @RequestParam("from") String from,
            @RequestParam("to") String to,
            @RequestParam(name = "when", defaultValue = "") String when,
            @RequestParam("revision") long revision,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredApplication base = edits.base(name, revision);
        Draft draft = when.isEmpty() ? edits.withoutEdge(base, from, to) : edits.edge(base, from, to, condition(when));
        String message = (when.isEmpty() ? "- " : "+ ") + from + " → " + to;
        return review(base, draft, message, locale, response, model);
    }

    private static Dependency.Condition condition(String word) {
        return Arrays.stream(Dependency.Condition.values())
                .filter(condition -> condition.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.REQUEST_INVALID, "when", "reason", "when is not a condition")));
    }
}
