package dev.slipway.tests.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The part of the Kubernetes API that Slipway relies on. Each engine runs exactly these tests, so that they cannot drift
 * apart. They mostly wait for controllers, each in a namespace of its own: side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class KubernetesContract {
    private final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);

    /** A client of the engine under test. */
    abstract KubernetesClient client();

    /** An image with a shell. */
    abstract String image();

    /** How long the slowest thing may take there. */
    abstract Duration patience();

    @BeforeEach
    void createNamespace() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        eventually(() -> assertThat(client().serviceAccounts()
                        .inNamespace(namespace)
                        .withName("default")
                        .get())
                .isNotNull());
    }

    @AfterEach
    void deleteNamespace() {
        client().namespaces().withName(namespace).withGracePeriod(0).delete();
    }

    @Test
    @DisplayName("server-side apply creates, and the same apply again changes neither version nor generation")
    void appliesWithoutChange() {
        Deployment first = apply("slipway", deployment("web", 1, "sleep 3600", ""));
        Deployment settled = awaitAvailable("web");
        Deployment again = apply("slipway", deployment("web", 1, "sleep 3600", ""));

        assertThat(again.getMetadata().getGeneration())
                .isEqualTo(first.getMetadata().getGeneration());
        assertThat(again.getMetadata().getResourceVersion())
                .isEqualTo(settled.getMetadata().getResourceVersion());
        assertThat(again.getMetadata().getManagedFields()).anySatisfy(entry -> {
            assertThat(entry.getManager()).isEqualTo("slipway");
            assertThat(entry.getOperation()).isEqualTo("Apply");
        });
    }

    @Test
    @DisplayName("a field that another manager applied with another value is refused, naming both, until it is forced")
    void refusesConflicts() {
        apply("slipway", config("shared", Map.of("a", "1", "b", "1")));

        KubernetesClientException refused = refused(() -> apply("other", config("shared", Map.of("a", "2"))));
        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getMessage())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"slipway\": .data.a");
        assertThat(refused.getStatus().getDetails().getCauses().get(0).getField())
                .isEqualTo(".data.a");
        assertThat(refused.getStatus().getDetails().getCauses().get(0).getReason())
                .isEqualTo("FieldManagerConflict");

        ConfigMap forced = client().resource(config("shared", Map.of("a", "2")))
                .fieldManager("other")
                .forceConflicts()
                .serverSideApply();
        assertThat(forced.getData()).isEqualTo(Map.of("a", "2", "b", "1"));
        assertThat(refused(() -> apply("slipway", config("shared", Map.of("a", "1", "b", "1"))))
                        .getStatus()
                        .getMessage())
                .contains("conflict with \"other\": .data.a");
    }

    @Test
    @DisplayName("several conflicts are listed by manager, and a plain update owns what it wrote")
    void namesUpdatersInConflicts() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        client().apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":2,\"revisionHistoryLimit\":3}}");

        KubernetesClientException refused = refused(() -> apply("slipway", deployment("web", 1, "sleep 3600", "")));

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getMessage())
                .startsWith("Apply failed with 1 conflict: conflict with \"")
                .contains("\" using apps/v1: .spec.replicas");
    }

    @Test
    @DisplayName("a field its manager no longer applies is removed, unless another manager applies it too")
    void removesAbandonedFields() {
        apply("slipway", config("settings", Map.of("mine", "1", "both", "1")));
        apply("other", config("settings", Map.of("both", "1", "theirs", "1")));

        ConfigMap left = apply("slipway", config("settings", Map.of("new", "1")));

        assertThat(left.getData()).isEqualTo(Map.of("new", "1", "both", "1", "theirs", "1"));
    }

    @Test
    @DisplayName("two managers own different containers and environment entries of one pod template")
    void ownsListItemsByKey() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        String sidecar = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  template:
                    spec:
                      containers:
                      - {name: sidecar, image: "%s", command: [sleep, "3600"]}
                      - {name: main, env: [{name: ADDED, value: "1"}]}
                """.formatted(image());
        Deployment both = apply("other", read(sidecar, Deployment.class));
        assertThat(containers(both)).containsExactlyInAnyOrder("main", "sidecar");

        Deployment again = apply("slipway", deployment("web", 1, "sleep 7200", ""));
        assertThat(containers(again)).containsExactlyInAnyOrder("main", "sidecar");

        String nothing = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
        Deployment alone = apply("other", read(nothing, Deployment.class));
        assertThat(containers(alone)).containsExactly("main");
        assertThat(alone.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getEnv())
                .noneMatch(entry -> entry.getName().equals("ADDED"));
    }

    @Test
    @DisplayName("a dry run answers as the real thing and stores nothing")
    void dryRunStoresNothing() {
        ConfigMap answer = client().resource(config("dry", Map.of("a", "1")))
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager("slipway")
                                .withForce(false)
                                .withDryRun(List.of("All"))
                                .build(),
                        config("dry", Map.of("a", "1")));

        assertThat(answer.getData()).containsEntry("a", "1");
        assertThat(answer.getMetadata().getUid()).isNotBlank();
        assertThat(configMap("dry")).isNull();
    }

    @Test
    @DisplayName("merge patch, strategic merge patch and json patch change what they say")
    void patches() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        var web = client().apps().deployments().inNamespace(namespace).withName("web");

        web.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"env\":[{\"name\":\"X\",\"value\":\"1\"}]}]}}}}");
        assertThat(web.get().getSpec().getTemplate().getSpec().getContainers())
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.getImage()).isEqualTo(image());
                    assertThat(container.getEnv())
                            .anyMatch(entry -> entry.getName().equals("X"));
                });

        web.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"1\"}}}");
        web.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":null}}}");
        assertThat(web.get().getMetadata().getLabels()).containsEntry("b", "1").doesNotContainKey("a");

        web.patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":1},"
                        + "{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":0}]");
        assertThat(web.get().getSpec().getReplicas()).isZero();
        assertThat(refused(() -> web.patch(
                                PatchContext.of(PatchType.JSON), "[{\"op\":\"remove\",\"path\":\"/spec/nothing\"}]"))
                        .getCode())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("label selectors know equality, sets and existence; field selectors the name")
    void selects() {
        for (String tier : List.of("a", "b", "c")) {
            ConfigMap map = config("tier-" + tier, Map.of());
            map.getMetadata().setLabels(Map.of("tier", tier, "set", "x"));
            apply("slipway", map);
        }
        apply("slipway", config("plain", Map.of()));

        assertThat(selected("tier in (a,b)")).containsExactlyInAnyOrder("tier-a", "tier-b");
        assertThat(selected("tier notin (a,b),set")).containsExactly("tier-c");
        assertThat(selected("tier=a")).containsExactly("tier-a");
        assertThat(selected("tier!=a,set=x")).containsExactlyInAnyOrder("tier-b", "tier-c");
        assertThat(selected("!tier")).contains("plain").doesNotContain("tier-a");
        assertThat(client().configMaps()
                        .inNamespace(namespace)
                        .withField("metadata.name", "plain")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    @DisplayName("a watch from a version tells what came after it, and leaving a selector is a deletion of what it was")
    void watches() {
        ConfigMap map = config("seen", Map.of("n", "0"));
        map.getMetadata().setLabels(Map.of("watched", "yes"));
        apply("slipway", map);
        String version = client().configMaps()
                .inNamespace(namespace)
                .withLabel("watched", "yes")
                .list()
                .getMetadata()
                .getResourceVersion();
        Queue<String> events = new ConcurrentLinkedQueue<>();
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap resource) {
                events.add(action + " " + resource.getData().get("n"));
            }

            @Override
            public void onClose(WatcherException cause) {
                events.add("CLOSED " + cause);
            }
        };
        var options = new ListOptionsBuilder().withResourceVersion(version).build();
        try (var watch = client().configMaps()
                .inNamespace(namespace)
                .withLabel("watched", "yes")
                .watch(options, watcher)) {
            map.setData(Map.of("n", "1"));
            apply("slipway", map);
            map.getMetadata().setLabels(Map.of());
            map.setData(Map.of("n", "2"));
            apply("slipway", map);

            eventually(() -> assertThat(events).containsExactly("MODIFIED 1", "DELETED 1"));
        }
    }

    @Test
    @DisplayName("an informer follows objects through creation, change and deletion")
    void informs() {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        ResourceEventHandler<ConfigMap> handler = new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap added) {
                events.add("add " + added.getMetadata().getName());
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap after) {
                events.add("update " + after.getData().get("n"));
            }

            @Override
            public void onDelete(ConfigMap deleted, boolean unknown) {
                events.add("delete " + deleted.getMetadata().getName());
            }
        };
        try (SharedIndexInformer<ConfigMap> informer = client().configMaps()
                .inNamespace(namespace)
                .withField("metadata.name", "followed")
                .inform(handler)) {
            apply("slipway", config("followed", Map.of("n", "1")));
            eventually(() -> assertThat(events).contains("add followed"));
            apply("slipway", config("followed", Map.of("n", "2")));
            client().resource(config("followed", Map.of())).delete();

            eventually(() -> assertThat(events).containsExactly("add followed", "update 2", "delete followed"));
            assertThat(informer.getStore().list()).isEmpty();
        }
    }

    @Test
    @DisplayName("what an object owns goes with it, before it in foreground, and stays when orphaned")
    void collectsGarbage() {
        for (DeletionPropagation policy : DeletionPropagation.values()) {
            ConfigMap owner = apply("slipway", config("owner", Map.of()));
            ConfigMap owned = config("owned", Map.of());
            owned.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind("ConfigMap")
                            .withName("owner")
                            .withUid(owner.getMetadata().getUid())
                            .withBlockOwnerDeletion(true)
                            .build()));
            apply("slipway", owned);

            client().configMaps()
                    .inNamespace(namespace)
                    .withName("owner")
                    .withPropagationPolicy(policy)
                    .delete();

            eventually(() -> assertThat(configMap("owner")).isNull());
            if (policy == DeletionPropagation.ORPHAN) {
                eventually(() -> assertThat(configMap("owned").getMetadata().getOwnerReferences())
                        .isEmpty());
            } else {
                eventually(() -> assertThat(configMap("owned")).isNull());
            }
            client().configMaps().inNamespace(namespace).withName("owned").delete();
            eventually(() -> assertThat(configMap("owned")).isNull());
        }
    }

    @Test
    @DisplayName("a deleted namespace is emptied and goes; nothing can be created in it or in one that is not there")
    void cascadesNamespaces() {
        apply("slipway", config("inside", Map.of()));
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        client().namespaces().withName(namespace).withGracePeriod(0).delete();

        eventually(() ->
                assertThat(client().namespaces().withName(namespace).get()).isNull());

        assertThat(configMap("inside")).isNull();
        assertThat(client().pods().inNamespace(namespace).list().getItems()).isEmpty();
        KubernetesClientException missing = refused(() -> apply("slipway", config("late", Map.of())));
        assertThat(missing.getCode()).isEqualTo(404);
        assertThat(missing.getStatus().getMessage()).isEqualTo("namespaces \"" + namespace + "\" not found");
    }

    @Test
    @DisplayName("an object that has finalizers waits for them")
    void waitsForFinalizers() {
        ConfigMap map = config("held", Map.of());
        map.getMetadata().setFinalizers(List.of("slipway.dev/test"));
        apply("slipway", map);
        client().configMaps().inNamespace(namespace).withName("held").delete();
        assertThat(configMap("held").getMetadata().getDeletionTimestamp()).isNotBlank();

        client().configMaps()
                .inNamespace(namespace)
                .withName("held")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");

        eventually(() -> assertThat(configMap("held")).isNull());
    }

    @Test
    @DisplayName("a Deployment rolls out, tells so in its status, and its pods are found by their labels")
    void rollsOut() {
        apply("slipway", deployment("web", 2, "echo hello; sleep 3600", ""));
        Deployment available = awaitAvailable("web");
        assertThat(available.getStatus().getUpdatedReplicas()).isEqualTo(2);
        assertThat(condition(available, "Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(condition(available, "Available")).isEqualTo("True MinimumReplicasAvailable");
        List<Pod> pods = pods("web");
        assertThat(pods).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
            assertThat(pod.getMetadata().getOwnerReferences().get(0).getKind()).isEqualTo("ReplicaSet");
            assertThat(pod.getMetadata().getLabels()).containsKey("pod-template-hash");
        });
        eventually(() -> assertThat(client().pods()
                        .inNamespace(namespace)
                        .withName(pods.get(0).getMetadata().getName())
                        .getLog())
                .isNotBlank());
        eventually(() -> assertThat(reasons("Pod")).contains("Scheduled", "Started"));

        apply("slipway", deployment("web", 2, "echo again; sleep 3600", ""));
        eventually(() -> {
            Deployment next = deployment("web");
            assertThat(next.getStatus().getObservedGeneration())
                    .isEqualTo(next.getMetadata().getGeneration());
            assertThat(next.getStatus().getUpdatedReplicas()).isEqualTo(2);
            assertThat(next.getStatus().getReplicas()).isEqualTo(2);
            assertThat(next.getStatus().getAvailableReplicas()).isEqualTo(2);
        });
        assertThat(client().apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .withLabel("app", "web")
                        .list()
                        .getItems())
                .hasSize(2);
        client().apps().deployments().inNamespace(namespace).withName("web").scale(1);
        eventually(() -> assertThat(deployment("web").getStatus().getReplicas()).isEqualTo(1));
    }

    @Test
    @DisplayName(
            "an image that cannot be pulled is said by the pod, and the deadline by the Deployment; the old pods stay")
    void saysThatAnImageIsMissing() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        awaitAvailable("web");

        Deployment broken = deployment("web", 1, "sleep 3600", "ImagePullBackOff");
        broken.getSpec().setProgressDeadlineSeconds(2);
        broken.getSpec().getTemplate().getSpec().getContainers().get(0).setImage(image() + "-missing");
        apply("slipway", broken);

        eventually(() -> assertThat(pods("web"))
                .anySatisfy(pod -> assertThat(waiting(pod)).isIn("ErrImagePull", "ImagePullBackOff")));
        eventually(() ->
                assertThat(condition(deployment("web"), "Progressing")).isEqualTo("False ProgressDeadlineExceeded"));
        assertThat(deployment("web").getStatus().getAvailableReplicas()).isEqualTo(1);
    }

    @Test
    @DisplayName("a container that crashes shows its exit code, its restarts and its last lines")
    void saysThatAContainerCrashes() {
        apply("slipway", deployment("web", 1, "echo last words; exit 3", "Exit:3"));

        eventually(() -> assertThat(pods("web")).singleElement().satisfies(pod -> {
            var status = pod.getStatus().getContainerStatuses().get(0);
            assertThat(status.getRestartCount()).isPositive();
            assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(3);
        }));
        String pod = pods("web").get(0).getMetadata().getName();
        eventually(() -> assertThat(client().pods()
                        .inNamespace(namespace)
                        .withName(pod)
                        .terminated()
                        .getLog())
                .contains("last words"));
        // Nobody asks it how it is: for the moment that it runs again it counts as available.
        eventually(() -> assertThat(condition(deployment("web"), "Available")).startsWith("False"));
    }

    @Test
    @DisplayName("a missing ConfigMap is said by name, and the pod starts once it is there")
    void waitsForConfiguration() {
        Deployment web = deployment("web", 1, "sleep 3600", "");
        web.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .setEnvFrom(List.of(new io.fabric8.kubernetes.api.model.EnvFromSourceBuilder()
                        .withNewConfigMapRef("absent", false)
                        .build()));
        apply("slipway", web);
        eventually(() -> assertThat(pods("web")).singleElement().satisfies(pod -> {
            assertThat(waiting(pod)).isEqualTo("CreateContainerConfigError");
            assertThat(pod.getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getState()
                            .getWaiting()
                            .getMessage())
                    .contains("configmap \"absent\" not found");
        }));

        apply("slipway", config("absent", Map.of("A", "1")));
        awaitAvailable("web");
    }

    @Test
    @DisplayName("a Job that succeeds is Complete, one that fails too often is Failed with BackoffLimitExceeded")
    void runsJobs() {
        apply("slipway", job("good", "echo done", ""));
        apply("slipway", job("bad", "exit 4", "Exit:4"));

        eventually(() -> assertThat(condition(job("good"), "Complete")).startsWith("True"));
        assertThat(job("good").getStatus().getSucceeded()).isEqualTo(1);
        eventually(() -> assertThat(condition(job("bad"), "Failed")).isEqualTo("True BackoffLimitExceeded"));
        Pod failed = client().pods()
                .inNamespace(namespace)
                .withLabel("job-name", "bad")
                .list()
                .getItems()
                .get(0);
        assertThat(failed.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(failed.getStatus()
                        .getContainerStatuses()
                        .get(0)
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(4);
    }

    @Test
    @DisplayName("a StatefulSet starts its pods one after the other, each with its own bound claim")
    void startsStatefulSetsInOrder() {
        apply("slipway", statefulSet("db", 2));
        eventually(() -> {
            StatefulSet set = client().apps()
                    .statefulSets()
                    .inNamespace(namespace)
                    .withName("db")
                    .get();
            assertThat(set.getStatus().getReadyReplicas()).isEqualTo(2);
            assertThat(set.getStatus().getCurrentRevision())
                    .isEqualTo(set.getStatus().getUpdateRevision());
        });

        List<Pod> pods = pods("db");
        assertThat(pods).extracting(pod -> pod.getMetadata().getName()).containsExactly("db-0", "db-1");
        assertThat(pods.get(1).getMetadata().getCreationTimestamp())
                .isGreaterThanOrEqualTo(pods.get(0).getMetadata().getCreationTimestamp());
        assertThat(client().persistentVolumeClaims()
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .extracting((PersistentVolumeClaim claim) ->
                        claim.getMetadata().getName() + " " + claim.getStatus().getPhase())
                .containsExactly("data-db-0 Bound", "data-db-1 Bound");
    }

    @Test
    @DisplayName("a Service gets an address, defaults, and an EndpointSlice with the ready pods")
    void findsEndpoints() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        var service = apply("slipway", read("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web}
                        spec: {selector: {app: web}, ports: [{port: 80}]}
                        """, io.fabric8.kubernetes.api.model.Service.class));
        assertThat(service.getSpec().getClusterIP()).isNotBlank();
        assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(service.getSpec().getPorts().get(0).getProtocol()).isEqualTo("TCP");
        eventually(() -> assertThat(client().discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(namespace)
                        .withLabel("kubernetes.io/service-name", "web")
                        .list()
                        .getItems())
                .anySatisfy(slice -> assertThat(slice.getEndpoints())
                        .singleElement()
                        .satisfies(endpoint ->
                                assertThat(endpoint.getConditions().getReady()).isTrue())));
    }

    @Test
    @DisplayName("immutable fields, bad names and stale versions are refused, saying why")
    void refusesWhatCannotBe() {
        apply("slipway", deployment("web", 1, "sleep 3600", ""));
        Deployment other = deployment("web", 1, "sleep 3600", "");
        other.getSpec().getSelector().setMatchLabels(Map.of("app", "web", "more", "x"));
        other.getSpec().getTemplate().getMetadata().setLabels(Map.of("app", "web", "more", "x"));
        assertRefused(422, "spec.selector", "field is immutable", () -> apply("slipway", other));

        apply("slipway", job("once", "echo done", ""));
        assertRefused(422, "spec.template", "field is immutable", () -> apply("slipway", job("once", "echo x", "")));

        StatefulSet set = statefulSet("db", 1);
        apply("slipway", set);
        set.getSpec().setServiceName("another");
        assertRefused(422, "spec", "updates to statefulset spec for fields other than", () -> apply("slipway", set));

        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName("frozen")
                .withNamespace(namespace)
                .endMetadata()
                .withImmutable(true)
                .withStringData(Map.of("k", "v"))
                .build();
        client().resource(secret).create();
        assertThat(client().secrets()
                        .inNamespace(namespace)
                        .withName("frozen")
                        .get()
                        .getData())
                .containsEntry("k", "dg==");
        assertRefused(
                422,
                "data",
                "field is immutable when `immutable` is set",
                () -> client().secrets()
                        .inNamespace(namespace)
                        .withName("frozen")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"k\":\"eA==\"}}"));

        assertThat(refused(() -> client().resource(config("Bad_Name", Map.of())).create())
                        .getCode())
                .isEqualTo(422);

        ConfigMap map = apply("slipway", config("versioned", Map.of("a", "1")));
        apply("slipway", config("versioned", Map.of("a", "2")));
        map.setData(Map.of("a", "3"));
        KubernetesClientException stale = refused(() -> client().resource(map).update());
        assertThat(stale.getCode()).isEqualTo(409);
        assertThat(stale.getStatus().getMessage()).contains("the object has been modified");
    }

    @Test
    @DisplayName("a status write leaves the rest alone and the other way round; generated names are unique")
    void separatesStatus() {
        apply("slipway", deployment("web", 0, "sleep 3600", ""));
        var web = client().apps().deployments().inNamespace(namespace).withName("web");
        web.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"replicas\":77}}");
        assertThat(web.get().getStatus().getReplicas()).isNull();

        ConfigMap generated = new ConfigMapBuilder()
                .withNewMetadata()
                .withGenerateName("made-")
                .withNamespace(namespace)
                .endMetadata()
                .build();
        String first = client().resource(generated).create().getMetadata().getName();
        String second = client().resource(generated).create().getMetadata().getName();
        assertThat(first).startsWith("made-").isNotEqualTo(second);
    }

    @Test
    @DisplayName("a long list comes in pages that together are the whole")
    void listsInPages() {
        for (int i = 0; i < 5; i++) {
            ConfigMap map = config("page-" + i, Map.of());
            map.getMetadata().setLabels(Map.of("paged", "yes"));
            apply("slipway", map);
        }
        List<String> names = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String next = null;
        do {
            var page = client().configMaps()
                    .inNamespace(namespace)
                    .withLabel("paged", "yes")
                    .list(new ListOptionsBuilder()
                            .withLimit(2L)
                            .withContinue(next)
                            .build());
            page.getItems().forEach(map -> names.add(map.getMetadata().getName()));
            sizes.add(page.getItems().size());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());

        assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4");
        assertThat(sizes).containsExactly(2, 2, 1);
        assertThat(refused(() -> client().configMaps()
                                .inNamespace(namespace)
                                .list(new ListOptionsBuilder()
                                        .withLimit(2L)
                                        .withContinue("%%%")
                                        .build()))
                        .getCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("a Deployment that recreates takes the old pod away before it makes the new one")
    void recreates() {
        Deployment first = deployment("web", 1, "sleep 3600", "");
        first.getSpec()
                .setStrategy(
                        new DeploymentStrategyBuilder().withType("Recreate").build());
        apply("slipway", first);
        awaitAvailable("web");
        String old = pods("web").get(0).getMetadata().getName();
        Queue<String> events = new ConcurrentLinkedQueue<>();
        Watcher<Pod> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action != Action.MODIFIED) {
                    events.add(action + (pod.getMetadata().getName().equals(old) ? " old" : " new"));
                }
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        try (var watch =
                client().pods().inNamespace(namespace).withLabel("app", "web").watch(watcher)) {
            eventually(() -> assertThat(events).containsExactly("ADDED old"));
            Deployment second = deployment("web", 1, "sleep 7200", "");
            second.getSpec()
                    .setStrategy(
                            new DeploymentStrategyBuilder().withType("Recreate").build());
            apply("slipway", second);

            eventually(() -> assertThat(events).containsExactly("ADDED old", "DELETED old", "ADDED new"));
        }
        awaitAvailable("web");
    }

    @Test
    @DisplayName("a Job whose time is over is Failed with DeadlineExceeded, and its pod goes")
    void endsJobsInTime() {
        Job slow = job("slow", "sleep 60", "");
        slow.getSpec().setActiveDeadlineSeconds(2L);
        slow.getSpec().getTemplate().getSpec().setTerminationGracePeriodSeconds(0L);
        slow.getSpec().getTemplate().getMetadata().setAnnotations(Map.of("simulation.slipway.dev/ready-after", "2m"));
        apply("slipway", slow);

        eventually(() -> assertThat(condition(job("slow"), "Failed")).isEqualTo("True DeadlineExceeded"));
        eventually(() -> assertThat(client().pods()
                        .inNamespace(namespace)
                        .withLabel("job-name", "slow")
                        .list()
                        .getItems())
                .isEmpty());
        assertThat(job("slow").getStatus().getSucceeded()).isIn(null, 0);
    }

    @Test
    @DisplayName("a pod that fits nowhere says that it is unschedulable, and why")
    void saysThatAPodFitsNowhere() {
        Deployment huge = deployment("web", 1, "sleep 3600", "Unschedulable");
        huge.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .setResources(new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("1000"))
                        .build());
        apply("slipway", huge);

        eventually(() -> assertThat(pods("web")).singleElement().satisfies(pod -> {
            assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
            assertThat(pod.getStatus().getConditions()).anySatisfy(condition -> {
                assertThat(condition.getType()).isEqualTo("PodScheduled");
                assertThat(condition.getStatus()).isEqualTo("False");
                assertThat(condition.getReason()).isEqualTo("Unschedulable");
                assertThat(condition.getMessage()).contains("Insufficient cpu");
            });
        }));
        eventually(() -> assertThat(reasons("Pod")).contains("FailedScheduling"));
    }

    @Test
    @DisplayName("a pod that runs but never gets ready makes nothing available")
    void saysThatAPodIsNotReady() {
        Deployment web = deployment("web", 1, "sleep 3600", "NeverReady");
        web.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .setReadinessProbe(new ProbeBuilder()
                        .withNewExec()
                        .withCommand("false")
                        .endExec()
                        .withPeriodSeconds(1)
                        .build());
        apply("slipway", web);

        eventually(() -> assertThat(pods("web")).singleElement().satisfies(pod -> {
            assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
            assertThat(pod.getStatus().getContainerStatuses().get(0).getReady()).isFalse();
            assertThat(pod.getStatus().getConditions())
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("False"));
        }));
        eventually(() -> assertThat(reasons("Pod")).contains("Unhealthy"));
        assertThat(condition(deployment("web"), "Available")).startsWith("False");
    }

    @Test
    @DisplayName("a log that is followed comes as it is written and ends with its container")
    void followsLogs() throws Exception {
        Job talker = job("talker", "echo last words; sleep 1; echo more", "");
        talker.getSpec()
                .getTemplate()
                .getMetadata()
                .setAnnotations(Map.of(
                        "simulation.slipway.dev/log", "last words",
                        "simulation.slipway.dev/ready-after", "1s"));
        apply("slipway", talker);
        eventually(() -> assertThat(client().pods()
                        .inNamespace(namespace)
                        .withLabel("job-name", "talker")
                        .list()
                        .getItems())
                .anyMatch(pod ->
                        List.of("Running", "Succeeded").contains(pod.getStatus().getPhase())));
        String pod = client().pods()
                .inNamespace(namespace)
                .withLabel("job-name", "talker")
                .list()
                .getItems()
                .get(0)
                .getMetadata()
                .getName();

        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (var watch = client().pods().inNamespace(namespace).withName(pod).watchLog(heard)) {
            eventually(() -> assertThat(heard.toString(StandardCharsets.UTF_8)).contains("last words"));
            eventually(() ->
                    assertThat(heard.toString(StandardCharsets.UTF_8).lines()).hasSizeGreaterThan(1));
        }
        eventually(() -> assertThat(condition(job("talker"), "Complete")).startsWith("True"));
    }

    @Test
    @DisplayName("a DaemonSet rolls out, and its pods say which of its templates they are from")
    void rollsDaemonsOut() {
        DaemonSet first = apply("slipway", daemonSet("agent", "sleep 3600"));
        eventually(() -> assertThat(daemon("agent")).satisfies(KubernetesContract::complete));
        assertThat(templateCounts("agent")).containsOnly(templateCount(first));

        DaemonSet second = apply("slipway", daemonSet("agent", "sleep 7200"));

        assertThat(templateCount(second)).isNotEqualTo(templateCount(first));
        eventually(() -> assertThat(daemon("agent")).satisfies(KubernetesContract::complete));
        eventually(() -> assertThat(templateCounts("agent")).containsOnly(templateCount(second)));
        assertThat(templateCount(apply("slipway", daemonSet("agent", "sleep 7200"))))
                .isEqualTo(templateCount(second));
    }

    @Test
    @DisplayName("replicas that a manager stops applying are one, unless another manager has taken them before")
    void handsReplicasOver() {
        apply("slipway", deployment("dropped", 3, "sleep 3600", ""));
        Deployment silent = deployment("dropped", 3, "sleep 3600", "");
        silent.getSpec().setReplicas(null);
        assertThat(apply("slipway", silent).getSpec().getReplicas()).isEqualTo(1);

        Deployment before = apply("slipway", deployment("kept", 3, "sleep 3600", ""));
        String number = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: kept}\nspec: {replicas: 3}\n";
        apply("slipway-scale", read(number, Deployment.class));
        silent.getMetadata().setName("kept");
        silent.getSpec().getSelector().setMatchLabels(Map.of("app", "kept"));
        silent.getSpec().getTemplate().getMetadata().setLabels(Map.of("app", "kept"));
        Deployment after = apply("slipway", silent);

        assertThat(after.getSpec().getReplicas()).isEqualTo(3);
        assertThat(after.getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
    }

    @Test
    @DisplayName("an autoscaler keeps replicas between its bounds, leaves them alone within, and owns what it set")
    void scalesBetweenBounds() {
        apply("slipway", deployment("web", 3, "sleep 3600", ""));
        apply("slipway", autoscaler("web", 1, 5));
        eventually(() -> assertThat(autoscaled("web").getStatus().getConditions())
                .anyMatch(condition -> condition.getType().equals("AbleToScale")));
        assertThat(deployment("web").getSpec().getReplicas()).isEqualTo(3);

        apply("slipway", autoscaler("web", 4, 5));

        eventually(() -> assertThat(deployment("web").getSpec().getReplicas()).isEqualTo(4));
        assertThat(refused(() -> apply("slipway", deployment("web", 2, "sleep 3600", "")))
                        .getStatus()
                        .getMessage())
                .contains("conflict with \"kube-controller-manager\"")
                .contains(".spec.replicas");
        assertRefused(
                422, "spec.maxReplicas", "must be greater than", () -> apply("slipway", autoscaler("other", 3, 2)));
    }

    @Test
    @DisplayName("a disruption budget counts its pods and how many of them may go")
    void countsDisruptions() {
        apply("slipway", deployment("web", 2, "sleep 3600", ""));
        apply("slipway", read("""
                        apiVersion: policy/v1
                        kind: PodDisruptionBudget
                        metadata: {name: web}
                        spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
                        """, PodDisruptionBudget.class));

        eventually(() -> {
            var status = client().policy()
                    .v1()
                    .podDisruptionBudget()
                    .inNamespace(namespace)
                    .withName("web")
                    .get()
                    .getStatus();
            assertThat(status.getExpectedPods()).isEqualTo(2);
            assertThat(status.getCurrentHealthy()).isEqualTo(2);
            assertThat(status.getDesiredHealthy()).isEqualTo(1);
            assertThat(status.getDisruptionsAllowed()).isEqualTo(1);
        });
    }

    @Test
    @DisplayName("a CronJob is taken with its defaults, and refused with a schedule that is none")
    void takesCronJobs() {
        CronJob taken = apply("slipway", cronJob("report", "0 3 * * *"));

        assertThat(taken.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(taken.getSpec().getSuspend()).isFalse();
        assertThat(taken.getSpec().getConcurrencyPolicy()).isEqualTo("Allow");
        assertThat(taken.getSpec().getFailedJobsHistoryLimit()).isEqualTo(1);
        assertThat(taken.getSpec()
                        .getJobTemplate()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getTerminationGracePeriodSeconds())
                .isEqualTo(30);
        assertThat(apply("slipway", cronJob("report", "0 3 * * *"))
                        .getMetadata()
                        .getResourceVersion())
                .isEqualTo(taken.getMetadata().getResourceVersion());
        assertRefused(422, "spec.schedule", "expected exactly 5 fields", () -> apply("slipway", cronJob("b", "daily")));
    }

    @Test
    @DisplayName("an Ingress leads to a Service by the name of its port, and says how paths are meant")
    void takesIngresses() {
        String yaml = """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web}
                spec:
                  tls: [{hosts: [web.example], secretName: web-tls}]
                  rules:
                  - host: web.example
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
                """;
        Ingress taken = apply("slipway", read(yaml, Ingress.class));

        assertThat(apply("slipway", read(yaml, Ingress.class)).getMetadata().getResourceVersion())
                .isEqualTo(taken.getMetadata().getResourceVersion());
        assertRefused(
                422,
                "spec.rules[0].http.paths[0].pathType",
                "Required value",
                () -> apply("slipway", read(yaml.replace("pathType: Prefix, ", ""), Ingress.class)));
        assertRefused(
                422,
                "spec.rules[0].host",
                "RFC 1123",
                () -> apply("slipway", read(yaml.replace("host: web.example", "host: WEB.example"), Ingress.class)));
    }

    @Test
    @DisplayName("a Service is a name for a name outside, then for an address, then for pods")
    void namesWhatIsOutside() {
        String metadata = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\n";
        String ports = "ports: [{name: sql, port: 5432, protocol: TCP, targetPort: 5432}]";
        Service name = apply(
                "slipway",
                read(metadata + "spec: {type: ExternalName, externalName: db.example, " + ports + "}", Service.class));
        assertThat(name.getSpec().getClusterIP()).isNull();

        apply("slipway", read("""
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: db, labels: {kubernetes.io/service-name: db}}
                        addressType: IPv4
                        endpoints: [{addresses: [192.0.2.10], conditions: {ready: true}}]
                        """, EndpointSlice.class));
        Service headless = apply("slipway", read(metadata + "spec: {type: ClusterIP, clusterIP: None}", Service.class));
        assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(headless.getSpec().getExternalName()).isNull();

        Service again = apply(
                "slipway",
                read(metadata + "spec: {type: ExternalName, externalName: db.example, " + ports + "}", Service.class));
        assertThat(again.getSpec().getClusterIP()).isNull();
        Service inside = apply("slipway", read(metadata + "spec: {selector: {app: db}, " + ports + "}", Service.class));
        assertThat(inside.getSpec().getClusterIP()).matches("[0-9.]+");
        assertRefused(
                422,
                "spec.externalName",
                "RFC 1123",
                () -> apply(
                        "slipway",
                        read(
                                metadata.replace("db", "x") + "spec: {type: ExternalName, externalName: DB.example}",
                                Service.class)));
    }

    @Test
    @DisplayName("discovery lets a client work with kinds it has no classes for")
    void isDiscoverable() {
        apply("slipway", config("generic", Map.of("a", "1")));

        assertThat(client().genericKubernetesResources("v1", "ConfigMap")
                        .inNamespace(namespace)
                        .withName("generic")
                        .get()
                        .<String>get("data", "a"))
                .isEqualTo("1");
        assertThat(client().supports(Deployment.class)).isTrue();
        assertThat(client().getKubernetesVersion().getMajor()).isEqualTo("1");
    }

    // What the tests are made of.

    private <T extends HasMetadata> T apply(String manager, T object) {
        object.getMetadata().setNamespace(namespace);
        return client().resource(object).fieldManager(manager).serverSideApply();
    }

    private <T> T read(String yaml, Class<T> type) {
        return client().getKubernetesSerialization().unmarshal(yaml, type);
    }

    private ConfigMap config(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(data)
                .build();
    }

    private Deployment deployment(String name, int replicas, String script, String fail) {
        return read("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata:
                      labels: {app: %s}
                      annotations: {simulation.slipway.dev/fail: "%s", simulation.slipway.dev/log: last words}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - {name: main, image: "%s", command: [sh, -c, "%s"]}
                """.formatted(name, replicas, name, name, fail, image(), script), Deployment.class);
    }

    private Job job(String name, String script, String fail) {
        return read("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec:
                  backoffLimit: 0
                  template:
                    metadata:
                      annotations: {simulation.slipway.dev/fail: "%s"}
                    spec:
                      restartPolicy: Never
                      containers:
                      - {name: main, image: "%s", command: [sh, -c, "%s"]}
                """.formatted(name, fail, image(), script), Job.class);
    }

    private DaemonSet daemonSet(String name, String script) {
        return read("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: %s}
                spec:
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers: [{name: main, image: "%s", command: [sh, -c, "%s"]}]
                """.formatted(name, name, name, image(), script), DaemonSet.class);
    }

    private DaemonSet daemon(String name) {
        return client().apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static void complete(DaemonSet set) {
        var status = set.getStatus();
        assertThat(status.getObservedGeneration()).isEqualTo(set.getMetadata().getGeneration());
        assertThat(status.getDesiredNumberScheduled()).isPositive();
        assertThat(status.getUpdatedNumberScheduled()).isEqualTo(status.getDesiredNumberScheduled());
        assertThat(status.getNumberAvailable()).isEqualTo(status.getDesiredNumberScheduled());
        assertThat(status.getNumberReady()).isEqualTo(status.getDesiredNumberScheduled());
    }

    private static String templateCount(DaemonSet set) {
        return set.getMetadata().getAnnotations().get("deprecated.daemonset.template.generation");
    }

    private List<String> templateCounts(String app) {
        return pods(app).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getLabels().get("pod-template-generation"))
                .toList();
    }

    private HorizontalPodAutoscaler autoscaler(String name, int min, int max) {
        return read("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: %s}
                spec:
                  minReplicas: %d
                  maxReplicas: %d
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
                  metrics:
                  - type: Resource
                    resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
                """.formatted(name, min, max, name), HorizontalPodAutoscaler.class);
    }

    private HorizontalPodAutoscaler autoscaled(String name) {
        return client().autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private CronJob cronJob(String name, String schedule) {
        return read("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: %s}
                spec:
                  schedule: "%s"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers: [{name: main, image: "%s", command: [sh, -c, "true"]}]
                """.formatted(name, schedule, image()), CronJob.class);
    }

    private StatefulSet statefulSet(String name, int replicas) {
        return read("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: %s}
                spec:
                  replicas: %d
                  serviceName: %s
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - name: main
                        image: "%s"
                        command: [sleep, "3600"]
                        volumeMounts: [{name: data, mountPath: /data}]
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
                """.formatted(name, replicas, name, name, name, image()), StatefulSet.class);
    }

    private Deployment deployment(String name) {
        return client().apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private Job job(String name) {
        return client().batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private ConfigMap configMap(String name) {
        return client().configMaps().inNamespace(namespace).withName(name).get();
    }

    private List<Pod> pods(String app) {
        return client().pods()
                .inNamespace(namespace)
                .withLabel("app", app)
                .list()
                .getItems();
    }

    private List<String> selected(String selector) {
        return client().configMaps().inNamespace(namespace).withLabelSelector(selector).list().getItems().stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }

    private List<String> reasons(String kind) {
        return client()
                .v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.kind", kind)
                .list()
                .getItems()
                .stream()
                .map(event -> event.getReason())
                .toList();
    }

    private static List<String> containers(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .map(container -> container.getName())
                .toList();
    }

    private static String waiting(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason())
                .findFirst()
                .orElse("");
    }

    private static String condition(Deployment deployment, String type) {
        return deployment.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus() + " " + condition.getReason())
                .findFirst()
                .orElse("");
    }

    private static String condition(Job job, String type) {
        return job.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus() + " " + condition.getReason())
                .findFirst()
                .orElse("");
    }

    private Deployment awaitAvailable(String name) {
        eventually(() -> {
            Deployment live = deployment(name);
            assertThat(live.getStatus().getObservedGeneration())
                    .isEqualTo(live.getMetadata().getGeneration());
            assertThat(live.getStatus().getAvailableReplicas())
                    .isEqualTo(live.getSpec().getReplicas());
            assertThat(condition(live, "Progressing")).isEqualTo("True NewReplicaSetAvailable");
        });
        return deployment(name);
    }

    private void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        // What is asked for may not be there yet: that is an exception, and no reason to give up.
        await().atMost(patience())
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(assertion);
    }

    private static KubernetesClientException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        KubernetesClientException refused = catchThrowableOfType(KubernetesClientException.class, call);
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static void assertRefused(
            int code, String field, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        KubernetesClientException refused = refused(call);
        assertThat(refused.getCode()).isEqualTo(code);
        assertThat(refused.getStatus().getMessage()).contains(words);
        assertThat(refused.getStatus().getDetails().getCauses())
                .anySatisfy(cause -> assertThat(cause.getField()).startsWith(field));
    }
}
