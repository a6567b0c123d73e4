package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private BuildSite site;

    @BeforeEach
    void start() {
        site = new BuildSite(data);
    }

    @AfterEach
    void tidy() {
        site.close();
    }

    @Test
    @DisplayName(
            "two stages with links, modes, owners and what is written below /workspace become an image that runs; again:"
                    + " reused at once; one file changed: layers from the cache")
    void builds() {
        site.source()
                .write("src/a.txt", "one\n")
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
        StoredEnvironment environment =
                site.environment("{builder: dockerfile, args: {BASE: \"" + BuildSite.base() + "\"}}");

        StoredRun first = site.finished(environment);

        assertThat(first.outcome())
                .as("%s %s", first.progress(), site.log(first))
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(read("/srv/index.html")).isEqualTo("one\ntwo\none\n");
        assertThat(site.log(first)).anyMatch(line -> line.contains("RUN mkdir -p /workspace/out"));
        assertThat(site.log(first))
                .as("built from what was planned")
                .anyMatch(line -> line.contains("Retrieving image manifest " + BuildSite.base() + "@sha256:"));
        assertThat(site.log(first))
                .anyMatch(line -> line.startsWith("\u001b[36mINFO\u001b[0m"))
                .noneMatch(line -> line.replaceAll("\u001b\\[[0-9;]+m", "").contains("\u001b"));
        site.nothingIsLeft(first);

        StoredRun again = site.finished(environment);
        assertThat(again.outcome()).as("%s", again.progress()).isEqualTo(Outcome.UNCHANGED);

        site.source().write("src/b.txt", "three\n").commit("Another");
        StoredRun changed = site.finished(environment);
        assertThat(changed.outcome())
                .as("%s %s", changed.progress(), site.log(changed))
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(read("/srv/index.html")).isEqualTo("one\nthree\none\n");
        assertThat(site.log(changed)).anyMatch(line -> line.startsWith("layers from the cache: "));
        site.nothingIsLeft(changed);
    }

    @Test
    @DisplayName("two components of one source are one Job, and both run its image")
    void shares() {
        site.source()
                .write(
                        "Dockerfile",
                        "FROM " + BuildSite.base()
                                + "\nRUN echo built > /built && sleep 3\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
        StoredEnvironment environment = site.environment("{}", "web", "worker");

        StoredRun run = site.finished(environment);

        assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(site.log(run).stream().filter(line -> line.startsWith("building by ")))
                .hasSize(1);
        assertThat(site.log(run).stream().filter(line -> line.startsWith("going on with ")))
                .hasSizeBetween(0, 1);
        assertThat(site.cluster()
                        .apps()
                        .deployments()
                        .inNamespace(site.name())
                        .list()
                        .getItems())
                .hasSize(2)
                .extracting(one -> one.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage())
                .containsOnly(site.cluster()
                        .apps()
                        .deployments()
                        .inNamespace(site.name())
                        .withName("web")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage());
        site.nothingIsLeft(run);
    }

    @Test
    @DisplayName("each way to fail has its own problem, with the instruction, and leaves nothing behind")
    void fails() {
        String from = "FROM " + BuildSite.base() + "\n";
        fails(
                from + "RUN echo first\nRUN sh -c 'echo about to fail; exit 37'\n",
                ProblemCode.BUILD_FAILED,
                "37",
                "RUN sh -c");
        fails(from + "COPY nothing.txt /\n", ProblemCode.BUILD_FILE_MISSING, "nothing.txt");
        fails(from + "RUN no-such-command\n", ProblemCode.BUILD_FAILED, "127");
        fails(from + "RUN head -c 700m /dev/zero | tail\n", ProblemCode.BUILD_OUT_OF_MEMORY, "512Mi");
        refused("RUN true\n", ProblemCode.BUILD_DOCKERFILE);
        refused("FROM slipway.registry/" + site.name() + "/never:1\n", ProblemCode.IMAGE_NOT_FOUND);
    }

    @Test
    @DisplayName("a cancel takes the Job away within five seconds")
    void cancelled() {
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + "\nRUN echo here I am && sleep 600\n");
        StoredEnvironment environment = site.environment("{}");
        StoredRun run = site.slipway().start(environment);
        await().atMost(LONG).until(() -> site.log(run).contains("here I am"));

        site.slipway().get(Runs.class).cancel(run.id());

        long asked = System.nanoTime();
        await().atMost(LONG).until(() -> site.jobs().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        assertThat(site.finished(run).outcome()).isEqualTo(Outcome.CANCELLED);
        site.nothingIsLeft(run);
    }

    @Test
    @DisplayName("a Job that is deleted by hand is begun again, by another generation")
    void deletedByHand() {
        site.source()
                .write(
                        "Dockerfile",
                        "FROM " + BuildSite.base()
                                + "\nRUN echo here I am && sleep 8\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
        StoredEnvironment environment = site.environment("{}");
        StoredRun run = site.slipway().start(environment);
        await().atMost(LONG).until(() -> site.log(run).contains("here I am"));

        site.cluster().batch().v1().jobs().inNamespace(site.builds()).delete();

        StoredRun end = site.finished(run);
        assertThat(end.outcome()).as("%s %s", end.progress(), site.log(end)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(site.log(run).stream().filter(line -> line.equals("here I am")))
                .hasSize(2);
        site.nothingIsLeft(end);
    }

    private void fails(String dockerfile, ProblemCode code, String... words) {
        site.source().write("Dockerfile", dockerfile).commit("Another way to fail");
        StoredRun run = site.finished(environmentOnce());
        assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.FAILED);
        List<Problem> problems = site.problems(run);
        assertThat(problems).as("%s", site.log(run)).extracting(Problem::code).contains(code);
        assertThat(problems.stream()
                        .filter(one -> one.code() == code)
                        .findFirst()
                        .orElseThrow()
                        .arguments()
                        .toString())
                .contains(words);
        site.nothingIsLeft(run);
    }

    private void refused(String dockerfile, ProblemCode code) {
        site.source().write("Dockerfile", dockerfile).commit("Not even begun");
        StoredRun run = site.finished(environmentOnce());
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.REFUSED);
        assertThat(run.progress().problems()).extracting(Problem::code).containsExactly(code);
    }

    private StoredEnvironment once;

    private StoredEnvironment environmentOnce() {
        if (once == null) {
            once = site.environment("{}");
        }
        return once;
    }

    private String read(String file) {
        String pod = site.cluster().pods().inNamespace(site.name()).list().getItems().stream()
                .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow()
                .getMetadata()
                .getName();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var exec = site.cluster()
                .pods()
                .inNamespace(site.name())
                .withName(pod)
                .writingOutput(out)
                .exec("cat", file)) {
            exec.exitCode().join();
        }
        return out.toString(java.nio.charset.StandardCharsets.UTF_8);
    }
}
