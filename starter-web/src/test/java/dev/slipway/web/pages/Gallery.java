package dev.slipway.web.pages;

import dev.slipway.activities.kubernetes.log.LoggedPod;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.web.applications.ApplicationView;
import dev.slipway.web.applications.ApplicationView.ComponentLine;
import dev.slipway.web.applications.ApplicationView.GitView;
import dev.slipway.web.applications.DraftView;
import dev.slipway.web.applications.DraftView.PartView;
import dev.slipway.web.audit.AuditPageModels;
import dev.slipway.web.builds.BuildPageModels;
import dev.slipway.web.builds.BuildView;
import dev.slipway.web.chat.ChatPageModels;
import dev.slipway.web.clusters.ClusterView;
import dev.slipway.web.environments.EnvironmentPageModels;
import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.environments.RunRow;
import dev.slipway.web.environments.topology.TopologySvg;
import dev.slipway.web.environments.topology.TopologySvg.Need;
import dev.slipway.web.environments.topology.TopologySvg.Node;
import dev.slipway.web.hooks.HookPageModels;
import dev.slipway.web.logs.LogPageModels;
import dev.slipway.web.logs.StoredLine;
import dev.slipway.web.manifests.ManifestPageModels;
import dev.slipway.web.runs.PlanView;
import dev.slipway.web.runs.RunPageModels;
import dev.slipway.web.runs.RunView;
import dev.slipway.web.shell.Installation.ClusterChoice;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.webhooks.MessageView;
import dev.slipway.web.webhooks.WebhookPageModels;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every page in the states that matter, by name. */
final class Gallery {
    /** A page: its template and what it shows. */
    record Picture(String template, Map<String, Object> model) {}

    private Gallery() {}

    static Map<String, Picture> pictures(Locale locale) {
        Wording words = PageRenderer.WORDINGS.in(locale);
        Map<String, Picture> all = new LinkedHashMap<>();
        all.put(
                "environments",
                environments(List.of(
                        Samples.shop(), Samples.inOrder(), Samples.fresh(), Samples.hostile(), Samples.giant(40))));
        all.put("environments-empty", environments(List.of()));
        all.put("environment", environment(Samples.shop(), null, words));
        all.put("environment-component", environment(Samples.shop(), "payments", words));
        all.put("environment-in-order", environment(Samples.inOrder(), "web", words));
        all.put(
                "environment-fresh",
                picture(
                        "environments/environment",
                        EnvironmentPageModels.of(Samples.fresh(), List.of(), List.of(), null, words)));
        all.put("environment-giant", environment(Samples.giant(200), null, words));
        all.put("environment-hostile", environment(Samples.hostile(), Samples.LONG, words));
        all.put(
                "environment-unread",
                picture(
                        "environments/environment",
                        EnvironmentPageModels.of(
                                Samples.environment("unread", null, List.of()), List.of(), List.of(), null, words)));
        all.put(
                "environment-new",
                picture(
                        "environments/new",
                        map(
                                "app",
                                "storefront",
                                "name",
                                "storefront-dev",
                                "branch",
                                "",
                                "fromGit",
                                true,
                                "cluster",
                                null,
                                "clusters",
                                List.of(new ClusterChoice("simulated", true), new ClusterChoice("lab", false)),
                                "problems",
                                List.of())));
        all.put("hooks", picture("hooks/list", HookPageModels.list(false)));
        all.put("hooks-empty", picture("hooks/list", HookPageModels.list(true)));
        all.put("hook-new", picture("hooks/new", HookPageModels.form(List.of())));
        all.put("hook-new-problems", picture("hooks/new", HookPageModels.form(Samples.problems(2))));
        all.put("hook", picture("hooks/hook", HookPageModels.hook(false)));
        all.put("hook-fresh", picture("hooks/hook", HookPageModels.hook(true)));
        all.put("delivery", picture("hooks/delivery", HookPageModels.delivery(0, Samples.problems(1))));
        all.put("delivery-refused", picture("hooks/delivery", HookPageModels.delivery(1, List.of())));
        all.put("delivery-ping", picture("hooks/delivery", HookPageModels.delivery(2, List.of())));
        all.put("delivery-waiting", picture("hooks/delivery", HookPageModels.delivery(3, List.of())));
        all.put("pushes", picture("hooks/pushes", HookPageModels.pushes(false)));
        all.put("pushes-empty", picture("hooks/pushes", HookPageModels.pushes(true)));
        all.put("push-rule-new", picture("hooks/rule", HookPageModels.rule(null, List.of())));
        all.put("push-rule", picture("hooks/rule", HookPageModels.rule("1", Samples.problems(2))));
        all.put("plan", plan(Samples.plan(), null));
        all.put("plan-part", plan(Samples.plan(), null, part(Operation.DEPLOY, Map.of(), "orders", "web")));
        all.put("plan-scale", plan(Samples.plan(), null, part(Operation.SCALE, Map.of("orders", 3))));
        all.put("plan-nothing", plan(Samples.nothing(), null));
        all.put("plan-contested", plan(Samples.contested(), null));
        all.put("plan-refused", plan(Samples.contested(), Samples.problems(2)));
        all.put("plan-impossible", plan(null, Samples.problems(2)));
        all.put("run", run(Samples.running(), Samples.shop(), words));
        all.put("run-failed", run(Samples.failed(), Samples.shop(), words));
        all.put("run-unchanged", run(Samples.unchanged(), Samples.inOrder(), words));
        all.put("run-queued", run(Samples.queued(), Samples.inOrder(), words));
        all.put(
                "applications",
                picture(
                        "applications/list",
                        map("applications", List.of(application()), "later", false, "next", null)));
        all.put(
                "applications-empty",
                picture("applications/list", map("applications", List.of(), "later", false, "next", null)));
        all.put(
                "application",
                picture(
                        "applications/application",
                        map(
                                "app",
                                application(),
                                "saved",
                                4L,
                                "edges",
                                List.of(),
                                "environments",
                                List.of(Samples.shop(), Samples.fresh()),
                                "problems",
                                List.of(),
                                "lines",
                                document(),
                                "wrong",
                                Set.of())));
        List<LoggedPod> pods = List.of(
                new LoggedPod("orders-6d9f-q8", List.of("orders", "shipper"), 3),
                new LoggedPod("orders-6d9f-x2", List.of("orders", "shipper"), 0));
        all.put("log", picture("logs/log", LogPageModels.of("orders", "10m", pods, List.of(), words)));
        all.put(
                "log-silent",
                picture(
                        "logs/log",
                        LogPageModels.of(
                                "orders", Samples.NOW.toString(), List.of(), List.of(Samples.problem()), words)));
        Map<String, Object> manifests = new HashMap<>(
                ManifestPageModels.of(Map.of("", "---\nkind: Namespace\n", "orders", "---\nname: " + Samples.HOSTILE)));
        manifests.put("problems", null);
        all.put("manifests", picture("manifests/manifests", manifests));
        all.put(
                "manifests-impossible",
                picture(
                        "manifests/manifests",
                        map("environment", "storefront-dev", "groups", List.of(), "problems", Samples.problems(1))));
        all.put("environment-silent", environment(Samples.silent(), "orders", words));
        all.put("application-new", form("git", 0));
        all.put("application-new-text", form("text", 0));
        all.put("application-new-problems", form("git", 3));
        all.put("application-new-text-problems", form("text", 12));
        all.put("application-draft", draft());
        all.put("webhooks", picture("webhooks/list", WebhookPageModels.list(true, Samples.HOSTILE, Samples.NOW)));
        all.put("webhooks-empty", picture("webhooks/list", WebhookPageModels.list(false, "", Samples.NOW)));
        all.put("webhook-new", picture("webhooks/new", WebhookPageModels.form("", List.of())));
        all.put(
                "webhook-refused",
                picture("webhooks/new", WebhookPageModels.form(Samples.HOSTILE, Samples.problems(2))));
        all.put("webhook-secret", picture("webhooks/secret", map("name", "ci", "secret", "whsec_" + "A".repeat(43))));
        all.put(
                "commit-states-refused",
                picture("webhooks/states", WebhookPageModels.states(Samples.HOSTILE, Samples.problems(1))));
        for (String state : List.of("dead", "waiting", "delivered")) {
            MessageView message = WebhookPageModels.message(state, Samples.HOSTILE, Samples.NOW);
            all.put(
                    "outbox-" + state,
                    picture(
                            "webhooks/outbox",
                            WebhookPageModels.outbox(state, List.of(message, message), state.equals("delivered"))));
            all.put("message-" + state, picture("webhooks/message", map("message", message)));
        }
        all.put("outbox-empty", picture("webhooks/outbox", WebhookPageModels.outbox("waiting", List.of(), false)));
        BuildView failed = BuildPageModels.build("failed", Samples.problem(), Samples.HOSTILE, Samples.NOW);
        BuildView running = BuildPageModels.build("running", null, "main", Samples.NOW);
        BuildView succeeded = BuildPageModels.build("succeeded", null, "main", Samples.NOW);
        List<StoredLine> said = List.of(
                new StoredLine(Samples.NOW.minusSeconds(9), "\u001b[36mINFO\u001b[0m[0001] Retrieving image manifest"),
                new StoredLine(Samples.NOW.minusSeconds(8), Samples.HOSTILE),
                new StoredLine(Samples.NOW.minusSeconds(7), "\u001b[31merror\u001b[0m: " + "no such file ".repeat(30)));
        all.put("builds", picture("builds/list", BuildPageModels.list(List.of(running, failed, succeeded), null)));
        all.put("builds-empty", picture("builds/list", BuildPageModels.list(List.of(), null)));
        all.put("builds-none", picture("builds/list", BuildPageModels.list(List.of(), Samples.HOSTILE)));
        all.put("build-failed", picture("builds/build", BuildPageModels.page(failed, said)));
        all.put("build-running", picture("builds/build", BuildPageModels.page(running, said)));
        all.put("build-succeeded", picture("builds/build", BuildPageModels.page(succeeded, List.of())));
        Map<String, Object> failedRun =
                new HashMap<>(run(Samples.failed(), Samples.shop(), words).model());
        failedRun.putAll(Map.of("builds", List.of(failed), "failed", failed, "lastLines", said));
        all.put("run-build-failed", picture("runs/run", failedRun));
        all.put("clusters", picture("clusters/list", map("clusters", clusters(), "problems", List.of())));
        all.put(
                "clusters-refused",
                picture("clusters/list", map("clusters", clusters(), "problems", Samples.problems(1))));
        all.put(
                "cluster-new",
                picture(
                        "clusters/new",
                        map("name", "", "context", "", "registryAddress", "", "problems", Samples.problems(2))));
        all.put("audit", picture("audit/list", AuditPageModels.rows(Samples.HOSTILE, Samples.NOW)));
        all.put("audit-none", picture("audit/list", AuditPageModels.none()));
        all.put("audit-broken", picture("audit/list", AuditPageModels.broken()));
        all.put("people", picture("people/list", PeoplePageModels.list()));
        all.put("people-invite", picture("people/new", PeoplePageModels.invite("person", Samples.problems(2))));
        all.put("people-service", picture("people/new", PeoplePageModels.invite("service", List.of())));
        all.put(
                "person-invited",
                picture(
                        "people/person",
                        PeoplePageModels.one(Kind.PERSON, "https://slipway.example/sign-in/x", List.of())));
        all.put(
                "person-service",
                picture("people/person", PeoplePageModels.one(Kind.SERVICE, null, Samples.problems(1))));
        all.put("account", picture("people/account", PeoplePageModels.account(true)));
        all.put("inbox", picture("inbox/inbox", inbox("needs", Samples.runs())));
        for (Part part : Part.values()) {
            String word = part.name().toLowerCase(Locale.ROOT);
            all.put("inbox-" + word + "-empty", picture("inbox/inbox", inbox(word, List.of())));
        }
        all.put("inbox-watching", picture("inbox/inbox", inbox("watching", Samples.runs())));
        all.put("chat", picture("chat/list", ChatPageModels.list(Samples.HOSTILE, Samples.NOW, List.of())));
        all.put("chat-refused", picture("chat/list", ChatPageModels.list("", Samples.NOW, Samples.problems(3))));
        all.put("chat-none", picture("chat/list", ChatPageModels.nothing(true)));
        all.put("chat-of-a-viewer", picture("chat/list", ChatPageModels.nothing(false)));
        all.put("chat-link", picture("chat/link", ChatPageModels.link(Samples.HOSTILE, true)));
        all.put("chat-link-service", picture("chat/link", ChatPageModels.link("bo", false)));
        all.put("sign-in", picture("sign-in", map("state", "ask", "name", "", "problems", List.of())));
        all.put("sign-in-setup", picture("sign-in", map("state", "setup", "name", "", "problems", List.of())));
        all.put(
                "sign-in-confirm",
                picture(
                        "sign-in",
                        map(
                                "state",
                                "choose",
                                "token",
                                "abc",
                                "name",
                                Samples.HOSTILE,
                                "named",
                                false,
                                "invited",
                                false,
                                "shortest",
                                12,
                                "problems",
                                Samples.problems(2))));
        all.put(
                "sign-in-invited",
                picture(
                        "sign-in",
                        map(
                                "state",
                                "choose",
                                "token",
                                "abc",
                                "name",
                                "anna",
                                "named",
                                true,
                                "invited",
                                true,
                                "shortest",
                                12,
                                "problems",
                                List.of())));
        all.put(
                "sign-in-refused",
                picture("sign-in", map("state", "refused", "name", "", "problems", Samples.problems(1))));
        all.put("error", picture("error", map("status", 500, "problems", List.of(Samples.problem()))));
        all.put("error-404", picture("error", map("status", 404, "problems", Samples.problems(1))));
        return all;
    }

    private static Map<String, Object> inbox(String part, List<RunRow> runs) {
        return map("part", part, "parts", Part.values(), "needs", 2, "runs", runs, "next", null);
    }

    /** Named as the parts of the inbox are. */
    private enum Part {
        NEEDS,
        MINE,
        WATCHING
    }

    private static Picture environments(List<EnvironmentView> environments) {
        return picture("environments/list", map("environments", environments, "later", false, "next", null));
    }

    private static Picture environment(EnvironmentView environment, @Nullable String component, Wording words) {
        return picture(
                "environments/environment",
                EnvironmentPageModels.of(environment, Samples.releases(), Samples.runs(), component, words));
    }

    private static List<ClusterView> clusters() {
        return List.of(
                new ClusterView(
                        "simulated",
                        "simulated",
                        null,
                        "http://127.0.0.1:40123/",
                        "reachable",
                        "v1.34.0",
                        1,
                        List.of("linux/amd64"),
                        2,
                        Samples.NOW,
                        Samples.NOW,
                        null),
                new ClusterView(
                        "staging-1",
                        "added",
                        "admin@staging",
                        "https://10.20.30.40:6443/",
                        "unreachable",
                        "v1.33.2",
                        null,
                        List.of(),
                        0,
                        Samples.NOW,
                        Samples.NOW.minusSeconds(400),
                        Samples.problem()));
    }

    private static Scope part(Operation operation, Map<String, Integer> replicas, String... components) {
        return new Scope(operation, List.of(components), false, replicas);
    }

    private static Picture plan(@Nullable PlanView plan, @Nullable Object problems) {
        return plan(plan, problems, Scope.whole(Operation.DEPLOY));
    }

    private static Picture plan(@Nullable PlanView plan, @Nullable Object problems, Scope scope) {
        StoredEnvironment environment = new StoredEnvironment(
                "1", "storefront-dev", "2", "storefront", "simulated", "storefront-dev", "", Samples.NOW);
        return picture(
                "runs/plan",
                map(
                        "environment",
                        environment,
                        "openRuns",
                        Samples.runs().subList(0, 2),
                        "onConflict",
                        "stop",
                        "key",
                        "k1",
                        "scope",
                        scope,
                        "destroys",
                        scope.operation() == Operation.DESTROY,
                        "asked",
                        "/environments/storefront-dev/plan",
                        "withDependencies",
                        "/environments/storefront-dev/plan?dependencies=true",
                        "components",
                        List.of("web", "orders", "db"),
                        "plan",
                        plan,
                        "problems",
                        problems));
    }

    private static Picture run(RunView run, EnvironmentView environment, Wording words) {
        Map<String, Object> model = new HashMap<>(RunPageModels.of(run, environment, Samples.NOW, words));
        model.put(
                "lines",
                List.of(
                        new StoredLine(Samples.NOW.minusSeconds(9), "applied Deployment orders (3 fields changed)"),
                        new StoredLine(Samples.NOW.minusSeconds(8), "waiting for 2 of 2 pods"),
                        new StoredLine(Samples.NOW.minusSeconds(5), Samples.HOSTILE),
                        new StoredLine(
                                Samples.NOW.minusSeconds(4),
                                "pod orders-6d9f-q8 pulling image (41 MB) " + "and more ".repeat(30))));
        model.put("after", 0L);
        model.put("last", 4L);
        model.put("more", false);
        return picture("runs/run", model);
    }

    private static Picture form(String from, int problems) {
        String url = problems == 0 ? "" : "https://git.example/team/storefront.git";
        List<String> lines = problems == 0 ? List.of() : document();
        Map<String, Object> form =
                Map.of("from", from, "url", url, "branch", "", "path", "", "document", String.join("\n", lines));
        return picture(
                "applications/new",
                map(
                        "form",
                        new FormShape(from, url, "", "", String.join("\n", lines)),
                        "problems",
                        Samples.problems(problems),
                        "lines",
                        lines,
                        "wrong",
                        Set.copyOf(IntStream.range(0, problems)
                                .mapToObj(i -> 6 + 4 * i)
                                .toList()),
                        "noDocument",
                        problems > 0,
                        "unused",
                        form));
    }

    private static Picture draft() {
        String text = String.join("\n", document());
        PartView web = new PartView(
                "web",
                "services/web",
                "node",
                List.of("services/web/package.json: scripts.start", Samples.HOSTILE),
                "Built by a Dockerfile that Slipway writes for node, because of package.json.",
                List.of("static: services/web/index.html"),
                "FROM node\nCOPY . .\n" + Samples.HOSTILE,
                List.of("Port 8080, because of services/web/server.js.", Samples.LONG));
        PartView db =
                new PartView("db", "", null, List.of(), "The image postgres:17, as it is.", List.of(), null, List.of());
        return picture(
                "applications/draft",
                map(
                        "origin",
                        new PlaceShape("https://git.example/team/storefront.git", "main", ""),
                        "draft",
                        new DraftView(text, List.of(web, db), List.of("Not taken over: networks.")),
                        "document",
                        text,
                        "found",
                        List.of(),
                        "topology",
                        TopologySvg.of(
                                List.of(
                                        new Node("web", "new", "service", "", "services/web", "", "#part-web", false),
                                        new Node("db", "new", "service", "", "postgres:17", "", "#part-db", false)),
                                List.of(new Need("web", "db", true, true, "web needs db"))),
                        "inline",
                        Map.of()));
    }

    /** As the controller's place. */
    public record PlaceShape(String url, String branch, String folder) {}

    /** As the controller's form. */
    public record FormShape(String from, String url, String branch, String path, String document) {}

    private static ApplicationView application() {
        return new ApplicationView(
                "3",
                "storefront",
                "Storefront",
                4,
                new GitView("https://git.example/team/storefront.git", "main", "slipway.yaml"),
                Samples.NOW.minusSeconds(90_000),
                Samples.NOW.minusSeconds(300),
                List.of("storefront-dev", "storefront-test"),
                Samples.shop().components().stream()
                        .map(c -> new ComponentLine(
                                c.name(),
                                c.kind(),
                                "services/" + c.name(),
                                true,
                                c.dependsOn().stream().map(d -> d.component()).toList()))
                        .toList(),
                String.join("\n", document()));
    }

    private static List<String> document() {
        List<String> lines = new ArrayList<>(List.of(
                "apiVersion: slipway.dev/v1",
                "kind: Application",
                "metadata: {name: storefront, title: Storefront}",
                "spec:",
                "  components:"));
        for (String name : List.of("web", "catalog", "orders", "payments", "cache", "migrate", "db")) {
            lines.add("    - name: " + name);
            lines.add("      kind: service");
            lines.add("      source: {path: services/" + name
                    + ", build: {builder: jib, base: \"slipway.registry/base/shell:1\"}}");
            lines.add("      replicas: 2");
        }
        return lines;
    }

    private static Picture picture(String template, Map<String, Object> model) {
        return new Picture(template, model);
    }

    static Map<String, Object> map(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
