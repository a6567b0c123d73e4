package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.Accounts;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.EveryKind;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RoleFile;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("with the rights of ops/kubernetes/role.yaml on a real cluster")
class RoleIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ACCOUNT = "slipway";
    /** The account's; environments have their own. */
    private static final String HOME = "role-" + Ids.next().substring(9);

    private static final Scope WHOLE = Scope.whole(Operation.DEPLOY);
    private static final Scope RESTART = new Scope(Operation.RESTART, List.of(), false, Map.of());

    @TempDir
    static Path data;

    private static KubernetesClient admin;
    private static Accounts accounts;
    private static RunningSlipway slipway;
    private static String image;

    @BeforeAll
    static void start() throws Exception {
        image = Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
        admin = RealCluster.admin();
        accounts = new Accounts(admin);
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(HOME)
                        .endMetadata()
                        .build())
                .create();
        Config account = accounts.account(HOME, ACCOUNT, RoleFile.rules());
        Path kubeconfig = Files.writeString(data.resolve("kubeconfig"), Accounts.kubeconfig(account));
        slipway = RealCluster.running(data.resolve("slipway"), "slipway.clusters[0].kubeconfig=" + kubeconfig);
    }

    @AfterAll
    static void stop() {
        if (slipway != null) {
            slipway.close();
        }
        if (accounts != null) {
            accounts.close();
        }
        if (admin != null) {
            List.of(HOME, HOME + "-all", HOME + "-less")
                    .forEach(name -> admin.namespaces().withName(name).delete());
            admin.close();
        }
    }

    @Test
    @DisplayName("every operation gets through, with every kind of object, and leaves nothing behind")
    void isEnough() throws Exception {
        String name = HOME + "-all";
        StoredEnvironment environment = slipway.environment(document(name, "one"), null, name, "real");
        succeeds(slipway.deploy(environment));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
        slipway.change(name, document(name, "two"));
        succeeds(slipway.deploy(environment));
        succeeds(slipway.run(environment, new Scope(Operation.RESTART, List.of("web"), false, Map.of())));
        succeeds(slipway.run(environment, new Scope(Operation.SCALE, List.of(), false, Map.of("web", 1))));
        assertThat(log(name, "migrate")).contains("two");

        refuses(environment, RESTART, "patch statefulsets.apps");
        refuses(environment, Scope.destroy(true), "delete cronjobs.batch");
        refuses(environment, Scope.destroy(true), "delete namespaces");
        refuses(environment, Scope.destroy(false), "list endpointslices.discovery.k8s.io");

        succeeds(slipway.run(environment, Scope.destroy(true)));
        assertThat(admin.namespaces().withName(name).get()).isNull();
    }

    @Test
    @DisplayName("less one right: the plan is refused, names just this one, and the role that it prints grants it")
    void isNeeded() {
        String name = HOME + "-less";
        StoredEnvironment environment = slipway.environment(document(name, "one"), null, name, "real");

        for (String right : List.of(
                "create namespaces",
                "get namespaces",
                "create deployments.apps",
                "patch secrets",
                "get configmaps",
                "delete pods",
                "create endpointslices.discovery.k8s.io",
                "patch horizontalpodautoscalers.autoscaling",
                "create persistentvolumeclaims",
                "list poddisruptionbudgets.policy",
                "watch pods",
                "list replicasets.apps")) {
            refuses(environment, WHOLE, right);
        }
        assertThat(admin.namespaces().withName(name).get()).isNull();
    }

    private static void refuses(StoredEnvironment environment, Scope scope, String right) {
        accounts.change(HOME, ACCOUNT, RoleFile.without(right));
        Problem problem = await().atMost(SOON)
                .until(() -> denied(environment, scope), denied -> !denied.isEmpty())
                .get(0);
        assertThat(problem.arguments().get("missing").split("; "))
                .as(right)
                .allMatch(words -> words.startsWith(right + " in "));
        assertThat(problem.arguments()).containsEntry("account", "system:serviceaccount:" + HOME + ":" + ACCOUNT);

        try (Accounts granted = new Accounts(admin)) {
            granted.grant(problem.arguments().get("role"));
            await(right).atMost(SOON).until(() -> denied(environment, scope).isEmpty());
        }
        accounts.change(HOME, ACCOUNT, RoleFile.rules());
        await(right).atMost(SOON).until(() -> denied(environment, scope).isEmpty());
    }

    private static List<Problem> denied(StoredEnvironment environment, Scope scope) {
        List<Problem> problems;
        try {
            StoredPlan plan = slipway.get(Runs.class).preview(environment.id(), scope, OnConflict.STOP);
            problems = plan.skeleton().problems();
        } catch (ProblemException e) {
            problems = List.of(e.problem());
        }
        assertThat(problems).extracting(Problem::code).isSubsetOf(ProblemCode.KUBERNETES_ACCESS);
        return problems;
    }

    private static void succeeds(StoredRun run) {
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    /** Without a route: not every cluster has an ingress class. */
    private static String document(String name, String word) {
        return EveryKind.document(name, image, word).replaceFirst(", expose: \\{[^}]*}[^}]*}", "");
    }

    private static String log(String environment, String component) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/environments/" + environment
                                        + "/components/" + component + "/log"))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.body();
    }
}
