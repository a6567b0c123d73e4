package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.tests.support.Accounts;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RoleFile;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("planning on a real cluster")
class RealPlanIT extends PlanContract {
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
    void forgetAccounts() {
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

    /** An account of the namespace, with the rights of {@code ops/kubernetes/role.yaml} less the one. */
    @Override
    ClusterConnection without(String namespace, String right) {
        return CLUSTERS.add(namespace, accounts.account(namespace, "restricted", RoleFile.without(right)), false, null);
    }

    @Override
    void grant(String role) {
        accounts.grant(role);
    }

    @Override
    Boolean admits(Pod pod) {
        try {
            admin.resource(pod).dryRun().create();
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
