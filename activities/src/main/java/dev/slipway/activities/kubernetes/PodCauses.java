package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.LogSource;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a pod does not get ready and will not by waiting. Pure but for the clock it is handed. */
final class PodCauses {
    private static final Duration PULL_GRACE = Duration.ofSeconds(2);
    private static final Duration SCHEDULING_GRACE = Duration.ofSeconds(4);
    private static final Set<String> PULLING = Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable");
    private static final Set<String> NO_IMAGE = Set.of("InvalidImageName", "ErrImageNeverPull", "ImageInspectError");
    private static final Set<String> CONFIGURATION =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError");

    /**
     * A busy node has not read the secret or config map yet; it tries again by itself. One that does not exist is told in
     * other words.
     */
    private static final String NODE_IS_LATE = "failed to sync ";

    private static final Pattern BACK_OFF =
            Pattern.compile("Back-off pulling image \"[^\"]*\": (?:ErrImagePull: )?(.+)", Pattern.DOTALL);

    private PodCauses() {}

    static Optional<Failed> of(Pod pod, Since since) {
        return unschedulable(pod, since)
                .or(() -> statuses(pod)
                        .map(status -> container(pod, status, since))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static Stream<ContainerStatus> statuses(Pod pod) {
        if (pod.getStatus() == null) {
            return Stream.of();
        }
        return Stream.concat(
                Objects.requireNonNullElse(pod.getStatus().getInitContainerStatuses(), List.<ContainerStatus>of())
                        .stream(),
                Objects.requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
                        .stream());
    }

    private static Optional<Failed> unschedulable(Pod pod, Since since) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return Objects.requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                // A volume may be on its way for minutes. Whether it is, its claim knows.
                .filter(condition -> !Scheduling.waitsForClaims(text(condition.getMessage())))
                .filter(condition -> since.longer("unschedulable " + uid(pod), SCHEDULING_GRACE))
                .findFirst()
                .map(condition -> new Failed(
                        Problem.of(
                                ProblemCode.POD_UNSCHEDULABLE,
                                where(pod),
                                "message",
                                Scheduling.words(pod, text(condition.getMessage()), List.of())),
                        null,
                        pod));
    }

    private static Optional<Failed> container(Pod pod, ContainerStatus status, Since since) {
        ContainerState state = status.getState();
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        if (waiting != null && waiting.getReason() != null) {
            String reason = waiting.getReason();
            boolean pulling = PULLING.contains(reason);
            if (NO_IMAGE.contains(reason)
                    || pulling && since.longer("pull " + uid(pod) + status.getName(), PULL_GRACE)) {
                return Optional.of(new Failed(
                        Problem.of(
                                ProblemCode.POD_IMAGE_PULL,
                                where(pod),
                                "image",
                                text(status.getImage()),
                                "message",
                                registryWords(text(waiting.getMessage()))),
                        null,
                        pod));
            }
            if (CONFIGURATION.contains(reason) && !text(waiting.getMessage()).contains(NODE_IS_LATE)) {
                return Optional.of(configuration(pod, status.getName() + ": " + text(waiting.getMessage())));
            }
        }
        return crash(pod, status);
    }

    /** While the node pauses it says so, and after that what the registry said. */
    static String registryWords(String message) {
        Matcher pausing = BACK_OFF.matcher(message);
        return pausing.matches() ? pausing.group(1) : message;
    }

    static Failed configuration(Pod pod, String message) {
        return new Failed(Problem.of(ProblemCode.POD_CONFIGURATION, where(pod), "message", message), null, pod);
    }

    /** Judged by the count of restarts: the word CrashLoopBackOff comes late and goes in between. */
    private static Optional<Failed> crash(Pod pod, ContainerStatus status) {
        if (!"Always".equals(Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always"))) {
            return Optional.empty();
        }
        ContainerState state = status.getState();
        if (state == null || state.getRunning() != null || status.getRestartCount() < 1) {
            return Optional.empty();
        }
        ContainerStateTerminated now = state.getTerminated();
        ContainerStateTerminated before =
                status.getLastState() == null ? null : status.getLastState().getTerminated();
        boolean backingOff = state.getWaiting() != null
                && "CrashLoopBackOff".equals(state.getWaiting().getReason());
        ContainerStateTerminated end = now != null ? now : before;
        boolean again = now != null && exit(now) != 0 || backingOff || status.getRestartCount() >= 2;
        if (end == null || !again) {
            return Optional.empty();
        }
        return Optional.of(ended(pod, status, end));
    }

    private static Failed ended(Pod pod, ContainerStatus status, ContainerStateTerminated end) {
        // While it is terminated, its log is the current one; once it waits for the next start, the previous one.
        boolean previous = status.getState().getTerminated() == null;
        LogSource log = new LogSource(
                pod.getMetadata().getNamespace(), pod.getMetadata().getName(), status.getName(), previous);
        if ("OOMKilled".equals(end.getReason())) {
            return new Failed(
                    Problem.of(
                            ProblemCode.POD_OUT_OF_MEMORY,
                            where(pod),
                            "limit",
                            memoryLimit(pod, status.getName()),
                            "restarts",
                            Integer.toString(status.getRestartCount()),
                            "container",
                            status.getName()),
                    log,
                    pod);
        }
        int exit = exit(end);
        return new Failed(
                Problem.of(
                        ProblemCode.POD_CRASH,
                        where(pod),
                        "exit",
                        Integer.toString(exit),
                        "signal",
                        exit > 128 ? Integer.toString(exit - 128) : "-",
                        "restarts",
                        Integer.toString(status.getRestartCount()),
                        "container",
                        status.getName()),
                log,
                pod);
    }

    private static String memoryLimit(Pod pod, String container) {
        return Stream.concat(
                        Objects.requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream(),
                        pod.getSpec().getContainers().stream())
                .filter(candidate -> candidate.getName().equals(container))
                .findFirst()
                .map(candidate -> candidate.getResources() == null
                                || candidate.getResources().getLimits() == null
                        ? null
                        : candidate.getResources().getLimits().get("memory"))
                .map(Quantity::toString)
                .orElse("-");
    }

    private static int exit(ContainerStateTerminated terminated) {
        return Objects.requireNonNullElse(terminated.getExitCode(), 0);
    }

    /** What the pod does, in the platform's words: {@code web-1: ContainerCreating}. */
    static String seen(Pod pod) {
        String state = statuses(pod)
                .map(status -> {
                    if (status.getState() != null
                            && status.getState().getWaiting() != null
                            && status.getState().getWaiting().getReason() != null) {
                        return status.getState().getWaiting().getReason();
                    }
                    if (status.getState() != null && status.getState().getTerminated() != null) {
                        return "exit " + exit(status.getState().getTerminated());
                    }
                    return Boolean.TRUE.equals(status.getReady()) ? "" : "running, not ready";
                })
                .filter(word -> !word.isEmpty())
                .findFirst()
                .orElse(pod.getStatus() == null ? "" : text(pod.getStatus().getPhase()));
        return pod.getMetadata().getName() + ": " + state;
    }

    static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }

    /** Why a pod that has ended badly, and that nobody makes anew, did so. */
    static Optional<Failed> end(Pod pod) {
        return statuses(pod)
                .filter(status -> status.getState() != null
                        && status.getState().getTerminated() != null
                        && exit(status.getState().getTerminated()) != 0)
                .findFirst()
                .map(status -> ended(pod, status, status.getState().getTerminated()));
    }

    /** Whether a container of it runs, or has run to a good end. */
    static boolean started(Pod pod) {
        return pod.getStatus() != null
                && Objects.requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
                        .stream()
                        .anyMatch(status -> status.getState() != null
                                && (status.getState().getRunning() != null
                                        || status.getState().getTerminated() != null
                                                && exit(status.getState().getTerminated()) == 0));
    }

    static boolean creating(Pod pod) {
        return statuses(pod)
                .anyMatch(status -> status.getState() != null
                        && status.getState().getWaiting() != null
                        && "ContainerCreating"
                                .equals(status.getState().getWaiting().getReason()));
    }

    static String where(Pod pod) {
        return "Pod " + pod.getMetadata().getNamespace() + "/"
                + pod.getMetadata().getName();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
