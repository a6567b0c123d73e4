package dev.slipway.tests.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Wanted;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.AtOnce;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

class StoreTest {
    private static final int MANY = 20;

    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    private String environment = "";
    private RunStore runs;

    @BeforeAll
    static void start() {
        // Only its database is wanted: nothing takes the runs that are accepted here.
        slipway = RunningSlipway.start(data, "slipway.roles=web");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @BeforeEach
    void environment() {
        String name = "e" + Ids.next();
        ApplicationStore applications = slipway.get(ApplicationStore.class);
        String application = applications
                .create("a" + name, null, "of no interest here", null)
                .id();
        StoredEnvironment created =
                slipway.get(EnvironmentStore.class).create(name, application, "simulated", name, "");
        environment = created.id();
        runs = slipway.get(RunStore.class);
    }

    @Test
    @DisplayName("requests with one key, however many at once, are one run; with other content the key is refused")
    void acceptsOnce() {
        List<StoredRun> accepted = AtOnce.run(MANY, i -> accept("key", null));

        assertThat(accepted)
                .extracting(StoredRun::id)
                .containsOnly(accepted.get(0).id());
        assertThat(runs.list(environment, null, null, Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(accept("key", null).id()).isEqualTo(accepted.get(0).id());
        assertThatThrownBy(() -> accept("key", "another plan"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.RUN_KEY_REUSED));
        assertThatThrownBy(() -> runs.accept(request("none", "key", null)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.ENVIRONMENT_UNKNOWN));
    }

    @Test
    @DisplayName("runs that are accepted at once are numbered without gaps, in the order of their positions")
    void numbersRuns() {
        AtOnce.run(MANY, i -> accept("key " + i % (MANY / 2), null));

        List<StoredRun> newestFirst = runs.list(environment, null, null, Long.MAX_VALUE, 100);
        assertThat(newestFirst)
                .extracting(StoredRun::number)
                .containsExactlyElementsOf(LongStream.iterate(MANY / 2, number -> number - 1)
                        .limit(MANY / 2)
                        .boxed()
                        .toList());
        StoredRun newest = newestFirst.get(0);
        assertThat(runs.ahead(newest)).isEqualTo(MANY / 2 - 1);
        assertThat(runs.open(Duration.ZERO))
                .filteredOn(run -> run.environmentId().equals(environment))
                .extracting(StoredRun::number)
                .isSorted();
    }

    @Test
    @DisplayName("the first end of a run counts; after it nothing moves the run any more")
    void endsOnce() {
        String id = accept("key", null).id();
        runs.open(id);
        runs.start(id);
        Progress progress = new Progress(id, 7, RunState.FINISHED, Outcome.SUCCEEDED, List.of(), List.of());

        runs.finish(id, Outcome.SUCCEEDED, progress);
        StoredRun ended = runs.byId(id);
        runs.finish(id, Outcome.TERMINATED, null);
        runs.start(id);
        runs.open(id);

        assertThat(runs.byId(id)).isEqualTo(ended);
        assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ended.progress()).isEqualTo(progress);
        assertThat(runs.open(Duration.ZERO)).extracting(StoredRun::id).doesNotContain(id);
    }

    @Test
    @DisplayName("of ends that come at once one counts, with its own progress")
    void endsOnceAtOnce() {
        String id = accept("key", null).id();
        Outcome[] outcomes = {Outcome.SUCCEEDED, Outcome.FAILED, Outcome.STOPPED};

        AtOnce.run(MANY, i -> {
            Outcome outcome = outcomes[i % outcomes.length];
            runs.finish(id, outcome, new Progress(id, i, RunState.FINISHED, outcome, List.of(), List.of()));
            return true;
        });

        StoredRun ended = runs.byId(id);
        assertThat(ended.progress().outcome()).isEqualTo(ended.outcome());
    }

    @Test
    @DisplayName("a recorded effect is not caused again; another hash of inputs is another effect")
    void causesRecordedEffectsOnce() {
        StepLedger ledger = slipway.get(StepLedger.class);
        StepCall call = call("deploy/web");
        AtomicInteger caused = new AtomicInteger();

        assertThat(ledger.once(call, "hash", Integer.class, caused::incrementAndGet))
                .isEqualTo(1);
        assertThat(ledger.once(call, "hash", Integer.class, caused::incrementAndGet))
                .isEqualTo(1);
        assertThat(ledger.once(call, "other", Integer.class, caused::incrementAndGet))
                .isEqualTo(2);
        assertThatThrownBy(() -> ledger.once(call, "fails", Integer.class, () -> {
                    throw new IllegalStateException("no effect");
                }))
                .hasMessage("no effect");
        assertThat(ledger.recorded(call, "fails", Integer.class)).isEmpty();
    }

    @Test
    @DisplayName("an effect that is caused twice at once has one record, and everybody is told that one")
    void recordsOneEffect() {
        StepLedger ledger = slipway.get(StepLedger.class);
        StepCall call = call("build/web");

        List<Integer> told = AtOnce.run(MANY, i -> ledger.once(call, "hash", Integer.class, () -> i));

        assertThat(told).containsOnly(told.get(0));
        assertThat(ledger.recorded(call, "hash", Integer.class)).contains(told.get(0));
    }

    @Test
    @DisplayName("a part of a plan is written once, whoever comes first; what was built is noted in it")
    void plansOnce() {
        PlanStore plans = slipway.get(PlanStore.class);
        String plan = Ids.next();

        List<Pins> pins = AtOnce.run(
                MANY, i -> plans.pinsOnce(plan, () -> new Pins("document " + i, Map.of(), Map.of("number", "" + i))));
        assertThat(pins).containsOnly(pins.get(0));
        assertThat(plans.pins(plan)).isEqualTo(pins.get(0));
        plans.imagesOnce(
                plan,
                () -> new Images(Map.of(
                        "web", new PlannedImage("own/web", null, "key", null),
                        "db", new PlannedImage("own/db", "sha256:db", null, null))));
        plans.built(plan, "web", "own/web", "sha256:web");
        plans.built(plan, "web", "own/web", "sha256:web");

        assertThat(plans.images(plan).images().get("web").digest()).isEqualTo("sha256:web");
        assertThat(plans.images(plan).images().get("db").digest()).isEqualTo("sha256:db");
        assertThat(plans.plan(plan)).isEmpty();
    }

    @Test
    @DisplayName("a run has one release, releases are numbered without gaps, and the first end of one counts")
    void releasesOnce() {
        ReleaseStore releases = slipway.get(ReleaseStore.class);
        List<String> ids = AtOnce.run(MANY / 2, i -> accept("key " + i, null).id());

        AtOnce.run(MANY, i -> releases.open(environment, ids.get(i / 2), "document"));

        assertThat(releases.list(environment, Long.MAX_VALUE, 100))
                .extracting(Release::number)
                .containsExactlyElementsOf(LongStream.iterate(MANY / 2, number -> number - 1)
                        .limit(MANY / 2)
                        .boxed()
                        .toList());
        Release release = releases.ofRun(ids.get(0)).orElseThrow();
        releases.image(release, new ReleaseImage("web", "own/web@sha256:1", "commit"));
        releases.image(release, new ReleaseImage("web", "own/web@sha256:1", "commit"));
        assertThat(releases.images(release)).hasSize(1);
        Release later = releases.ofRun(ids.get(1)).orElseThrow();
        releases.image(later, new ReleaseImage("web", "own/web@sha256:2", "another"));
        assertThat(releases.told(environment, List.of("sha256:1", "sha256:3")))
                .containsExactly(new ReleaseStore.Told("web", "sha256:1", "commit", ids.get(0)));
        releases.close(ids.get(0), ReleaseStore.State.PARTIAL);
        releases.close(ids.get(0), ReleaseStore.State.DEPLOYED);
        assertThat(releases.ofRun(ids.get(0)).orElseThrow().state()).isEqualTo(ReleaseStore.State.PARTIAL);
    }

    @Test
    @DisplayName("log lines come in order, long ones cut and without control characters")
    void logs() {
        StepLog log = slipway.get(StepLog.class);
        StepCall call = call("build/web");
        log.write(call, "one\u001b[31m\u0000");
        log.write(call, "x".repeat(10_000));

        List<StepLog.Line> lines = log.read(call.runId(), "", 0, 10);

        assertThat(lines).extracting(StepLog.Line::id).isSorted();
        assertThat(lines.get(0).text()).isEqualTo("one [31m");
        assertThat(lines.get(1).text()).hasSize(StepLog.MAX_LINE).endsWith("…");
        assertThat(log.read(call.runId(), "build/web", lines.get(0).id(), 10)).hasSize(1);
    }

    @Test
    @DisplayName("a builder's lines are kept once each, also when they are compressed, until they are forgotten")
    void buildLogs() {
        BuildLog log = slipway.get(BuildLog.class);
        StepCall call = call("build/coloured");
        String build = build("coloured", call);
        Instant at = Instant.parse("2026-01-01T00:00:00.123456789Z");
        log.write(build, at, "\u001b[31mred\u001b[0m\tand plain");
        log.write(build, at, "\u001b[31mred\u001b[0m\tand plain");
        log.write(build, at.plusNanos(1), "…");
        assertThat(log.writtenUntil(build)).contains(at.plusNanos(1));

        List<BuildLog.Line> running = log.read(build, 0, 10);
        log.close(build);
        log.close(build);
        log.write(build, at.plusSeconds(1), "too late");

        assertThat(running).extracting(BuildLog.Line::text).containsExactly("\u001b[31mred\u001b[0m\tand plain", "…");
        assertThat(log.read(build, 0, 10)).isEqualTo(running);
        assertThat(log.read(build, running.get(0).id(), 10)).hasSize(1);
        assertThat(slipway.get(StepLog.class).read(call.runId(), "build/coloured", 0, 10))
                .extracting(StepLog.Line::id)
                .containsExactly(running.get(0).id(), running.get(1).id());
        log.forget(1_000, Duration.ofDays(36_500));
        assertThat(log.read(build, 0, 10)).hasSize(2);
        log.forget(0, Duration.ofDays(36_500));
        assertThat(log.read(build, 0, 10)).isEmpty();
    }

    @Test
    @DisplayName("a line that comes while a build's log is closed is not kept, and hides nothing of what is")
    void writtenWhileClosed() throws Exception {
        BuildLog log = slipway.get(BuildLog.class);
        JdbcClient jdbc = slipway.get(JdbcClient.class);
        String build = build("closed", call("build/closed"));
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        log.write(build, at, "in time");

        Thread late = new Thread(() -> log.write(build, at.plusSeconds(1), "too late"));
        slipway.get(TransactionOperations.class).executeWithoutResult(closing -> {
            log.close(build);
            late.start();
            await().until(() -> jdbc.sql("select count(*) from pg_locks where not granted")
                            .query(Long.class)
                            .single()
                    > 0);
        });
        late.join();

        assertThat(log.read(build, 0, 10)).extracting(BuildLog.Line::text).containsExactly("in time");
        assertThat(log.writtenUntil(build)).isEmpty();
    }

    @Test
    @DisplayName("of a very long log the first and the last part are kept, and the gap is said")
    void longBuildLogs() {
        BuildLog log = slipway.get(BuildLog.class);
        String build = build("long", call("build/long"));
        slipway.get(JdbcClient.class).sql("""
                        insert into build_log (build_id, at, source_nanos, line)
                        select :build, now(), n, 'line ' || n from generate_series(1, 60000) n order by n
                        """).param("build", build).update();

        log.trim(build);
        log.close(build);

        List<BuildLog.Line> lines = log.read(build, 0, Integer.MAX_VALUE);
        assertThat(lines).hasSize(50_001);
        assertThat(lines.get(24_999).text()).isEqualTo("line 25000");
        assertThat(lines.get(25_000).text()).isEqualTo("… 10000 lines are left out …");
        assertThat(lines.get(25_001).text()).isEqualTo("line 35001");
        assertThat(log.last(build, 1).get(0).text()).isEqualTo("line 60000");
    }

    @Test
    @DisplayName("one step's own trouble ends no build that another waits for; the last one's does, and says why")
    void givenUp() {
        BuildStore builds = slipway.get(BuildStore.class);
        StepCall one = call("build/one");
        StepCall other = call("build/other");
        String build = build("shared", one);
        assertThat(build("shared", other)).isEqualTo(build);
        Problem trouble = Problem.of(ProblemCode.BUILD_PUSH, "component web", "reason", "away");

        assertThat(builds.leave(one, build, trouble)).isFalse();
        assertThat(builds.byId(build).state()).isEqualTo(BuildStore.State.RUNNING);
        assertThat(builds.leave(other, build, trouble)).isTrue();
        assertThat(builds.byId(build)).satisfies(ended -> {
            assertThat(ended.state()).isEqualTo(BuildStore.State.FAILED);
            assertThat(ended.problem()).isEqualTo(trouble);
            assertThat(ended.endedAt()).isNotNull();
        });
        assertThat(builds.leave(other, build, null)).as("it has ended").isFalse();
    }

    private static String build(String name, StepCall call) {
        return slipway.get(BuildStore.class)
                .join(
                        new Wanted(
                                name,
                                name,
                                name,
                                "https://git.example/x",
                                "main",
                                "0".repeat(40),
                                null,
                                "jib",
                                null,
                                null,
                                "slipway.registry/" + name,
                                "main-000000000000"),
                        call)
                .id();
    }

    @Test
    @DisplayName("what keeps a step is known as long as it does, and the last word counts")
    void obstacles() {
        StepLog log = slipway.get(StepLog.class);
        StepCall call = call("deploy/db");
        Problem first = Problem.of(ProblemCode.POD_PROBE, "Pod a", "probe", "readiness", "answer", "503");
        Problem second = Problem.of(ProblemCode.POD_PROBE, "Pod a", "probe", "readiness", "answer", "timeout")
                .also(List.of(first));

        log.obstacle(call, null);
        log.obstacle(call, first);
        log.obstacle(call, second);

        assertThat(log.obstacles(call.runId())).containsExactly(Map.entry("deploy/db", second));
        log.obstacle(call, null);
        assertThat(log.obstacles(call.runId())).isEmpty();
    }

    private StepCall call(String step) {
        return new StepCall(accept("key", null).id(), environment, step, null, 1);
    }

    private StoredRun accept(String key, @Nullable String plan) {
        return runs.accept(request(environment, key, plan));
    }

    static RunRequest request(String environment, String key, @Nullable String plan) {
        return new RunRequest(Operation.DEPLOY, environment, Trigger.API, "test", plan, key);
    }
}
