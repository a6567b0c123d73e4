package dev.slipway.activities.build.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KanikoEndTest {
    private static final String DIGEST = "sha256:" + "0a".repeat(32);
    private static final Job JOB = new JobBuilder()
            .withNewMetadata()
            .withName("build-1")
            .endMetadata()
            .withNewSpec()
            .withActiveDeadlineSeconds(60L)
            .endSpec()
            .build();

    @Test
    @DisplayName(
            "built is what ended with 0 and told a digest; a digest beside a failure is none, as it is written before the push")
    void digest() {
        assertThat(KanikoEnd.digest(ended(0, "Completed", DIGEST + "\n"))).contains(DIGEST);
        assertThat(KanikoEnd.digest(ended(1, "Error", DIGEST))).isEmpty();
        assertThat(KanikoEnd.digest(ended(0, "Completed", "sha256:short"))).isEmpty();
        assertThat(KanikoEnd.digest(ended(0, "Completed", null))).isEmpty();
        assertThat(KanikoEnd.failure(JOB, ended(0, "Completed", DIGEST), new KanikoLog(), "here"))
                .isEmpty();
        assertThat(KanikoEnd.failure(JOB, ended(0, "Completed", "sha256:short"), new KanikoLog(), "here"))
                .isPresent();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "INFO[0001] RUN exit 37 | error building image: error building stage: failed to execute command: waiting for process to exit: exit status 37 | BUILD_FAILED | 37",
                "INFO[0001] RUN mvn | error building image: failed to execute command: starting command: fork/exec: exec: \"mvn\": executable file not found in $PATH | BUILD_FAILED | there is no mvn",
                "INFO[0001] RUN hog | error building image: error building stage: failed to execute command: waiting for process to exit: signal: killed | BUILD_KILLED | 4Gi",
                "INFO[0001] x | error building image: GET https://r.example/v2/base/manifests/sha256:0a: MANIFEST_UNKNOWN: manifest unknown | BUILD_BASE | MANIFEST_UNKNOWN",
                "INFO[0001] x | error building image: Get \"https://r.example/v2/\": dial tcp 10.0.0.1:443: connect: connection refused | BUILD_INTERRUPTED | refused",
                "WARN[0001] Failed to retrieve image base from remapped registry r.example: DENIED: no | error building image: image not found on any configured mapped registries for base | BUILD_BASE | DENIED",
                "INFO[0001] COPY a / | error building image: error building stage: failed to optimize instructions: failed to get files used from context: failed to get fileinfo for /kaniko/buildcontext/a: lstat /kaniko/buildcontext/a: no such file or directory | BUILD_FILE_MISSING | COPY a /",
                "INFO[0001] RUN x | error building image: write /x: no space left on device | BUILD_NO_SPACE | no space",
                "INFO[0001] RUN x | error checking push permissions -- make sure you entered the correct tag name: checking push permission for \"r.example/a\": POST: UNAUTHORIZED: authentication required | REGISTRY_DENIED | UNAUTHORIZED",
                "INFO[0001] RUN x | error pushing image: failed to push to destination r.example/a:1: connection refused | BUILD_PUSH | refused",
                "INFO[0001] RUN x | error building image: parsing dockerfile: dockerfile parse error line 3: unknown instruction: RUNN | BUILD_DOCKERFILE | RUNN",
            })
    void said(String instruction, String last, ProblemCode code, String word) {
        KanikoLog log = new KanikoLog();
        log.line(instruction);
        log.line(last);

        Problem problem = KanikoEnd.failure(JOB, ended(1, "Error", null), log, "component web")
                .orElseThrow();

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.where()).isEqualTo("component web");
        assertThat(problem.arguments().toString()).contains(word);
    }

    @Test
    @DisplayName("a failed program's own last complaint is the reason, not that the builder saw it end")
    void lastWord() {
        KanikoLog log = new KanikoLog();
        log.line("INFO[0001] RUN make");
        log.line("main.c:3: error: expected ';'");
        log.line("make: leaving folder");
        log.line(
                "error building image: error building stage: failed to execute command: waiting for process to exit: exit status 2");

        Problem problem = KanikoEnd.failure(JOB, ended(2, "Error", null), log, "component web")
                .orElseThrow();

        assertThat(problem.arguments())
                .containsEntry("exit", "2")
                .containsEntry("instruction", "RUN make")
                .containsEntry("reason", "main.c:3: error: expected ';'");
    }

    @Test
    @DisplayName("where no line was read, the end of the log that the cluster has kept is taken for it, by whole lines")
    void tail() {
        String end = "error building image: waiting for process to exit: exit status 3";
        String cut = "the rest of a secret\n" + "x".repeat(2_048) + "\n" + end;
        assertThat(KanikoEnd.tail(ended(3, "Error", "INFO[0001] RUN x\n" + end)))
                .containsExactly("INFO[0001] RUN x", end);
        assertThat(KanikoEnd.tail(ended(3, "Error", cut))).hasSize(2).endsWith(end);
        assertThat(KanikoEnd.tail(ended(3, "Error", null))).isEmpty();
        KanikoLog log = new KanikoLog();
        log.otherwise(Stream.of("INFO[0001] RUN x", end));
        log.otherwise(Stream.of("is not needed any more"));

        assertThat(KanikoEnd.failure(JOB, ended(3, "Error", "never as it came"), log, "here"))
                .hasValueSatisfying(problem -> assertThat(problem.arguments())
                        .containsEntry("instruction", "RUN x")
                        .containsEntry("exit", "3")
                        .containsEntry("reason", end));
        assertThat(KanikoEnd.failure(JOB, ended(3, "Error", "never as it came"), new KanikoLog(), "here")
                        .toString())
                .doesNotContain("never as it came");
    }

    @Test
    @DisplayName("what the cluster did is told in its own words")
    void outside() {
        assertThat(code(JOB, ended(137, "OOMKilled", null))).isEqualTo(ProblemCode.BUILD_OUT_OF_MEMORY);
        assertThat(code(JOB, ended(143, "Error", null))).isEqualTo(ProblemCode.BUILD_INTERRUPTED);
        assertThat(code(JOB, evicted("Evicted", "The node was low on resource: memory.")))
                .isEqualTo(ProblemCode.BUILD_INTERRUPTED);
        assertThat(code(JOB, evicted("Evicted", "Pod ephemeral local storage usage exceeds the total limit")))
                .isEqualTo(ProblemCode.BUILD_NO_SPACE);
        assertThat(code(failed("DeadlineExceeded"), null)).isEqualTo(ProblemCode.BUILD_TIMEOUT);
        assertThat(code(condition("FailureTarget", "DeadlineExceeded"), ended(143, "Error", null)))
                .isEqualTo(ProblemCode.BUILD_TIMEOUT);
        assertThat(code(failed("BackoffLimitExceeded"), null)).isEqualTo(ProblemCode.BUILD_INTERRUPTED);
        assertThat(KanikoEnd.failure(JOB, null, new KanikoLog(), "here")).isEmpty();
        assertThat(KanikoEnd.finished(JOB)).isFalse();
        assertThat(KanikoEnd.finished(failed("any"))).isTrue();
    }

    @Test
    @DisplayName("the log's last forty lines are kept, and how many layers the cache had")
    void log() {
        KanikoLog log = new KanikoLog();
        for (int i = 0; i < 100; i++) {
            log.line("line " + i);
        }
        log.line("INFO[0001] Using caching version of cmd: RUN a");
        log.line("INFO[0001] No cached layer found for cmd RUN b");
        log.line("INFO[0002] RUN b");
        log.line("INFO[0002] RUNNING is no instruction");

        assertThat(log.lastLines()).hasSize(KanikoLog.LAST_LINES).endsWith("INFO[0002] RUNNING is no instruction");
        assertThat(log.cache()).isEqualTo("1 of 2");
        assertThat(log.instruction()).isEqualTo("RUN b");
        assertThat(new KanikoLog().cache()).isEmpty();
    }

    private static ProblemCode code(Job job, @Nullable Pod pod) {
        return KanikoEnd.failure(job, pod, new KanikoLog(), "here")
                .orElseThrow()
                .code();
    }

    private static Job failed(String reason) {
        return condition("Failed", reason);
    }

    private static Job condition(String type, String reason) {
        return new JobBuilder(JOB)
                .withNewStatus()
                .addNewCondition()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod evicted(String reason, String message) {
        return new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewStatus()
                .withReason(reason)
                .withMessage(message)
                .endStatus()
                .build();
    }

    private static Pod ended(int exit, String reason, @Nullable String message) {
        return new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(KanikoJob.CONTAINER)
                .withNewResources()
                .addToLimits("memory", new Quantity("4Gi"))
                .endResources()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewContainerStatus()
                .withName(KanikoJob.CONTAINER)
                .withNewState()
                .withNewTerminated()
                .withExitCode(exit)
                .withReason(reason)
                .withMessage(message)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
