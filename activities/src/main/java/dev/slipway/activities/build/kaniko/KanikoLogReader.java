package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.activities.kubernetes.log.ContainerLog;
import dev.slipway.activities.kubernetes.log.LogLine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of a build's pod by a thread of its own: all of it, as all of it tells how the build goes; told is what comes after
 * where an attempt before has left off.
 */
final class KanikoLogReader implements AutoCloseable {
    private static final Duration LAST_LINES = Duration.ofSeconds(5);
    private static final long AGAIN_MILLIS = 300;
    private static final int TRIES_AFTER_LAST = 10;

    private final ClusterConnection cluster;
    private final String namespace;
    private final UnaryOperator<String> masked;
    private final KanikoLog log;
    private final KanikoBuilds.Caller caller;
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** @param masked what a line becomes before anybody sees it */
    KanikoLogReader(
            ClusterConnection cluster,
            String namespace,
            UnaryOperator<String> masked,
            KanikoLog log,
            KanikoBuilds.Caller caller) {
        this.masked = masked;
        this.cluster = cluster;
        this.namespace = namespace;
        this.log = log;
        this.caller = caller;
    }

    /** Begins with it; once is enough. */
    void read(Pod pod) {
        if (thread == null) {
            String name = pod.getMetadata().getName();
            thread = new Thread(() -> follow(name), "build-log-" + name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The container has ended: waits a moment until all that it said is read. */
    void finish() {
        if (thread != null) {
            try {
                thread.join(LAST_LINES.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void follow(String pod) {
        Instant told = caller.loggedUntil();
        Instant last = null;
        for (int tries = 0; !closed && tries < TRIES_AFTER_LAST; tries++) {
            Position position = new Position(last, told);
            try {
                ContainerLog.follow(cluster, namespace, pod, KanikoJob.CONTAINER, last, position::take);
                return;
            } catch (IOException | KubernetesClientException e) {
                tries = position.moved(last) ? 0 : tries;
                last = position.at;
            }
            try {
                Thread.sleep(AGAIN_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private final class Position {
        private final @Nullable Instant told;
        private @Nullable Instant at;

        /** @param told up to when the caller was told already */
        Position(@Nullable Instant from, @Nullable Instant told) {
            this.at = from;
            this.told = told;
        }

        void take(LogLine line) {
            Instant time = line.at();
            if (time != null) {
                at = time;
            }
            String text = masked.apply(line.text());
            log.line(Ansi.plain(text));
            if (!closed && time != null && (told == null || time.isAfter(told))) {
                caller.logged(time, text);
            }
        }

        boolean moved(@Nullable Instant from) {
            return at != null && !at.equals(from);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
