package dev.slipway.activities.kubernetes.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Manifest;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendererTest {
    private static final Path FILES = Path.of("src/test/resources/rendering");
    private static final Application SHOP = Shop.read("shop.application.yaml");

    @Test
    @DisplayName("an application of every kind is rendered exactly as the stored objects say")
    void rendersWhatIsStored() throws IOException {
        Rendering rendering = Renderer.render(Shop.input(SHOP));

        String yaml = rendering
                .objects()
                .map(object -> Serialization.asYaml(object.object()))
                .collect(Collectors.joining());

        Path golden = FILES.resolve("shop.objects.yaml");
        if (Boolean.getBoolean("slipway.golden.write")) {
            Files.writeString(golden, yaml);
        }
        assertThat(yaml).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cron", "daemon", "external", "scale", "expose", "share"})
    @DisplayName("each kind and each group of fields is rendered exactly as its stored objects say")
    void rendersEachGroup(String group) throws IOException {
        String yaml = Renderer.render(Shop.input(Shop.read(group + ".application.yaml"))).components().stream()
                .flatMap(component -> component.objects().stream())
                .map(object -> Serialization.asYaml(object.object()))
                .collect(Collectors.joining());

        Path golden = FILES.resolve(group + ".objects.yaml");
        if (Boolean.getBoolean("slipway.golden.write")) {
            Files.writeString(golden, yaml);
        }
        assertThat(yaml).isEqualTo(Files.readString(golden));
    }

    @Test
    @DisplayName(
            "raw objects are rendered exactly as their stored ones say, what defines kinds first, a secret as data")
    void rendersManifests() throws IOException {
        RenderInput plain = Shop.input(Shop.read("manifests.application.yaml"));
        Map<String, String> images = new HashMap<>(plain.images());
        images.put(Manifest.imageKey("redis:7"), "docker.io/library/redis@sha256:" + "7".repeat(64));
        Rendering rendering = Renderer.render(new RenderInput(
                plain.application(),
                plain.environmentId(),
                plain.environmentName(),
                plain.namespace(),
                plain.instanceId(),
                images,
                plain.parameters(),
                plain.secrets(),
                plain.pullSecrets(),
                plain.digestKey(),
                plain.server()));

        String yaml = rendering.manifests().stream()
                .map(object -> Serialization.asYaml(object.object()))
                .collect(Collectors.joining());

        Path golden = FILES.resolve("manifests.objects.yaml");
        if (Boolean.getBoolean("slipway.golden.write")) {
            Files.writeString(golden, yaml);
        }
        assertThat(yaml).isEqualTo(Files.readString(golden));
        assertThat(rendering.only("web"::equals).manifests()).isEmpty();
    }

    @Test
    @DisplayName(
            "pods of raw objects pull with the secret of their registry, unless they or their account say with which")
    void rawObjectsPull() {
        RenderInput plain = Shop.input(Shop.parse("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: shop}
                spec:
                  components: [{name: web, source: {image: "registry.example/shop/web"}}]
                  manifests:
                    - {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: "closed.example/a:1"}]}}}}
                    - {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {initContainers: [{name: i, image: "busybox"}], containers: [{name: b, image: "closed.example/b:1"}]}}
                    - {apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: "busybox"}]}}}}}}
                    - {apiVersion: apps/v1, kind: Deployment, metadata: {name: theirs}, spec: {template: {spec: {imagePullSecrets: [{name: own}], containers: [{name: a, image: "closed.example/a:1"}]}}}}
                    - {apiVersion: apps/v1, kind: Deployment, metadata: {name: accounted}, spec: {template: {spec: {serviceAccountName: puller, containers: [{name: a, image: "closed.example/a:1"}]}}}}
                    - {apiVersion: apps/v1, kind: Deployment, metadata: {name: open}, spec: {template: {spec: {containers: [{name: a, image: "open.example/a:1"}]}}}}
                    - {apiVersion: v1, kind: ServiceAccount, metadata: {name: puller}, imagePullSecrets: [{name: theirs}]}
                """));
        RegistryLogin login = new RegistryLogin("reader", Secret.of("read-secret"));
        Rendering rendering = Renderer.render(new RenderInput(
                plain.application(),
                plain.environmentId(),
                plain.environmentName(),
                plain.namespace(),
                plain.instanceId(),
                plain.images(),
                plain.parameters(),
                plain.secrets(),
                List.of(
                        PullSecret.of("closed.example", login),
                        PullSecret.of("docker.io", login),
                        PullSecret.of("unused.example", login)),
                plain.digestKey(),
                plain.server()));

        assertThat(rendering.shared())
                .extracting(object -> object.ref().name())
                .contains("slipway-registry-closed.example", "slipway-registry-docker.io")
                .doesNotContain("slipway-registry-unused.example");
        assertThat(rendering.manifests().stream()
                        .collect(Collectors.toMap(
                                object -> object.ref().name(),
                                object -> Serialization.asYaml(object.object())
                                        .lines()
                                        .map(String::strip)
                                        .filter(line -> line.startsWith("- name: \"slipway-registry"))
                                        .toList())))
                .containsEntry("a", List.of("- name: \"slipway-registry-closed.example\""))
                .containsEntry(
                        "b",
                        List.of(
                                "- name: \"slipway-registry-closed.example\"",
                                "- name: \"slipway-registry-docker.io\""))
                .containsEntry("c", List.of("- name: \"slipway-registry-docker.io\""))
                .containsEntry("theirs", List.of())
                .containsEntry("accounted", List.of())
                .containsEntry("open", List.of());
    }

    @Test
    @DisplayName("raw objects cannot have the name of one that is rendered, nor values that their kind cannot have")
    void refusesManifests() {
        String head = "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n"
                + "  components: [{name: web, source: {image: \"registry.example/shop/web\"}}]\n  manifests:\n    - ";
        assertThatThrownBy(() -> Renderer.render(Shop.input(Shop.parse(
                        head + "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {}}\n"))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.DOC_CONFLICT));
        assertThatThrownBy(() -> Renderer.render(Shop.input(
                        Shop.parse(head + "{apiVersion: v1, kind: ConfigMap, metadata: {name: slipway-inventory}}\n"))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.DOC_CONFLICT));
        assertThatThrownBy(() -> Renderer.render(Shop.input(Shop.parse(head
                        + "{apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {replicas: many}}\n"))))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.DOC_TYPE);
                    assertThat(e.problem().where()).isEqualTo("spec.manifests[0]");
                });
    }

    @Test
    @DisplayName("what scales a component comes after it, and what runs is still found")
    void writesTheAutoscalerLast() {
        Rendering rendering = Renderer.render(Shop.input(Shop.read("scale.application.yaml")));

        assertThat(subjects(rendering, "web"))
                .containsExactly("PodDisruptionBudget/web", "Deployment/web", "HorizontalPodAutoscaler/web");
        assertThat(rendering.component("web").orElseThrow().workload().ref().subject())
                .isEqualTo("Deployment/web");
        assertThat(subjects(rendering, "one")).containsExactly("Deployment/one", "HorizontalPodAutoscaler/one");
    }

    @Test
    @DisplayName("a server that knows no pause before the end is not asked for one")
    void rendersForOlderServers() {
        RenderInput input = Shop.input(Shop.read("daemon.application.yaml"));
        RenderInput older = on(input, ServerVersion.of("1", "29+"));

        assertThat(Serialization.asYaml(objects(Renderer.render(input)))).contains("preStop");
        assertThat(Serialization.asYaml(objects(Renderer.render(older))))
                .doesNotContain("preStop")
                .doesNotContain("terminationGracePeriodSeconds");
        assertThat(ServerVersion.of("1", "30")).isEqualTo(new ServerVersion(1, 30));
        assertThat(ServerVersion.of("", "what")).isEqualTo(new ServerVersion(0, 0));
    }

    @Test
    @DisplayName("two texts that stand for one address are refused by name")
    void refusesOneAddressTwice() {
        Application clash = Shop.parse(Shop.text("expose.application.yaml")
                .replace(
                        "expose: {host: \"shop.${environment}.example\", path: /api, tls: shop-tls}",
                        "expose: {host: shop.dev.example}"));

        assertThatThrownBy(() -> Renderer.render(Shop.input(clash)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("SLP-DOC-CONFLICT")
                .hasMessageContaining("shop.dev.example/");
    }

    @Test
    @DisplayName("a parameter in the files of two components restarts these two and no other")
    void changedParameterTouchesThoseWhoMountIt() {
        String text = Shop.text("shop.application.yaml")
                .replace("content: \"name = ${self.name}\\n\"", "content: \"${param.greeting}\"")
                .replace(
                        "kind: job\n",
                        "kind: job\n      files: [{path: /etc/a.conf, content: \"${param.greeting}\"}]\n")
                .replace("GREETING: \"${param.greeting} ", "GREETING: \"");

        Rendering before = Renderer.render(Shop.input(Shop.parse(text)));
        Rendering after = Renderer.render(Shop.input(Shop.parse(text.replace("default: hello", "default: hi"))));

        for (String mounts : List.of("web", "migrate")) {
            assertThat(Serialization.asYaml(workload(after, mounts)))
                    .isNotEqualTo(Serialization.asYaml(workload(before, mounts)));
        }
        for (String other : List.of("orders", "db")) {
            assertThat(after.component(other).orElseThrow().hash())
                    .isEqualTo(before.component(other).orElseThrow().hash());
        }
    }

    @Test
    @DisplayName("only pods with an image of the registry name its credentials, and another password restarts none")
    void pullsWithCredentials() {
        RenderInput input = Shop.input(SHOP);
        Map<String, String> images = new HashMap<>(input.images());
        images.put("db", "registry.example.org/db@sha256:" + "2".repeat(64));
        Rendering rendering = Renderer.render(pulling(input, images, "one"));

        assertThat(Serialization.asYaml(workload(rendering, "web"))).contains("imagePullSecrets");
        assertThat(Serialization.asYaml(workload(rendering, "db"))).doesNotContain("imagePullSecrets");
        Rendering changed = Renderer.render(pulling(input, images, "another"));
        assertThat(changed.components().stream().map(RenderedComponent::hash))
                .containsExactlyElementsOf(rendering.components().stream()
                        .map(RenderedComponent::hash)
                        .toList());
        assertThat(changed.shared().get(1).hash())
                .isNotEqualTo(rendering.shared().get(1).hash());
        images.replaceAll((component, image) -> "registry.example.org/any@sha256:" + "2".repeat(64));
        assertThat(Renderer.render(pulling(input, images, "one")).shared())
                .extracting(object -> object.ref().subject())
                .containsExactly("Namespace/shop-dev");
    }

    @Test
    @DisplayName(
            "each registry has a Secret of its own where an image comes from it; Docker Hub's has the key that is known")
    void pullsFromSeveral() {
        RenderInput input = Shop.input(SHOP);
        Map<String, String> images = new HashMap<>(input.images());
        images.put("db", "docker.io/library/db@sha256:" + "2".repeat(64));
        images.put("web", "mirror.example:5000/web@sha256:" + "3".repeat(64));
        RegistryLogin login = new RegistryLogin("me", dev.slipway.activities.store.Secret.of("hub-password"));
        Rendering rendering = Renderer.render(pulling(
                input,
                images,
                List.of(
                        login("one"),
                        PullSecret.of("docker.io", login),
                        PullSecret.of("mirror.example:5000", login),
                        PullSecret.of("unused.example", login))));

        assertThat(rendering.shared())
                .extracting(object -> object.ref().subject())
                .containsExactly(
                        "Namespace/shop-dev",
                        "Secret/slipway-registry",
                        "Secret/slipway-registry-docker.io",
                        "Secret/slipway-registry-mirror.example-5000");
        assertThat(Serialization.asYaml(workload(rendering, "db")))
                .containsOnlyOnce("slipway-registry-docker.io")
                .doesNotContain("name: \"slipway-registry\"", "slipway-registry-mirror");
        assertThat(Serialization.asYaml(workload(rendering, "web")))
                .containsOnlyOnce("slipway-registry-mirror.example-5000")
                .doesNotContain("name: \"slipway-registry\"", "slipway-registry-docker");
        assertThat(PullSecret.of("docker.io", login).content().reveal())
                .isEqualTo("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"bWU6aHViLXBhc3N3b3Jk\"}}}");
    }

    private static PullSecret login(String password) {
        return PullSecret.own(
                "registry.example", new RegistryLogin("slipway", dev.slipway.activities.store.Secret.of(password)));
    }

    private static RenderInput pulling(RenderInput input, Map<String, String> images, String password) {
        return pulling(input, images, List.of(login(password)));
    }

    private static RenderInput pulling(RenderInput input, Map<String, String> images, List<PullSecret> pull) {
        return new RenderInput(
                input.application(),
                input.environmentId(),
                input.environmentName(),
                input.namespace(),
                input.instanceId(),
                images,
                input.parameters(),
                input.secrets(),
                pull,
                input.digestKey(),
                input.server());
    }

    @Test
    @DisplayName("a component's objects come in the order of writing, the workload last")
    void ordersObjects() {
        Rendering rendering = Renderer.render(Shop.input(SHOP));

        assertThat(subjects(rendering, "web"))
                .containsExactly(
                        "ConfigMap/web", "Secret/web", "Service/web", "PodDisruptionBudget/web", "Deployment/web");
        assertThat(subjects(rendering, "orders"))
                .containsExactly(
                        "Secret/orders", "PersistentVolumeClaim/orders.data", "Service/orders", "Deployment/orders");
        assertThat(subjects(rendering, "db"))
                .containsExactly("Secret/db", "Service/db-pods", "Service/db", "StatefulSet/db");
        assertThat(subjects(rendering, "migrate")).containsExactly("Job/migrate");
        assertThat(rendering.namespace().ref().subject()).isEqualTo("Namespace/shop-dev");
    }

    @Test
    @DisplayName("the same wishes give the same objects and hashes, whatever runs in between")
    void isDeterministic() {
        Rendering first = Renderer.render(Shop.input(SHOP));
        Rendering second = Renderer.render(Shop.input(SHOP));

        assertThat(second.components().stream().map(RenderedComponent::hash))
                .containsExactlyElementsOf(
                        first.components().stream().map(RenderedComponent::hash).toList());
    }

    @Test
    @DisplayName("a changed file changes only the component that mounts it, and restarts its pods")
    void changedFileTouchesItsComponentOnly() {
        Application changed = changed("web", "name = ${self.name}", "name = other");

        Rendering before = Renderer.render(Shop.input(SHOP));
        Rendering after = Renderer.render(Shop.input(changed));

        assertThat(after.component("web").orElseThrow().hash())
                .isNotEqualTo(before.component("web").orElseThrow().hash());
        assertThat(template(after, "web")).isNotEqualTo(template(before, "web"));
        for (String other : List.of("orders", "migrate", "db")) {
            assertThat(after.component(other).orElseThrow().hash())
                    .isEqualTo(before.component(other).orElseThrow().hash());
        }
    }

    @Test
    @DisplayName("a secret value stands in Secrets only, encoded, and in no digest that gives it away")
    void secretsStayInSecrets() {
        Rendering rendering = Renderer.render(Shop.input(SHOP));

        List<HasMetadata> open = rendering
                .objects()
                .map(RenderedObject::object)
                .filter(object -> !object.getKind().equals("Secret"))
                .toList();

        assertThat(Serialization.asYaml(open)).doesNotContain(Shop.PASSWORD);
        assertThat(rendering.toString() + Shop.input(SHOP)).doesNotContain(Shop.PASSWORD, Shop.REGISTRY_PASSWORD);
    }

    @Test
    @DisplayName("nothing that names a run, a release or an environment's name goes into a pod template")
    void podTemplateIsQuiet() {
        RenderInput input = Shop.input(SHOP);
        RenderInput renamed = new RenderInput(
                SHOP,
                input.environmentId(),
                "another-name",
                input.namespace(),
                input.instanceId(),
                input.images(),
                input.parameters(),
                input.secrets(),
                input.pullSecrets(),
                input.digestKey(),
                input.server());

        assertThat(template(Renderer.render(renamed), "orders")).isEqualTo(template(Renderer.render(input), "orders"));
    }

    @Test
    @DisplayName("two components whose objects would share a name are refused by name")
    void refusesSharedNames() {
        Application clash = edited(text -> text.replace("name: orders\n", "name: db-pods\n")
                .replace("orders.", "db-pods.")
                .replace("component: orders", "component: db-pods"));

        assertThatThrownBy(() -> Renderer.render(Shop.input(clash)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("SLP-DOC-CONFLICT")
                .hasMessageContaining("Service/db-pods");
    }

    @Test
    @DisplayName("files of the same name in different folders have keys of their own")
    void keysOfFiles() {
        assertThat(Settings.key("/etc/a/app.yaml"))
                .endsWith(".app.yaml")
                .matches("[-._a-zA-Z0-9]+")
                .isNotEqualTo(Settings.key("/etc/b/app.yaml"));
        assertThat(Settings.key("/etc/läuft schon")).matches("[-._a-zA-Z0-9]+");
        assertThat(Settings.key("/" + "x".repeat(4000))).hasSizeLessThan(254);
    }

    @Test
    @DisplayName("the inventory lists every object but the namespace and reads back as it was written")
    void inventoryRoundTrip() {
        Rendering rendering = Renderer.render(Shop.input(SHOP));
        Inventory inventory = Inventory.of(rendering);

        Inventory read = Inventory.read(inventory.write(rendering.namespace()));

        assertThat(read).isEqualTo(inventory);
        assertThat(read.objects())
                .contains(new ObjectRef("StatefulSet", "db", "db"))
                .hasSize(15);
        assertThat(Inventory.read(null).objects()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("a patch that does not fit the workload is refused with the path of the field")
    @CsvSource(
            delimiter = '|',
            value = {
                "{spec: {replica: 2}} | patch.spec.replica",
                "{spec: {template: {spec: {containers: [{name: migrate, imag: x}]}}}} | patch.spec.template.spec.containers[0].imag",
                "{spec: {backoffLimit: many}} | patch.spec.backoffLimit",
                "{spec: {template: {spec: {containers: [{image: x}]}}}} | patch.spec.template.spec.containers[0]",
                "{spec: {template: {spec: {containers: [{name: migrate, image: x}]}}}} | patch.spec.template.spec.containers[name=migrate].image",
                "{spec: {template: {metadata: {labels: {slipway.dev/component: x}}}}} | patch.spec.template.metadata.labels[slipway.dev/component]",
                "{spec: {selector: {matchLabels: {a: b}}}} | patch.spec.selector",
                "{spec: {$merge: 1}} | patch.spec.$merge",
                "{metadata: {name: other}} | patch.metadata.name",
                "{metadata: {annotations: {slipway.dev/hash: x}}} | patch.metadata.annotations[slipway.dev/hash]",
                "{kind: Pod} | patch.kind",
            })
    void refusesPatches(String patch, String field) {
        Application application = edited(text -> text.replace(
                "      command: [sh, -c, \"echo $HOME\"]\n",
                "      command: [sh, -c, \"echo $HOME\"]\n      patch: " + patch + "\n"));

        assertThatThrownBy(() -> Renderer.render(Shop.input(application)))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().code()).isEqualTo(ProblemCode.DOC_PATCH);
                    assertThat(refused.problem().where()).isEqualTo("component migrate, " + field);
                    assertThat(refused.problem().arguments().get("expected")).isNotEmpty();
                });
    }

    private static RenderInput on(RenderInput input, ServerVersion server) {
        return new RenderInput(
                input.application(),
                input.environmentId(),
                input.environmentName(),
                input.namespace(),
                input.instanceId(),
                input.images(),
                input.parameters(),
                input.secrets(),
                input.pullSecrets(),
                input.digestKey(),
                server);
    }

    private static List<HasMetadata> objects(Rendering rendering) {
        return rendering.objects().map(RenderedObject::object).toList();
    }

    private static HasMetadata workload(Rendering rendering, String component) {
        return rendering.component(component).orElseThrow().workload().object();
    }

    @Test
    @DisplayName("a patch reaches the pods of a cron, and cannot change what they are known by")
    void patchesCrons() {
        String cron = "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                + "    - name: report\n      kind: cron\n      schedule: '0 3 * * *'\n"
                + "      source: {image: registry.example/shop/report}\n      patch: ";
        Application patched = ApplicationCheck.read(
                        cron + "{spec: {jobTemplate: {spec: {template: {spec: {hostNetwork: true}}}}}}\n")
                .orElseThrow();
        Application relabelled = ApplicationCheck.read(
                        cron
                                + "{spec: {jobTemplate: {spec: {template: {metadata: {labels: {slipway.dev/component: x}}}}}}}\n")
                .orElseThrow();

        CronJob job = (CronJob) workload(Renderer.render(Shop.input(patched)), "report");

        assertThat(job.getSpec()
                        .getJobTemplate()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getHostNetwork())
                .isTrue();
        assertThatThrownBy(() -> Renderer.render(Shop.input(relabelled)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().where())
                                .isEqualTo("component report, patch.spec.jobTemplate.spec.template.metadata.labels"
                                        + "[slipway.dev/component]"));
    }

    @Test
    @DisplayName("a patch of what the autoscaler decides is refused")
    void refusesPatchedReplicas() {
        Application application = ApplicationCheck.read(
                        "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                                + "    - name: web\n      source: {image: registry.example/shop/web}\n      resources: {cpu: 100m}\n"
                                + "      scale: {min: 1, max: 2, cpu: 70}\n      patch: {spec: {replicas: 5}}\n")
                .orElseThrow();

        assertThatThrownBy(() -> Renderer.render(Shop.input(application)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused ->
                                assertThat(refused.problem().where()).isEqualTo("component web, patch.spec.replicas"));
    }

    private static List<String> subjects(Rendering rendering, String component) {
        return rendering.component(component).orElseThrow().objects().stream()
                .map(object -> object.ref().subject())
                .toList();
    }

    private static Object template(Rendering rendering, String component) {
        return ((Deployment)
                        rendering.component(component).orElseThrow().workload().object())
                .getSpec()
                .getTemplate();
    }

    private static Application changed(String component, String from, String to) {
        assertThat(SHOP.component(component).map(Component::name)).isPresent();
        return edited(text -> text.replace(from, to));
    }

    private static Application edited(UnaryOperator<String> edit) {
        return Shop.parse(edit.apply(Shop.text("shop.application.yaml")));
    }

    /** The application these tests are about. */
    static final class Shop {
        static final String PASSWORD = "correct-horse";
        static final String REGISTRY_PASSWORD = "battery-staple";

        private Shop() {}

        static String text(String file) {
            try {
                return Files.readString(FILES.resolve(file));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        static Application read(String file) {
            return parse(text(file));
        }

        static Application parse(String text) {
            return dev.slipway.workflows.application.ApplicationCheck.read(text).orElseThrow();
        }

        static RenderInput input(Application application) {
            Map<String, String> images = application.components().stream()
                    .collect(Collectors.toMap(
                            Component::name,
                            component -> "registry.example/shop/" + component.name() + "@sha256:" + "1".repeat(64)));
            return new RenderInput(
                    application,
                    "01hzenvironment01",
                    "dev",
                    "shop-dev",
                    "slipway-1",
                    images,
                    Map.of(),
                    Map.of("dbPassword", dev.slipway.activities.store.Secret.of(PASSWORD)),
                    List.of(login(REGISTRY_PASSWORD)),
                    dev.slipway.activities.store.Secret.of("key"),
                    new ServerVersion(1, 34));
        }
    }
}
