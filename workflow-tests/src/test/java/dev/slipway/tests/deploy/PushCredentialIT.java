package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.CopiedImage;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.TokenRegistry;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import io.fabric8.kubernetes.api.model.Secret;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Dockerfile's build pushes with, on the real cluster and real registries. */
class PushCredentialIT {
    private static final String RUNS = "\nRUN echo here I am && sleep 3\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n";

    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "a registry with a password: base, cache, context and image are behind it; the plan says how wide the login is")
    void password() {
        String repository = "bases/" + Ids.next().substring(9);
        RegistryClient closed = CopiedImage.closed();
        String digest = CopiedImage.copy("SLIPWAY_IT_BASE_IMAGE", closed, repository);
        try (BuildSite site = closed(Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_PASSWORD"))) {
            site.source().write("Dockerfile", "FROM slipway.registry/" + repository + ":1" + RUNS);
            StoredRun run = site.finished(site.environment("{}"));

            assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.SUCCEEDED);
            assertThat(login(site, run)).containsExactly("slipway.registry");
            assertThat(site.log(run)).anyMatch(line -> line.contains("can read it"));
            site.nothingIsLeft(run);
        } finally {
            closed.delete(repository, digest);
        }
    }

    @Test
    @DisplayName("a wrong password is refused by the plan, before a context is made")
    void wrongPassword() {
        try (BuildSite site = closed("not the password")) {
            site.source().write("Dockerfile", "FROM scratch\nCOPY . /\n");
            refused(site, site.finished(site.environment("{}")));
        }
    }

    @Test
    @DisplayName("a login that may only pull is refused by the plan, before a context is made")
    void noPushRight() throws Exception {
        try (TokenRegistry registry = tokens(0).user("reader", "secret", "pull");
                BuildSite site = site(registry, "reader", "secret")) {
            site.source().write("Dockerfile", "FROM scratch\nCOPY . /\n");
            refused(site, site.finished(site.environment("{}")));
        }
    }

    @Test
    @DisplayName("a registry with a token service: the build gets a token for its image and its cache, and no login")
    void scoped() throws Exception {
        try (TokenRegistry registry = pulled();
                BuildSite site = site(registry, "slipway", "secret")) {
            StoredRun begun = building(site);

            List<Secret> secrets = site.cluster().secrets().inNamespace(site.builds()).list().getItems().stream()
                    .filter(secret -> secret.getData().containsKey("config.json"))
                    .toList();
            assertThat(secrets).hasSize(1);
            String config = new String(
                    Base64.getDecoder().decode(secrets.get(0).getData().get("config.json")), StandardCharsets.UTF_8);
            assertThat(config).contains("registrytoken").doesNotContain("\"auth\"");
            assertThat(registry.asked())
                    .contains(
                            "repository:%1$s/web:pull,push repository:cache/%1$s/web:pull,push repository:lab/busybox:pull"
                                    .formatted(site.name()));

            StoredRun run = site.finished(begun);
            assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.SUCCEEDED);
            assertThat(login(site, run)).isEmpty();
            assertThat(site.log(run)).noneMatch(line -> line.contains("can read it"));
            site.nothingIsLeft(run);
        }
    }

    @Test
    @DisplayName("a registry that goes away while a Dockerfile runs: the build says so, and is tried until it is back")
    void away() throws Exception {
        try (TokenRegistry registry = pulled();
                BuildSite site = site(registry, "slipway", "secret")) {
            StoredRun run = building(site);

            registry.away(true);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() ->
                            assertThat(site.log(run)).anyMatch(line -> line.startsWith(ProblemCode.BUILD_PUSH.id())));
            registry.away(false);

            StoredRun end = site.finished(run);
            assertThat(end.outcome()).as("%s %s", end.progress(), site.log(end)).isEqualTo(Outcome.SUCCEEDED);
            site.nothingIsLeft(end);
        }
    }

    @Test
    @DisplayName("a push that is denied all the same ends the build with the registry's words")
    void denied() throws Exception {
        try (TokenRegistry registry = pulled();
                BuildSite site = site(registry, "slipway", "secret")) {
            StoredRun run = building(site);

            registry.withdraw("push");

            StoredRun end = site.finished(run);
            assertThat(end.outcome()).as("%s %s", end.progress(), site.log(end)).isEqualTo(Outcome.FAILED);
            assertThat(site.problems(end))
                    .as("%s", site.log(end))
                    .extracting(Problem::code)
                    .contains(ProblemCode.REGISTRY_DENIED);
            site.nothingIsLeft(end);
        }
    }

    @Test
    @DisplayName("what the builder tells is not what the registry has: nobody runs it, and it is built again")
    void notThere() throws Exception {
        try (TokenRegistry registry = pulled();
                BuildSite site = site(registry, "slipway", "secret")) {
            site.source().write("Dockerfile", "FROM " + BuildSite.base() + RUNS);
            registry.forget(site.name() + "/web");
            StoredRun run = site.slipway().start(site.environment("{}"));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(site.log(run))
                            .anyMatch(line -> line.startsWith(ProblemCode.REGISTRY_ANSWER.id())
                                    && line.contains("is not there")));
            registry.forget("");

            StoredRun end = site.finished(run);
            assertThat(end.outcome()).as("%s %s", end.progress(), site.log(end)).isEqualTo(Outcome.SUCCEEDED);
            site.nothingIsLeft(end);
        }
    }

    /** A run whose Dockerfile speaks. */
    private static StoredRun building(BuildSite site) {
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + RUNS);
        StoredRun run = site.slipway().start(site.environment("{}"));
        await().atMost(Duration.ofMinutes(2)).until(() -> site.log(run).contains("here I am"));
        return run;
    }

    private static void refused(BuildSite site, StoredRun run) {
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
        assertThat(site.problems(run)).extracting(Problem::code).containsExactly(ProblemCode.REGISTRY_DENIED);
        assertThat(site.problems(run).get(0).arguments())
                .containsEntry("setting", "slipway.registry.username, slipway.registry.password");
        assertThat(site.log(run)).isEmpty();
        assertThat(site.cluster().namespaces().withName(site.builds()).get()).isNull();
    }

    /** What the plan says of the login. */
    private static List<String> login(BuildSite site, StoredRun run) {
        return site.slipway().get(PlanStore.class).plan(run.id()).orElseThrow().plan().items().stream()
                .flatMap(item -> item.fields().stream())
                .filter(field -> field.path().equals(PlanItem.WIDE_LOGIN))
                .map(PlanItem.FieldChange::to)
                .toList();
    }

    private BuildSite closed(String password) {
        return new BuildSite(
                data,
                "slipway.registry.address=" + Engines.variable("SLIPWAY_IT_REGISTRY_AUTH"),
                "slipway.registry.username=" + Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_USER"),
                "slipway.registry.password=" + password,
                "slipway.registries[0].address=" + Engines.variable("SLIPWAY_IT_REGISTRY"),
                "slipway.registries[0].insecure=true",
                "slipway.builds.image=" + Engines.variable("SLIPWAY_IT_KANIKO_IMAGE"));
    }

    private BuildSite site(TokenRegistry registry, String user, String password) {
        return new BuildSite(
                data,
                "slipway.registry.address=" + registry.address(),
                "slipway.registry.username=" + user,
                "slipway.registry.password=" + password);
    }

    /** Nodes have to take its address for plain HTTP. */
    private static TokenRegistry pulled() throws Exception {
        String address = System.getenv("SLIPWAY_IT_TOKEN_ADDRESS");
        Assumptions.assumeTrue(
                address != null, "set SLIPWAY_IT_TOKEN_ADDRESS to an address nodes pull from by plain HTTP");
        return tokens(Integer.parseInt(address.split(":")[1])).user("slipway", "secret", "pull", "push", "delete");
    }

    private static TokenRegistry tokens(int port) throws Exception {
        return new TokenRegistry(
                new InetSocketAddress(Engines.variable("SLIPWAY_IT_NODE_ADDRESS"), port),
                Engines.variable("SLIPWAY_IT_REGISTRY"),
                Duration.ofHours(1));
    }
}
