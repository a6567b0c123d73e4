package dev.slipway.web.runs;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.live.Broadcaster;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The plan of a run, its start, its page. */
@Controller
@Needs(value = Permission.VIEW, at = At.RUN)
final class RunController {
    private static final int LONGEST_KEY = 200;

    private final Runs runs;
    private final RunOrders orders;
    private final RunViews views;
    private final RunPage page;
    private final Environments environments;
    private final Broadcaster broadcaster;
    private final ProblemTexts texts;
    private final Wordings wordings;

    RunController(
            Runs runs,
            RunOrders orders,
            RunViews views,
            RunPage page,
            Environments environments,
            Broadcaster broadcaster,
            ProblemTexts texts,
            Wordings wordings) {
        this.runs = runs;
        this.orders = orders;
        this.views = views;
        this.page = page;
        this.environments = environments;
        this.broadcaster = broadcaster;
        this.texts = texts;
        this.wordings = wordings;
    }

    /** What a deploy would do. Changes nothing, so that it may be a link; what keeps a plan from being made is the answer. */
    @GetMapping("/environments/{name}/plan")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    String plan(
            @PathVariable("name") String name,
            @RequestParam(name = "onConflict", required = false) @Nullable String onConflict,
            @ModelAttribute AskedScope asked,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String fragment,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        StoredEnvironment environment = environments.named(name);
        Scope scope = asked.scope();
        model.addAttribute("scope", scope);
        model.addAttribute("asked", AskedScope.link(name, scope));
        model.addAttribute(
                "withDependencies",
                AskedScope.link(
                        name, new Scope(scope.operation(), scope.components(), !scope.withDependencies(), Map.of())));
        model.addAttribute("components", deployable(environment));
        model.addAttribute("environment", environment);
        model.addAttribute(
                "openRuns",
                environments.runs(environment.id()).stream()
                        .filter(run -> run.open()
                                && run.operation().equals(Operation.BUILD.word())
                                        == (scope.operation() == Operation.BUILD))
                        .toList());
        model.addAttribute("key", Ids.next());
        model.addAttribute("destroys", scope.operation() == Operation.DESTROY);
        model.addAttribute("plan", null);
        model.addAttribute("problems", null);
        model.addAttribute("onConflict", choice(onConflict).word());
        try {
            StoredPlan plan = runs.preview(environment.id(), scope, choice(onConflict));
            model.addAttribute("plan", PlanView.of(plan));
            List<Problem> findings = plan.skeleton().problems();
            // Conflicts are shown where they are, with the choice.
            List<Problem> against = findings.stream()
                    .filter(problem -> problem.code() != ProblemCode.KUBERNETES_CONFLICT)
                    .toList();
            if (!against.isEmpty()) {
                model.addAttribute("problems", texts.texts(against, locale));
                response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            }
        } catch (ProblemException impossible) {
            model.addAttribute("problems", texts.texts(impossible.problems(), locale));
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        }
        response.addHeader("Vary", "HX-Request");
        return fragment == null ? "runs/plan" : "runs/plan :: panel";
    }

    /** Names to choose from when only a part is to be deployed. */
    private List<String> deployable(StoredEnvironment environment) {
        return environments.view(environment).components().stream()
                .map(ComponentView::name)
                .toList();
    }

    /**
     * @param key of the form: a second click is the same run
     * @param confirm name of the environment, as a person typed it who wants it destroyed
     */
    @PostMapping("/environments/{name}/runs")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    String start(
            @PathVariable("name") String name,
            @RequestParam(name = "plan", required = false) @Nullable String plan,
            @RequestParam(name = "onConflict", required = false) @Nullable String onConflict,
            @RequestParam("key") String key,
            @RequestParam(name = "confirm", required = false) @Nullable String confirm,
            @ModelAttribute AskedScope asked,
            Caller caller) {
        StoredEnvironment environment = environments.named(name);
        if (asked.scope().operation() == Operation.DESTROY
                && (confirm == null || !confirm.strip().equals(name))) {
            throw new ProblemException(Problem.of(ProblemCode.ENVIRONMENT_NOT_CONFIRMED, name, "name", name));
        }
        StoredRun run = runs.start(
                new RunRequest(
                                asked.scope(),
                                environment.id(),
                                caller.door(),
                                caller.name(),
                                plan == null || plan.isBlank() ? null : plan,
                                choice(onConflict),
                                key.substring(0, Math.min(key.length(), LONGEST_KEY)))
                        .attended(),
                caller);
        return "redirect:/runs/" + run.id();
    }

    private static OnConflict choice(@Nullable String word) {
        return Arrays.stream(OnConflict.values())
                .filter(known -> known.word().equals(word))
                .findFirst()
                .orElse(OnConflict.STOP);
    }

    @GetMapping("/runs/{id}")
    String run(
            @PathVariable("id") String id,
            @RequestParam(name = "step", required = false) @Nullable String step,
            Locale locale,
            Model model) {
        model.addAllAttributes(page.model(id, step, wordings.in(locale)));
        return RunPage.TEMPLATE;
    }

    @GetMapping("/runs/{id}/log")
    String log(
            @PathVariable("id") String id,
            @RequestParam("step") String step,
            @RequestParam(name = "after", defaultValue = "0") long after,
            Locale locale,
            Model model) {
        model.addAllAttributes(page.lines(id, step, after, wordings.in(locale)));
        return RunPage.TEMPLATE + " :: lines";
    }

    @GetMapping(path = "/runs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable("id") String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Locale locale,
            HttpServletResponse response) {
        views.now(id);
        response.setHeader("X-Accel-Buffering", "no");
        return broadcaster.open("run/" + id, () -> page.live(id), Wordings.spoken(locale), lastEventId);
    }

    @PostMapping("/runs/{id}/cancel")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    String cancel(
            @PathVariable("id") String id,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String fragment,
            Locale locale,
            Model model) {
        runs.cancel(id);
        if (fragment == null) {
            return "redirect:/runs/" + id;
        }
        Wording words = wordings.in(locale);
        model.addAttribute("text", words.say("run.stopping"));
        return "parts :: note";
    }

    /**
     * @param inputs of the form: {@code branch}, {@code image}, {@code env}, {@code timeout}; blank ones change nothing
     */
    @PostMapping("/runs/{id}/answers")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    String answer(
            @PathVariable("id") String id,
            @RequestParam("question") String question,
            @RequestParam("choice") String choice,
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam Map<String, String> inputs,
            Caller caller) {
        Map<String, String> filled = new LinkedHashMap<>();
        if (choice.equals("edit")) {
            inputs.forEach((name, value) -> {
                if (name.startsWith("input-") && !value.isBlank()) {
                    filled.put(name.substring("input-".length()), value.strip());
                }
            });
        }
        var unused = orders.answer(id, question, choice, reason, filled, caller);
        return "redirect:/runs/" + id;
    }

    /** @param step where; {@code null}: all of it */
    @PostMapping("/runs/{id}/{order:pause|resume|stop}")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    String order(
            @PathVariable("id") String id,
            @PathVariable("order") String order,
            @RequestParam(name = "step", required = false) @Nullable String step,
            Caller caller) {
        switch (order) {
            case "pause" -> orders.pause(id, step, caller);
            case "resume" -> orders.resume(id, step, caller);
            default -> orders.stop(id, caller);
        }
        return "redirect:/runs/" + id;
    }

    @PostMapping("/runs/{id}/retry")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    String retry(@PathVariable("id") String id, @RequestParam("step") String step, Caller caller) {
        orders.retry(id, step, caller);
        return "redirect:/runs/" + id;
    }

    /** @param confirm the run's id, as a person typed it */
    @PostMapping("/runs/{id}/terminate")
    @Needs(value = Permission.OPERATE, at = At.RUN)
    String terminate(
            @PathVariable("id") String id,
            @RequestParam(name = "confirm", required = false) @Nullable String confirm,
            Caller caller) {
        orders.terminate(id, confirm, caller);
        return "redirect:/runs/" + id;
    }
}
