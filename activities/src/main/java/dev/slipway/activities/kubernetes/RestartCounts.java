package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often containers were started again in the last hour. A cluster only counts them all, so they are noted as they are seen. Of
 * what was before: all of them when the pod is younger than an hour, else the last one when that is. Not for several threads.
 */
final class RestartCounts {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final Duration HOUR = Duration.ofHours(1);
    /** More than that in an hour is a number nobody reads. */
    private static final int MOST = 1_000;

    private static final class Seen {
        private final Map<String, Integer> counts = new HashMap<>();
        private final Deque<Long> moments = new ArrayDeque<>();
    }

    private final Map<Key, Seen> components = new HashMap<>();
    private final LongSupplier nanoTime;
    private final ClusterTime time;

    RestartCounts(LongSupplier nanoTime, ClusterTime time) {
        this.nanoTime = nanoTime;
        this.time = time;
    }

    int lastHour(Key key, List<Pod> pods) {
        Seen seen = components.computeIfAbsent(key, first -> new Seen());
        long now = nanoTime.getAsLong();
        Map<String, Integer> counts = new HashMap<>();
        for (Pod pod : pods) {
            for (ContainerStatus status : statuses(pod)) {
                String container = pod.getMetadata().getUid() + "/" + status.getName();
                int count = Objects.requireNonNullElse(status.getRestartCount(), 0);
                Integer before = seen.counts.get(container);
                int fresh = before == null ? recent(pod, status, count) : count - before;
                for (int i = 0; i < Math.min(MOST, fresh); i++) {
                    seen.moments.add(now);
                }
                counts.put(container, count);
            }
        }
        // A pod that has gone takes its counts along, not what happened.
        seen.counts.clear();
        seen.counts.putAll(counts);
        while (!seen.moments.isEmpty() && (now - seen.moments.getFirst() > HOUR_NANOS || seen.moments.size() > MOST)) {
            seen.moments.removeFirst();
        }
        return seen.moments.size();
    }

    void forget(Key key) {
        components.remove(key);
    }

    private int recent(Pod pod, ContainerStatus status, int count) {
        if (count == 0 || within(pod.getMetadata().getCreationTimestamp())) {
            return count;
        }
        ContainerState last = status.getLastState();
        return last != null
                        && last.getTerminated() != null
                        && within(last.getTerminated().getFinishedAt())
                ? 1
                : 0;
    }

    private boolean within(@Nullable String written) {
        try {
            return written != null && Instant.parse(written).isAfter(time.now().minus(HOUR));
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
                ? List.of()
                : pod.getStatus().getContainerStatuses();
    }
}
