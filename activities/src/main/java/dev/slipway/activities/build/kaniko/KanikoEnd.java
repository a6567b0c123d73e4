package dev.slipway.activities.build.kaniko;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a build has ended, and why: pure functions of what the cluster shows and what the builder wrote. */
final class KanikoEnd {
    private static final Pattern DIGEST = Pattern.compile("\\s*(sha256:[0-9a-f]{64})\\s*");
    private static final Pattern EXIT = Pattern.compile("waiting for process to exit: exit status (\\d+)");
    private static final String KILLED = "waiting for process to exit: signal: killed";
    private static final Pattern BASE = Pattern.compile("(?i)\\bget \"?https?://\\S+/v2/");
    private static final Pattern BASE_REFUSED =
            Pattern.compile("MANIFEST_UNKNOWN|NAME_UNKNOWN|UNAUTHORIZED|DENIED|status code 40[134]");
    private static final Pattern MISSING =
            Pattern.compile("(?:lstat|stat|open|copying)? ?\\S*?/kaniko/buildcontext/?(\\S*): no such file or directory"
                    + "|no source files were specified|failed to get fileinfo for (\\S+):");
    private static final Pattern NO_COMMAND =
            Pattern.compile("exec: \"([^\"]+)\": (?:executable file not found|stat )");
    /** Of a container's log the kubelet keeps so much in its status. */
    private static final int KEPT_BYTES = 2048;

    private static final Set<String> NO_PULL =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "RegistryUnavailable");

    private KanikoEnd() {}

    /** The digest of what was built, once it is; empty: it goes on, or it failed. */
    static Optional<String> digest(Pod pod) {
        ContainerStateTerminated end = terminated(pod);
        Matcher digest = DIGEST.matcher(end == null || end.getExitCode() != 0 ? "" : text(end.getMessage()));
        return digest.matches() ? Optional.of(digest.group(1)) : Optional.empty();
    }

    /**
     * Why it failed, or never will begin; empty: it goes on, or it succeeded.
     *
     * @param pod {@code null}: there is none, yet or any more
     * @param where for the problem: the component
     */
    static Optional<Problem> failure(Job job, @Nullable Pod pod, KanikoLog log, String where) {
        JobCondition failed = condition(job, "Failed");
        // It is said first that it will fail, then its pod is ended, then it has failed.
        JobCondition failing = failed == null ? condition(job, "FailureTarget") : failed;
        if (failing != null && "DeadlineExceeded".equals(failing.getReason())) {
            return Optional.of(Problem.of(
                    ProblemCode.BUILD_TIMEOUT,
                    where,
                    "seconds",
                    text(job.getSpec().getActiveDeadlineSeconds()),
                    "instruction",
                    log.instruction()));
        }
        if (pod == null) {
            return failed == null
                    ? Optional.empty()
                    : Optional.of(Problem.of(
                            ProblemCode.BUILD_INTERRUPTED,
                            where,
                            "reason",
                            "its pod is gone: " + text(failed.getMessage())));
        }
        return interrupted(pod, where).or(() -> notPulled(pod, where)).or(() -> ended(job, pod, log, where));
    }

    /** What keeps a pod without node from one; empty: nothing. */
    static Optional<String> unschedulable(Pod pod) {
        return conditions(pod).stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                .map(condition -> text(condition.getMessage()))
                .findFirst();
    }

    /** Whether its container has begun, so that there is a log. */
    static boolean begun(Pod pod) {
        ContainerState state = state(pod);
        return state != null && (state.getRunning() != null || state.getTerminated() != null);
    }

    /** Whether its container has ended, well or badly. */
    static boolean over(Pod pod) {
        return terminated(pod) != null;
    }

    /** What the cluster itself has kept of the end of its log, as it came: whole lines only, so that what is masked is whole too. */
    static List<String> tail(Pod pod) {
        ContainerStateTerminated end = terminated(pod);
        String message = end == null ? "" : text(end.getMessage());
        boolean cut = message.getBytes(StandardCharsets.UTF_8).length >= KEPT_BYTES;
        return message.lines().skip(cut ? 1 : 0).toList();
    }

    static boolean finished(Job job) {
        return condition(job, "Failed") != null || condition(job, "Complete") != null;
    }

    private static Optional<Problem> interrupted(Pod pod, String where) {
        String reason = pod.getStatus() == null ? "" : text(pod.getStatus().getReason());
        String message = pod.getStatus() == null ? "" : text(pod.getStatus().getMessage());
        if (message.contains("ephemeral") || message.contains("ephemeral-storage")) {
            return Optional.of(Problem.of(ProblemCode.BUILD_NO_SPACE, where, "reason", message));
        }
        boolean evicted = Set.of("Evicted", "NodeLost", "NodeShutdown", "Preempting", "Terminated")
                .contains(reason);
        return evicted
                ? Optional.of(Problem.of(ProblemCode.BUILD_INTERRUPTED, where, "reason", reason + ": " + message))
                : Optional.empty();
    }

    private static Optional<Problem> notPulled(Pod pod, String where) {
        ContainerState state = state(pod);
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        return waiting != null && NO_PULL.contains(text(waiting.getReason()))
                ? Optional.of(Problem.of(
                        ProblemCode.POD_IMAGE_PULL,
                        where,
                        "image",
                        pod.getSpec().getContainers().get(0).getImage(),
                        "message",
                        text(waiting.getMessage())))
                : Optional.empty();
    }

    private static Optional<Problem> ended(Job job, Pod pod, KanikoLog log, String where) {
        ContainerStateTerminated end = terminated(pod);
        if (end == null || digest(pod).isPresent()) {
            return Optional.empty();
        }
        if ("OOMKilled".equals(end.getReason())) {
            return Optional.of(memory(ProblemCode.BUILD_OUT_OF_MEMORY, pod, log, where));
        }
        if (pod.getMetadata().getDeletionTimestamp() != null
                || end.getExitCode() == 143
                || job.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of(
                    Problem.of(ProblemCode.BUILD_INTERRUPTED, where, "reason", "its pod was ended from outside"));
        }
        // Where the kernel ends the one program and not all of the container, only the builder knows.
        if (log.lastLines().stream().anyMatch(line -> line.contains(KILLED))) {
            return Optional.of(memory(ProblemCode.BUILD_KILLED, pod, log, where));
        }
        return Optional.of(said(log, end, where));
    }

    private static Problem memory(ProblemCode code, Pod pod, KanikoLog log, String where) {
        Quantity limit =
                pod.getSpec().getContainers().get(0).getResources().getLimits().get("memory");
        return Problem.of(code, where, "limit", text(limit), "instruction", log.instruction());
    }

    /** An image that the build begins with cannot be read. A registry that is away for a moment is waited for. */
    private static Optional<Problem> base(List<String> lines, String word, String where) {
        boolean mapped = word.contains("not found on any configured");
        if (!mapped && !BASE.matcher(word).find()) {
            return Optional.empty();
        }
        String reason = lines.stream()
                .filter(line -> mapped && line.contains("Failed to retrieve image"))
                .reduce(word, (before, line) -> line);
        ProblemCode code = BASE_REFUSED.matcher(reason).find() ? ProblemCode.BUILD_BASE : ProblemCode.BUILD_INTERRUPTED;
        return Optional.of(Problem.of(code, where, "reason", reason));
    }

    private static Problem said(KanikoLog log, ContainerStateTerminated end, String where) {
        List<String> lines = log.lastLines();
        String tail = String.join("\n", lines);
        String word = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (tail.contains("no space left on device")) {
            return Problem.of(ProblemCode.BUILD_NO_SPACE, where, "reason", word);
        }
        if (word.contains("checking push permission")
                || word.contains("failed to push")
                || word.contains("error pushing image")) {
            boolean denied = word.contains("UNAUTHORIZED")
                    || word.contains("DENIED")
                    || word.contains("403")
                    || word.contains("401");
            return denied
                    ? Problem.of(
                            ProblemCode.REGISTRY_DENIED,
                            where,
                            "registry",
                            "slipway.registry",
                            "reason",
                            word,
                            "setting",
                            "slipway.registry.username, slipway.registry.password")
                    : Problem.of(ProblemCode.BUILD_PUSH, where, "reason", word);
        }
        Optional<Problem> base = base(lines, word, where);
        if (base.isPresent()) {
            return base.get();
        }
        Matcher missing = MISSING.matcher(word);
        if (missing.find() && EXIT.matcher(tail).results().findAny().isEmpty()) {
            return Problem.of(ProblemCode.BUILD_FILE_MISSING, where, "instruction", log.instruction(), "reason", word);
        }
        if (word.contains("parsing dockerfile") || word.contains("parse error")) {
            return Problem.of(ProblemCode.BUILD_DOCKERFILE, where, "file", "Dockerfile", "line", "-", "reason", word);
        }
        Matcher exit = EXIT.matcher(tail);
        Matcher command = NO_COMMAND.matcher(tail);
        boolean exited = exit.find();
        String reason = command.find()
                ? "there is no " + command.group(1) + " in this stage"
                : exited && !log.lastWord().isEmpty() ? log.lastWord() : word;
        return Problem.of(
                ProblemCode.BUILD_FAILED,
                where,
                "instruction",
                log.instruction(),
                "exit",
                exited ? exit.group(1) : Integer.toString(Objects.requireNonNullElse(end.getExitCode(), 1)),
                "reason",
                reason);
    }

    private static @Nullable JobCondition condition(Job job, String type) {
        if (job.getStatus() == null || job.getStatus().getConditions() == null) {
            return null;
        }
        return job.getStatus().getConditions().stream()
                .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable ContainerStateTerminated terminated(Pod pod) {
        ContainerState state = state(pod);
        return state == null ? null : state.getTerminated();
    }

    private static @Nullable ContainerState state(Pod pod) {
        if (pod.getStatus() == null) {
            return null;
        }
        return Objects.requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of()).stream()
                .filter(status -> KanikoJob.CONTAINER.equals(status.getName()))
                .map(ContainerStatus::getState)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static List<PodCondition> conditions(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getConditions() == null
                ? List.of()
                : pod.getStatus().getConditions();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
