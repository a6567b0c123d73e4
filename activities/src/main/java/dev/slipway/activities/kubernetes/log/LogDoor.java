package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.ClusterConnection;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens logs. By the client's own HTTP client, because its calls for logs wait until a pod is ready, and a log is wanted most of
 * one that never gets there.
 */
final class LogDoor {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 8 << 10;

    private LogDoor() {}

    /**
     * @param since whole seconds of it count; {@code null}: from the beginning
     * @param tail 0: all
     * @return close it to end the cluster's stream
     * @throws KubernetesClientException when the cluster refuses, with its words
     * @throws IOException when it does not answer
     */
    static InputStream open(
            ClusterConnection cluster,
            String namespace,
            String pod,
            String container,
            boolean follow,
            boolean previous,
            @Nullable Instant since,
            int tail)
            throws IOException {
        StringBuilder address =
                new StringBuilder(cluster.client().getMasterUrl().toString());
        if (address.charAt(address.length() - 1) != '/') {
            address.append('/');
        }
        address.append("api/v1/namespaces/").append(encoded(namespace)).append("/pods/");
        address.append(encoded(pod)).append("/log?timestamps=true&container=").append(encoded(container));
        if (follow) {
            address.append("&follow=true");
        }
        if (previous) {
            address.append("&previous=true");
        }
        if (since != null) {
            address.append("&sinceTime=")
                    .append(encoded(since.truncatedTo(ChronoUnit.SECONDS).toString()));
        }
        if (tail > 0) {
            address.append("&tailLines=").append(tail);
        }
        HttpClient http = cluster.client().getHttpClient();
        HttpResponse<InputStream> answer = await(http.sendAsync(
                http.newHttpRequestBuilder()
                        .uri(URI.create(address.toString()))
                        .forStreaming()
                        .build(),
                InputStream.class));
        if (!answer.isSuccessful()) {
            try (InputStream body = answer.body()) {
                throw refused(answer.code(), new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8));
            }
        }
        return answer.body();
    }

    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> coming)
            throws IOException {
        try {
            return coming.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            leave(coming);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (TimeoutException e) {
            leave(coming);
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause());
        }
    }

    /** An answer that comes too late must not stay open. */
    private static void leave(CompletableFuture<HttpResponse<InputStream>> coming) {
        var unused = coming.thenAccept(late -> {
            try {
                late.body().close();
            } catch (IOException e) {
                // Nobody reads it.
            }
        });
    }

    private static KubernetesClientException refused(int code, String body) {
        try {
            Status status = Serialization.unmarshal(body, Status.class);
            if (status != null && status.getMessage() != null) {
                return new KubernetesClientException(status.getMessage(), code, status);
            }
        } catch (RuntimeException e) {
            // Not an answer of an API server's own: what it says is all there is.
        }
        return new KubernetesClientException(body, code, null);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
