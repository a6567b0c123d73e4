package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.build.ImageBuildActivities;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.BuildStore.State;
import dev.slipway.activities.store.BuildStore.Use;
import dev.slipway.activities.store.BuildStore.Wanted;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Sight;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.SignInForm;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepView;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("runs that build")
class BuildRunTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String COMPOSED =
            "{builder: jib, base: \"slipway.registry/base/shell:1\", layout: {/srv: site}, entrypoint: [sh]}";

    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway =
                RunningSlipway.start(data.resolve("slipway"), "slipway.demo=true", "slipway.git.local-folders=" + data);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("components of one source at the same moment are one build, and all run its image")
    void shares() {
        try (TestRepository source = TestRepository.create(data.resolve("shared"))) {
            // It takes a moment, so that the others meet the first.
            source.write("site/index.html", "words ".repeat(1_000_000));
            StoredEnvironment environment = environment(source, "shared", COMPOSED, "a", "b", "c", "d");

            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
            List<PlannedImage> images = List.copyOf(
                    slipway.get(PlanStore.class).images(run.id()).images().values());
            assertThat(images).hasSize(4);
            assertThat(images)
                    .extracting(PlannedImage::digest)
                    .containsOnly(images.get(0).digest());
            assertThat(images)
                    .extracting(PlannedImage::repository)
                    .containsOnly(images.get(0).repository());
            BuildStore builds = slipway.get(BuildStore.class);
            assertThat(builds.list(Sight.EVERYTHING, "shared", null, null, Long.MAX_VALUE, 10))
                    .singleElement()
                    .satisfies(build -> {
                        assertThat(build.state()).isEqualTo(State.SUCCEEDED);
                        assertThat(build.digest()).isEqualTo(images.get(0).digest());
                        assertThat(build.pushedBytes()).isPositive();
                        assertThat(build.wanted().ref()).isEqualTo("main");
                        assertThat(build.endedAt()).isAfter(build.startedAt());
                    });
            assertThat(builds.ofRun(run.id()))
                    .extracting(Use::stepId)
                    .containsExactlyInAnyOrder("build/a", "build/b", "build/c", "build/d");
            assertThat(slipway.get(StepLog.class).read(run.id(), "build/d", 0, 100))
                    .as("who waited for another's build has its log")
                    .anyMatch(line -> line.text().startsWith("composing from"));
        }
    }

    @Test
    @DisplayName("a build goes on as long as somebody needs it; the last who cancels ends it within five seconds")
    void cancels() {
        try (TestRepository source = TestRepository.create(data.resolve("cancelled"))) {
            for (int i = 0; i < 12; i++) {
                source.write("site/" + i, Integer.toString(i).repeat(50_000_000));
            }
            StoredEnvironment one = environment(source, "cancelled", COMPOSED, "a");
            StoredEnvironment other = slipway.environment(
                    document("cancelled", COMPOSED, "a"),
                    new GitOrigin(source.url(), "main", "slipway.yaml"),
                    "cancelled-too",
                    EmbeddedEngines.SIMULATED_CLUSTER);
            BuildStore builds = slipway.get(BuildStore.class);
            StoredRun first = slipway.start(one, Scope.whole(Operation.BUILD));
            StoredRun second = slipway.start(other, Scope.whole(Operation.BUILD));
            await().atMost(LIMIT)
                    .until(() -> !builds.ofRun(first.id()).isEmpty()
                            && !builds.ofRun(second.id()).isEmpty());

            slipway.get(Runs.class).cancel(first.id());

            assertThat(slipway.finished(first.id(), Duration.ofSeconds(5)).outcome())
                    .isEqualTo(Outcome.CANCELLED);
            Build build = builds.ofRun(second.id()).get(0).build();
            assertThat(build.id())
                    .isEqualTo(builds.ofRun(first.id()).get(0).build().id());
            assertThat(build.state()).isEqualTo(State.RUNNING);
            slipway.get(Runs.class).cancel(second.id());
            assertThat(slipway.finished(second.id(), Duration.ofSeconds(5)).outcome())
                    .isEqualTo(Outcome.CANCELLED);
            assertThat(builds.byId(build.id()).state()).isEqualTo(State.CANCELLED);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("build-a") && thread.isAlive()));
        }
    }

    @Test
    @DisplayName("a Dockerfile is refused where nothing can build it, with what to configure, and never faked")
    void refusesDockerfiles() {
        try (TestRepository source = TestRepository.create(data.resolve("docker"))) {
            source.write("Dockerfile", "FROM slipway.registry/base/shell:1\nRUN true\n");
            StoredEnvironment environment = environment(source, "docker", "{}", "a");

            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
            assertThat(run.progress().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ProblemCode.BUILD_SIMULATED);
                assertThat(problem.where()).isEqualTo("component a");
            });
        }
    }

    @Test
    @DisplayName(
            "a build alone makes the images and nothing else; once they are there it has nothing to do, and a deploy reuses them")
    void buildsAlone() {
        try (TestRepository source = TestRepository.create(data.resolve("alone"))) {
            source.write("site/index.html", "hello");
            StoredEnvironment environment = environment(source, "alone", COMPOSED, "a", "b");
            Scope onlyA = new Scope(Operation.BUILD, List.of("a"), false, Map.of());

            StoredRun first = slipway.run(environment, onlyA);

            assertThat(first.outcome()).as("%s", first.progress()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(first.progress().steps()).extracting(StepView::id).containsExactly("build/a");
            assertThat(slipway.get(ReleaseStore.class).ofRun(first.id())).isEmpty();
            assertThat(slipway.get(ComponentStateStore.class).told(environment.id()))
                    .isEmpty();
            assertThat(slipway.run(environment, Scope.whole(Operation.BUILD)).outcome())
                    .isEqualTo(Outcome.UNCHANGED);
            source.commit("Nothing is different");
            slipway.get(Runs.class).previewed(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.STOP);
            assertThat(slipway.get(RegistryClient.class).tags("alone/a")).hasSize(1);
            StoredRun deploy = slipway.deploy(environment);
            assertThat(deploy.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(slipway.get(RegistryClient.class).tags("alone/a"))
                    .as("found by both commits")
                    .hasSize(2)
                    .allMatch(tag -> tag.startsWith("main-"));
            assertThat(deploy.progress().steps()).extracting(StepView::kind).doesNotContain(StepKind.BUILD);
        }
    }

    @Test
    @DisplayName(
            "the API lists builds page by page and gives a build's log as a file, without what a terminal would obey")
    void api() throws Exception {
        try (TestRepository source = TestRepository.create(data.resolve("listed"))) {
            source.write("site/index.html", "hello");
            StoredEnvironment environment = environment(source, "listed", COMPOSED, "a");
            slipway.run(environment, Scope.whole(Operation.BUILD));
            source.write("site/index.html", "hello again").commit("Another");
            StoredRun run = slipway.run(environment, Scope.whole(Operation.BUILD));
            Build build = slipway.get(BuildStore.class).ofRun(run.id()).get(0).build();
            StepCall later = new StepCall(run.id(), environment.id(), "build/a", "a", 1);
            Build going = slipway.get(BuildStore.class)
                    .join(
                            new Wanted(
                                    "another",
                                    "listed",
                                    "a",
                                    source.url(),
                                    "main",
                                    build.wanted().commit(),
                                    null,
                                    "jib",
                                    null,
                                    null,
                                    build.repository(),
                                    null),
                            later);
            slipway.get(BuildLog.class).write(going.id(), Instant.now(), "\u001b[31mred\u001b[0m");

            HttpResponse<String> first = get("/api/v1/builds?application=listed&state=succeeded&limit=1");
            HttpResponse<String> text = get("/api/v1/builds/" + build.id() + "/log");

            assertThat(first.body()).contains(build.id(), "\"next\":\"" + build.position() + "\"");
            assertThat(get("/api/v1/builds?application=listed&state=succeeded&after=" + build.position())
                            .body())
                    .contains("\"next\":null")
                    .doesNotContain(build.id());
            assertThat(text.headers().firstValue("Content-Disposition"))
                    .hasValue("attachment; filename=\"listed-a-" + build.id() + ".log\"");
            assertThat(text.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
            assertThat(text.body()).contains(" composing from ").contains(" pushed ");
            assertThat(get("/api/v1/builds/" + going.id() + "/log").body()).endsWith(" red\n");
            assertThat(get("/api/v1/builds/" + going.id() + "/log?colour=true").body())
                    .endsWith(" \u001b[31mred\u001b[0m\n");
            assertThat(get("/api/v1/builds/none").statusCode()).isEqualTo(404);
            slipway.get(ImageBuildActivities.class).endForgotten();
            assertThat(slipway.get(BuildStore.class).byId(going.id()).state())
                    .as("its run is over, so nobody waits for it")
                    .isEqualTo(State.CANCELLED);
        }
    }

    @Test
    @DisplayName("the page of a build stays when its application is deleted, and its run with it")
    void outlivesItsApplication() throws Exception {
        try (TestRepository source = TestRepository.create(data.resolve("deleted"))) {
            source.write("site/index.html", "hello");
            StoredEnvironment environment = environment(source, "deleted", COMPOSED, "a");
            StoredRun run = slipway.run(environment, Scope.whole(Operation.BUILD));
            String build =
                    slipway.get(BuildStore.class).ofRun(run.id()).get(0).build().id();
            HttpClient browser = signedIn();
            assertThat(page(browser, "/builds/" + build).body()).contains("/runs/" + run.id());

            slipway.run(environment, Scope.whole(Operation.DESTROY));
            slipway.get(ApplicationStore.class).delete("deleted");

            HttpResponse<String> page = page(browser, "/builds/" + build);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("composing from").doesNotContain("/runs/" + run.id());
        }
    }

    private static HttpClient signedIn() throws Exception {
        HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest link = HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/sign-in-links"))
                .header("Authorization", "Bearer " + slipway.token())
                .POST(BodyPublishers.noBody())
                .build();
        String path = found(
                "(/sign-in/[A-Za-z0-9_-]+)",
                browser.send(link, BodyHandlers.ofString()).body());
        String form = SignInForm.filled(page(browser, path).body());
        var unused = browser.send(
                HttpRequest.newBuilder(URI.create(slipway.url() + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        return browser;
    }

    private static String found(String pattern, String text) {
        Matcher match = Pattern.compile(pattern).matcher(text);
        assertThat(match.find()).as(text).isTrue();
        return match.group(1);
    }

    private static HttpResponse<String> page(HttpClient browser, String path) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(URI.create(slipway.url() + path))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    @DisplayName("nobody waits for a build of the same environment; a worker that is gone is replaced")
    void doesNotBlock() {
        try (TestRepository source = TestRepository.create(data.resolve("beside"))) {
            source.write("site/index.html", "hello");
            StoredEnvironment environment = environment(source, "beside", COMPOSED, "a");
            StoredRun deploy = slipway.deploy(environment);
            source.write("site/index.html", "hello again").commit("Another");
            String elsewhere = elsewhere(environment, deploy);
            StoredRun build = slipway.start(environment, Scope.whole(Operation.BUILD));
            StoredRun second = slipway.start(environment, Scope.whole(Operation.BUILD));

            StoredRun restart = slipway.run(environment, Scope.whole(Operation.RESTART));
            slipway.get(Runs.class).cancel(second.id());

            assertThat(restart.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(slipway.finished(second.id(), LIMIT).outcome()).isEqualTo(Outcome.CANCELLED);
            StoredRun built = slipway.finished(build.id(), LIMIT);
            assertThat(built.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(built.endedAt()).isAfter(restart.endedAt());
            assertThat(slipway.get(BuildStore.class).ofRun(build.id()))
                    .singleElement()
                    .satisfies(use -> assertThat(use.build().id()).isEqualTo(elsewhere));
        }
    }

    /** Another worker has begun the environment's next build, and is not heard any more. */
    private static String elsewhere(StoredEnvironment environment, StoredRun any) {
        String plan =
                slipway.get(Runs.class).previewed(environment.id(), Scope.whole(Operation.BUILD), OnConflict.STOP);
        PlannedImage image = slipway.get(PlanStore.class).images(plan).images().get("a");
        BuildStore builds = slipway.get(BuildStore.class);
        Wanted before = builds.ofRun(any.id()).get(0).build().wanted();
        Wanted wanted = new Wanted(
                Objects.requireNonNull(image.buildKey()),
                before.application(),
                "a",
                before.url(),
                "main",
                before.commit(),
                null,
                "jib",
                null,
                image.base(),
                image.repository(),
                before.tag());
        String build = builds.join(wanted, new StepCall(any.id(), environment.id(), "build/a", "a", 1))
                .id();
        assertThat(builds.claim(build, "a worker that is gone", LIMIT)).isTrue();
        return build;
    }

    private static StoredEnvironment environment(
            TestRepository source, String name, String build, String... components) {
        String document = document(name, build, components);
        source.write("slipway.yaml", document).commit("A document");
        return slipway.environment(
                document, new GitOrigin(source.url(), "main", "slipway.yaml"), name, EmbeddedEngines.SIMULATED_CLUSTER);
    }

    private static String document(String name, String build, String... components) {
        StringBuilder document = new StringBuilder("apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: "
                + name + "}\nspec:\n  components:\n");
        for (String component : components) {
            document.append("    - {name: ")
                    .append(component)
                    .append(", source: {git: ., build: ")
                    .append(build)
                    .append("}, security: {runAsUser: 1000}}\n");
        }
        return document.toString();
    }
}
