package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whole runs of documents with raw objects; the test plays the operator of their custom resources. */
abstract class ManifestRunContract {
    final String name = "raw-" + Ids.next().substring(9).toLowerCase(java.util.Locale.ROOT);
    private final String group = name + ".slipway.example";
    RunningSlipway slipway;
    KubernetesClient cluster;

    abstract RunningSlipway slipway();

    /** As its administrator. */
    abstract KubernetesClient cluster();

    abstract String clusterName();

    /** An image with a shell that nodes can pull. */
    abstract String image();

    /** Does what an administrator has to do before the next run can succeed. */
    abstract void admit(StoredEnvironment environment);

    @BeforeEach
    void begin() {
        slipway = slipway();
        cluster = cluster();
    }

    @AfterEach
    void end() {
        cluster.namespaces().withName(name).withGracePeriod(0).delete();
        cluster.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("widgets." + group)
                .delete();
    }

    @Test
    @DisplayName(
            "raw objects are applied and awaited, once; one that cannot start fails the run with its cause; what the"
                    + " document no longer has goes, and the definition stays")
    void wholeStory() {
        StoredEnvironment environment = environment(definition() + widget(1) + settings() + helper(image(), ""));
        admit(environment);

        StoredRun first = slipway.deploy(environment);
        assertThat(first.outcome()).as("%s", first.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(first)).containsExactly("prepare", "deploy/web", "settle");
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace(name)
                        .withName("helper")
                        .get()
                        .getStatus()
                        .getAvailableReplicas())
                .isEqualTo(1);
        assertThat(log(first)).contains("Deployment/helper is settled", "Widget." + group + "/one is settled");
        Map<String, String> versions = versions();

        StoredRun second = slipway.deploy(environment);
        assertThat(second.outcome()).as("%s", second.progress()).isEqualTo(Outcome.UNCHANGED);
        assertThat(versions()).isEqualTo(versions);

        change(definition() + widget(1) + settings() + helper("registry.invalid/none:1", "ImagePullBackOff"));
        StoredRun broken = slipway.deploy(environment);
        assertThat(broken.outcome()).as("%s", broken.progress()).isEqualTo(Outcome.FAILED);
        StepView settle = step(broken, "settle");
        assertThat(settle.state()).isEqualTo(StepState.FAILED);
        Problem cause = settle.problem();
        assertThat(cause).isNotNull();
        assertThat(cause.code()).isEqualTo(ProblemCode.POD_IMAGE_PULL);
        assertThat(cause.where()).startsWith("Pod " + name + "/helper-");
        assertThat(cause.arguments()).containsEntry("image", "registry.invalid/none:1");
        assertThat(cause.arguments().get("message")).contains("registry.invalid/none:1");

        change("");
        admit(environment);
        StoredRun without = slipway.deploy(environment);
        assertThat(without.outcome()).as("%s", without.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(steps(without)).containsExactly("prepare", "prune");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(versions()).isEmpty());
        assertThat(cluster.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("widgets." + group)
                        .get())
                .isNotNull();
    }

    @Test
    @DisplayName(
            "a custom resource is waited for until its operator says that it is ready; one that says it cannot go on"
                    + " fails the run in its words; a wait ends when it is cancelled")
    void customResources() {
        StoredEnvironment environment = environment(definition() + widget(1));
        admit(environment);
        StoredRun run = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> widgets().withName("one").get() != null);
        status(
                "{\"observedGeneration\":1,\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"Waiting\","
                        + "\"message\":\"no disk yet\"}]}");
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> obstacle(run).map(Problem::code).toList(),
                        codes -> codes.contains(ProblemCode.KUBERNETES_OBJECT_NOT_READY));
        assertThat(obstacle(run).toList())
                .singleElement()
                .satisfies(problem -> assertThat(problem.arguments())
                        .containsEntry("object", "Widget/one")
                        .containsEntry("condition", "Ready=False")
                        .containsEntry("reason", "Waiting")
                        .containsEntry("message", "no disk yet"));
        status("{\"observedGeneration\":1,\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
        StoredRun ready = slipway.finished(run.id(), Duration.ofMinutes(2));
        assertThat(ready.outcome()).as("%s", ready.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);

        change(definition() + widget(2));
        StoredRun larger = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> widgets().withName("one").get().getMetadata().getGeneration() == 2);
        assertThat(slipway.get(dev.slipway.activities.store.RunStore.class)
                        .byId(larger.id())
                        .outcome())
                .as("its status is of the generation before")
                .isNull();
        status(
                "{\"observedGeneration\":2,\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"},{\"type\":\"Stalled\","
                        + "\"status\":\"True\",\"reason\":\"TooLarge\",\"message\":\"at most 1\"}]}");
        StoredRun stalled = slipway.finished(larger.id(), Duration.ofMinutes(2));
        assertThat(stalled.outcome()).as("%s", stalled.progress()).isEqualTo(Outcome.FAILED);
        Problem cause = step(stalled, "settle").problem();
        assertThat(cause).isNotNull();
        assertThat(cause.code()).isEqualTo(ProblemCode.KUBERNETES_OBJECT_STALLED);
        assertThat(cause.arguments()).containsEntry("condition", "Stalled=True").containsEntry("message", "at most 1");

        status("{\"observedGeneration\":2,\"conditions\":[{\"type\":\"Reconciling\",\"status\":\"True\"}]}");
        StoredRun waiting = slipway.start(environment);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> obstacle(waiting).findAny().isPresent());
        slipway.get(Runs.class).cancel(waiting.id());
        assertThat(slipway.finished(waiting.id(), Duration.ofSeconds(60)).outcome())
                .isEqualTo(Outcome.CANCELLED);
    }

    Stream<Problem> obstacle(StoredRun run) {
        return slipway.get(StepLog.class).obstacles(run.id()).values().stream();
    }

    StoredEnvironment environment(String manifests) {
        return slipway.environment(document(manifests), null, name, clusterName());
    }

    void change(String manifests) {
        slipway.change(name, document(manifests));
    }

    private String document(String manifests) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source: {image: "%s"}
                      command: [sh, -c, "exec sleep 100000"]
                      security: {runAsUser: 1000}
                """.formatted(name, image()) + (manifests.isEmpty() ? "" : "  manifests:\n" + manifests);
    }

    private String definition() {
        return """
                    - apiVersion: apiextensions.k8s.io/v1
                      kind: CustomResourceDefinition
                      metadata: {name: widgets.GROUP}
                      spec:
                        group: GROUP
                        scope: Namespaced
                        names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
                        versions:
                          - name: v1
                            served: true
                            storage: true
                            subresources: {status: {}}
                            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}, status: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
                """.replace("GROUP", group);
    }

    private String widget(int size) {
        return "    - {apiVersion: " + group + "/v1, kind: Widget, metadata: {name: one}, spec: {size: " + size
                + "}}\n";
    }

    private static String settings() {
        return "    - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: b}}\n";
    }

    /** @param trouble in the simulation */
    static String helper(String image, String trouble) {
        return """
                    - apiVersion: apps/v1
                      kind: Deployment
                      metadata: {name: helper}
                      spec:
                        selector: {matchLabels: {app: helper}}
                        template:
                          metadata: {labels: {app: helper}}
                          spec:
                            securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                            containers:
                              - name: helper
                                image: "%s"
                                command: [sh, -c, "exec sleep 100000"]
                                env: [{name: SIMULATION_FAIL, value: "%s"}]
                                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(image, trouble);
    }

    private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
                    GenericKubernetesResource, ?, io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource>>
            widgets() {
        return cluster.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                        .withGroup(group)
                        .withVersion("v1")
                        .withKind("Widget")
                        .withPlural("widgets")
                        .withNamespaced(true)
                        .build())
                .inNamespace(name);
    }

    /** As its operator. */
    private void status(String status) {
        widgets()
                .withName("one")
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .build(),
                        "{\"status\":" + status + "}");
    }

    /** Of the raw objects of the namespace. */
    private Map<String, String> versions() {
        return Stream.<HasMetadata>of(
                        cluster.apps()
                                .deployments()
                                .inNamespace(name)
                                .withName("helper")
                                .get(),
                        cluster.configMaps()
                                .inNamespace(name)
                                .withName("settings")
                                .get(),
                        widgets().withName("one").get())
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.toMap(
                        HasMetadata::getKind, object -> object.getMetadata().getResourceVersion()));
    }

    static List<String> steps(StoredRun run) {
        return run.progress().steps().stream().map(StepView::id).toList();
    }

    static StepView step(StoredRun run, String id) {
        return run.progress().steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    String log(StoredRun run) {
        return slipway.get(StepLog.class).read(run.id(), "settle", 0, 1_000).stream()
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }
}
