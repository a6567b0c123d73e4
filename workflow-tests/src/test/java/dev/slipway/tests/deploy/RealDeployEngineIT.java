package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.Patience;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.tests.support.Accounts;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.LimitRangeItemBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("deploying to a real cluster")
class RealDeployEngineIT extends DeployEngineContract {
    private static final ClusterConnections CLUSTERS = new ClusterConnections();
    private static KubernetesClient admin;
    private static Accounts accounts;
    private static String image;

    @BeforeAll
    static void connectFirst() {
        image = Engines.variable("SLIPWAY_IT_BASE_IMAGE");
        admin = RealCluster.admin();
        accounts = new Accounts(admin);
        RealCluster.slipways(CLUSTERS);
    }

    @AfterAll
    static void disconnect() {
        CLUSTERS.close();
        if (admin != null) {
            admin.close();
        }
    }

    @AfterEach
    void forgetGrants() {
        accounts.close();
    }

    @Override
    ClusterConnection connect() {
        return CLUSTERS.byName("real");
    }

    @Override
    KubernetesClient admin() {
        return admin;
    }

    @Override
    void grant(String role) {
        accounts.grant(role);
    }

    @Override
    String image() {
        return image;
    }

    @Override
    String missingImage() {
        return image.substring(0, image.lastIndexOf('/')) + "/none:1";
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(60);
    }

    @Test
    @DisplayName("a container that takes more memory than it may is named with its limit")
    void namesMemory() {
        Problem problem = failed(
                render(component(
                        "web",
                        "service",
                        "resources: {cpu: 10m, memory: 16Mi..16Mi}\n" + port() + "probes: {readiness: {tcp: http}}\n"
                                + "command: [sh, -c, \"exec tail /dev/zero\"]\n")),
                "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_OUT_OF_MEMORY);
        assertThat(problem.arguments()).containsEntry("limit", "16Mi").containsEntry("container", "web");
    }

    @Test
    @DisplayName("a container that its own liveness probe ends is told from one that ends by itself")
    void namesKillingProbes() {
        Problem problem = failed(
                render(component(
                        "web",
                        "service",
                        port()
                                + "probes: {liveness: {tcp: http, period: 1, failureThreshold: 1}, readiness: {tcp: http}}\n"
                                + staying())),
                "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_PROBE_KILLED);
        assertThat(problem.arguments())
                .containsEntry("probe", "liveness")
                .containsEntry("answer", "connection refused");
    }

    @Test
    @DisplayName("a probe that is answered with an error says which")
    void namesAnswers() {
        Rendering rendering = render(component(
                "web",
                "service",
                port() + "probes: {readiness: {http: {port: http, path: /ready}, period: 1}}\n"
                        + "command: [httpd, -f, -p, \"8080\", -h, /bin]\n"));
        prepare(rendering);

        Problem problem = failed(
                apply(rendering, "web"), "web", Patience.within(Duration.ofSeconds(10)), new CopyOnWriteArrayList<>());

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_PROBE);
        assertThat(problem.arguments()).containsEntry("answer", "HTTP 404");
    }

    @Test
    @DisplayName("a quota that is used up is named, though some of the pods still had room")
    void namesQuotas() {
        Rendering rendering = render(component("web", "service", "replicas: 3\n" + staying()));
        prepare(rendering);
        admin.resourceQuotas()
                .inNamespace(namespace)
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("pods", new Quantity("2"))
                        .endSpec()
                        .build())
                .create();

        Problem problem = failed(apply(rendering, "web"), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_QUOTA);
        assertThat(problem.arguments().get("message")).contains("exceeded quota: small", "limited: pods=2");
    }

    @Test
    @DisplayName(
            "a StatefulSet that a quota lets start only in part is named by its events; with more quota it goes on")
    void namesQuotasOfStatefulSets() throws Exception {
        Rendering rendering = render(component("db", "stateful", "replicas: 2\n" + staying()));
        prepare(rendering);
        var quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("small")
                .endMetadata()
                .withNewSpec()
                .addToHard("pods", new Quantity("1"))
                .endSpec()
                .build();
        var quotas = admin.resourceQuotas().inNamespace(namespace);
        quotas.resource(quota).create();

        HasMetadata applied = apply(rendering, "db");
        assertThat(failed(applied, "db").code()).isEqualTo(ProblemCode.POD_QUOTA);

        quotas.resource(quota).delete();
        deploy(rendering, "db");
    }

    @Test
    @DisplayName("a LimitRange that does not allow the component's resources is named")
    void namesLimitRanges() {
        Rendering rendering =
                render(component("web", "service", "resources: {cpu: 200m..200m, memory: 16Mi}\n" + staying()));
        prepare(rendering);
        limit(new LimitRangeItemBuilder()
                .withType("Container")
                .addToMax("cpu", new Quantity("100m"))
                .build());

        Problem problem = failed(apply(rendering, "web"), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_LIMITS);
        assertThat(problem.arguments().get("message")).contains("maximum cpu usage per Container is 100m");
    }

    @Test
    @DisplayName("pods that the namespace's security level does not allow are named")
    void namesPodSecurity() {
        Rendering rendering = render(component("web", "service", staying()));
        prepare(rendering);
        admin.namespaces().withName(namespace).edit(there -> {
            there.getMetadata().getLabels().put("pod-security.kubernetes.io/enforce", "restricted");
            return there;
        });
        RenderedObject workload = rendering.component("web").orElseThrow().workload();
        ((Deployment) workload.object()).getSpec().getTemplate().getSpec().setHostNetwork(true);

        Problem problem = failed(writer.apply(workload, field -> true), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_SECURITY);
        assertThat(problem.arguments().get("message")).contains("violates PodSecurity", "hostNetwork=true");
    }

    @Test
    @DisplayName("a node that no pod may go to is named in words")
    void namesSelectors() {
        Rendering rendering = render(component("web", "service", staying()));
        prepare(rendering);
        RenderedObject workload = rendering.component("web").orElseThrow().workload();
        ((Deployment) workload.object()).getSpec().getTemplate().getSpec().setNodeSelector(Map.of("disk", "fast"));

        Problem problem = failed(writer.apply(workload, field -> true), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_UNSCHEDULABLE);
        assertThat(problem.arguments().get("message"))
                .contains("didn't match Pod's node affinity/selector")
                .doesNotContain("preemption", "nodes are available");
    }

    @Test
    @DisplayName("an init container that ends again and again is named, with its last words")
    void namesInitContainers() {
        Rendering rendering = render(component("web", "service", staying()));
        prepare(rendering);
        RenderedObject workload = rendering.component("web").orElseThrow().workload();
        var pod = ((Deployment) workload.object()).getSpec().getTemplate().getSpec();
        pod.setInitContainers(List.of(new ContainerBuilder(pod.getContainers().get(0))
                .withName("migrate")
                .withCommand("sh", "-c", "echo no such schema; exit 9")
                .build()));

        Problem problem = failed(writer.apply(workload, field -> true), "web");

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments()).containsEntry("container", "migrate").containsEntry("exit", "9");
        assertThat(problem.arguments().get("log")).contains("no such schema");
    }

    @Test
    @DisplayName("pods that their node ends one after the other are named in the node's words")
    void namesEvictions() {
        Rendering rendering = render(component(
                "web",
                "service",
                port() + "probes: {readiness: {tcp: http}}\n"
                        + "command: [sh, -c, \"dd if=/dev/zero of=/tmp/big bs=1M count=40; sleep 3600\"]\n"));
        prepare(rendering);
        limit(new LimitRangeItemBuilder()
                .withType("Container")
                .addToDefault("ephemeral-storage", new Quantity("4Mi"))
                .addToDefaultRequest("ephemeral-storage", new Quantity("1Mi"))
                .build());

        Problem problem = failed(
                apply(rendering, "web"), "web", Patience.within(Duration.ofSeconds(60)), new CopyOnWriteArrayList<>());

        assertThat(problem.code()).isEqualTo(ProblemCode.POD_EVICTED);
        assertThat(problem.arguments()).containsEntry("reason", "Evicted");
        assertThat(problem.arguments().get("message")).contains("ephemeral");
    }

    private void limit(LimitRangeItem item) {
        admin.limitRanges()
                .inNamespace(namespace)
                .resource(new LimitRangeBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .withLimits(item)
                        .endSpec()
                        .build())
                .create();
    }
}
