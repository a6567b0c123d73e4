package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.ClusterConnection;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The log of one container that runs once. Follows it from where a reader before has left off. */
public final class ContainerLog {
    private ContainerLog() {}

    /**
     * Reads until the container ends, the stream breaks off, or the thread is interrupted.
     *
     * @param after lines up to then are left out; {@code null}: none
     * @param line told each line, with its time
     * @return when the last line was written; {@code after} when there was none
     * @throws KubernetesClientException when the cluster refuses, with its words
     * @throws IOException when it does not answer, or the stream breaks off
     */
    public static @Nullable Instant follow(
            ClusterConnection cluster,
            String namespace,
            String pod,
            String container,
            @Nullable Instant after,
            Consumer<LogLine> line)
            throws IOException {
        Instant last = after;
        InputStream stream = LogDoor.open(cluster, namespace, pod, container, true, false, after, 0);
        try (LogLines lines = new LogLines(pod, stream)) {
            for (LogLine next = lines.next(); next != null; next = lines.next()) {
                Instant at = next.at();
                if (at != null && after != null && !at.isAfter(after)) {
                    continue; // whole seconds are asked for: what was there before comes again
                }
                line.accept(next);
                last = at == null ? last : at;
            }
        }
        return last;
    }
}
