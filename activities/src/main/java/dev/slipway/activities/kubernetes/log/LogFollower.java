package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterErrors;
import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import dev.slipway.activities.kubernetes.log.LoggedPod.Life;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the pods of one component for one viewer: an informer tells which containers have come to life, a thread reads each.
 * A stream that breaks off while its container runs is taken up again where it was.
 */
final class LogFollower implements ComponentLogs.Following {
    private static final long AGAIN_MILLIS = 1_000;
    /** Of a log that is asked for from a moment on: no more than this far back from its end. */
    private static final int DEEPEST = 50_000;

    private final ClusterConnection cluster;
    private final LogRequest request;
    private final LogBuffer into;
    private final ExecutorService readers;
    private final AtomicInteger streams;
    private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    /** Each life that is or was read. */
    private final Set<String> taken = new HashSet<>();

    private final Set<String> reading = new HashSet<>();
    private final Set<String> leftOut = new HashSet<>();
    private @Nullable SharedIndexInformer<Pod> informer;
    private volatile boolean closed;

    LogFollower(
            ClusterConnection cluster,
            LogRequest request,
            LogBuffer into,
            ExecutorService readers,
            AtomicInteger streams) {
        this.cluster = cluster;
        this.request = request;
        this.into = into;
        this.readers = readers;
        this.streams = streams;
    }

    void start() {
        List<Pod> there = ComponentLogs.found(cluster, request);
        synchronized (this) {
            there.forEach(pod -> look(pod, false));
        }
        SharedIndexInformer<Pod> watching = cluster.client()
                .pods()
                .inNamespace(request.namespace())
                .withLabels(ComponentLogs.labels(request))
                .runnableInformer(0);
        watching.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                seen(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                seen(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean stateUnknown) {
                gone(pod.getMetadata().getName());
            }
        });
        watching.exceptionHandler((started, failure) -> !closed);
        informer = watching;
        var unused = watching.start().exceptionally(failure -> null);
    }

    private synchronized void seen(Pod pod) {
        if (request.pod() == null || request.pod().equals(pod.getMetadata().getName())) {
            look(pod, true);
        }
    }

    private synchronized void gone(String pod) {
        pods.remove(pod);
        reading.remove(pod);
    }

    /** @param later it was not there when this began */
    private void look(Pod pod, boolean later) {
        String name = pod.getMetadata().getName();
        pods.put(name, pod);
        Life life = life(pod);
        if (closed || life == null) {
            return;
        }
        String key = pod.getMetadata().getUid() + " " + life.startedAt();
        if (taken.contains(key)) {
            return;
        }
        if (reading.size() >= ComponentLogs.MOST_PODS && !reading.contains(name)) {
            if (leftOut.add(name)) {
                into.add(LogLine.note(Kind.LEFT_OUT, name, null, Integer.toString(leftOut.size())));
            }
            return;
        }
        taken.add(key);
        reading.add(name);
        boolean fresh = later;
        try {
            readers.execute(() -> read(name, ComponentLogs.container(request, pod), key, life, fresh));
        } catch (RejectedExecutionException e) {
            closed = true; // the application ends
        }
    }

    private @Nullable Life life(Pod pod) {
        return LoggedPod.status(pod, ComponentLogs.container(request, pod))
                .map(Life::of)
                .orElse(null);
    }

    /** @param fresh it came to life under the viewer's eyes: all of it is wanted */
    private void read(String pod, String container, String key, Life life, boolean fresh) {
        if (fresh) {
            into.add(LogLine.note(Kind.BEGINS, pod, time(life.startedAt()), container));
        }
        Instant from = fresh ? null : request.since();
        int tail = fresh ? 0 : request.since() == null ? request.tail() : DEEPEST;
        Instant last = null;
        while (!closed) {
            try {
                Instant seen = copy(pod, container, from, last, tail);
                last = seen == null ? last : seen;
            } catch (KubernetesClientException e) {
                if (e.getCode() == 404 && last != null) {
                    break; // gone since
                }
                if (refused(pod, key, e)) {
                    return;
                }
            } catch (IOException e) {
                // Broken off, or closed: looked at below.
            }
            Pod now = pods.get(pod);
            Life alive = now == null ? null : life(now);
            if (closed || alive == null || !alive.runs() || !alive.startedAt().equals(life.startedAt())) {
                break;
            }
            from = last == null ? from : last;
            tail = last == null ? tail : 0;
            if (!rested()) {
                return;
            }
        }
        ended(pod, last, container);
    }

    private void ended(String pod, @Nullable Instant last, String container) {
        if (closed) {
            return;
        }
        into.add(LogLine.note(Kind.ENDS, pod, last, container));
    }

    /** @return when the last line was written; {@code null}: there was none */
    private @Nullable Instant copy(
            String pod, String container, @Nullable Instant from, @Nullable Instant after, int tail)
            throws IOException {
        Instant last = null;
        InputStream stream = LogDoor.open(cluster, request.namespace(), pod, container, true, false, from, tail);
        streams.incrementAndGet();
        open.add(stream);
        try (LogLines lines = new LogLines(pod, stream)) {
            if (closed) {
                return null;
            }
            for (LogLine line = lines.next(); line != null && !closed; line = lines.next()) {
                Instant at = line.at();
                if (at != null) {
                    // Whole seconds are asked for: what was there before comes again.
                    boolean again = after != null ? !at.isAfter(after) : from != null && at.isBefore(from);
                    if (again) {
                        continue;
                    }
                    last = at;
                }
                if (request.wants(line)) {
                    into.add(line);
                }
            }
            return last;
        } catch (IOException e) {
            if (closed || last == null) {
                throw e;
            }
            return last;
        } finally {
            open.remove(stream);
            streams.decrementAndGet();
        }
    }

    /** Whether there is no sense in asking again. */
    private boolean refused(String pod, String key, KubernetesClientException e) {
        if (e.getCode() == 404 || e.getCode() == 400) {
            // Not yet, or not any more: its next change is looked at again.
            synchronized (this) {
                taken.remove(key);
            }
            return true;
        }
        if (e.getCode() == 401 || e.getCode() == 403) {
            into.add(LoggedPod.unreadable(pod, ClusterErrors.message(e)));
            return true;
        }
        return false;
    }

    private synchronized boolean rested() {
        try {
            long until = System.nanoTime() + AGAIN_MILLIS * 1_000_000;
            while (!closed && System.nanoTime() < until) {
                wait(AGAIN_MILLIS);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            notifyAll();
        }
        SharedIndexInformer<Pod> watching = informer;
        if (watching != null) {
            watching.stop();
        }
        for (InputStream stream : open) {
            try {
                stream.close();
            } catch (IOException e) {
                // It ends anyway.
            }
        }
        into.finish();
    }
}
