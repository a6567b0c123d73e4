package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Accounts;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RoleFile;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildRightsIT {
    private static final String ACCOUNT = "slipway";

    private final String home = "role-" + Ids.next().substring(9);

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "without a right that building takes the plan is refused and names it; with the role of role.yaml alone it builds")
    void needed() throws Exception {
        try (KubernetesClient admin = RealCluster.admin();
                Accounts accounts = new Accounts(admin)) {
            admin.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(home)
                            .endMetadata()
                            .build())
                    .create();
            String kubeconfig = Accounts.kubeconfig(accounts.account(home, ACCOUNT, RoleFile.rules()));
            try (BuildSite site = new BuildSite(
                    data,
                    "slipway.clusters[0].kubeconfig=" + Files.writeString(data.resolve("kubeconfig"), kubeconfig))) {
                site.source()
                        .write("Dockerfile", "FROM " + BuildSite.base() + "\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
                StoredEnvironment environment = site.environment("{}");
                for (String right : List.of(
                        "get networkpolicies.networking.k8s.io",
                        "create networkpolicies.networking.k8s.io",
                        "create jobs.batch",
                        "patch jobs.batch",
                        "create secrets",
                        "get pods/log")) {
                    accounts.change(home, ACCOUNT, RoleFile.without(right));
                    await(right)
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() ->
                                    assertThat(missing(site, environment)).startsWith(right + " in " + site.builds()));
                }
                List<PolicyRule> some = RoleFile.rules().stream()
                        .filter(rule -> !rule.getResources().contains("networkpolicies")
                                && !rule.getResources().contains("pods/log"))
                        .toList();
                accounts.change(home, ACCOUNT, some);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(missing(site, environment))
                                .contains("create, get networkpolicies.networking.k8s.io", "get pods/log"));

                accounts.change(home, ACCOUNT, RoleFile.rules());
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> missing(site, environment).isEmpty());
                StoredRun run = site.finished(environment);
                assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);

                site.source()
                        .write("Dockerfile", "FROM " + BuildSite.base() + "\nUSER 1000\nCMD [\"sleep\", \"1000\"]\n")
                        .commit("Another image");
                List<PolicyRule> without = RoleFile.without("get pods/log").stream()
                        .filter(rule -> !rule.getVerbs().contains("create")
                                || !rule.getResources().contains("namespaces")
                                        && !rule.getResources().contains("networkpolicies"))
                        .toList();
                accounts.change(home, ACCOUNT, without);
                await("what is there by now need not be made")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(missing(site, environment)).isEqualTo("get pods/log in " + site.builds()));
            } finally {
                admin.namespaces().withName(home).delete();
            }
        }
    }

    /** What the plan says is missing; empty: nothing. */
    private static String missing(BuildSite site, StoredEnvironment environment) {
        try {
            site.slipway().get(Runs.class).preview(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.STOP);
            return "";
        } catch (ProblemException e) {
            assertThat(e.problems()).extracting(Problem::code).containsExactly(ProblemCode.KUBERNETES_ACCESS);
            return e.problem().arguments().get("missing");
        }
    }
}
