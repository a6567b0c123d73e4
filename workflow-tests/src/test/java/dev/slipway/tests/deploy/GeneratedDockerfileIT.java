package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.detect.Draft;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.applications.Drafts;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories without a Dockerfile: proposed, built by Kaniko from what Slipway writes for them, deployed, and answering. */
class GeneratedDockerfileIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path data;

    private final String name = "generated-" + Ids.next().substring(9);
    private final String builds = name + "-builds";
    private KubernetesClient cluster;
    private TestRepository source;
    private RunningSlipway slipway;

    @BeforeEach
    void start() {
        cluster = RealCluster.admin();
        source = TestRepository.create(data.resolve(name));
        slipway = RealCluster.running(
                data.resolve("slipway"),
                "slipway.git.local-folders=" + data,
                "slipway.builds.image=" + Engines.ownImage("SLIPWAY_IT_KANIKO_IMAGE"),
                "slipway.builds.flavour=google",
                "slipway.builds.namespace=" + builds,
                "slipway.builds.memory=512Mi",
                "slipway.builds.bases.jre=" + Engines.ownImage("SLIPWAY_IT_JRE_IMAGE"),
                "slipway.builds.bases.web="
                        + Engines.ownImage("SLIPWAY_IT_BASE_IMAGE").replaceFirst("/busybox:.*", "/nginx:1.22"));
    }

    @AfterEach
    void tidy() {
        slipway.close();
        source.close();
        cluster.namespaces().withName(name).delete();
        cluster.namespaces().withName(builds).delete();
        cluster.close();
    }

    @Test
    @DisplayName(
            "a repository with a static site and a ready jar is proposed, built, deployed and answers; the plan says why")
    void proposedAndDeployed() throws IOException, InterruptedException {
        jar("hello/hello.jar");
        source.write("site/index.html", "<h1>by hand</h1>")
                .write("site/about/us.html", "us")
                .commit("Two projects");

        Draft draft = slipway.get(Drafts.class).of(source.url(), GitRef.branch("main"), "");
        StoredEnvironment environment = slipway.environment(draft.document(), null, name, "real");
        StoredRun run = finished(environment);

        assertThat(run.outcome()).as("%s %s", run.progress(), log(run)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(draft.parts()).extracting(Draft.Part::component).containsExactly("hello", "site");
        assertThat(slipway.get(PlanStore.class).plan(run.id()).orElseThrow().plan().items().stream()
                        .filter(item -> item.subject().startsWith("image/"))
                        .flatMap(item -> item.fields().stream())
                        .filter(field -> field.path().equals("dockerfile"))
                        .map(PlanItem.FieldChange::to))
                .containsExactly("generated: jar, hello.jar", "generated: static, index.html");
        assertThat(get("site", 8080, "/")).isEqualTo("<h1>by hand</h1>");
        assertThat(get("site", 8080, "/about/us.html")).isEqualTo("us");
        assertThat(get("hello", 8080, "/")).isEqualTo("from a jar");

        assertThat(finished(environment).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "the document's Dockerfile is not in the context: no .dockerignore drops it, it hides no file and no image has it")
    void inline() throws IOException, InterruptedException {
        source.write(".dockerignore", "*\n!www\n!slipway.Dockerfile\n")
                .write("slipway.Dockerfile", "of the repository")
                .write("Dockerfile", "FROM nowhere.example/nothing:1\n")
                .write("www/index.html", "inline")
                .commit("A site");
        StoredEnvironment environment = environment("""
                dockerfileInline: |
                            FROM %s
                            COPY . /srv/
                            RUN test "$(cat /srv/slipway.Dockerfile)" = "of the repository" && test ! -e /srv/Dockerfile
                            USER 1000
                            CMD ["httpd", "-f", "-p", "8080", "-h", "/srv/www"]
                """.formatted(Engines.ownImage("SLIPWAY_IT_BASE_IMAGE")));

        StoredRun run = finished(environment);

        assertThat(run.outcome()).as("%s %s", run.progress(), log(run)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(get("web", 8080, "/")).isEqualTo("inline");
    }

    @Test
    @DisplayName(
            "nothing that is recognised, or several programs, refuse the plan, and say what was looked for or found")
    void refused() {
        source.write("notes.txt", "nothing to run").commit("Notes");
        StoredEnvironment environment = environment("builder: auto\n");

        assertThat(refusal(environment).code()).isEqualTo(ProblemCode.BUILD_UNRECOGNISED);

        source.write("go.mod", "module example.com/two\n")
                .write("cmd/a/main.go", "package main\n")
                .write("cmd/b/main.go", "package main\n")
                .commit("Two programs");
        Problem several = refusal(environment);
        assertThat(several.code()).isEqualTo(ProblemCode.BUILD_SEVERAL);
        assertThat(several.arguments()).containsEntry("found", "cmd/a, cmd/b");
    }

    private Problem refusal(StoredEnvironment environment) {
        StoredRun run = finished(environment);
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
        return run.progress().problems().get(0);
    }

    private StoredEnvironment environment(String build) {
        return slipway.environment("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: web
                      source:
                        git: %s
                        branch: main
                        build:
                          %s
                      security: {runAsUser: 1000}
                """.formatted(name, source.url(), build.stripTrailing()), null, name, "real");
    }

    private StoredRun finished(StoredEnvironment environment) {
        return slipway.finished(slipway.start(environment).id(), LONG);
    }

    private List<String> log(StoredRun run) {
        return slipway.get(StepLog.class).read(run.id(), "", 0, 10_000).stream()
                .map(StepLog.Line::text)
                .toList();
    }

    private String get(String component, int port, String path) throws IOException, InterruptedException {
        Pod pod = cluster.pods()
                .inNamespace(name)
                .withLabel("slipway.dev/component", component)
                .list()
                .getItems()
                .get(0);
        try (LocalPortForward forward = cluster.pods().resource(pod).portForward(port)) {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + forward.getLocalPort() + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private void jar(String path) throws IOException {
        Path program = Files.createDirectories(data.resolve("program"));
        Files.writeString(program.resolve("Hello.java"), """
                import com.sun.net.httpserver.HttpServer;

                public class Hello {
                    public static void main(String[] arguments) throws Exception {
                        HttpServer server = HttpServer.create(new java.net.InetSocketAddress(8080), 0);
                        server.createContext("/", exchange -> {
                            exchange.sendResponseHeaders(200, 10);
                            exchange.getResponseBody().write("from a jar".getBytes());
                            exchange.close();
                        });
                        server.start();
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, program.resolve("Hello.java").toString()))
                .isZero();
        Path jar = source.folder().resolve(path);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Hello");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out, manifest)) {
            packed.putNextEntry(new ZipEntry("Hello.class"));
            Files.copy(program.resolve("Hello.class"), packed);
        }
    }
}
