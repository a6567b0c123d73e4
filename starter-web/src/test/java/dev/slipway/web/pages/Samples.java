package dev.slipway.web.pages;

import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.EnvironmentView.DependencyView;
import dev.slipway.web.environments.ReleaseView;
import dev.slipway.web.environments.RunRow;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.runs.PlanView;
import dev.slipway.web.runs.RunView;
import dev.slipway.web.runs.RunView.CauseShape;
import dev.slipway.web.runs.RunView.CulpritShape;
import dev.slipway.web.runs.RunView.StepShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Things to show: a shop in trouble, a shop in order, a giant, and what people write who mean no good. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-23T12:04:40Z");
    static final String HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    static final String LONG = "a-component-with-a-name-as-long-as-kubernetes-lets-it-be-63-letters";
    private static final String COMMIT = "4f2a91c0d6b7e8f90123456789abcdef01234567";

    private Samples() {}

    static EnvironmentView shop() {
        return environment(
                "storefront-dev",
                41L,
                List.of(
                        component("web", "service", "healthy", "", 2, 2, "main", needs("catalog"), needs("orders")),
                        component("catalog", "service", "healthy", "", 2, 2, "main", needs("cache")),
                        component(
                                "orders",
                                "service",
                                "progressing",
                                "waits for db: not ready",
                                1,
                                2,
                                "feature/pay",
                                unmet("db", "healthy"),
                                unmet("migrate", "completed")),
                        component(
                                "payments",
                                "service",
                                "degraded",
                                "exit 3: PAY_KEY is empty",
                                0,
                                1,
                                "feature/pay",
                                new DependencyView("orders", "linked", true)),
                        component("cache", "service", "healthy", "", 1, 1, "main"),
                        component("migrate", "job", "unknown", "", 0, 1, "main", unmet("db", "healthy")),
                        image("db", "stateful", "progressing", "starting", 0, 1, "postgres:16")));
    }

    static EnvironmentView inOrder() {
        return environment(
                "storefront-dev",
                41L,
                shop().components().stream()
                        .map(component -> new ComponentView(
                                component.name(),
                                component.kind(),
                                "healthy",
                                "",
                                component.wanted(),
                                component.wanted(),
                                component.image(),
                                component.ref(),
                                component.commit(),
                                component.since(),
                                component.dependsOn().stream()
                                        .map(need -> new DependencyView(need.component(), need.when(), true))
                                        .toList()))
                        .toList());
    }

    static EnvironmentView giant(int size) {
        List<ComponentView> components = new ArrayList<>();
        String[] states = {"healthy", "healthy", "healthy", "progressing", "degraded", "suspended", "stopped", "unknown"
        };
        for (int i = 0; i < size; i++) {
            List<DependencyView> needs = new ArrayList<>();
            for (int k = 1; k <= i % 3 && i > 4; k++) {
                needs.add(new DependencyView("service-" + (i * k * 7 % i), "healthy", i % 2 == 0));
            }
            components.add(component(
                    "service-" + i,
                    "service",
                    states[i % states.length],
                    i % 8 == 4 ? "ImagePullBackOff: no such image in the registry at all" : "",
                    i % 4,
                    4,
                    "main",
                    needs.toArray(DependencyView[]::new)));
        }
        return environment("giant-" + size, 7L, components);
    }

    static EnvironmentView hostile() {
        return environment(
                "x-dev",
                1L,
                List.of(
                        component(LONG, "service", "degraded", HOSTILE, 0, 1, HOSTILE),
                        component("ok", "service", "healthy", "数据库尚未就绪，等待数据库完成启动和迁移任务", 1, 1, "特性/支付", needs(LONG))));
    }

    /** Its cluster does not answer; one component runs something else than it was told to. */
    static EnvironmentView silent() {
        return environment(
                "storefront-dev",
                41L,
                shop().components().stream()
                        .map(c -> new ComponentView(
                                c.name(),
                                c.kind(),
                                "unknown",
                                "SLP-K8S-UNREACHABLE lab",
                                c.ready(),
                                c.wanted(),
                                c.image(),
                                c.ref(),
                                c.commit(),
                                c.since(),
                                c.dependsOn(),
                                3,
                                c.name().equals("orders"),
                                NOW.minusSeconds(12)))
                        .toList());
    }

    static EnvironmentView fresh() {
        return environment(
                "storefront-test",
                null,
                inOrder().components().stream()
                        .map(component -> component.at("stopped", ""))
                        .toList());
    }

    static EnvironmentView environment(String name, @Nullable Long release, List<ComponentView> components) {
        return new EnvironmentView(
                "01environment",
                name,
                "storefront",
                "simulated",
                name,
                null,
                true,
                EnvironmentView.stateOf(components),
                release,
                components);
    }

    private static DependencyView needs(String component) {
        return new DependencyView(component, "healthy", true);
    }

    private static DependencyView unmet(String component, String when) {
        return new DependencyView(component, when, false);
    }

    private static ComponentView component(
            String name,
            String kind,
            String state,
            String reason,
            int ready,
            int wanted,
            String ref,
            DependencyView... needs) {
        return new ComponentView(
                name,
                kind,
                state,
                reason,
                ready,
                wanted,
                "slipway.registry/storefront/" + name
                        + "@sha256:7c1e03a5d5f0c4b3a2918f7e6d5c4b3a2918f7e6d5c4b3a2918f7e6d5c4b3a29",
                ref,
                COMMIT,
                NOW.minusSeconds(40),
                List.of(needs));
    }

    private static ComponentView image(
            String name, String kind, String state, String reason, int ready, int wanted, String image) {
        return new ComponentView(
                name, kind, state, reason, ready, wanted, image, null, null, NOW.minusSeconds(12), List.of());
    }

    static List<ReleaseView> releases() {
        return List.of(
                new ReleaseView(
                        41, "deploying", "run42", NOW.minusSeconds(40), null, List.of("orders", "payments"), List.of()),
                new ReleaseView(
                        40,
                        "deployed",
                        "run41",
                        NOW.minusSeconds(4_000),
                        NOW.minusSeconds(3_980),
                        List.of("catalog"),
                        List.of()),
                new ReleaseView(
                        39,
                        "partial",
                        "run40",
                        NOW.minusSeconds(90_000),
                        NOW.minusSeconds(89_000),
                        List.of(),
                        List.of()),
                new ReleaseView(
                        38,
                        "failed",
                        "run39",
                        NOW.minusSeconds(300_000),
                        NOW.minusSeconds(299_000),
                        List.of("web", "catalog", "orders", "payments", "cache", "migrate", "db"),
                        List.of()));
    }

    static List<RunRow> runs() {
        return List.of(
                row("run43", 43, "accepted", null, null, null),
                row("run42", 42, "running", null, NOW.minusSeconds(40), null),
                row("run41", 41, "finished", "succeeded", NOW.minusSeconds(4_000), NOW.minusSeconds(3_980)),
                row("run40", 40, "finished", "failed", NOW.minusSeconds(90_000), NOW.minusSeconds(89_000)),
                row("run39", 39, "finished", "unchanged", NOW.minusSeconds(300_000), NOW.minusSeconds(299_999)),
                row("run38", 38, "finished", "refused", NOW.minusSeconds(400_000), NOW.minusSeconds(399_999)),
                row("run37", 37, "finished", "cancelled", null, NOW.minusSeconds(499_999)));
    }

    private static RunRow row(
            String id,
            long number,
            String state,
            @Nullable String outcome,
            @Nullable Instant started,
            @Nullable Instant ended) {
        Instant accepted = started == null ? NOW.minusSeconds(5) : started.minusMillis(80);
        return new RunRow(
                id,
                "storefront-dev",
                number,
                "deploy",
                List.of(),
                state,
                outcome,
                "ana",
                "button",
                accepted,
                started,
                ended);
    }

    static PlanView plan() {
        return new PlanView(
                "5a0c9b1f77aa20e4c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f708192",
                false,
                false,
                List.of(
                        item(
                                "component/orders",
                                "orders",
                                "build",
                                field("commit", "4f2a91c", "9be01d7"),
                                field("builder", null, "jib")),
                        item("component/payments", "payments", "build", field("commit", "4f2a91c", "9be01d7")),
                        item("component/web", "web", "reuse"),
                        item(
                                "Deployment/orders",
                                "orders",
                                "change",
                                field(
                                        "spec.template.spec.containers[orders].env[PAY_URL]",
                                        null,
                                        "http://payments:8080"),
                                field("spec.replicas", "1", "2"),
                                field("spec.template.spec.containers[orders].env[OLD]", "x", null)),
                        item("Secret/payments-key", "payments", "create"),
                        item("ConfigMap/legacy", null, "delete"),
                        item("Deployment/web", "web", "keep"),
                        item("Deployment/catalog", "catalog", "keep"),
                        item("StatefulSet/db", "db", "keep")));
    }

    static PlanView nothing() {
        return new PlanView(
                "77aa20e4c1d2e3f4",
                true,
                false,
                List.of(item("Deployment/web", "web", "keep"), item("StatefulSet/db", "db", "keep")));
    }

    private static PlanView.Item item(
            String subject, @Nullable String component, String action, PlanView.Field... fields) {
        return new PlanView.Item(subject, component, action, List.of(fields), List.of());
    }

    /** Somebody else has set fields, and something has to be made anew. */
    static PlanView contested() {
        return new PlanView(
                "91c0a0e4c1d2e3f4",
                false,
                true,
                List.of(
                        item(
                                "StatefulSet/db",
                                "db",
                                "recreate",
                                field(
                                        "spec.volumeClaimTemplates[metadata.name=\"data\"].spec.resources",
                                        "1Gi",
                                        "2Gi")),
                        new PlanView.Item(
                                "Deployment/web",
                                "web",
                                "change",
                                List.of(field("metadata.labels.team", "theirs", "ours")),
                                List.of(
                                        new PlanView.Contested("spec.replicas", "hpa-controller", "5", "2", "stop"),
                                        new PlanView.Contested(
                                                "metadata.labels.team", "kubectl-edit", "theirs", "ours", "restore"))),
                        item("ConfigMap/legacy", null, "delete")));
    }

    private static PlanView.Field field(String path, @Nullable String from, @Nullable String to) {
        return new PlanView.Field(path, from, to);
    }

    static RunView running() {
        Instant start = NOW.minusSeconds(40);
        return run(
                "running",
                null,
                start,
                null,
                0,
                List.of(
                        step("prepare", "prepare", null, "done", start, 0, 900, List.of(), List.of(), null),
                        step(
                                "build/orders",
                                "build",
                                "orders",
                                "done",
                                start,
                                1_000,
                                8_200,
                                List.of("prepare"),
                                List.of(),
                                null),
                        step(
                                "build/payments",
                                "build",
                                "payments",
                                "done",
                                start,
                                1_000,
                                9_800,
                                List.of("prepare"),
                                List.of(),
                                null),
                        step(
                                "deploy/db",
                                "deploy",
                                "db",
                                "done",
                                start,
                                9_900,
                                26_700,
                                List.of("build/orders", "build/payments"),
                                List.of(),
                                null),
                        step(
                                "deploy/cache",
                                "deploy",
                                "cache",
                                "done",
                                start,
                                9_900,
                                12_300,
                                List.of("build/orders", "build/payments"),
                                List.of(),
                                null),
                        step(
                                "deploy/migrate",
                                "deploy",
                                "migrate",
                                "done",
                                start,
                                26_800,
                                30_000,
                                List.of("deploy/db"),
                                List.of(),
                                null),
                        step(
                                "deploy/catalog",
                                "deploy",
                                "catalog",
                                "done",
                                start,
                                12_400,
                                15_200,
                                List.of("deploy/cache"),
                                List.of(),
                                null),
                        step(
                                "deploy/payments",
                                "deploy",
                                "payments",
                                "failed",
                                start,
                                9_900,
                                19_900,
                                List.of("build/payments"),
                                List.of(),
                                problem()),
                        step(
                                "deploy/orders",
                                "deploy",
                                "orders",
                                "running",
                                start,
                                30_100,
                                -1,
                                List.of("deploy/db", "deploy/migrate"),
                                List.of(),
                                null),
                        step(
                                "deploy/web",
                                "deploy",
                                "web",
                                "pending",
                                start,
                                -1,
                                -1,
                                List.of("deploy/catalog", "deploy/orders"),
                                List.of("deploy/orders"),
                                null),
                        behind(
                                step(
                                        "prune",
                                        "prune",
                                        null,
                                        "pending",
                                        start,
                                        -1,
                                        -1,
                                        List.of("deploy/web"),
                                        List.of("deploy/web"),
                                        null),
                                "orders",
                                "running",
                                start)));
    }

    /** The same step, waiting for one that has trouble. */
    private static StepShape behind(StepShape step, String component, String state, @Nullable Instant since) {
        ProblemText problem = problem();
        CulpritShape culprit = new CulpritShape(
                "deploy/" + component, component, state, since, problem.code(), problem.what(), problem.fix());
        return new StepShape(
                step.id(),
                step.kind(),
                step.component(),
                step.state(),
                step.attempt(),
                step.startedAt(),
                step.endedAt(),
                step.needs(),
                step.waitsFor(),
                List.of(culprit),
                step.problem(),
                null,
                List.of());
    }

    static RunView failed() {
        RunView running = running();
        List<StepShape> steps = running.steps().stream()
                .map(step -> switch (step.state()) {
                    case "running" ->
                        step(
                                step.id(),
                                step.kind(),
                                step.component(),
                                "retrying",
                                NOW.minusSeconds(40),
                                30_100,
                                -1,
                                step.needs(),
                                List.of(),
                                problem());
                    case "pending" ->
                        step(
                                step.id(),
                                step.kind(),
                                step.component(),
                                "blocked",
                                NOW.minusSeconds(40),
                                -1,
                                -1,
                                step.needs(),
                                List.of(),
                                null);
                    default -> step;
                })
                .toList();
        RunView run = run("finished", "failed", NOW.minusSeconds(40), NOW, 0, steps);
        CauseShape cause =
                new CauseShape(problem(), List.of("deploy/payments"), List.of("deploy/orders", "deploy/web"));
        return new RunView(
                run.id(),
                run.number(),
                run.operation(),
                run.subject(),
                run.environment(),
                run.components(),
                run.trigger(),
                run.actor(),
                run.state(),
                run.outcome(),
                run.acceptedAt(),
                run.startedAt(),
                run.endedAt(),
                run.ahead(),
                run.plan(),
                steps.stream()
                        .map(step -> step.state().equals("blocked") ? behind(step, "payments", "failed", null) : step)
                        .toList(),
                List.of(),
                List.of(cause),
                List.of(),
                null,
                List.of(),
                List.of());
    }

    static RunView unchanged() {
        return run("finished", "unchanged", NOW.minusMillis(740), NOW, 0, List.of());
    }

    static RunView queued() {
        return run("accepted", null, null, null, 2, List.of());
    }

    private static RunView run(
            String state,
            @Nullable String outcome,
            @Nullable Instant started,
            @Nullable Instant ended,
            int ahead,
            List<StepShape> steps) {
        return new RunView(
                "run42",
                42,
                "deploy",
                Map.of("environment", "storefront-dev"),
                "storefront-dev",
                List.of(),
                "button",
                "ana",
                state,
                outcome,
                NOW.minusSeconds(41),
                started,
                ended,
                ahead,
                started == null ? null : outcome != null && steps.isEmpty() ? nothing() : plan(),
                steps,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of());
    }

    private static StepShape step(
            String id,
            String kind,
            @Nullable String component,
            String state,
            Instant start,
            long from,
            long to,
            List<String> needs,
            List<String> waitsFor,
            @Nullable ProblemText problem) {
        return new StepShape(
                id,
                kind,
                component,
                state,
                from < 0 ? 0 : problem == null ? 1 : 3,
                from < 0 ? null : start.plusMillis(from),
                to < 0 ? null : start.plusMillis(to),
                needs,
                waitsFor,
                problem);
    }

    static ProblemText problem() {
        return new ProblemText(
                "SLP-POD-CRASH",
                "The container payments ends with exit code 3 right after it starts. Last line: PAY_KEY is empty",
                "Deployment storefront-dev/payments",
                "Read the last lines of its log, correct the configuration, and deploy again.",
                null,
                List.of(new ProblemText(
                        "SLP-POD-PROBE",
                        "The readiness probe does not succeed: HTTP 503. This concerns 2/3 pods.",
                        "Pod storefront-dev/payments-7d9c5-x2x7w",
                        "Look at the probe in slipway.yaml: port, path, timeout.")));
    }

    static List<ProblemText> problems(int count) {
        List<ProblemText> problems = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            problems.add(new ProblemText(
                    "SLP-DOC-UNKNOWN-FIELD",
                    "There is no field “replcas” here.",
                    "spec.components[" + i + "].replcas, line " + (6 + 4 * i),
                    "Did you mean “replicas”? Fields are listed in the schema."));
        }
        return problems;
    }
}
