package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.RealCluster;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dockerfiles, built by Kaniko on the real kubelet with the rights that are documented, and deployed. */
class DockerfileIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path data;

    private final String name = "docker-" + Ids.next().substring(9);
    private final String builds = name + "-builds";
    private KubernetesClient cluster;
    private TestRepository source;
    private RunningSlipway slipway;

    @BeforeEach
    void start() {
        cluster = RealCluster.admin();
        source = TestRepository.create(data.resolve("source"));
        slipway = RealCluster.running(
                data.resolve("slipway"),
                "slipway.git.local-folders=" + data,
                "slipway.builds.image=" + Engines.ownImage("SLIPWAY_IT_KANIKO_IMAGE"),
                "slipway.builds.flavour=google",
                "slipway.builds.namespace=" + builds,
                "slipway.builds.memory=512Mi");
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
            "two stages with links, modes, owners and what is written below /workspace become an image that runs; again:"
                    + " reused at once; one file changed: layers from the cache")
    void builds() {
        source.write("src/a.txt", "one\n")
                .write("src/b.txt", "two\n")
                .write("secret.key", "not for an image")
                .write(".dockerignore", "*.key\n")
                .executable("bin/start", "#!/bin/sh\nexec httpd -f -p 8080 -h /srv\n")
                .symlink("src/link", "a.txt")
                .symlink("src/dangling", "/etc/nothing")
                .write("Dockerfile", """
                        ARG BASE=nowhere.example/nothing:1
                        FROM ${BASE} AS build
                        COPY . /context
                        RUN test ! -e /context/secret.key && test -L /context/src/dangling && test -x /context/bin/start
                        RUN mkdir -p /workspace/out && cat /context/src/a.txt /context/src/b.txt /context/src/link > /workspace/out/index.html
                        RUN chmod 2755 /workspace/out && chown 1000:1000 /workspace/out/index.html
                        FROM ${BASE}
                        COPY --from=build /workspace/out /srv
                        COPY --chown=1000:1000 --from=build /context/bin/start /start
                        RUN test -g /srv && test "$(stat -c %u /srv/index.html)" = 1000
                        USER 1000
                        CMD ["/start"]
                        """);
        StoredEnvironment environment = environment("{builder: dockerfile, args: {BASE: \"" + base() + "\"}}");

        StoredRun first = finished(environment);

        assertThat(first.outcome()).as("%s %s", first.progress(), log(first)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(read("/srv/index.html")).isEqualTo("one\ntwo\none\n");
        assertThat(log(first)).anyMatch(line -> line.contains("RUN mkdir -p /workspace/out"));
        assertThat(log(first)).noneMatch(line -> line.contains("\u001b") || line.contains("[36m"));
        nothingIsLeft(first);

        StoredRun again = finished(environment);
        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.UNCHANGED);

        source.write("src/b.txt", "three\n").commit("Another");
        StoredRun changed = finished(environment);
        assertThat(changed.outcome())
                .as("%s %s", changed.progress(), log(changed))
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(read("/srv/index.html")).isEqualTo("one\nthree\none\n");
        assertThat(log(changed)).anyMatch(line -> line.startsWith("layers from the cache: "));
        nothingIsLeft(changed);
    }

    @Test
    @DisplayName("two components of one source are one Job, and both run its image")
    void shares() {
        source.write(
                "Dockerfile",
                "FROM " + base() + "\nRUN echo built > /built && sleep 3\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
        StoredEnvironment environment = environment("{}", "web", "worker");

        StoredRun run = finished(environment);

        assertThat(run.outcome()).as("%s %s", run.progress(), log(run)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(log(run).stream().filter(line -> line.startsWith("building by ")))
                .hasSize(1);
        assertThat(log(run).stream().filter(line -> line.startsWith("going on with ")))
                .hasSizeBetween(0, 1);
        assertThat(cluster.apps().deployments().inNamespace(name).list().getItems())
                .hasSize(2)
                .extracting(one -> one.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .containsOnly(cluster.apps()
                        .deployments()
                        .inNamespace(name)
                        .withName("web")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage());
        nothingIsLeft(run);
    }

    @Test
    @DisplayName("each way to fail has its own problem, with the instruction, and leaves nothing behind")
    void fails() {
        String from = "FROM " + base() + "\n";
        fails(
                from + "RUN echo first\nRUN sh -c 'echo about to fail; exit 37'\n",
                ProblemCode.BUILD_FAILED,
                "37",
                "RUN sh -c");
        fails(from + "COPY nothing.txt /\n", ProblemCode.BUILD_FILE_MISSING, "nothing.txt");
        fails(from + "RUN no-such-command\n", ProblemCode.BUILD_FAILED, "127");
        fails(from + "RUN head -c 700m /dev/zero | tail\n", ProblemCode.BUILD_OUT_OF_MEMORY, "512Mi");
        refused("RUN true\n", ProblemCode.BUILD_DOCKERFILE);
        refused("FROM slipway.registry/" + name + "/never:1\n", ProblemCode.IMAGE_NOT_FOUND);
    }

    @Test
    @DisplayName("a cancel takes the Job away within five seconds")
    void cancelled() {
        source.write("Dockerfile", "FROM " + base() + "\nRUN echo here I am && sleep 600\n");
        StoredEnvironment environment = environment("{}");
        StoredRun run = slipway.start(environment);
        await().atMost(LONG).until(() -> log(run).contains("here I am"));

        slipway.get(Runs.class).cancel(run.id());

        long asked = System.nanoTime();
        await().atMost(LONG).until(() -> jobs().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        assertThat(slipway.finished(run.id(), LONG).outcome()).isEqualTo(Outcome.STOPPED);
        nothingIsLeft(run);
    }

    @Test
    @DisplayName("a Job that is deleted by hand is begun again, by another generation")
    void deletedByHand() {
        source.write(
                "Dockerfile",
                "FROM " + base() + "\nRUN echo here I am && sleep 8\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
        StoredEnvironment environment = environment("{}");
        StoredRun run = slipway.start(environment);
        await().atMost(LONG).until(() -> log(run).contains("here I am"));

        cluster.batch().v1().jobs().inNamespace(builds).delete();

        StoredRun end = slipway.finished(run.id(), LONG);
        assertThat(end.outcome()).as("%s %s", end.progress(), log(end)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(log(run).stream().filter(line -> line.equals("here I am"))).hasSize(2);
        nothingIsLeft(end);
    }

    private void fails(String dockerfile, ProblemCode code, String... words) {
        source.write("Dockerfile", dockerfile).commit("Another way to fail");
        StoredRun run = finished(environmentOnce());
        assertThat(run.outcome()).as("%s %s", run.progress(), log(run)).isEqualTo(Outcome.FAILED);
        List<Problem> problems = run.progress().steps().stream()
                .map(StepView::problem)
                .filter(Objects::nonNull)
                .toList();
        assertThat(problems).as("%s", log(run)).extracting(Problem::code).contains(code);
        assertThat(problems.stream()
                        .filter(one -> one.code() == code)
                        .findFirst()
                        .orElseThrow()
                        .arguments()
                        .toString())
                .contains(words);
        nothingIsLeft(run);
    }

    private void refused(String dockerfile, ProblemCode code) {
        source.write("Dockerfile", dockerfile).commit("Not even begun");
        StoredRun run = finished(environmentOnce());
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems()).extracting(Problem::code).containsExactly(code);
    }

    private StoredEnvironment once;

    private StoredEnvironment environmentOnce() {
        if (once == null) {
            once = environment("{}");
        }
        return once;
    }

    /** Nothing of a build stays but the image and its cache: no Job, pod, Secret, and no image with a context. */
    private void nothingIsLeft(StoredRun run) {
        List<String> contexts = log(run).stream()
                .filter(line -> line.matches("pushed sha256:[0-9a-f]{64}"))
                .map(line -> line.substring("pushed ".length()))
                .toList();
        assertThat(contexts).isNotEmpty();
        RegistryClient registry = slipway.get(Registries.class).own();
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(jobs()).isEmpty();
            assertThat(cluster.pods().inNamespace(builds).list().getItems()).isEmpty();
            assertThat(cluster.secrets().inNamespace(builds).list().getItems()).isEmpty();
            assertThat(contexts)
                    .noneMatch(digest -> registry.exists("builds/" + name + "/web", digest)
                            || registry.exists("builds/" + name + "/worker", digest));
        });
    }

    private List<Job> jobs() {
        return cluster.batch().v1().jobs().inNamespace(builds).list().getItems();
    }

    private StoredRun finished(StoredEnvironment environment) {
        return slipway.finished(slipway.start(environment).id(), LONG);
    }

    private List<String> log(StoredRun run) {
        return slipway.get(StepLog.class).read(run.id(), "", 0, 10_000).stream()
                .map(StepLog.Line::text)
                .toList();
    }

    private String read(String file) {
        String pod = cluster.pods().inNamespace(name).list().getItems().stream()
                .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow()
                .getMetadata()
                .getName();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var exec = cluster.pods()
                .inNamespace(name)
                .withName(pod)
                .writingOutput(out)
                .exec("cat", file)) {
            exec.exitCode().join();
        }
        return out.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    private StoredEnvironment environment(String build) {
        return environment(build, "web");
    }

    private StoredEnvironment environment(String build, String... components) {
        StringBuilder document = new StringBuilder("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                """.formatted(name));
        for (String component : components) {
            document.append("""
                        - name: %s
                          source: {git: ., build: %s}
                          security: {runAsUser: 1000}
                    """.formatted(component, build));
        }
        source.write("slipway.yaml", document.toString()).commit("A document");
        return slipway.environment(
                document.toString(), new GitOrigin(source.url(), "main", "slipway.yaml"), name, "real");
    }

    private static String base() {
        return Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
    }
}
