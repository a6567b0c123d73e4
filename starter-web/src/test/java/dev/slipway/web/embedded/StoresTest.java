package dev.slipway.web.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@DisplayName("the stores on a real PostgreSQL")
class StoresTest {
    @TempDir
    static Path temp;

    private static DataFolder folder;
    private static EmbeddedPostgres postgres;
    private static DriverManagerDataSource source;
    private static JdbcClient jdbc;
    private static String environment;

    @BeforeAll
    static void start() {
        folder = DataFolder.open(temp.resolve("data"));
        postgres = EmbeddedPostgres.start(folder, Path.of(System.getProperty("user.home"), ".cache", "slipway"));
        source = new DriverManagerDataSource(
                postgres.url(), postgres.username(), postgres.password().reveal());
        Flyway.configure().dataSource(source).load().migrate();
        jdbc = JdbcClient.create(source);
        String application = new ApplicationStore(jdbc)
                .create("shop", null, "kind: Application", null)
                .id();
        environment = new EnvironmentStore(jdbc)
                .create("shop-dev", application, "simulated", "shop-dev", "")
                .id();
    }

    @AfterAll
    static void stop() {
        postgres.close();
        folder.close();
    }

    private static RunStore runs() {
        return new RunStore(jdbc, new TransactionTemplate(new JdbcTransactionManager(source)));
    }

    private static StoredRun accept(String key) {
        return runs().accept(new RunRequest(Operation.DEPLOY, environment, Trigger.API, "somebody", null, key));
    }

    @Test
    @DisplayName("what a database of before knows of built images is still reused")
    void buildsOfBefore() {
        DriverManagerDataSource before = new DriverManagerDataSource(
                postgres.url() + (postgres.url().contains("?") ? "&" : "?") + "currentSchema=before",
                postgres.username(),
                postgres.password().reveal());
        Flyway.configure()
                .dataSource(before)
                .schemas("before")
                .target("17")
                .load()
                .migrate();
        JdbcClient.create(before).sql("""
                insert into build (key, repository, digest, git_url, git_commit, builder, base_digest, started_at, ended_at)
                values ('k1', 'slipway.registry/shop/web', 'sha256:1', 'https://git.example/shop.git', 'c1', 'jib', 'base@sha256:2', now(), now()),
                    ('k2', 'slipway.registry/shop/api', 'sha256:3', 'https://git.example/shop.git', 'c1', 'dockerfile', 'kaniko@sha256:4', now(), now())
                """).update();

        Flyway.configure().dataSource(before).schemas("before").load().migrate();

        BuildStore builds =
                new BuildStore(JdbcClient.create(before), new TransactionTemplate(new JdbcTransactionManager(before)));
        assertThat(builds.byKey("k1").orElseThrow()).satisfies(build -> {
            assertThat(build.digest()).isEqualTo("sha256:1");
            assertThat(build.state()).isEqualTo(BuildStore.State.SUCCEEDED);
            assertThat(build.wanted().application()).isEqualTo("shop");
            assertThat(build.wanted().component()).isEqualTo("web");
            assertThat(build.wanted().base()).isEqualTo("base@sha256:2");
        });
        assertThat(builds.byKey("k2").orElseThrow().wanted().builderImage()).isEqualTo("kaniko@sha256:4");
        assertThat(builds.byKey("k3")).isEmpty();
    }

    @Test
    @DisplayName("requests that arrive at the same moment are all accepted, each with a number of its own")
    void concurrentRequests() throws Exception {
        int many = 12;
        long before = accept("first").number();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService clients = Executors.newFixedThreadPool(many);
        try {
            List<Future<StoredRun>> answers = IntStream.range(0, many)
                    .mapToObj(i -> clients.submit(() -> {
                        go.await();
                        return accept("moment-" + i);
                    }))
                    .toList();
            go.countDown();

            List<Long> numbers = new java.util.ArrayList<>();
            for (Future<StoredRun> answer : answers) {
                numbers.add(answer.get().number());
            }
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(before + 1, before + many)
                            .boxed()
                            .toList());
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    @DisplayName("the end of a run is recorded whatever a program has printed as its last words")
    void binaryLastWords() {
        StoredRun run = accept("binary");
        Problem crash = Problem.of(
                ProblemCode.POD_CRASH, "web", "log", "core\u0000dumped " + "\ud83d\ude80".substring(1) + "\nbye");
        RunStore runs = runs();

        runs.finish(
                run.id(),
                Outcome.FAILED,
                new Progress(run.id(), 7, RunState.FINISHED, Outcome.FAILED, List.of(), List.of(crash)));

        StoredRun ended = runs.byId(run.id());
        assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(ended.progress()).isNotNull();
        assertThat(ended.progress().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.arguments().get("log"))
                        .startsWith("core")
                        .endsWith("\nbye"));
    }

    @Test
    @DisplayName("a component whose build was shared with another gets the image from where that build has put it")
    void sharedBuild() {
        PlanStore plans = new PlanStore(jdbc);
        var unused = plans.imagesOnce(
                "shared",
                () -> new Images(Map.of(
                        "orders", new PlannedImage("slipway.registry/shop/orders", null, "key", "base@sha256:0"),
                        "worker", new PlannedImage("slipway.registry/shop/worker", null, "key", "base@sha256:0"))));

        plans.built("shared", "worker", "slipway.registry/shop/orders", "sha256:1");

        assertThat(plans.images("shared").images())
                .containsEntry(
                        "worker", new PlannedImage("slipway.registry/shop/orders", "sha256:1", "key", "base@sha256:0"))
                .containsEntry(
                        "orders", new PlannedImage("slipway.registry/shop/orders", null, "key", "base@sha256:0"));
    }
}
