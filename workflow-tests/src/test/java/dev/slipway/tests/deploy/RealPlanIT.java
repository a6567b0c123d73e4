package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.kubernetes.ClusterSettings;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("planning on a real cluster")
class RealPlanIT extends PlanContract {
    private static final ClusterConnections CLUSTERS = new ClusterConnections();
    private static String image;
    private final List<String> roles = new ArrayList<>();

    @BeforeAll
    static void connectFirst() {
        String kubeconfig = required("SLIPWAY_IT_KUBECONFIG", "the path of a kubeconfig");
        image = required("SLIPWAY_IT_BASE_IMAGE", "a busybox image the cluster can pull");
        CLUSTERS.add(new ClusterSettings("real", Path.of(kubeconfig), null, null));
    }

    @AfterAll
    static void disconnect() {
        CLUSTERS.close();
    }

    private static String required(String variable, String meaning) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            String message = "set " + variable + " to " + meaning + " to run this test";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            assumeTrue(false, message);
            return "";
        }
        return value;
    }

    @Override
    ClusterConnection connect() {
        return CLUSTERS.byName("real");
    }

    /** An account of the namespace, with the rights of {@code ops/kubernetes/role.yaml} less the one. */
    @Override
    ClusterConnection without(String namespace, String verb, String group, String resource) {
        var client = connect().client();
        String account = "restricted";
        String role = namespace + "-restricted";
        roles.add(role);
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(account)
                        .endMetadata()
                        .build())
                .create();
        List<String> verbs = new ArrayList<>(List.of("get", "list", "watch", "create", "patch", "delete"));
        List<PolicyRule> rules = new ArrayList<>();
        for (String kind : List.of(
                "/namespaces",
                "/configmaps",
                "/secrets",
                "/services",
                "/persistentvolumeclaims",
                "/pods",
                "/nodes",
                "/resourcequotas",
                "/limitranges",
                "apps/deployments",
                "apps/statefulsets",
                "apps/daemonsets",
                "apps/replicasets",
                "batch/jobs",
                "batch/cronjobs",
                "networking.k8s.io/ingresses",
                "networking.k8s.io/ingressclasses",
                "storage.k8s.io/storageclasses",
                "autoscaling/horizontalpodautoscalers",
                "policy/poddisruptionbudgets")) {
            int slash = kind.indexOf('/');
            List<String> allowed = new ArrayList<>(verbs);
            if (kind.equals(group + "/" + resource)) {
                allowed.remove(verb);
            }
            rules.add(new PolicyRuleBuilder()
                    .withApiGroups(kind.substring(0, slash))
                    .withResources(kind.substring(slash + 1))
                    .withVerbs(allowed)
                    .build());
        }
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(role)
                        .endMetadata()
                        .withRules(rules)
                        .build())
                .create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(role)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                        .addNewSubject(null, "ServiceAccount", account, namespace)
                        .build())
                .create();
        String token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        Config admin = client.getConfiguration();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(admin.getMasterUrl())
                .withCaCertFile(admin.getCaCertFile())
                .withCaCertData(admin.getCaCertData())
                .withOauthToken(token)
                .build();
        return CLUSTERS.add(namespace, config, false, null);
    }

    @Override
    void grant(String role) {
        connect()
                .client()
                .load(new ByteArrayInputStream(role.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object ->
                        connect().client().resource(object).fieldManager("test").serverSideApply());
    }

    @AfterEach
    void forgetRoles() {
        for (String role : roles) {
            connect().client().rbac().clusterRoleBindings().withName(role).delete();
            connect().client().rbac().clusterRoles().withName(role).delete();
        }
    }

    @Override
    Boolean admits(Pod pod) {
        try {
            connect().client().resource(pod).dryRun().create();
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getMessage()).contains("violates PodSecurity");
            return false;
        }
    }

    @Override
    String image() {
        return image;
    }
}
