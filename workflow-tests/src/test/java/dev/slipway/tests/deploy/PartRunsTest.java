package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartRunsTest {
    private static final String OLD = "registry.example/any@sha256:" + "0".repeat(64);
    private static final String NEW = "registry.example/any@sha256:" + "1".repeat(64);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static KubernetesClient cluster;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        cluster = slipway.simulatedCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        slipway.close();
    }

    @Test
    @DisplayName("a part is deployed and nothing else is written, built, deleted or forgotten by the release")
    void deploysAPart() {
        StoredEnvironment environment =
                deployed("part", service("web", OLD, ""), service("api", OLD, ""), service("gone", OLD, ""));
        slipway.change("part", document("part", service("web", NEW, ""), service("api", NEW, "env: {A: b}")));
        Map<String, String> others = versions("part", "api", "gone");

        StoredRun run = slipway.run(environment, deploy(false, "web"));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactly("prepare", "deploy/web");
        assertThat(items(run)).extracting(PlanItem::component).doesNotContain("api", "gone");
        assertThat(versions("part", "api", "gone")).isEqualTo(others);
        assertThat(pods("part", "web"))
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getContainers().get(0).getImage())
                                .isEqualTo(NEW));
        Release release = newest(environment);
        assertThat(images(release)).isEqualTo(Map.of("web", NEW, "api", OLD, "gone", OLD));
        assertThat(ApplicationCheck.read(release.document()).orElseThrow().component("api"))
                .hasValueSatisfying(api -> assertThat(api.env()).isEmpty());

        StoredRun rest = slipway.deploy(environment);

        assertThat(rest.outcome()).as("%s", rest.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(rest)).contains("deploy/api", "prune").doesNotContain("deploy/web");
        assertThat(images(newest(environment))).isEqualTo(Map.of("web", NEW, "api", NEW));
    }

    @Test
    @DisplayName("a part can be deployed with all that it needs, directly or not, and only in their order")
    void deploysWithDependencies() {
        String needsDb = "dependsOn: [{component: db, when: healthy}]";
        String needsApi = "dependsOn: [{component: api, when: healthy}]";
        StoredEnvironment environment = slipway.environment(
                document(
                        "chain",
                        service("web", OLD, needsApi),
                        service("api", OLD, needsDb),
                        service("db", OLD, ""),
                        service("other", OLD, "")),
                "chain");

        StoredRun run = slipway.run(environment, deploy(true, "web"));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactlyInAnyOrder("prepare", "deploy/web", "deploy/api", "deploy/db");
        assertThat(step(run, "deploy/web").needs()).contains("deploy/api");
        assertThat(workloads("chain")).containsOnlyKeys("web", "api", "db");
        assertThat(images(newest(environment))).containsOnlyKeys("web", "api", "db");
    }

    @Test
    @DisplayName("without its dependencies a part waits for none; the plan says which of them are not well")
    void doesNotWait() {
        String needsDb = "dependsOn: [{component: db, when: healthy}]";
        StoredEnvironment environment =
                slipway.environment(document("alone", service("web", OLD, needsDb), service("db", OLD, "")), "alone");

        StoredRun run = slipway.run(environment, deploy(false, "web"));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(items(run))
                .contains(new PlanItem(
                        "component/db",
                        "db",
                        Action.UNAWAITED,
                        List.of(new PlanItem.FieldChange("state", null, "stopped"))));
        assertThat(workloads("alone")).containsOnlyKeys("web");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(workloads("alone")).containsOnlyKeys("web", "db");
    }

    @Test
    @DisplayName("what a failed release did not reach stays as it was told before")
    void skipsWhatFailedReleasesDidNotReach() {
        String needsDb = "dependsOn: [{component: db, when: healthy}]";
        StoredEnvironment environment =
                deployed("failing", service("web", OLD, needsDb), service("db", OLD, ""), service("free", OLD, ""));
        String broken = "env: {SIMULATION_FAIL: \"Exit:3\"}";
        slipway.change(
                "failing",
                document(
                        "failing", service("web", NEW, needsDb), service("db", NEW, broken), service("free", OLD, "")));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.FAILED);
        String web = workloads("failing").get("web").getMetadata().getResourceVersion();

        StoredRun run = slipway.run(environment, scale("free", 2));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(images(newest(environment))).isEqualTo(Map.of("web", OLD, "db", NEW, "free", OLD));
        assertThat(workloads("failing").get("web").getMetadata().getResourceVersion())
                .isEqualTo(web);
    }

    @Test
    @DisplayName("a restart replaces exactly the pods of what was chosen; the next deploy writes nothing")
    void restartsThePart() {
        StoredEnvironment environment = deployed("fresh", service("web", OLD, ""), service("api", OLD, ""));
        Set<String> api = uids("fresh", "api");
        Set<String> web = uids("fresh", "web");
        long releases = newest(environment).number();

        StoredRun run = slipway.run(environment, restart("web"));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactly("restart/web");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(uids("fresh", "web")).hasSize(1).doesNotContainAnyElementsOf(web));
        assertThat(uids("fresh", "api")).isEqualTo(api);
        assertThat(newest(environment).number()).isEqualTo(releases);
        Map<String, String> versions = versions("fresh", "web", "api");
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(versions("fresh", "web", "api")).isEqualTo(versions);

        slipway.change("fresh", document("fresh", service("web", NEW, ""), service("api", OLD, "")));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "a restart of everything goes in the order of the dependencies and leaves jobs and stopped components out")
    void restartsInOrder() {
        String needsDb = "dependsOn: [{component: db, when: healthy}]";
        StoredEnvironment environment = deployed(
                "order",
                service("web", OLD, needsDb),
                service("db", OLD, ""),
                service("off", OLD, "replicas: 0"),
                component("once", "job", OLD, ""));

        StoredRun run = slipway.run(environment, restart());

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(run)).containsExactlyInAnyOrder("restart/db", "restart/web");
        assertThat(step(run, "restart/web").needs()).containsExactly("restart/db");
        assertThat(step(run, "restart/web").startedAt())
                .isGreaterThanOrEqualTo(step(run, "restart/db").endedAt());
        assertThat(slipway.run(environment, restart("off")).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("a restart whose new pods do not get well fails with the cause, as a deploy does")
    void namesWhyARestartFails() {
        StoredEnvironment environment = deployed("ill", service("web", OLD, ""));
        // What the deployment runs changes under Slipway's feet: its next pods crash.
        cluster.apps().deployments().inNamespace("ill").withName("web").edit(web -> {
            web.getSpec().setPaused(true);
            web.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .get(0)
                    .getEnv()
                    .add(new io.fabric8.kubernetes.api.model.EnvVar("SIMULATION_FAIL", "Exit:7", null));
            return web;
        });
        // Without a version: its controller may write at the same moment.
        cluster.apps()
                .deployments()
                .inNamespace("ill")
                .withName("web")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"paused\":false}}");

        StoredRun run = slipway.run(environment, restart("web"));

        assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(step(run, "restart/web").problem().code()).isEqualTo(ProblemCode.POD_CRASH);
    }

    @Test
    @DisplayName("a number of replicas is kept by the next deploy, also of a changed document")
    void scalesForGood() {
        StoredEnvironment environment = deployed("wide", service("web", OLD, ""), service("api", OLD, ""));
        String api = workloads("wide").get("api").getMetadata().getResourceVersion();
        slipway.change("wide", document("wide", service("web", NEW, ""), service("api", NEW, "")));

        StoredRun run = slipway.run(environment, scale("web", 3));

        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(pods("wide", "web"))
                .hasSize(3)
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getContainers().get(0).getImage())
                                .isEqualTo(OLD));
        assertThat(workloads("wide").get("api").getMetadata().getResourceVersion())
                .isEqualTo(api);
        assertThat(slipway.run(environment, scale("web", 3)).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(overrides(environment)).contains("replicas: 3");

        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        await().untilAsserted(() -> assertThat(pods("wide", "web")).hasSize(3));
        assertThat(slipway.run(environment, scale("web", 0)).outcome()).isEqualTo(Outcome.SUCCEEDED);
        await().untilAsserted(() -> assertThat(pods("wide", "web")).isEmpty());
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName("what cannot be restarted or scaled is refused with the reason, and nothing is written")
    void refuses() {
        StoredEnvironment environment = deployed(
                "refusing",
                service("web", OLD, "volumes: [{name: data, path: /data, size: 1Mi}]"),
                component("once", "job", OLD, ""));
        StoredEnvironment never = slipway.environment(document("never", service("web", OLD, "")), "never");
        Map<String, String> before = versions("refusing", "web", "once");

        assertThat(refusal(environment, restart("once"))).isEqualTo(ProblemCode.RUN_RESTART_KIND);
        assertThat(refusal(environment, scale("once", 2))).isEqualTo(ProblemCode.RUN_SCALE_KIND);
        assertThat(refusal(environment, scale("web", 2))).isEqualTo(ProblemCode.RUN_SCALE_VOLUME);
        assertThat(refusal(environment, deploy(false, "nobody"))).isEqualTo(ProblemCode.RUN_COMPONENT_UNKNOWN);
        assertThat(refusal(environment, restart("nobody"))).isEqualTo(ProblemCode.RUN_COMPONENT_UNKNOWN);
        assertThat(refusal(never, restart())).isEqualTo(ProblemCode.RUN_NOT_DEPLOYED);
        assertThat(refusal(never, scale("web", 2))).isEqualTo(ProblemCode.RUN_NOT_DEPLOYED);
        assertThatThrownBy(() -> slipway.get(Runs.class)
                        .preview(
                                environment.id(),
                                new Scope(Operation.SCALE, List.of("web"), false, Map.of()),
                                OnConflict.STOP))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.REQUEST_INVALID));
        assertThat(versions("refusing", "web", "once")).isEqualTo(before);
        assertThat(overrides(environment)).isEmpty();
    }

    private static ProblemCode refusal(StoredEnvironment environment, Scope scope) {
        StoredRun run = slipway.run(environment, scope);
        assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
        ProblemCode code = run.progress().problems().get(0).code();
        assertThatThrownBy(() -> slipway.get(Runs.class).preview(environment.id(), scope, OnConflict.STOP))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
        return code;
    }

    private static Scope deploy(boolean withDependencies, String... components) {
        return new Scope(Operation.DEPLOY, List.of(components), withDependencies, Map.of());
    }

    private static Scope restart(String... components) {
        return new Scope(Operation.RESTART, List.of(components), false, Map.of());
    }

    private static Scope scale(String component, int replicas) {
        return new Scope(Operation.SCALE, List.of(), false, Map.of(component, replicas));
    }

    private static StoredEnvironment deployed(String name, String... components) {
        StoredEnvironment environment = slipway.environment(document(name, components), name);
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        return environment;
    }

    private static String overrides(StoredEnvironment environment) {
        return slipway.get(EnvironmentStore.class).byId(environment.id()).overrides();
    }

    private static Release newest(StoredEnvironment environment) {
        return slipway.get(ReleaseStore.class).newest(environment.id()).orElseThrow();
    }

    private static Map<String, String> images(Release release) {
        return slipway.get(ReleaseStore.class).images(release).stream()
                .collect(Collectors.toMap(ReleaseImage::component, ReleaseImage::image));
    }

    private static List<PlanItem> items(StoredRun run) {
        return slipway.get(PlanStore.class).plan(run.id()).orElseThrow().plan().items();
    }

    private static List<String> steps(StoredRun run) {
        return run.progress().steps().stream().map(StepView::id).toList();
    }

    private static StepView step(StoredRun run, String id) {
        return run.progress().steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, HasMetadata> workloads(String namespace) {
        return cluster.apps().deployments().inNamespace(namespace).list().getItems().stream()
                .collect(Collectors.toMap(deployment -> deployment.getMetadata().getName(), deployment -> deployment));
    }

    /** Of the objects that a deploy writes, without their status. */
    private static Map<String, String> versions(String namespace, String... components) {
        Map<String, String> versions = new TreeMap<>();
        for (String component : components) {
            Map<String, String> label = Map.of("slipway.dev/component", component);
            Stream.of(
                            cluster.apps()
                                    .deployments()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list(),
                            cluster.services()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list(),
                            cluster.configMaps()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list(),
                            cluster.batch()
                                    .v1()
                                    .jobs()
                                    .inNamespace(namespace)
                                    .withLabels(label)
                                    .list())
                    .flatMap(list -> list.getItems().stream())
                    .forEach(object -> versions.put(
                            object.getKind() + "/" + object.getMetadata().getName(),
                            object.getMetadata().getResourceVersion()));
        }
        return versions;
    }

    private static List<Pod> pods(String namespace, String component) {
        return cluster
                .pods()
                .inNamespace(namespace)
                .withLabels(Map.of("slipway.dev/component", component))
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private static Set<String> uids(String namespace, String component) {
        return pods(namespace, component).stream()
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    private static String document(String name, String... components) {
        return "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  components:\n"
                + String.join("", components);
    }

    private static String service(String name, String image, String more) {
        return component(
                name,
                "service",
                image,
                "ports: [{name: http, port: 8080}]\nprobes: {readiness: {tcp: http, period: 1}}\n" + more);
    }

    private static String component(String name, String kind, String image, String more) {
        return "    - name: " + name + "\n      kind: " + kind + "\n      source: {image: \"" + image + "\"}\n"
                + more.indent(6);
    }
}
