package dev.slipway.web.hooks;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PushRule;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.hooks.PushRules.Trial;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The pages of an environment's pushes: its rules, a trial, and what pushes came to. */
@Controller
@Needs(value = Permission.OPERATE, at = At.ENVIRONMENT)
final class PushRuleController {
    private static final int ROWS = 50;

    private final PushRules rules;
    private final DeliveryViews views;
    private final Environments environments;
    private final ProblemTexts texts;

    PushRuleController(PushRules rules, DeliveryViews views, Environments environments, ProblemTexts texts) {
        this.rules = rules;
        this.views = views;
        this.environments = environments;
        this.texts = texts;
    }

    /**
     * A rule as its form has it.
     *
     * @param branches one in each line; so are the others
     * @param enabled {@code on}, as browsers send a tick
     */
    record Form(
            @Nullable String enabled,
            @Nullable String repository,
            @Nullable String branches,
            @Nullable String tags,
            @Nullable String paths,
            @Nullable String debounce,
            @Nullable String replace,
            @Nullable String operation,
            @Nullable String part,
            @Nullable List<String> components) {
        static Form of(PushRule rule) {
            return new Form(
                    rule.enabled() ? "on" : null,
                    rule.repository(),
                    String.join("\n", rule.branches()),
                    String.join("\n", rule.tags()),
                    String.join("\n", rule.paths()),
                    Integer.toString(rule.debounceSeconds()),
                    rule.replace() ? "on" : null,
                    rule.operation().word(),
                    rule.part().word(),
                    rule.components());
        }

        WantedRule wanted() {
            return new WantedRule(
                    enabled != null,
                    repository,
                    lines(branches),
                    lines(tags),
                    lines(paths),
                    seconds(),
                    replace != null,
                    operation,
                    part,
                    "named".equals(part) ? components : List.of());
        }

        private int seconds() {
            String text = debounce == null ? "" : debounce.strip();
            return text.isEmpty() ? 0 : text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
        }

        public boolean has(String component) {
            return components != null && components.contains(component);
        }

        private static List<String> lines(@Nullable String text) {
            return text == null ? List.of() : Globs.lines(text);
        }
    }

    /** @param files one in each line */
    record TrialForm(
            @Nullable String repository,
            @Nullable String ref,
            @Nullable String tag,
            @Nullable String files,
            @Nullable String message) {
        Trial trial() {
            return new Trial(repository, ref, tag != null, files == null ? List.of() : Globs.lines(files), message);
        }
    }

    @GetMapping("/environments/{environment}/pushes")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    String pushes(
            @PathVariable("environment") String environment,
            @ModelAttribute TrialForm trial,
            Caller caller,
            Locale locale,
            Model model) {
        StoredEnvironment known = environments.named(environment);
        boolean asked = trial.ref() != null && !trial.ref().isBlank();
        model.addAttribute("environment", known.name());
        model.addAttribute(
                "operates", caller.may(Permission.OPERATE, Subject.environment(known.applicationId(), known.id())));
        model.addAttribute("rules", rules.of(environment));
        model.addAttribute("repositories", rules.repositories(environment));
        model.addAttribute("trial", trial);
        model.addAttribute("tried", asked ? rules.tried(environment, trial.trial(), locale) : null);
        model.addAttribute("results", views.ofEnvironment(known.id(), ROWS, locale));
        model.addAttribute("configures", caller.may(Permission.CONFIGURE, Subject.INSTALLATION));
        return "hooks/pushes";
    }

    @GetMapping("/environments/{environment}/pushes/new")
    String ask(@PathVariable("environment") String environment, Locale locale, Model model) {
        return form(environment, null, Form.of(PushRule.usual()), List.of(), locale, model);
    }

    @GetMapping("/environments/{environment}/pushes/{rule}")
    String edit(
            @PathVariable("environment") String environment,
            @PathVariable("rule") String rule,
            Locale locale,
            Model model) {
        return form(environment, rule, Form.of(rules.one(environment, rule).rule()), List.of(), locale, model);
    }

    private String form(
            String environment, @Nullable String rule, Form form, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("environment", environment);
        model.addAttribute("rule", rule);
        model.addAttribute("form", form);
        model.addAttribute("repositories", rules.repositories(environment));
        model.addAttribute("components", rules.components(environment));
        model.addAttribute("longest", WantedRule.LONGEST_DEBOUNCE);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "hooks/rule";
    }

    @PostMapping("/environments/{environment}/pushes")
    String add(
            @PathVariable("environment") String environment,
            @ModelAttribute Form form,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            rules.add(environment, form.wanted(), caller.name());
            return "redirect:/environments/{environment}/pushes";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(environment, null, form, refused.problems(), locale, model);
        }
    }

    @PostMapping("/environments/{environment}/pushes/{rule}")
    String change(
            @PathVariable("environment") String environment,
            @PathVariable("rule") String rule,
            @ModelAttribute Form form,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            rules.change(environment, rule, form.wanted(), caller.name());
            return "redirect:/environments/{environment}/pushes";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(environment, rule, form, refused.problems(), locale, model);
        }
    }

    @PostMapping("/environments/{environment}/pushes/{rule}/remove")
    String remove(@PathVariable("environment") String environment, @PathVariable("rule") String rule) {
        rules.remove(environment, rule);
        return "redirect:/environments/{environment}/pushes";
    }
}
