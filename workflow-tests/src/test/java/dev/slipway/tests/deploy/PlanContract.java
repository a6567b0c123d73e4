package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterWriter;
import dev.slipway.activities.kubernetes.DryRuns;
import dev.slipway.activities.kubernetes.DryRuns.Result;
import dev.slipway.activities.kubernetes.LiveState;
import dev.slipway.activities.kubernetes.Preflight;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderInput;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Renderer;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.ServerVersion;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.Conflict;
import dev.slipway.workflows.run.PlanItem.Decision;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says before anything is written: changes, conflicts, what is made anew, and what speaks against it. */
abstract class PlanContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String id =
            "e" + UUID.randomUUID().toString().replace("-", "").substring(0, 15);
    private final String namespace = "plan-" + id;
    private final String instance = "test-" + id;
    private Application application;
    private ClusterConnection cluster;
    private ClusterWriter writer;

    /** As Slipway, with its rights. */
    abstract ClusterConnection connect();

    /** Who sets up what is no deed of Slipway's, and looks. */
    abstract KubernetesClient admin();

    /**
     * The cluster as an account sees it that may do everything a deploy needs, but one thing.
     *
     * @param right {@code create deployments.apps}
     */
    abstract ClusterConnection without(String namespace, String right);

    /** Grants what the role says, and takes away what kept the account from it. */
    abstract void grant(String role);

    /** An image with a shell. */
    abstract String image();

    /** What the cluster's own admission says of a pod; {@code null}: it has none. */
    abstract @Nullable Boolean admits(Pod pod);

    @BeforeEach
    void begin() {
        cluster = connect();
        writer = new ClusterWriter(cluster);
    }

    @AfterEach
    void end() {
        admin().namespaces().withName(namespace).withGracePeriod(0).delete();
    }

    @Test
    @DisplayName("a change is shown as the server would make it, without its defaults, and nothing is written for it")
    void showsChanges() {
        deploy(render(component("web", "service", "env: {A: one, B: two}\nports: [{name: http, port: 8080}]\n")));
        Map<String, String> before = versions();

        Rendering after = render(component("web", "service", "env: {A: three}\nports: [{name: http, port: 8080}]\n"));
        Result plan = plan(after, OnConflict.STOP);

        assertThat(plan.problems()).isEmpty();
        assertThat(item(plan, "Service/web").action()).isEqualTo(Action.KEEP);
        PlanItem web = item(plan, "Deployment/web");
        assertThat(web.action()).isEqualTo(Action.CHANGE);
        assertThat(web.conflicts()).isEmpty();
        assertThat(web.fields()).extracting(FieldChange::path).allMatch(path -> path.contains("env["));
        assertThat(web.fields())
                .contains(new FieldChange(
                        "spec.template.spec.containers[name=\"web\"].env[name=\"A\"].value", "one", "three"));
        assertThat(web.fields()).anySatisfy(field -> {
            assertThat(field.path()).contains("env[name=\"B\"]");
            assertThat(field.to()).isNull();
        });
        assertThat(versions()).isEqualTo(before);
        assertThat(plan(
                                render(component(
                                        "web",
                                        "service",
                                        "env: {A: one, B: two}\nports: [{name: http, port: 8080}]\n")),
                                OnConflict.STOP)
                        .diff()
                        .components())
                .allMatch(component -> !component.changes());
    }

    @Test
    @DisplayName(
            "a field that a controller has set is named with both values, and the plan can't go on without a choice")
    void stopsAtConflicts() {
        Rendering rendering = deploy(render(component("web", "service", "replicas: 1\n")));
        scaledBy("hpa-controller");

        Result plan = plan(rendering, OnConflict.STOP);

        assertThat(item(plan, "Deployment/web").conflicts())
                .containsExactly(new Conflict("spec.replicas", "hpa-controller", "3", "1", Decision.STOP));
        assertThat(item(plan, "Deployment/web").action()).isEqualTo(Action.CHANGE);
        Problem refused = problem(catchThrowable(() -> apply(rendering, plan)));
        assertThat(refused.code()).isEqualTo(ProblemCode.KUBERNETES_CONFLICT);
        assertThat(refused.arguments())
                .containsEntry("manager", "hpa-controller")
                .containsEntry("field", "spec.replicas");
        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    @DisplayName("what is taken over is taken, just these fields, and stays so")
    void takesOver() {
        Rendering rendering = deploy(render(component("web", "service", "replicas: 1\n")));
        scaledBy("hpa-controller");

        Result plan = plan(rendering, OnConflict.TAKE);

        PlanItem web = item(plan, "Deployment/web");
        assertThat(web.conflicts()).extracting(Conflict::decision).containsExactly(Decision.TAKE);
        assertThat(web.fields()).containsExactly(new FieldChange("spec.replicas", "3", "1"));
        apply(rendering, plan);
        assertThat(replicas()).isEqualTo(1);
        assertThat(item(plan(rendering, OnConflict.STOP), "Deployment/web"))
                .isEqualTo(new PlanItem("Deployment/web", "web", Action.KEEP, List.of()));
    }

    @Test
    @DisplayName("what is left to somebody stays theirs, is no change in later plans, and can be taken back")
    void leavesToOthers() {
        deploy(render(component("web", "service", "replicas: 1\n")));
        scaledBy("hpa-controller");
        Rendering changed = render(component("web", "service", "replicas: 1\nenv: {A: b}\n"));

        Result plan = plan(changed, OnConflict.LEAVE);

        assertThat(item(plan, "Deployment/web").conflicts())
                .containsExactly(new Conflict("spec.replicas", "hpa-controller", "3", "1", Decision.LEAVE));
        apply(changed, plan);
        assertThat(replicas()).isEqualTo(3);
        PlanItem later = item(plan(changed, OnConflict.STOP), "Deployment/web");
        assertThat(later.action()).as("%s", later).isEqualTo(Action.KEEP);
        assertThat(later.conflicts()).extracting(Conflict::decision).containsExactly(Decision.LEAVE);

        apply(changed, plan(changed, OnConflict.TAKE));
        assertThat(replicas()).isEqualTo(1);
        PlanItem last = item(plan(changed, OnConflict.STOP), "Deployment/web");
        assertThat(last.action()).as("%s", last).isEqualTo(Action.KEEP);
        assertThat(last.conflicts()).isEmpty();
    }

    @Test
    @DisplayName("an edit by hand is shown with its tool and put right without a choice")
    void restoresHandEdits() {
        Rendering rendering = deploy(render(component("web", "service", "replicas: 1\n")));
        admin().apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager("kubectl-edit")
                                .build(),
                        "{\"spec\":{\"replicas\":2}}");

        Result plan = plan(rendering, OnConflict.STOP);

        PlanItem web = item(plan, "Deployment/web");
        assertThat(web.conflicts())
                .containsExactly(new Conflict("spec.replicas", "kubectl-edit", "2", "1", Decision.RESTORE));
        assertThat(web.fields()).containsExactly(new FieldChange("spec.replicas", "2", "1"));
        apply(rendering, plan);
        assertThat(replicas()).isEqualTo(1);
    }

    @Test
    @DisplayName("a StatefulSet whose claims change is made anew around its pods, which go on")
    void recreatesAroundPods() {
        deploy(render(component("db", "stateful", "volumes: [{name: data, path: /data, size: 16Mi}]\n")));
        Pod pod = await().atMost(PATIENCE)
                .until(
                        () -> admin().pods()
                                .inNamespace(namespace)
                                .withName("db-0")
                                .get(),
                        there -> there != null && there.getStatus().getPhase().equals("Running"));
        String set = statefulSet().getMetadata().getUid();
        Rendering bigger = render(component("db", "stateful", "volumes: [{name: data, path: /data, size: 32Mi}]\n"));

        Result plan = plan(bigger, OnConflict.STOP);

        PlanItem item = item(plan, "StatefulSet/db");
        assertThat(item.action()).isEqualTo(Action.RECREATE);
        assertThat(item.fields()).extracting(FieldChange::path).anyMatch(path -> path.contains("volumeClaimTemplates"));
        apply(bigger, plan);
        String again = statefulSet().getMetadata().getUid();
        assertThat(again).isNotEqualTo(set);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Pod now = admin().pods().inNamespace(namespace).withName("db-0").get();
            assertThat(now.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
            assertThat(now.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(again));
        });
        // Asked once more, as after a crash between the deed and its record: nothing is made anew again.
        apply(bigger, plan);
        assertThat(statefulSet().getMetadata().getUid()).isEqualTo(again);
        assertThat(item(plan(bigger, OnConflict.STOP), "StatefulSet/db").action())
                .isEqualTo(Action.KEEP);
    }

    @Test
    @DisplayName("a Deployment with another selector is made anew")
    void recreatesDeployments() {
        Rendering rendering = render(component("web", "service", "replicas: 1\n"));
        prepare(rendering);
        Deployment ours = (Deployment) workload(rendering, "web").object();
        Deployment other = new DeploymentBuilder(ours)
                .editSpec()
                .editSelector()
                .addToMatchLabels("older", "yes")
                .endSelector()
                .editTemplate()
                .editMetadata()
                .addToLabels("older", "yes")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .editMetadata()
                .addToAnnotations("slipway.dev/hash", "older")
                .endMetadata()
                .build();
        admin().resource(other).fieldManager("slipway").serverSideApply();

        Result plan = plan(rendering, OnConflict.STOP);

        assertThat(item(plan, "Deployment/web").action()).isEqualTo(Action.RECREATE);
        apply(rendering, plan);
        assertThat(admin().apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName("web")
                        .get()
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .doesNotContainKey("older");
    }

    @Test
    @DisplayName("a claim is never made anew: that it can't shrink is said by its name, and it stays")
    void refusesToShrinkClaims() {
        deploy(render(component("files", "service", "volumes: [{name: data, path: /data, size: 32Mi}]\n")));
        PersistentVolumeClaim claim = await().atMost(PATIENCE)
                .until(
                        () -> admin().persistentVolumeClaims()
                                .inNamespace(namespace)
                                .withName("files.data")
                                .get(),
                        there -> there != null
                                && "Bound".equals(there.getStatus().getPhase()));
        Rendering smaller = render(component("files", "service", "volumes: [{name: data, path: /data, size: 16Mi}]\n"));

        Result plan = plan(smaller, OnConflict.STOP);

        assertThat(plan.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).endsWith("/files.data");
            assertThat(problem.code()).isIn(ProblemCode.KUBERNETES_IMMUTABLE, ProblemCode.KUBERNETES_REFUSED);
        });
        assertThat(item(plan, "PersistentVolumeClaim/files.data").action()).isNotEqualTo(Action.RECREATE);
        assertThat(admin().persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName("files.data")
                        .get()
                        .getMetadata()
                        .getUid())
                .isEqualTo(claim.getMetadata().getUid());
    }

    @Test
    @DisplayName("a quota for some pods counts those and no others")
    void findsScopedQuotas() {
        String sized = "resources: {cpu: 100m..1, memory: 16Mi..64Mi}\n";
        prepare(render(component("web", "service", "replicas: 1\n" + sized)));
        scoped("best", new QuotaScope("BestEffort", "Exists"), "pods", "0");
        scoped("sized", new QuotaScope("NotBestEffort", "Exists"), "requests.cpu", "250m");
        scoped("ending", new QuotaScope("Terminating", "Exists"), "pods", "0");
        scoped("urgent", new QuotaScope("PriorityClass", "In", "urgent-only"), "pods", "0");
        scoped("lasting", new QuotaScope("NotTerminating", "Exists"), "pods", "4");

        assertThat(findings(cluster, render(component("web", "service", "replicas: 2\n" + sized))))
                .isEmpty();
        assertThat(quotasIn(render(component("web", "service", "replicas: 3\n" + sized))))
                .containsExactly("sized requests.cpu 300m of 250m");
        assertThat(quotasIn(render(component("web", "service", "replicas: 5\n"))))
                .containsExactlyInAnyOrder("best pods 5 of 0", "lasting pods 5 of 4");
        String urgent = "patch: {spec: {template: {spec: {priorityClassName: urgent-only}}}}\n";
        assertThat(quotasIn(render(component("web", "service", "replicas: 1\n" + sized + urgent))))
                .contains("urgent pods 1 of 0");
    }

    private record QuotaScope(String name, String operator, String... values) {}

    private void scoped(String name, QuotaScope scope, String resource, String amount) {
        admin().resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .addToHard(resource, new Quantity(amount))
                        .withNewScopeSelector()
                        .addNewMatchExpression()
                        .withScopeName(scope.name())
                        .withOperator(scope.operator())
                        .withValues(scope.values())
                        .endMatchExpression()
                        .endScopeSelector()
                        .endSpec()
                        .build())
                .create();
    }

    private List<String> quotasIn(Rendering rendering) {
        return findings(cluster, rendering).stream()
                .filter(problem -> problem.code() == ProblemCode.KUBERNETES_QUOTA)
                .map(problem -> problem.where().substring(problem.where().indexOf('/') + 1) + " "
                        + problem.arguments().get("resource") + " "
                        + problem.arguments().get("needed") + " of "
                        + problem.arguments().get("hard"))
                .toList();
    }

    @Test
    @DisplayName("quota and limit range are compared with what would be asked for: all findings at once")
    void findsLimits() {
        Rendering rendering =
                render(component("web", "service", "replicas: 3\nresources: {cpu: 100m..1, memory: 16Mi..64Mi}\n"));
        prepare(rendering);
        admin().resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("pods", new Quantity("2"))
                        .addToHard("requests.cpu", new Quantity("250m"))
                        .addToHard("limits.memory", new Quantity("1Gi"))
                        .endSpec()
                        .build())
                .create();
        admin().resource(new LimitRangeBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("bounds")
                        .endMetadata()
                        .withNewSpec()
                        .addNewLimit()
                        .withType("Container")
                        .addToMax("cpu", new Quantity("500m"))
                        .endLimit()
                        .endSpec()
                        .build())
                .create();

        List<Problem> findings = findings(cluster, rendering);

        assertThat(findings)
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        ProblemCode.KUBERNETES_QUOTA, ProblemCode.KUBERNETES_QUOTA, ProblemCode.KUBERNETES_LIMIT_RANGE);
        assertThat(findings)
                .filteredOn(problem -> problem.code() == ProblemCode.KUBERNETES_QUOTA)
                .extracting(problem -> problem.arguments().get("resource") + " "
                        + problem.arguments().get("needed") + " of "
                        + problem.arguments().get("hard"))
                .containsExactlyInAnyOrder("pods 3 of 2", "requests.cpu 300m of 250m");
        assertThat(findings(
                        cluster,
                        render(component(
                                "web", "service", "replicas: 2\nresources: {cpu: 100m..500m, memory: 16Mi..64Mi}\n"))))
                .isEmpty();
        // A quota on memory lets no container in that says nothing about it.
        assertThat(findings(cluster, render(component("web", "service", "replicas: 1\n"))))
                .extracting(Problem::code)
                .contains(ProblemCode.KUBERNETES_QUOTA_UNSPECIFIED);
    }

    @Test
    @DisplayName("a missing right is named before anything is written, and the role that is printed grants it")
    void namesMissingRights() {
        Rendering rendering = render(component("web", "service", ""));
        prepare(rendering);
        ClusterConnection restricted = without(namespace, "create deployments.apps");

        List<Problem> findings = findings(restricted, rendering);

        assertThat(findings).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_ACCESS);
            assertThat(problem.arguments())
                    .containsEntry("missing", "create deployments.apps in " + namespace)
                    .hasEntrySatisfying(
                            "account", account -> assertThat(account).startsWith("system:serviceaccount:"));
        });
        grant(findings.get(0).arguments().get("role"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(findings(restricted, rendering)).isEmpty());
    }

    @Test
    @DisplayName("without the right to look there is no plan: what is missing is named with what writing would need")
    void namesMissingSight() {
        Rendering rendering = render(component("web", "service", ""));
        prepare(rendering);
        ClusterConnection restricted = without(namespace, "list deployments.apps");

        Problem problem =
                problem(catchThrowable(() -> new Preflight(restricted, registries()).reads(rendering, namespace)));

        assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_ACCESS);
        assertThat(problem.arguments().get("missing")).contains("list deployments.apps in " + namespace);
    }

    @Test
    @DisplayName("somebody else's object of the same name is no new object: its fields are conflicts")
    void seesStrangers() {
        Rendering rendering = render(component("web", "service", "replicas: 1\n"));
        prepare(rendering);
        Deployment theirs = new DeploymentBuilder(
                        (Deployment) workload(rendering, "web").object())
                .editMetadata()
                .withLabels(Map.of("team", "theirs"))
                .withAnnotations(Map.of())
                .endMetadata()
                .editSpec()
                .withReplicas(0)
                .endSpec()
                .build();
        admin().resource(theirs).fieldManager("argocd").serverSideApply();

        PlanItem web = item(plan(rendering, OnConflict.STOP), "Deployment/web");

        assertThat(web.conflicts()).contains(new Conflict("spec.replicas", "argocd", "0", "1", Decision.STOP));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            restricted | STRICT                                                                    | ''
            baseline   | containers: [{name: a, image: a}]                                         | ''
            restricted | containers: [{name: a, image: a}]                                         | allowPrivilegeEscalation, runAsNonRoot, seccompProfile, capabilities.drop
            restricted | STRICT, initContainers: [{name: i, image: a}]                             | allowPrivilegeEscalation, capabilities.drop
            restricted | STRICT, volumes: [{name: v, emptyDir: {}}, {name: w, configMap: {name: c}}] | ''
            restricted | STRICT, volumes: [{name: v, nfs: {server: s, path: /}}]                   | volumes
            baseline   | STRICT, volumes: [{name: v, nfs: {server: s, path: /}}]                   | ''
            baseline   | STRICT, volumes: [{name: v, hostPath: {path: /}}]                         | hostPath
            baseline   | STRICT, hostNetwork: true                                                 | hostNetwork
            baseline   | STRICT, hostPID: true, hostIPC: true                                      | hostPID, hostIPC
            restricted | containers: [{name: a, image: a, securityContext: {SAFE, runAsUser: 0, capabilities: {drop: [ALL]}}}]   | runAsUser
            restricted | containers: [{name: a, image: a, securityContext: {SAFE, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}] | ''
            restricted | containers: [{name: a, image: a, securityContext: {SAFE, capabilities: {drop: [ALL], add: [CHOWN]}}}] | capabilities.add
            baseline   | containers: [{name: a, image: a, securityContext: {SAFE, capabilities: {drop: [ALL], add: [NET_ADMIN]}}}] | capabilities.add
            baseline   | containers: [{name: a, image: a, securityContext: {privileged: true}}]    | privileged
            baseline   | containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 80}]}] | hostPort
            baseline   | containers: [{name: a, image: a, securityContext: {seccompProfile: {type: Unconfined}}}] | seccompProfile
            baseline   | STRICT, securityContext: {sysctls: [{name: net.core.somaxconn, value: '9'}]} | sysctls
            """)
    @DisplayName("raw pods that the namespace would not let in are named with their fields, as the cluster itself does")
    void namesRawPodsBeyondTheLevel(String level, String spec, String fields) {
        Rendering rendering = render(component("web", "service", "")
                .replace("{runAsUser: 65534}", "{runAsUser: 65534, profile: " + level + "}"));
        prepare(rendering);
        // One security context for all: where a case brings its own, the strict one is the container's.
        String strict = (spec.contains("securityContext: {sysctls")
                        ? ""
                        : "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, ")
                + "containers: [{name: a, image: a, securityContext: {SAFE, capabilities: {drop: [ALL]}}}]";
        Pod pod = Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: raw, namespace: " + namespace + "}\nspec: {"
                        + spec.replace("STRICT", strict)
                                .replace(
                                        "SAFE",
                                        "allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: {type:"
                                                + " RuntimeDefault}")
                        + "}",
                Pod.class);

        List<Problem> found = findings(cluster, with(rendering, pod)).stream()
                // Slipway's role has no right to write raw pods; the plan that prints it is another test's.
                .filter(problem -> problem.code() != ProblemCode.KUBERNETES_ACCESS)
                .toList();

        Boolean admitted = admits(pod);
        if (admitted != null) {
            assertThat(fields.isEmpty()).as("what the cluster says").isEqualTo(admitted);
        }
        if (fields.isEmpty()) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_RAW_POD_SECURITY);
                assertThat(problem.arguments()).containsEntry("level", level).containsEntry("fields", fields);
            });
        }
    }

    @Test
    @DisplayName("a kind that the cluster does not know is named, unless the application defines it itself")
    void namesUnknownKinds() {
        Rendering rendering = render(component("web", "service", ""));
        prepare(rendering);
        GenericKubernetesResource gadget = new GenericKubernetesResource();
        gadget.setApiVersion("plan.example/v1");
        gadget.setKind("Gadget");
        gadget.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName("one").build());
        GenericKubernetesResource definition = new GenericKubernetesResource();
        definition.setApiVersion("apiextensions.k8s.io/v1");
        definition.setKind("CustomResourceDefinition");
        definition.setMetadata(
                new ObjectMetaBuilder().withName("gadgets.plan.example").build());
        definition.setAdditionalProperty(
                "spec", Map.of("group", "plan.example", "names", Map.of("kind", "Gadget", "plural", "gadgets")));

        assertThat(findings(cluster, with(rendering, gadget))).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_KIND_UNKNOWN);
            assertThat(problem.arguments()).containsEntry("kind", "Gadget").containsEntry("version", "plan.example/v1");
        });
        assertThat(findings(cluster, with(rendering, gadget, definition)))
                .noneMatch(problem -> problem.code() == ProblemCode.KUBERNETES_KIND_UNKNOWN);
    }

    private static Rendering with(Rendering rendering, HasMetadata... more) {
        List<RenderedObject> shared = new ArrayList<>(rendering.shared());
        for (HasMetadata object : more) {
            shared.add(new RenderedObject(
                    new ObjectRef(object.getKind(), object.getMetadata().getName(), ""), object, "hash"));
        }
        return new Rendering(shared, List.of(), rendering.components());
    }

    private List<Problem> findings(ClusterConnection as, Rendering rendering) {
        LiveState live = live();
        Result result = new DryRuns(as).of(rendering, live, OnConflict.STOP);
        return new Preflight(as, registries())
                .findings(application, rendering, Map.of(), live, result.diff(), result.problems());
    }

    private static Registries registries() {
        return new Registries(new RegistryClient(RegistrySettings.anonymous("registry.example")));
    }

    private void scaledBy(String manager) {
        Deployment scaled = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("web")
                .endMetadata()
                .build();
        String body = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},"
                + "\"spec\":{\"replicas\":3}}";
        admin().resource(scaled)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager(manager)
                                .withForce(true)
                                .build(),
                        body);
    }

    private int replicas() {
        return admin().apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .get()
                .getSpec()
                .getReplicas();
    }

    private StatefulSet statefulSet() {
        return admin().apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("db")
                .get();
    }

    private Result plan(Rendering rendering, OnConflict choice) {
        return new DryRuns(cluster).of(rendering, live(), choice);
    }

    private void apply(Rendering rendering, Result plan) {
        rendering
                .objects()
                .skip(1)
                .forEach(object -> writer.apply(object, item(plan, object.ref().subject())));
    }

    private Rendering deploy(Rendering rendering) {
        prepare(rendering);
        apply(rendering, plan(rendering, OnConflict.STOP));
        return rendering;
    }

    private void prepare(Rendering rendering) {
        writer.namespace(rendering.namespace());
        writer.inventory(rendering.namespace(), Inventory.of(rendering));
    }

    private static PlanItem item(Result plan, String subject) {
        return Stream.concat(
                        plan.diff().shared().stream(),
                        plan.diff().components().stream().flatMap(component -> component.items().stream()))
                .filter(item -> item.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private static RenderedObject workload(Rendering rendering, String component) {
        return rendering.component(component).orElseThrow().workload();
    }

    private LiveState live() {
        return LiveState.read(cluster, namespace, id);
    }

    /** Of what no controller writes to. */
    private Map<String, String> versions() {
        return live().objects().values().stream()
                // What a controller makes of ours, endpoint slices, has our labels and its own life.
                .filter(object -> object.getMetadata().getAnnotations() != null
                        && object.getMetadata().getAnnotations().containsKey("slipway.dev/hash"))
                .collect(Collectors.toMap(
                        object -> object.getKind() + "/" + object.getMetadata().getName(),
                        object -> object.getMetadata().getUid() + " "
                                + object.getMetadata().getGeneration() + " "
                                + object.getMetadata().getAnnotations().get("slipway.dev/hash")));
    }

    private static Problem problem(Throwable failure) {
        assertThat(failure).isInstanceOf(ProblemException.class);
        return ((ProblemException) failure).problem();
    }

    private static String component(String name, String kind, String more) {
        return "  - name: " + name + "\n    kind: " + kind + "\n    source: {image: registry.example/any}\n"
                + "    security: {runAsUser: 65534}\n"
                + "    command: [sh, -c, \"trap 'exit 0' TERM; sleep 3600 & wait\"]\n" + more.indent(4);
    }

    private Rendering render(String... components) {
        String text = "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                + String.join("", components);
        application = ApplicationCheck.read(text).orElseThrow();
        Map<String, String> images =
                application.components().stream().collect(Collectors.toMap(Component::name, component -> image()));
        return Renderer.render(new RenderInput(
                application,
                id,
                "dev",
                namespace,
                instance,
                images,
                Map.of(),
                Map.of(),
                List.of(),
                Secret.of("key"),
                new ServerVersion(1, 34)));
    }
}
