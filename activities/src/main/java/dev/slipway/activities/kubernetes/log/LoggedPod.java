package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod that may be asked for its log.
 *
 * @param containers the component's own first
 * @param restarts of its own container
 */
public record LoggedPod(String name, List<String> containers, int restarts) {
    public LoggedPod {
        containers = List.copyOf(containers);
    }

    static LoggedPod of(Pod pod) {
        List<String> containers = Stream.concat(
                        pod.getSpec().getContainers().stream(),
                        Objects.requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream())
                .map(Container::getName)
                .toList();
        return new LoggedPod(
                pod.getMetadata().getName(),
                containers,
                status(pod, containers.get(0))
                        .map(ContainerStatus::getRestartCount)
                        .orElse(0));
    }

    static Optional<ContainerStatus> status(Pod pod, String container) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        return Stream.of(status.getContainerStatuses(), status.getInitContainerStatuses())
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(one -> container.equals(one.getName()))
                .findFirst();
    }

    /**
     * One life of a container.
     *
     * @param startedAt tells it from the lives before and after
     */
    record Life(String startedAt, boolean runs) {
        /** The one that its log is of at the moment; {@code null}: it never ran. */
        static @Nullable Life of(ContainerStatus status) {
            ContainerState state = status.getState();
            if (state != null && state.getRunning() != null) {
                return new Life(Objects.requireNonNullElse(state.getRunning().getStartedAt(), ""), true);
            }
            if (state != null && state.getTerminated() != null) {
                return new Life(Objects.requireNonNullElse(state.getTerminated().getStartedAt(), ""), false);
            }
            ContainerState last = status.getLastState();
            return last == null || last.getTerminated() == null
                    ? null
                    : new Life(Objects.requireNonNullElse(last.getTerminated().getStartedAt(), ""), false);
        }
    }

    static LogLine unreadable(String pod, String why) {
        return LogLine.note(Kind.UNREADABLE, pod, null, why);
    }
}
