package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterErrors;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The logs of components. Give it connections of their own: a reader who stands still holds its stream up, and must not hold up
 * what watches the cluster over the same connection.
 */
public final class ComponentLogs implements AutoCloseable {
    /** How many pods of a component are read at once; the newest count. */
    static final int MOST_PODS = 20;

    private final AtomicInteger streams = new AtomicInteger();
    private final ExecutorService readers;

    public ComponentLogs() {
        AtomicInteger count = new AtomicInteger();
        readers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "log-reader-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Told each line of a log that is read from its beginning to its end. */
    public interface Reader {
        void line(LogLine line) throws IOException;
    }

    /** A log that is followed. Closing it ends the cluster's streams. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /** How many streams of clusters are open. */
    public int streams() {
        return streams.get();
    }

    /**
     * The component's pods as they are now, the newest first.
     *
     * @throws ProblemException what the cluster says
     */
    public List<LoggedPod> pods(ClusterConnection cluster, LogRequest request) {
        return found(cluster, request).stream().map(LoggedPod::of).toList();
    }

    static List<Pod> found(ClusterConnection cluster, LogRequest request) {
        return new ClusterErrors(cluster.name())
                        .at(
                                "Pod " + request.namespace(),
                                () -> cluster.client()
                                        .pods()
                                        .inNamespace(request.namespace())
                                        .withLabels(labels(request))
                                        .list()
                                        .getItems())
                        .stream()
                        .filter(pod -> request.pod() == null
                                || request.pod().equals(pod.getMetadata().getName()))
                        .sorted(Comparator.comparing(
                                        (Pod pod) -> pod.getMetadata().getCreationTimestamp())
                                .reversed())
                        .toList();
    }

    static Map<String, String> labels(LogRequest request) {
        return Map.of(Labels.ENVIRONMENT, request.environmentId(), Labels.COMPONENT, request.component());
    }

    /**
     * Follows the log of all pods, those that come later too, until it is closed.
     *
     * @param into gets the lines; never waited for
     * @throws ProblemException what the cluster says when it is asked for the pods
     */
    public Following follow(ClusterConnection cluster, LogRequest request, LogBuffer into) {
        LogFollower follower = new LogFollower(cluster, request, into, readers, streams);
        follower.start();
        return follower;
    }

    /**
     * Reads what there is, of all pods in the order of time, as fast as the reader takes it.
     *
     * @throws ProblemException what the cluster says; {@code SLP-LOG-NONE} when no pod has a log
     * @throws IOException what the reader throws, or when the cluster breaks off
     */
    public void read(ClusterConnection cluster, LogRequest request, Reader reader) throws IOException {
        List<Source> sources = new ArrayList<>();
        try {
            List<Pod> pods = found(cluster, request);
            List<LogLine> notes = new ArrayList<>();
            for (Pod pod : pods.subList(0, Math.min(MOST_PODS, pods.size()))) {
                open(cluster, request, pod, sources, notes);
            }
            if (sources.isEmpty()) {
                throw none(request, notes);
            }
            for (LogLine note : notes) {
                reader.line(note);
            }
            if (pods.size() > MOST_PODS) {
                reader.line(LogLine.note(LogLine.Kind.LEFT_OUT, "", null, Integer.toString(pods.size() - MOST_PODS)));
            }
            merge(request, sources, reader);
        } finally {
            for (Source source : sources) {
                source.close();
            }
        }
    }

    private void open(ClusterConnection cluster, LogRequest request, Pod pod, List<Source> sources, List<LogLine> notes)
            throws IOException {
        String name = pod.getMetadata().getName();
        String container = container(request, pod);
        try {
            LogLines lines = new LogLines(
                    name,
                    LogDoor.open(
                            cluster,
                            request.namespace(),
                            name,
                            container,
                            false,
                            request.previous(),
                            request.since(),
                            request.tail()));
            streams.incrementAndGet();
            sources.add(new Source(lines, sources.size()));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 400 && e.getCode() != 404) {
                throw new ClusterErrors(cluster.name()).translated(e, "Pod " + request.namespace() + "/" + name);
            }
            notes.add(LoggedPod.unreadable(name, ClusterErrors.message(e)));
        }
    }

    private static ProblemException none(LogRequest request, List<LogLine> notes) {
        return new ProblemException(Problem.of(
                ProblemCode.LOG_NONE,
                request.component(),
                "component",
                request.component(),
                "message",
                notes.isEmpty() ? "no pod" : notes.get(0).text()));
    }

    static String container(LogRequest request, Pod pod) {
        return request.container() == null
                ? pod.getSpec().getContainers().get(0).getName()
                : request.container();
    }

    private static void merge(LogRequest request, List<Source> sources, Reader reader) throws IOException {
        PriorityQueue<Source> heads = new PriorityQueue<>();
        for (Source source : sources) {
            if (source.advance(request)) {
                heads.add(source);
            }
        }
        while (!heads.isEmpty()) {
            Source first = heads.remove();
            LogLine line = first.head;
            if (line != null) {
                reader.line(line);
            }
            if (first.advance(request)) {
                heads.add(first);
            }
        }
    }

    /** A log that is being read, ordered by the line it is at. */
    private final class Source implements Comparable<Source> {
        private final LogLines lines;
        private final int number;
        private @Nullable LogLine head;
        private Instant at = Instant.EPOCH;

        private Source(LogLines lines, int number) {
            this.lines = lines;
            this.number = number;
        }

        private boolean advance(LogRequest request) throws IOException {
            do {
                head = lines.next();
                if (head != null && head.at() != null) {
                    at = head.at();
                }
            } while (head != null && (!request.wants(head) || request.since() != null && at.isBefore(request.since())));
            return head != null;
        }

        @Override
        public int compareTo(Source other) {
            int order = at.compareTo(other.at);
            return order != 0 ? order : Integer.compare(number, other.number);
        }

        private void close() {
            streams.decrementAndGet();
            try {
                lines.close();
            } catch (IOException e) {
                // Nobody reads it any more.
            }
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
