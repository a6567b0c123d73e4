package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterWatch;
import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.ClusterWriter;
import dev.slipway.activities.kubernetes.CompletedJobs;
import dev.slipway.activities.kubernetes.DeployDiff;
import dev.slipway.activities.kubernetes.DryRuns;
import dev.slipway.activities.kubernetes.LiveState;
import dev.slipway.activities.kubernetes.Patience;
import dev.slipway.activities.kubernetes.Preflight;
import dev.slipway.activities.kubernetes.Readiness;
import dev.slipway.activities.kubernetes.Readiness.Target;
import dev.slipway.activities.kubernetes.StatusRoom;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderInput;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Renderer;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.ServerVersion;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a deploy relies on, from the document to pods that are ready or say why not. */
abstract class DeployEngineContract {
    final String id = "e" + UUID.randomUUID().toString().replace("-", "").substring(0, 15);
    final String namespace = "deploy-" + id;
    private final String instance = "test-" + id;
    private final Map<String, String> images = new ConcurrentHashMap<>();
    ClusterConnection cluster;
    ClusterWriter writer;
    private Application application;
    private ClusterWatch watch;
    private Readiness readiness;

    /** As Slipway, with its rights. */
    abstract ClusterConnection connect();

    /** Who sets up what is no deed of Slipway's, and looks. */
    abstract KubernetesClient admin();

    /** Grants Slipway what the role says. */
    abstract void grant(String role);

    /** An image with a shell. */
    abstract String image();

    /** One that no registry has. */
    abstract String missingImage();

    abstract Duration patience();

    @BeforeEach
    void begin() {
        cluster = connect();
        writer = new ClusterWriter(cluster);
        watch = new ClusterWatch(cluster, instance);
        readiness = new Readiness(cluster, watch);
        watch.start();
    }

    @AfterEach
    void end() {
        readiness.close();
        watch.close();
        admin().namespaces().withName(namespace).withGracePeriod(0).delete();
    }

    @Test
    @DisplayName("an application is created, gets healthy, and the next plan has nothing to do and writes nothing")
    void deploysAndFindsNothingToDo() throws Exception {
        Rendering rendering = render(
                component("web", "service", staying() + port()), component("db", "stateful", staying() + port()));

        DeployDiff first = DeployDiff.of(rendering, live());
        assertThat(first.components())
                .allSatisfy(c -> assertThat(c.items()).allMatch(item -> item.action() == Action.CREATE));
        prepare(rendering);
        deploy(rendering, "db");
        deploy(rendering, "web");
        Map<String, String> versions = versions();

        DeployDiff second = DeployDiff.of(rendering, live());
        assertThat(changes(second)).isEmpty();
        assertThat(second.shared()).allMatch(item -> item.action() == Action.KEEP);
        assertThat(second.components()).allMatch(c -> c.health().settled());
        for (RenderedObject object : rendering.objects().toList()) {
            writer.apply(object, field -> false);
        }
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    @DisplayName("a field of ours that was edited by hand is shown and taken over; others' fields are left alone")
    void findsHandEdits() throws Exception {
        Rendering rendering = render(component("web", "service", "replicas: 1\n" + staying()));
        prepare(rendering);
        deploy(rendering, "web");
        admin().apps().deployments().inNamespace(namespace).withName("web").edit(deployment -> {
            deployment.getSpec().setReplicas(0);
            deployment.getMetadata().getLabels().put("theirs", "stays");
            return deployment;
        });

        List<PlanItem> changed = changes(DeployDiff.of(rendering, live()));

        assertThat(changed).singleElement().satisfies(item -> {
            assertThat(item.subject()).isEqualTo("Deployment/web");
            assertThat(item.fields()).containsExactly(new PlanItem.FieldChange("spec.replicas", "0", "1"));
        });
        RenderedObject workload = rendering.component("web").orElseThrow().workload();
        Problem conflict = problem(catchThrowable(() -> writer.apply(workload, field -> false)));
        assertThat(conflict.code()).isEqualTo(ProblemCode.KUBERNETES_CONFLICT);
        assertThat(conflict.arguments()).containsEntry("field", "spec.replicas").containsKey("manager");
        HasMetadata applied = writer.apply(workload, "spec.replicas"::equals);
        assertThat(applied.getMetadata().getLabels()).containsEntry("theirs", "stays");
        assertThat(changes(DeployDiff.of(rendering, live()))).isEmpty();
    }

    @Test
    @DisplayName("a patch reaches the workload, the next plan has nothing to do, and what it no longer says goes")
    void appliesPatches() throws Exception {
        String patch =
                "patch: {spec: {template: {spec: {terminationGracePeriodSeconds: 3, hostAliases: [{ip: 192.0.2.1,"
                        + " hostnames: [old.example]}], tolerations: [{key: a, operator: Exists}]}}}}\n";
        Rendering patched = render(component("web", "service", patch + staying()));
        prepare(patched);
        deploy(patched, "web");

        assertThat(admin().apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName("web")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getTerminationGracePeriodSeconds())
                .isEqualTo(3);
        assertThat(changes(DeployDiff.of(patched, live()))).isEmpty();

        Rendering plain = render(component("web", "service", staying()));
        assertThat(changes(DeployDiff.of(plain, live())))
                .flatMap(PlanItem::fields)
                .anySatisfy(field -> {
                    assertThat(field.path()).contains("hostAliases");
                    assertThat(field.to()).isNull();
                });
        deploy(plain, "web");
        assertThat(changes(DeployDiff.of(plain, live()))).isEmpty();
    }

    @Test
    @DisplayName(
            "raw objects: a kind is defined before its object, nothing is done twice, and what goes leaves the kind")
    void appliesManifests() {
        String group = id + ".slipway.example";
        String crd = "CustomResourceDefinition.apiextensions.k8s.io/widgets." + group;
        String definition = """
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
                          schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}, parts: {type: array, items: {type: string}}}}}}}
                """.replace("GROUP", group);
        String widget =
                "  - {apiVersion: GROUP/v1, kind: Widget, metadata: {name: one}, spec: {size: 1, parts: [a, b]}}\n"
                        .replace("GROUP", group);
        String others =
                "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {env: \"${environment}\","
                        + " web: \"${web.host}\"}}\n"
                        + "  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: runner}}\n"
                        + "  - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: quiet}, spec:"
                        + " {podSelector: {}, policyTypes: [Egress], egress: [{}]}}\n";
        String web = component("web", "service", staying());
        try {
            Rendering first = render(web, "  manifests:\n", widget, definition, others);
            assertThat(first.manifests())
                    .extracting(object -> object.ref().subject())
                    .containsExactly(
                            crd,
                            "Widget." + group + "/one",
                            "ConfigMap/settings",
                            "ServiceAccount/runner",
                            "NetworkPolicy.networking.k8s.io/quiet");
            permit(first);
            prepare(first);
            applyManifests(first);

            assertThat(shared(first)).allMatch(item -> item.action() == Action.KEEP);
            assertThat(live(first).object("ConfigMap/settings").orElseThrow())
                    .isInstanceOfSatisfying(
                            ConfigMap.class,
                            settings -> assertThat(settings.getData())
                                    .containsEntry("env", "dev")
                                    .containsEntry("web", "web"));
            String version = live(first)
                    .object("Widget." + group + "/one")
                    .orElseThrow()
                    .getMetadata()
                    .getResourceVersion();
            applyManifests(first);
            assertThat(live(first)
                            .object("Widget." + group + "/one")
                            .orElseThrow()
                            .getMetadata()
                            .getResourceVersion())
                    .isEqualTo(version);

            Rendering larger = render(
                    web,
                    "  manifests:\n",
                    widget.replace("size: 1", "size: 2").replace("a, b", "b"),
                    definition,
                    others);
            assertThat(shared(larger).stream().filter(item -> item.action() != Action.KEEP))
                    .singleElement()
                    .satisfies(item -> {
                        assertThat(item.subject()).isEqualTo("Widget." + group + "/one");
                        assertThat(item.fields())
                                .extracting(PlanItem.FieldChange::path)
                                .contains("spec.size");
                    });
            applyManifests(larger);
            assertThat(shared(larger)).allMatch(item -> item.action() == Action.KEEP);

            Rendering none = render(web);
            assertThat(DeployDiff.of(none, live(none)).deletes())
                    .extracting(ObjectRef::subject)
                    .contains("Widget." + group + "/one", "ServiceAccount/runner", "ConfigMap/settings")
                    .doesNotContain(crd);
            permit(none);
            writer.prune(none.namespace(), Inventory.of(none), ref -> true);
            await().atMost(patience())
                    .untilAsserted(() -> assertThat(live(larger).objects().keySet())
                            .contains(crd)
                            .doesNotContain(
                                    "Widget." + group + "/one",
                                    "ServiceAccount/runner",
                                    "ConfigMap/settings",
                                    "NetworkPolicy.networking.k8s.io/quiet"));
        } finally {
            admin().apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName("widgets." + group)
                    .delete();
        }
    }

    @Test
    @DisplayName("a definition whose names another one has is refused in the cluster's words")
    void namesRefusedDefinitions() {
        String definition = """
                  - apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: PLURAL.GROUP}
                    spec:
                      group: GROUP
                      scope: Namespaced
                      names: {plural: PLURAL, singular: PLURAL1, kind: Same, listKind: SameList}
                      versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
                """.replace("GROUP", id + ".twice.example");
        try {
            Rendering first = render(
                    component("web", "service", staying()), "  manifests:\n", definition.replace("PLURAL", "ones"));
            permit(first);
            prepare(first);
            applyManifests(first);

            Rendering second = render(
                    component("web", "service", staying()), "  manifests:\n", definition.replace("PLURAL", "twos"));
            permit(second);
            Problem problem = problem(catchThrowable(() -> applyManifests(second)));

            assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_DEFINITION);
            assertThat(problem.arguments().get("message")).contains("Same").contains("already in use");
        } finally {
            for (String plural : List.of("ones", "twos")) {
                admin().apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(plural + "." + id + ".twice.example")
                        .delete();
            }
        }
    }

    /** What a raw object needs, Slipway may not do until the role that its plan prints is granted. */
    private void permit(Rendering rendering) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            List<Problem> missing = missing(rendering);
            missing.forEach(problem -> grant(problem.arguments().get("role")));
            return missing.isEmpty();
        });
    }

    private List<Problem> missing(Rendering rendering) {
        Preflight preflight = new Preflight(
                cluster, new Registries(new RegistryClient(RegistrySettings.anonymous("registry.example"))));
        try {
            preflight.reads(rendering, namespace);
        } catch (ProblemException e) {
            return List.of(e.problem());
        }
        LiveState live = live(rendering);
        return preflight
                .findings(application, rendering, Map.of(), live, DeployDiff.of(rendering, live), List.of())
                .stream()
                .filter(problem -> problem.code() == ProblemCode.KUBERNETES_ACCESS)
                .toList();
    }

    private void applyManifests(Rendering rendering) {
        for (RenderedObject object : rendering.manifests()) {
            writer.apply(object, field -> false);
            if (RawObjects.definition(object.object())) {
                writer.awaitServed(object);
            }
        }
    }

    private List<PlanItem> shared(Rendering rendering) {
        return DeployDiff.of(rendering, live(rendering)).shared();
    }

    private LiveState live(Rendering rendering) {
        return LiveState.read(cluster, namespace, id, rendering.manifests());
    }

    @Test
    @DisplayName("what the document no longer says is shown as going, and goes")
    void showsRemovedFields() throws Exception {
        Rendering before = render(component("web", "service", "env: {A: one, B: two}\n" + staying()));
        prepare(before);
        deploy(before, "web");

        Rendering after = render(component("web", "service", "env: {A: one}\n" + staying()));
        List<PlanItem> changed = changes(DeployDiff.of(after, live()));

        assertThat(changed)
                .singleElement()
                .satisfies(item -> assertThat(item.fields()).singleElement().satisfies(field -> {
                    assertThat(field.path()).endsWith("env[name=\"B\"]");
                    assertThat(field.to()).isNull();
                }));
        deploy(after, "web");
        assertThat(changes(DeployDiff.of(after, live()))).isEmpty();
    }

    @Test
    @DisplayName("a component that the document no longer has is pruned, and nothing that is not ours")
    void prunes() throws Exception {
        Rendering both = render(
                component("web", "service", staying()),
                component("old", "service", "files: [{path: /etc/a, content: b}]\n" + staying() + port()));
        prepare(both);
        deploy(both, "web");
        deploy(both, "old");
        admin().configMaps()
                .inNamespace(namespace)
                .resource(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .endMetadata()
                        .build())
                .create();

        Rendering one = render(component("web", "service", staying()));
        DeployDiff diff = DeployDiff.of(one, live());
        assertThat(diff.deletes().stream().map(ref -> ref.subject()))
                .containsExactly("Deployment/old", "Service/old", "ConfigMap/old");
        writer.prune(one.namespace(), Inventory.of(one), ref -> true);

        await().atMost(patience()).untilAsserted(() -> {
            LiveState live = live();
            assertThat(live.object("Deployment/old")).isEmpty();
            assertThat(live.object("Deployment/web")).isPresent();
        });
        assertThat(admin().configMaps()
                        .inNamespace(namespace)
                        .withName("theirs")
                        .get())
                .isNotNull();
        assertThat(DeployDiff.of(one, live()).deletes()).isEmpty();
    }

    @Test
    @DisplayName("a job runs once for the same content, and again when its content changes")
    void runsJobsOnce() throws Exception {
        Rendering first = render(component("migrate", "job", ending("echo one")));
        prepare(first);
        HasMetadata ran = deploy(first, "migrate");
        HasMetadata again = deploy(first, "migrate");
        assertThat(again.getMetadata().getUid()).isEqualTo(ran.getMetadata().getUid());
        assertThat(changes(DeployDiff.of(first, live()))).isEmpty();

        Rendering second = render(component("migrate", "job", ending("echo two")));
        HasMetadata other = deploy(second, "migrate");
        assertThat(other.getMetadata().getUid()).isNotEqualTo(ran.getMetadata().getUid());
    }

    @Test
    @DisplayName(
            "a job that completed stays completed when it has gone; another content, a prune and a destroy forget that")
    void remembersCompletedJobs() throws Exception {
        CompletedJobs completed = new CompletedJobs(cluster);
        Rendering first =
                render(component("migrate", "job", ending("echo one")), component("seed", "job", ending("echo two")));
        prepare(first);
        deploy(first, "migrate");
        deploy(first, "seed");
        completed.note(namespace, List.of(job(first, "migrate")));
        completed.note(namespace, List.of(job(first, "seed"), job(first, "migrate")));
        // The list is written by another manager, which must not take the notes with it.
        prepare(render(component("migrate", "job", ending("echo one")), component("web", "service", staying())));
        delete("migrate");
        delete("seed");

        for (DeployDiff diff : List.of(
                DeployDiff.of(first, live()),
                new DryRuns(cluster).of(first, live(), OnConflict.STOP).diff())) {
            assertThat(diff.components()).allSatisfy(component -> {
                assertThat(component.health().settled()).isTrue();
                assertThat(component.items()).allMatch(item -> item.action() == Action.KEEP);
            });
            assertThat(diff.components().get(0).items()).anyMatch(PlanItem::completed);
        }
        Rendering other = render(component("migrate", "job", ending("echo three")));
        assertThat(completed.noted(namespace, job(other, "migrate"))).isFalse();
        assertThat(changes(
                        new DryRuns(cluster).of(other, live(), OnConflict.STOP).diff()))
                .extracting(PlanItem::action)
                .containsExactly(Action.CREATE);

        completed.forget(namespace, "migrate"::equals);
        assertThat(completed.noted(namespace, job(first, "migrate"))).isFalse();
        assertThat(completed.noted(namespace, job(first, "seed"))).isTrue();
        writer.prune(other.namespace(), Inventory.of(other), ref -> true);
        assertThat(completed.noted(namespace, job(first, "seed"))).isFalse();
    }

    @Test
    @DisplayName("a job that Kubernetes removes the moment it ends has completed all the same")
    void knowsJobsThatDoNotStay() throws Exception {
        Rendering rendering = render(
                component("migrate", "job", "patch: {spec: {ttlSecondsAfterFinished: 0}}\n" + ending("echo one")));
        prepare(rendering);

        deploy(rendering, "migrate");

        await().atMost(patience())
                .untilAsserted(() -> assertThat(live().object("Job/migrate")).isEmpty());
    }

    private static RenderedObject job(Rendering rendering, String name) {
        return rendering.component(name).orElseThrow().workload();
    }

    private void delete(String job) {
        cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(job)
                .delete();
        await().atMost(patience())
                .untilAsserted(() -> assertThat(live().object("Job/" + job)).isEmpty());
    }

    @Test
    @DisplayName("a namespace that Slipway did not make is refused")
    void refusesForeignNamespaces() {
        admin().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        Rendering rendering = render(component("web", "service", staying()));

        Problem problem = problem(catchThrowable(() -> writer.namespace(rendering.namespace())));

        assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_NAMESPACE_NOT_OURS);
    }

    @Test
    @DisplayName("a field of a StatefulSet that can't be changed is named")
    void namesImmutableFields() throws Exception {
        String volumes = "volumes: [{name: data, path: /data, size: %s}]\n";
        Rendering small = render(component("db", "stateful", volumes.formatted("1Mi") + staying()));
        prepare(small);
        deploy(small, "db");
        Rendering big = render(component("db", "stateful", volumes.formatted("2Mi") + staying()));

        Problem problem = problem(catchThrowable(
                () -> writer.apply(big.component("db").orElseThrow().workload(), field -> true)));

        assertThat(problem.code()).isEqualTo(ProblemCode.KUBERNETES_IMMUTABLE);
        assertThat(problem.arguments().get("field")).contains("volumeClaimTemplates");
    }

    @Test
    @DisplayName("an image that can't be pulled is named within 5 seconds, in the registry's words")
    void namesPullProblems() {
        images.put("web", missingImage());
        Problem problem = failed(
                render(component("web", "service", "env: {SIMULATION_FAIL: ErrImagePull}\n" + staying())), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_IMAGE_PULL);
        assertThat(problem.arguments().get("message")).contains("not found");
    }

    @Test
    @DisplayName("a crash is named within 5 seconds with its exit code and last words")
    void namesCrashes() {
        Problem problem = failed(render(component("web", "service", crashing(3, "no such table"))), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments()).containsEntry("exit", "3");
        assertThat(problem.arguments().get("log")).contains("no such table");
    }

    @Test
    @DisplayName("a program that ends at once is not taken for healthy, though no probe asks it")
    void provesWithoutProbes() {
        Problem problem = failed(
                render(component("web", "service", "env: {SIMULATION_FAIL: \"Exit:3\"}\n" + ending("exit 3"))), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments()).containsEntry("exit", "3");
    }

    @Test
    @DisplayName("pods that fit on no node are named")
    void namesUnschedulable() {
        Problem problem = failed(
                render(component(
                        "web",
                        "service",
                        "resources: {cpu: \"5000\", memory: 1Mi}\nenv: {SIMULATION_FAIL: Unschedulable}\n"
                                + staying())),
                "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_UNSCHEDULABLE);
        assertThat(problem.arguments().get("message")).contains("cpu");
    }

    @Test
    @DisplayName("the same cause of several pods is one cause that says how many")
    void mergesReplicas() {
        Problem problem =
                failed(render(component("web", "service", "replicas: 4\n" + crashing(3, "no such table"))), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments().get("pods")).isIn("2/4", "3/4", "4/4");
        assertThat(problem.arguments().get("log")).contains("no such table");
        assertThat(problem.also()).isEmpty();
    }

    @Test
    @DisplayName("a command that the image does not have is named")
    void namesConfiguration() {
        Problem problem = failed(
                render(component(
                        "web",
                        "service",
                        "command: [/no/such/program]\nenv: {SIMULATION_FAIL: CreateContainerConfigError}\n")),
                "web");

        assertThat(problem.code()).isIn(ProblemCode.POD_CONFIGURATION, ProblemCode.POD_CRASH);
        assertThat(problem.where()).startsWith("Pod " + namespace + "/web-");
    }

    @Test
    @DisplayName("a secret that is not there, and one without the key, are named")
    void namesMissingSecrets() {
        Rendering rendering = render(component("web", "service", staying()));
        prepare(rendering);
        RenderedObject workload = rendering.component("web").orElseThrow().workload();
        ((io.fabric8.kubernetes.api.model.apps.Deployment) workload.object())
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .setEnv(List.of(new io.fabric8.kubernetes.api.model.EnvVarBuilder()
                        .withName("WORD")
                        .withNewValueFrom()
                        .withNewSecretKeyRef("word", "words", false)
                        .endValueFrom()
                        .build()));
        HasMetadata applied = writer.apply(workload, field -> true);
        Problem missing = failed(applied, "web");
        assertThat(missing.code()).isEqualTo(ProblemCode.POD_CONFIGURATION);
        assertThat(missing.arguments().get("message")).contains("secret \"words\" not found");

        admin().secrets()
                .inNamespace(namespace)
                .resource(new io.fabric8.kubernetes.api.model.SecretBuilder()
                        .withNewMetadata()
                        .withName("words")
                        .endMetadata()
                        .addToData("other", "eA==")
                        .build())
                .create();
        await().atMost(patience()).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            Problem key = failed(applied, "web");
            assertThat(key.code()).isEqualTo(ProblemCode.POD_CONFIGURATION);
            assertThat(key.arguments().get("message")).contains("couldn't find key");
        });
    }

    @Test
    @DisplayName("a claim whose storage class does not exist is named; its pod that finds no node is no second cause")
    void namesClaims() {
        Rendering rendering =
                render(component("web", "service", "volumes: [{name: data, path: /data, size: 1Mi}]\n" + staying()));
        prepare(rendering);
        HasMetadata applied = null;
        for (RenderedObject object : rendering.component("web").orElseThrow().objects()) {
            if (object.object() instanceof io.fabric8.kubernetes.api.model.PersistentVolumeClaim claim) {
                claim.getSpec().setStorageClassName("no-such-class");
            }
            applied = writer.apply(object, field -> true);
        }

        Problem problem = failed(applied, "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_VOLUME);
        assertThat(problem.arguments())
                .containsEntry("class", "no-such-class")
                .hasEntrySatisfying("message", message -> assertThat(message).contains("not found"));
        assertThat(problem.also()).isEmpty();
    }

    @Test
    @DisplayName("a probe that fails is told while waiting, with its answer, and is the cause at the deadline")
    void namesProbes() {
        Rendering rendering = render(component("web", "service", never()));
        prepare(rendering);
        List<String> seen = new CopyOnWriteArrayList<>();
        List<Problem> obstacles = new CopyOnWriteArrayList<>();
        HasMetadata applied = apply(rendering, "web");
        var told = readiness.await(
                Target.of(new Key(id, "web"), Condition.HEALTHY, applied, Patience.within(Duration.ofSeconds(12))),
                line -> {},
                obstacle -> obstacle.ifPresent(obstacles::add));

        Problem problem = failed(applied, "web", Patience.within(Duration.ofSeconds(12)), seen);

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_PROBE);
        assertThat(problem.arguments())
                .containsEntry("probe", "readiness")
                .containsEntry("answer", "connection refused");
        assertThat(problem.also()).singleElement().satisfies(late -> {
            assertThat(late.code()).isEqualTo(ProblemCode.NOT_READY_IN_TIME);
            assertThat(late.arguments()).containsEntry("seconds", "12");
        });
        assertThat(seen).anyMatch(line -> line.contains("readiness probe: connection refused"));
        assertThat(obstacles).anySatisfy(obstacle -> assertThat(obstacle.code()).isEqualTo(ProblemCode.POD_PROBE));
        told.cancel(false);
    }

    @Test
    @DisplayName("where nothing moves, the wait ends before its deadline with what was seen last")
    void namesStandstill() {
        Rendering rendering = render(component("web", "service", never()));
        prepare(rendering);
        long before = System.nanoTime();

        Problem problem = failed(
                apply(rendering, "web"),
                "web",
                new Patience(patience(), Duration.ofSeconds(6)),
                new CopyOnWriteArrayList<>());

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofSeconds(6), patience());
        assertThat(problem.code()).isEqualTo(ProblemCode.POD_PROBE);
        assertThat(problem.also()).singleElement().satisfies(still -> {
            assertThat(still.code()).isEqualTo(ProblemCode.NOTHING_MOVES);
            assertThat(still.arguments().get("seen")).contains("0/1 ready");
        });
    }

    @Test
    @DisplayName("a startup probe's own time is added to what the component may take")
    void waitsForStartupProbes() {
        String startup = port() + "probes: {startup: {tcp: http, period: 1, failureThreshold: 8}}\n"
                + "env: {SIMULATION_FAIL: NeverReady}\n" + staying();
        Rendering rendering = render(component("web", "service", startup));
        prepare(rendering);
        long before = System.nanoTime();

        Problem problem = failed(
                apply(rendering, "web"), "web", Patience.within(Duration.ofSeconds(2)), new CopyOnWriteArrayList<>());

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(9));
        assertThat(problem.also())
                .last()
                .satisfies(late -> assertThat(late.arguments()).containsEntry("seconds", "10"));
    }

    @Test
    @DisplayName("a roll-out whose new revision crashes fails, though the old one still runs")
    void judgesTheNewRevision() throws Exception {
        Rendering good = render(component("web", "service", staying()));
        prepare(good);
        deploy(good, "web");

        Problem problem = failed(render(component("web", "service", crashing(4, "bad"))), "web");
        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);

        deploy(good, "web");
    }

    @Test
    @DisplayName("where all pods go before the new ones come, those of the old revision are not judged for it")
    void judgesTheNewRevisionOfRecreated() throws Exception {
        String volume = "volumes: [{name: data, path: /data, size: 1Mi}]\n";
        assertThat(failed(render(component("web", "service", volume + crashing(4, "bad"))), "web")
                        .code())
                .isEqualTo(ProblemCode.POD_CRASH);

        deploy(render(component("web", "service", volume + staying())), "web");

        assertThat(failed(render(component("web", "service", volume + crashing(5, "worse"))), "web")
                        .arguments())
                .containsEntry("exit", "5");
    }

    @Test
    @DisplayName("a StatefulSet whose pod crashes recovers by the next good revision")
    void recoversStatefulSets() throws Exception {
        Rendering bad = render(component("db", "stateful", crashing(5, "bad")));
        prepare(bad);
        assertThat(failed(bad, "db").code()).isEqualTo(ProblemCode.POD_CRASH);

        deploy(render(component("db", "stateful", staying())), "db");
    }

    @Test
    @DisplayName("a pod of a failed revision that is never ready does not block the next one: it is deleted")
    void recoversFromNeverReady() throws Exception {
        Rendering good = render(component("db", "stateful", "replicas: 2\n" + staying()));
        prepare(good);
        deploy(good, "db");
        Problem problem = failed(
                apply(render(component("db", "stateful", "replicas: 2\n" + never())), "db"),
                "db",
                Patience.within(Duration.ofSeconds(10)),
                new CopyOnWriteArrayList<>());
        assertThat(problem.code()).isIn(ProblemCode.POD_PROBE, ProblemCode.NOT_READY_IN_TIME);

        deploy(render(component("db", "stateful", "replicas: 2\nenv: {FIXED: really}\n" + staying())), "db");
    }

    @Test
    @DisplayName("what is late says what was seen last; what was not waited for any more is forgotten")
    void namesLateness() {
        Rendering rendering = render(component("web", "service", never()));
        prepare(rendering);
        HasMetadata applied = apply(rendering, "web");
        List<String> seen = new CopyOnWriteArrayList<>();
        Target target = Target.of(new Key(id, "web"), Condition.HEALTHY, applied, Duration.ofSeconds(3));

        Throwable late = catchThrowable(
                () -> readiness.await(target, seen::add).get(patience().toSeconds(), TimeUnit.SECONDS));

        Problem told = problem(late.getCause());
        Problem lateness = told.also().isEmpty() ? told : told.also().get(0);
        assertThat(lateness.code()).isEqualTo(ProblemCode.NOT_READY_IN_TIME);
        assertThat(lateness.arguments().get("seen")).contains("0/1 ready");
        assertThat(seen).isNotEmpty();
        readiness.await(target, seen::add).cancel(false);
        // Who waits is told before the wait itself is put away.
        await().until(() -> readiness.waiting() == 0);
    }

    @Test
    @DisplayName("states are told as they change: created, healthy, degraded, gone")
    void tellsStates() throws Exception {
        List<ComponentState> told = new CopyOnWriteArrayList<>();
        List<String> removed = new CopyOnWriteArrayList<>();
        StatusRoom.Listener listener = new StatusRoom.Listener() {
            @Override
            public void changed(ComponentState state) {
                told.add(state);
            }

            @Override
            public void removed(String environmentId, String component) {
                removed.add(component);
            }
        };
        try (StatusRoom room = new StatusRoom(cluster, watch, listener)) {
            Rendering rendering = render(component("web", "service", staying()));
            prepare(rendering);
            deploy(rendering, "web");
            await().atMost(patience()).until(() -> !told.isEmpty() && last(told).state() == State.HEALTHY);
            assertThat(last(told).ready()).isEqualTo(1);
            assertThat(last(told).kind()).isEqualTo("service");

            apply(render(component("web", "service", crashing(1, "bad"))), "web");
            await().atMost(patience()).until(() -> last(told).state() == State.DEGRADED);
            assertThat(last(told).reason()).contains("SLP-POD-CRASH");

            admin().apps().deployments().inNamespace(namespace).withName("web").delete();
            await().atMost(patience()).until(() -> removed.contains("web"));
        }
    }

    @Test
    @DisplayName("two hundred unchanged components are compared in a moment and without a write")
    void comparesMany() {
        String[] many = IntStream.range(0, 200)
                .mapToObj(i -> component("c" + i, "service", "replicas: 0\n" + staying() + port()))
                .toArray(String[]::new);
        Rendering rendering = render(many);
        prepare(rendering);
        rendering.components().parallelStream().forEach(c -> apply(rendering, c.name()));

        await().atMost(patience())
                .until(() -> DeployDiff.of(rendering, live()).components().stream()
                        .allMatch(component -> component.health().settled()));
        long before = System.nanoTime();
        DeployDiff diff = DeployDiff.of(render(many), live());
        long millis = Duration.ofNanos(System.nanoTime() - before).toMillis();

        assertThat(changes(diff)).isEmpty();
        System.out.println("200 components read, rendered and compared in " + millis + " ms");
    }

    @Test
    @DisplayName("a daemon gets healthy, its next revision too, and one that crashes is named")
    void deploysDaemons() throws Exception {
        Rendering first = render(component("agent", "daemon", staying()));
        prepare(first);
        deploy(first, "agent");
        assertThat(changes(DeployDiff.of(first, live()))).isEmpty();
        assertThat(DeployDiff.of(first, live()).components())
                .allMatch(c -> c.health().settled());

        deploy(render(component("agent", "daemon", "env: {A: b}\n" + staying())), "agent");
        Problem problem = failed(render(component("agent", "daemon", crashing(3, "no such device"))), "agent");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments()).containsEntry("exit", "3");
    }

    @Test
    @DisplayName("a cron is there at once; one that was suspended by hand is found and goes on")
    void deploysCrons() throws Exception {
        Rendering rendering = render(component("report", "cron", "schedule: \"0 3 1 1 *\"\n" + ending("true")));
        prepare(rendering);
        deploy(rendering, "report");
        assertThat(changes(DeployDiff.of(rendering, live()))).isEmpty();
        admin().batch()
                .v1()
                .cronjobs()
                .inNamespace(namespace)
                .withName("report")
                .edit(cron -> {
                    cron.getSpec().setSuspend(true);
                    return cron;
                });

        assertThat(changes(DeployDiff.of(rendering, live())))
                .singleElement()
                .satisfies(item -> assertThat(item.fields())
                        .containsExactly(new PlanItem.FieldChange("spec.suspend", "true", "false")));
        deploy(rendering, "report");
        assertThat(changes(DeployDiff.of(rendering, live()))).isEmpty();
    }

    @Test
    @DisplayName("what is outside has a name inside, moves from name to address and back, and is pruned whole")
    void namesWhatIsOutside() throws Exception {
        Rendering named = render(external("db.example"), component("web", "service", "replicas: 0\n" + staying()));
        prepare(named);
        deploy(named, "outside");
        assertThat(changes(DeployDiff.of(named, live())))
                .filteredOn(i -> "outside".equals(i.component()))
                .isEmpty();

        Rendering addressed = render(external("192.0.2.10"), component("web", "service", "replicas: 0\n" + staying()));
        prepare(addressed);
        deploy(addressed, "outside");
        DeployDiff after = DeployDiff.of(addressed, live());
        assertThat(changes(after))
                .filteredOn(i -> "outside".equals(i.component()))
                .isEmpty();
        assertThat(live().object("EndpointSlice/outside")).isPresent();

        Rendering without = render(component("web", "service", "replicas: 0\n" + staying()));
        assertThat(DeployDiff.of(without, live()).deletes().stream().map(ref -> ref.subject()))
                .containsExactlyInAnyOrder("EndpointSlice/outside", "Service/outside");
        writer.prune(without.namespace(), Inventory.of(without), ref -> true);
        await().atMost(patience())
                .untilAsserted(
                        () -> assertThat(live().object("Service/outside")).isEmpty());
    }

    @Test
    @DisplayName("what surrounds a workload is there, and the next plan has nothing to do")
    void writesWhatSurroundsWorkloads() throws Exception {
        Rendering rendering = render(component(
                "web",
                "service",
                "replicas: 2\nports: [{name: http, port: 8080, protocol: http, expose: {host: \"" + id
                        + ".${environment}.example\", tls: web-tls}}]\n" + staying()));
        prepare(rendering);
        deploy(rendering, "web");

        assertThat(changes(DeployDiff.of(rendering, live()))).isEmpty();
        assertThat(live().object("Ingress/web")).isPresent();
        await().atMost(patience())
                .untilAsserted(() -> assertThat(admin().policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .withName("web")
                                .get()
                                .getStatus()
                                .getDisruptionsAllowed())
                        .isEqualTo(1));

        Rendering alone = render(component("web", "service", port() + staying()));
        assertThat(DeployDiff.of(alone, live()).deletes().stream().map(ref -> ref.subject()))
                .containsExactly("PodDisruptionBudget/web", "Ingress/web");
    }

    @Test
    @DisplayName("an autoscaler takes over without a pod less in between, and gives back what it took")
    void handsReplicasToTheAutoscaler() throws Exception {
        String fixed = "replicas: %d\nresources: {cpu: 1m}\n" + staying();
        String scaled = "scale: {min: 2, max: 5, cpu: 70}\nresources: {cpu: 1m}\n" + staying();
        Rendering three = render(component("web", "service", fixed.formatted(3)));
        prepare(three);
        deploy(three, "web");
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Watcher<Deployment> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, Deployment deployment) {
                seen.add(deployment.getSpec().getReplicas());
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        Rendering byLoad = render(component("web", "service", scaled));
        try (Watch watch = admin().apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .watch(watcher)) {
            prepare(byLoad);
            deploy(byLoad, "web");
            await().atMost(patience())
                    .until(() -> admin().autoscaling()
                                    .v2()
                                    .horizontalPodAutoscalers()
                                    .inNamespace(namespace)
                                    .withName("web")
                                    .get()
                                    .getStatus()
                                    .getConditions()
                            != null);
        }
        assertThat(seen).isNotEmpty().containsOnly(3);
        assertThat(changes(DeployDiff.of(byLoad, live()))).isEmpty();

        Rendering two = render(component("web", "service", fixed.formatted(1)));
        assertThat(DeployDiff.of(two, live()).deletes())
                .contains(new ObjectRef("HorizontalPodAutoscaler", "web", "web"));
        assertThat(writer.delete(two.namespace(), new ObjectRef("HorizontalPodAutoscaler", "web", "web")))
                .isTrue();
        assertThat(writer.delete(two.namespace(), new ObjectRef("HorizontalPodAutoscaler", "theirs", "web")))
                .isFalse();
        deploy(two, "web");
        writer.prune(two.namespace(), Inventory.of(two), ref -> true);
        assertThat(changes(DeployDiff.of(two, live()))).isEmpty();
    }

    @Test
    @DisplayName("a volume is shared with the component that has it, also with the only pod of a stateful one")
    void sharesVolumes() throws Exception {
        Rendering rendering = render(
                component("db", "stateful", "volumes: [{name: data, path: /data, size: 1Mi}]\n" + staying()),
                component("files", "service", "volumes: [{name: data, path: /data, size: 1Mi}]\n" + staying()),
                component(
                        "dump",
                        "service",
                        "volumes: [{name: a, path: /a, share: db/data}]\ndependsOn: [db]\n" + staying()),
                component(
                        "backup",
                        "service",
                        "volumes: [{name: b, path: /b, share: files/data}]\ndependsOn: [files]\n" + staying()));
        prepare(rendering);
        deploy(rendering, "db");
        deploy(rendering, "files");
        deploy(rendering, "backup");
        deploy(rendering, "dump");

        assertThat(changes(DeployDiff.of(rendering, live()))).isEmpty();
    }

    @Test
    @DisplayName("a component whose kind changes is judged by what it will be, and what it was goes")
    void changesKinds() throws Exception {
        Rendering service = render(component("web", "service", staying()));
        prepare(service);
        deploy(service, "web");
        Rendering stateful = render(component("web", "stateful", staying()));
        prepare(stateful);
        TimeUnit.MILLISECONDS.sleep(1_100); // creation times are whole seconds
        deploy(stateful, "web");
        writer.prune(stateful.namespace(), Inventory.of(stateful), ref -> true);

        await().atMost(patience())
                .untilAsserted(() -> assertThat(live().object("Deployment/web")).isEmpty());
        assertThat(changes(DeployDiff.of(stateful, live()))).isEmpty();
    }

    // What a real cluster runs, and beside it what the simulated one is told to do: one document for both.

    /** A container that stays until it is asked to go. */
    static String staying() {
        return "command: [sh, -c, \"trap 'exit 0' TERM; sleep 3600 & wait\"]\n";
    }

    private static String ending(String script) {
        return "command: [sh, -c, \"" + script + "\"]\n";
    }

    /** With a probe: without one, a container counts as ready for as long as it runs. */
    static String crashing(int exit, String lastWords) {
        return port() + "probes: {readiness: {tcp: http}}\n"
                + "command: [sh, -c, \"echo " + lastWords + "; exit " + exit + "\"]\nenv: {SIMULATION_FAIL: \"Exit:"
                + exit
                + "\", SIMULATION_LOG: \"" + lastWords + "\"}\n";
    }

    private static String never() {
        return port() + "probes: {readiness: {tcp: http, period: 1}}\nenv: {SIMULATION_FAIL: NeverReady}\n" + staying();
    }

    static String port() {
        return "ports: [{name: http, port: 8080, protocol: tcp}]\n";
    }

    private static ComponentState last(List<ComponentState> told) {
        return told.get(told.size() - 1);
    }

    static String component(String name, String kind, String more) {
        return "  - name: " + name + "\n    kind: " + kind + "\n    source: {image: registry.example/any}\n"
                + "    security: {runAsUser: 65534}\n" + more.indent(4);
    }

    private static String external(String address) {
        return "  - name: outside\n    kind: external\n    address: " + address + "\n" + port().indent(4);
    }

    Rendering render(String... components) {
        String text = "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                + String.join("", components);
        application = ApplicationCheck.read(text).orElseThrow();
        Map<String, String> of = application.components().stream()
                .collect(Collectors.toMap(Component::name, c -> images.getOrDefault(c.name(), image())));
        return Renderer.render(new RenderInput(
                application,
                id,
                "dev",
                namespace,
                instance,
                of,
                Map.of(),
                Map.of(),
                List.of(),
                Secret.of("key"),
                new ServerVersion(1, 34)));
    }

    void prepare(Rendering rendering) {
        writer.namespace(rendering.namespace());
        writer.inventory(rendering.namespace(), Inventory.of(rendering));
    }

    HasMetadata apply(Rendering rendering, String name) {
        RenderedComponent component = rendering.component(name).orElseThrow();
        HasMetadata workload = null;
        for (RenderedObject object : component.objects()) {
            HasMetadata applied = writer.apply(object, field -> true);
            workload = object == component.workload() ? applied : workload;
        }
        return workload;
    }

    HasMetadata deploy(Rendering rendering, String name) throws Exception {
        HasMetadata applied = apply(rendering, name);
        readiness
                .await(Target.of(new Key(id, name), Condition.HEALTHY, applied, patience()), seen -> {})
                .get(patience().toSeconds() + 5, TimeUnit.SECONDS);
        return applied;
    }

    Problem failed(Rendering rendering, String name) {
        prepare(rendering);
        return failed(apply(rendering, name), name);
    }

    Problem failed(HasMetadata applied, String name) {
        return failed(applied, name, Patience.within(patience()), new CopyOnWriteArrayList<>());
    }

    Problem failed(HasMetadata applied, String name, Patience patience, List<String> seen) {
        long before = System.nanoTime();
        Throwable failure = catchThrowable(() -> readiness
                .await(Target.of(new Key(id, name), Condition.HEALTHY, applied, patience), seen::add)
                .get(patience().toSeconds() + 5, TimeUnit.SECONDS));
        System.out.println(getClass().getSimpleName() + ": named after "
                + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms: " + failure);
        assertThat(failure).isInstanceOf(ExecutionException.class);
        return problem(failure.getCause());
    }

    private static Problem problem(Throwable failure) {
        assertThat(failure).isInstanceOf(ProblemException.class);
        return ((ProblemException) failure).problem();
    }

    private LiveState live() {
        return LiveState.read(cluster, namespace, id);
    }

    private Map<String, String> versions() {
        return live().objects().values().stream()
                .filter(object -> !object.getKind().equals("Deployment")
                        && !object.getKind().equals("StatefulSet"))
                .collect(Collectors.toMap(
                        object -> object.getKind() + "/" + object.getMetadata().getName(),
                        object -> object.getMetadata().getResourceVersion()));
    }

    private static List<PlanItem> changes(DeployDiff diff) {
        return diff.components().stream()
                .flatMap(component -> component.items().stream())
                .filter(item -> item.action() != Action.KEEP)
                .toList();
    }
}
