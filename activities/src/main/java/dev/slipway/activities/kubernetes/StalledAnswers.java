package dev.slipway.activities.kubernetes;

import dev.slipway.activities.threads.DaemonThreads;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends answers that stop in the middle. The client's own timeout covers the way to the answer's head only: a connection
 * that dies silently behind it would hold its caller for ever. Watches and logs that are followed are meant to stay open.
 */
final class StalledAnswers implements Interceptor {
    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("stalled-answers"));

    private final Duration limit;

    /** @param limit from the head of an answer to its end */
    StalledAnswers(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void after(
            HttpRequest request,
            HttpResponse<?> response,
            AsyncBody.Consumer<java.util.List<java.nio.ByteBuffer>> consumer) {
        if (response.body() instanceof AsyncBody body && !endless(request.uri())) {
            ScheduledFuture<?> end = TIMER.schedule(body::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
            var unused = body.done().whenComplete((done, failure) -> end.cancel(false));
        }
    }

    private static boolean endless(URI uri) {
        String query = Objects.requireNonNullElse(uri.getRawQuery(), "");
        return query.contains("watch=true") || query.contains("follow=true");
    }
}
