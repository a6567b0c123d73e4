package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Sight;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.environments.NewEnvironments;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BadInputTest {
    private static final Pattern LEFTOVER = Pattern.compile("\\{[A-Za-z0-9_-]+\\}|SLP-[A-Z0-9-]+\\.(what|fix)|\\?\\?");
    private static final Pattern CHINESE = Pattern.compile("[\\u4e00-\\u9fff]");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static KubernetesClient cluster;
    private static HttpServer closed;

    @BeforeAll
    static void start() throws IOException {
        slipway = RunningSlipway.start(data.resolve("slipway"), "slipway.git.local-folders=" + data);
        cluster = slipway.simulatedCluster();
        closed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        closed.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"private\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        closed.start();
    }

    @AfterAll
    static void stop() {
        closed.stop(0);
        cluster.close();
        slipway.close();
    }

    /** @param where part of the place that is named */
    private record Expected(ProblemCode code, String where) {}

    @Test
    @DisplayName("what cannot be deployed is refused, each with its own problem, and leaves nothing behind")
    void refusesWholly() {
        Map<StoredEnvironment, Expected> cases = new LinkedHashMap<>();
        TestRepository empty = repository("empty", "README", "nothing here");
        TestRepository broken = repository("broken", "slipway.yaml", "apiVersion: slipway.dev/v1\nkind: [\n");
        TestRepository wrong = repository("wrong", "slipway.yaml", built("wrong", "somewhere/else"));
        String away = "http://127.0.0.1:1/shop.git";
        cases.put(inGit("away", away, "main"), new Expected(ProblemCode.GIT_UNREACHABLE, away));
        String locked = "http://127.0.0.1:" + closed.getAddress().getPort() + "/shop.git";
        cases.put(inGit("locked", locked, "main"), new Expected(ProblemCode.GIT_DENIED, locked));
        cases.put(inGit("no-branch", wrong.url(), "none"), new Expected(ProblemCode.GIT_REF_MISSING, "wrong"));
        cases.put(inGit("no-file", empty.url(), "main"), new Expected(ProblemCode.GIT_PATH_MISSING, "empty"));
        cases.put(inGit("broken", broken.url(), "main"), new Expected(ProblemCode.DOC_SYNTAX, ""));
        cases.put(inGit("wrong", wrong.url(), "main"), new Expected(ProblemCode.GIT_PATH_MISSING, "wrong"));
        cases.put(kept("no-image", "slipway.registry/base/none:1"), new Expected(ProblemCode.IMAGE_NOT_FOUND, "one"));
        cases.put(kept("no-registry", "127.0.0.1:1/base/none:1"), new Expected(ProblemCode.REGISTRY_UNREACHABLE, ""));
        StoredEnvironment theirs = kept("theirs", "registry.example/any@sha256:" + "0".repeat(64));
        cluster.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(theirs.namespace())
                        .endMetadata()
                        .build())
                .create();
        cases.put(theirs, new Expected(ProblemCode.KUBERNETES_NAMESPACE_NOT_OURS, theirs.namespace()));

        Map<StoredEnvironment, StoredRun> runs = new LinkedHashMap<>();
        cases.keySet().forEach(environment -> runs.put(environment, slipway.start(environment)));

        cases.forEach((environment, expected) -> {
            StoredRun run = slipway.finished(runs.get(environment).id(), Duration.ofSeconds(60));
            assertThat(run.outcome())
                    .as("%s: %s", environment.name(), run.progress())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(run.progress().steps()).isEmpty();
            Problem problem = run.progress().problems().get(0);
            assertThat(problem.code()).as("%s: %s", environment.name(), problem).isEqualTo(expected.code());
            assertThat(problem.where()).as(environment.name()).contains(expected.where());
            run.progress().problems().forEach(BadInputTest::reads);
            assertThat(slipway.get(ReleaseStore.class).newest(environment.id())).isEmpty();
            if (!environment.equals(theirs)) {
                assertThat(cluster.namespaces()
                                .withName(environment.namespace())
                                .get())
                        .as(environment.name())
                        .isNull();
            }
        });
        assertThat(cluster.configMaps()
                        .inNamespace(theirs.namespace())
                        .withName("slipway-inventory")
                        .get())
                .isNull();
        List.of(empty, broken, wrong).forEach(TestRepository::close);
    }

    @Test
    @DisplayName("images that would run as root, or as a name, are refused all at once, each with what to write")
    void refusesUsersThatKubernetesDoesNotStart() {
        String none = image("none", "");
        image("zero", "0:0");
        image("name", "www-data");
        image("number", "10001:0");
        String wrong = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: users}
                spec:
                  components:
                    - {name: as-none, source: {image: "slipway.registry/users/none:1"}}
                    - {name: as-zero, source: {image: "slipway.registry/users/zero:1"}}
                    - name: as-name
                      kind: stateful
                      source: {image: "slipway.registry/users/name:1"}
                      volumes: [{name: data, path: /data, size: 1Gi}]
                    - name: built
                      source: {git: ., build: {builder: jib, base: "slipway.registry/users/none:1", entrypoint: [sh]}}
                    - {name: as-number, source: {image: "slipway.registry/users/number:1"}}
                    - {name: given, source: {image: "slipway.registry/users/none:1"}, security: {runAsUser: 7}}
                    - {name: loose, source: {image: "slipway.registry/users/none:1"}, security: {profile: baseline}}
                    - name: patched
                      source: {image: "slipway.registry/users/none:1"}
                      patch: {spec: {template: {spec: {securityContext: {runAsUser: 7}}}}}
                    - {name: elsewhere, source: {image: "registry.example/any@sha256:%s"}}
                """.formatted("0".repeat(64));
        TestRepository repository = repository("users", "slipway.yaml", wrong);
        StoredEnvironment environment = slipway.environment(
                wrong,
                new GitOrigin(repository.url(), "main", "slipway.yaml"),
                "users",
                EmbeddedEngines.SIMULATED_CLUSTER);

        StoredRun refused = slipway.deploy(environment);

        assertThat(refused.outcome()).as("%s", refused.progress()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.progress().problems())
                .extracting(problem -> problem.code() + " " + problem.where() + " "
                        + problem.arguments().get("user") + " "
                        + problem.arguments().get("security"))
                .containsExactlyInAnyOrder(
                        "SLP-IMAGE-USER component as-none root {runAsUser: 10001}",
                        "SLP-IMAGE-USER component as-zero 0:0 {runAsUser: 10001}",
                        "SLP-IMAGE-USER component as-name www-data {runAsUser: 10001, fsGroup: 10001}",
                        "SLP-IMAGE-USER component built root {runAsUser: 10001}");
        Problem problem = refused.progress().problems().stream()
                .filter(one -> one.where().equals("component as-none"))
                .findFirst()
                .orElseThrow();
        ProblemTexts texts = slipway.get(ProblemTexts.class);
        ProblemText english = texts.text(problem, Locale.ENGLISH);
        assertThat(english.what())
                .isEqualTo(
                        "The image slipway.registry/users/none@" + none + " runs as root; under the restricted profile"
                                + " Kubernetes starts only what runs as a number other than 0.");
        assertThat(english.fix())
                .isEqualTo(
                        "Add security: {runAsUser: 10001} to the component (any number whose user may read the image's"
                                + " files), or security: {profile: baseline} to let it run as its image says.");
        ProblemText chinese = texts.text(problem, Locale.CHINESE);
        assertThat(chinese.what())
                .isEqualTo("镜像 slipway.registry/users/none@" + none
                        + " 以用户 root 运行；在 restricted 级别下，Kubernetes 只启动以非 0 数字用户运行的容器。");
        assertThat(chinese.fix())
                .isEqualTo("请为组件加上 security: {runAsUser: 10001}（数字可自选，该用户须能读取镜像中的文件），"
                        + "或加上 security: {profile: baseline}，让它按镜像指定的用户运行。");
        assertThat(cluster.namespaces().withName("users").get()).isNull();
        assertThat(slipway.get(ReleaseStore.class).newest(environment.id())).isEmpty();

        String right = wrong.replace("none:1\"}}\n", "none:1\"}, security: {runAsUser: 10001}}\n")
                .replace("zero:1\"}}\n", "zero:1\"}, security: {runAsUser: 10001}}\n")
                .replace("      volumes:", "      security: {runAsUser: 10001, fsGroup: 10001}\n      volumes:")
                .replace("entrypoint: [sh]}}\n", "entrypoint: [sh]}}\n      security: {profile: baseline}\n");
        repository.write("slipway.yaml", right).commit("Say who runs");
        StoredRun run = slipway.deploy(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
        repository.close();
    }

    @Test
    @DisplayName("a component that crashes is named with its last words; siblings finish, dependants are blocked")
    void namesWhatDoesNotGetReady() {
        StoredEnvironment environment = slipway.environment("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: crashing}
                spec:
                  components:
                    - name: bad
                      kind: service
                      source: {image: "registry.example/any@sha256:%1$s"}
                      env: {SIMULATION_FAIL: "Exit:3", SIMULATION_LOG: "no such table"}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                    - name: after
                      kind: service
                      source: {image: "registry.example/any@sha256:%1$s"}
                      dependsOn: [bad]
                    - name: fine
                      kind: service
                      source: {image: "registry.example/any@sha256:%1$s"}
                      env: {SIMULATION_READY_AFTER: 2s}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                """.formatted("0".repeat(64)), "crashing");

        StoredRun run = slipway.deploy(environment);

        assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
        Map<String, StepView> steps = new LinkedHashMap<>();
        run.progress().steps().forEach(step -> steps.put(step.id(), step));
        assertThat(steps.get("deploy/bad").state()).isEqualTo(StepState.FAILED);
        assertThat(steps.get("deploy/after").state()).isEqualTo(StepState.BLOCKED);
        assertThat(steps.get("deploy/fine").state()).isEqualTo(StepState.DONE);
        Problem problem = steps.get("deploy/bad").problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(problem.arguments()).containsEntry("exit", "3");
        assertThat(problem.arguments().get("log")).contains("no such table");
        reads(problem);
        assertThat(steps.get("deploy/bad").endedAt())
                .as("the sibling was not waited for")
                .isLessThan(steps.get("deploy/fine").endedAt());
        assertThat(slipway.get(ReleaseStore.class)
                        .newest(environment.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(ReleaseStore.State.PARTIAL);
        assertThat(cluster.apps()
                        .deployments()
                        .inNamespace("crashing")
                        .withName("after")
                        .get())
                .isNull();
    }

    @Test
    @DisplayName("the API answers an invalid document with every problem at once, in the reader's language")
    void answersWithEveryProblem() throws Exception {
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: Shop}
                spec:
                  components:
                    - name: web
                      kind: service
                      source: {image: "registry.example/web:1"}
                      port: 8080
                      dependsOn: [nobody]
                    - name: web
                      kind: robot
                """;
        for (String language : List.of("en", "zh")) {
            HttpResponse<String> answer = post("/api/v1/applications", "application/yaml", document, language);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            JsonNode body = JSON.readTree(answer.body());
            List<String> codes = new ArrayList<>();
            body.path("problems").forEach(problem -> {
                codes.add(problem.path("code").asText());
                assertThat(problem.path("where").asText()).isNotBlank();
                assertThat(problem.path("what").asText()).isNotBlank().doesNotContainPattern(LEFTOVER);
                assertThat(problem.path("fix").asText()).isNotBlank().doesNotContainPattern(LEFTOVER);
                if (language.equals("zh")) {
                    assertThat(problem.path("fix").asText()).containsPattern(CHINESE);
                }
            });
            assertThat(codes)
                    .contains("SLP-DOC-NAME", "SLP-DOC-UNKNOWN-FIELD", "SLP-DOC-REFERENCE", "SLP-DOC-CHOICE")
                    .contains("SLP-DOC-DUPLICATE");
            assertThat(body.path("code").asText()).isEqualTo(codes.get(0));
        }
        assertThat(slipway.get(ApplicationStore.class).byName("Shop")).isEmpty();
    }

    @Test
    @DisplayName("the API creates no application from a repository that cannot be read")
    void createsNothingFromBadRepositories() throws Exception {
        try (TestRepository empty = repository("nothing", "README", "nothing here")) {
            Map<String, ProblemCode> cases = Map.of(
                    "http://127.0.0.1:1/shop.git",
                    ProblemCode.GIT_UNREACHABLE,
                    "http://127.0.0.1:" + closed.getAddress().getPort() + "/shop.git",
                    ProblemCode.GIT_DENIED,
                    "file:///etc",
                    ProblemCode.GIT_URL,
                    empty.url(),
                    ProblemCode.GIT_PATH_MISSING);
            int before = slipway.get(ApplicationStore.class)
                    .list(Sight.EVERYTHING, "", 200)
                    .size();
            for (Map.Entry<String, ProblemCode> one : cases.entrySet()) {
                HttpResponse<String> answer = post(
                        "/api/v1/applications",
                        "application/json",
                        JSON.writeValueAsString(Map.of("git", Map.of("url", one.getKey(), "branch", "main"))),
                        "en");
                JsonNode body = JSON.readTree(answer.body());
                assertThat(body.path("code").asText())
                        .as(answer.body())
                        .isEqualTo(one.getValue().id());
                assertThat(body.path("fix").asText()).isNotBlank().doesNotContainPattern(LEFTOVER);
            }
            assertThat(slipway.get(ApplicationStore.class).list(Sight.EVERYTHING, "", 200))
                    .hasSize(before);
        }
    }

    @Test
    @DisplayName("a plan that is refused is told by its page, not on the console")
    void refusesQuietly(CapturedOutput output) {
        StoredEnvironment away = inGit("quiet", "ssh://git@127.0.0.1:1/shop.git", "main");

        assertThatThrownBy(() -> slipway.get(Runs.class).preview(away.id()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.GIT_UNREACHABLE));
        assertThat(output.getAll()).doesNotContain("Workflow execution failure", "JGitClientSession");
    }

    @Test
    @DisplayName("a branch that the repository does not have is refused, and the environment keeps its own")
    void branchIsThere() {
        try (TestRepository shop = repository("branchless", "slipway.yaml", built("branchless", "src"))) {
            StoredEnvironment environment = inGit("branchless", shop.url(), "main");
            NewEnvironments environments = slipway.get(NewEnvironments.class);
            environments.branch(environment, "main");

            assertThatThrownBy(() -> environments.branch(environment, "mian"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.GIT_REF_MISSING));
            assertThat(slipway.get(Environments.class)
                            .view(slipway.get(Environments.class).named("branchless"))
                            .branch())
                    .isEqualTo("main");
        }
    }

    private static void reads(Problem problem) {
        ProblemTexts texts = slipway.get(ProblemTexts.class);
        for (Locale locale : List.of(Locale.ENGLISH, Locale.CHINESE)) {
            ProblemText text = texts.text(problem, locale);
            assertThat(text.what()).isNotBlank().doesNotContainPattern(LEFTOVER).doesNotContain("“?”", "\"?\"", " ? ");
            assertThat(text.fix()).isNotBlank().doesNotContainPattern(LEFTOVER).doesNotContain("“?”", "\"?\"", " ? ");
        }
        assertThat(texts.text(problem, Locale.CHINESE).fix()).containsPattern(CHINESE);
    }

    /** An image of Slipway's own registry; its digest. */
    private static String image(String name, String user) {
        return slipway.get(ImageComposer.class)
                .compose(
                        new Composition(
                                null,
                                List.of(new Composition.Layer(
                                        "/", sink -> sink.file("README", false, 0, InputStream.nullInputStream()))),
                                new Composition.Settings(List.of("sh"), List.of(), "/", Map.of(), user, Map.of())),
                        "users/" + name,
                        "1",
                        new ComposeListener() {
                            @Override
                            public void line(String text) {}

                            @Override
                            public void pushed(long bytes) {}
                        })
                .digest();
    }

    private static StoredEnvironment inGit(String name, String url, String branch) {
        return slipway.environment(
                built(name, "src"),
                new GitOrigin(url, branch, "slipway.yaml"),
                name,
                EmbeddedEngines.SIMULATED_CLUSTER);
    }

    private static StoredEnvironment kept(String name, String image) {
        return slipway.environment("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: one
                      kind: service
                      source: {image: "%s"}
                """.formatted(name, image), name);
    }

    private static String built(String name, String path) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: one
                      kind: service
                      source:
                        git: .
                        path: %s
                        build: {builder: jib, base: "slipway.registry/base/shell:1", entrypoint: [sh]}
                """.formatted(name, path);
    }

    private static TestRepository repository(String name, String file, String content) {
        TestRepository repository = TestRepository.create(data.resolve(name)).write(file, content);
        repository.commit("One file");
        return repository;
    }

    private static HttpResponse<String> post(String path, String type, String body, String language) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + path))
                                .timeout(Duration.ofSeconds(60))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", type)
                                .header("Accept-Language", language)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
