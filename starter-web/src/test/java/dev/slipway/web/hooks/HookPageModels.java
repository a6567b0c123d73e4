package dev.slipway.web.hooks;

import dev.slipway.activities.store.PushRule;
import dev.slipway.web.hooks.DeliveryView.PushView;
import dev.slipway.web.hooks.DeliveryView.ReasonView;
import dev.slipway.web.hooks.DeliveryView.ResultView;
import dev.slipway.web.hooks.HookView.SecretView;
import dev.slipway.web.hooks.PushRules.Repository;
import dev.slipway.web.hooks.PushRules.Tried;
import dev.slipway.web.problems.ProblemText;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pages of hooks show, in the states that matter. */
public final class HookPageModels {
    private static final Instant NOW = Instant.parse("2026-05-04T10:15:30Z");
    private static final String EVIL = "<img src=x onerror=alert(1)>".repeat(4);

    private HookPageModels() {}

    public static Map<String, Object> list(boolean empty) {
        return map(
                "hooks",
                empty ? List.of() : List.of(hook(null), hook(null)),
                "deliveries",
                empty ? List.of() : deliveries(),
                "next",
                empty ? null : "17");
    }

    public static Map<String, Object> form(List<ProblemText> problems) {
        return map(
                "name",
                "shop",
                "provider",
                "gitlab",
                "address",
                "https://git.example/team",
                "providers",
                Provider.words(),
                "problems",
                problems);
    }

    public static Map<String, Object> hook(boolean fresh) {
        return map(
                "hook",
                hook(fresh ? "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" : null),
                "target",
                "https://slipway.example/api/v1/hooks/github/01hx",
                "deliveries",
                deliveries(),
                "next",
                null,
                "problems",
                List.of());
    }

    public static Map<String, Object> delivery(int which, List<ProblemText> problems) {
        return map("delivery", deliveries().get(which), "problems", problems);
    }

    public static Map<String, Object> pushes(boolean empty) {
        return map(
                "environment",
                "shop-dev",
                "operates",
                true,
                "configures",
                true,
                "rules",
                empty ? List.of() : List.of(rule(true), rule(false)),
                "repositories",
                empty ? List.of() : repositories(),
                "trial",
                new PushRuleController.TrialForm(null, empty ? null : "develop", null, "a\nb", EVIL),
                "tried",
                empty
                        ? null
                        : List.of(
                                new Tried("1", false, new ReasonView("branch", EVIL), null, List.of()),
                                new Tried("2", true, new ReasonView("match", "x"), "deploy", List.of("web"))),
                "results",
                empty ? List.of() : results());
    }

    public static Map<String, Object> rule(@Nullable String id, List<ProblemText> problems) {
        return map(
                "environment",
                "shop-dev",
                "rule",
                id,
                "form",
                PushRuleController.Form.of(PushRule.usual()),
                "repositories",
                repositories(),
                "components",
                List.of("web", "orders"),
                "longest",
                3_600,
                "problems",
                problems);
    }

    private static List<Repository> repositories() {
        return List.of(
                new Repository("https://git.example/team/shop.git", List.of("main"), List.of("web")),
                new Repository("https://git.example/team/" + "long".repeat(30), List.of("HEAD"), List.of("orders")));
    }

    private static HookView hook(@Nullable String secret) {
        return new HookView(
                "01hx",
                "shop",
                "github",
                "/api/v1/hooks/github/01hx",
                "https://git.example/team",
                NOW,
                "ann",
                List.of(new SecretView("a", NOW, NOW), new SecretView("b", NOW, null)),
                secret == null ? NOW : null,
                secret);
    }

    private static RuleView rule(boolean full) {
        return new RuleView(
                full ? "1" : "2",
                full,
                full ? "https://git.example/team/shop" : "",
                full ? List.of("main", "release/**") : List.of(),
                full ? List.of("v*") : List.of(),
                full ? List.of("services/**", "!**/*.md") : List.of(),
                full ? 30 : 0,
                full,
                "deploy",
                full ? "named" : "repository",
                full ? List.of("web", "orders") : List.of(),
                NOW,
                "ann");
    }

    private static List<ResultView> results() {
        return List.of(
                result("started", "01run", null, null),
                result("waits", null, NOW, null),
                result("skipped", null, null, null),
                result(
                        "failed",
                        null,
                        null,
                        new ProblemText("SLP-RUN-QUEUE-FULL", "Too many wait.", "", "Wait.", null, List.of())));
    }

    private static ResultView result(
            String state, @Nullable String run, @Nullable Instant due, @Nullable ProblemText problem) {
        return new ResultView(
                "01del",
                "shop-" + state,
                "1",
                state,
                new ReasonView("branch", EVIL),
                state.equals("skipped") ? null : "deploy",
                state.equals("started") ? List.of("web", "orders", "payments", "db") : List.of(),
                due,
                run,
                problem,
                NOW);
    }

    private static List<DeliveryView> deliveries() {
        PushView push = new PushView(
                "git.example/team/shop",
                EVIL,
                false,
                "b",
                "bffeb74224043ba2feb48d137756c8a9331c449a",
                2,
                EVIL,
                EVIL,
                List.of(EVIL, "b"),
                2,
                false);
        ProblemText wrong = new ProblemText("SLP-HOOK-SIGNATURE", "Not signed.", "shop", "Sign.", null, List.of());
        return List.of(
                delivery("1", "done", "failed", push, null, null, results()),
                delivery("2", "refused", "refused", null, null, wrong, List.of()),
                delivery("3", "done", "skipped", null, new ReasonView("ping", "A ping."), null, List.of()),
                delivery("4", "waiting", "waiting", push, null, null, List.of()));
    }

    private static DeliveryView delivery(
            String id,
            String state,
            String shown,
            @Nullable PushView push,
            @Nullable ReasonView reason,
            @Nullable ProblemText problem,
            List<ResultView> results) {
        return new DeliveryView(
                id,
                id.equals("4") ? null : "01hx",
                "shop",
                "github",
                id.equals("2") ? "" : "push",
                state,
                shown,
                push,
                "192.0.2.1",
                NOW,
                2,
                reason,
                problem,
                results);
    }

    private static Map<String, Object> map(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
