package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the time of day that an API server puts on its answers. */
final class ServerDates implements Interceptor {
    /** Who asks and is not told how it ended must not fill the memory. */
    private static final int MOST_OPEN = 10_000;

    private final ClusterTime time;
    private final Map<UUID, Instant> asked = new ConcurrentHashMap<>();

    ServerDates(ClusterTime time) {
        this.time = time;
    }

    /** The last that is heard of a request before it goes out; {@code before} is told one of another id. */
    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        if (asked.size() > MOST_OPEN) {
            asked.clear();
        }
        asked.put(request.id(), time.here());
        return consumer;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        Instant begin = asked.remove(request.id());
        List<String> dates = response.headers("Date");
        // A server error may be the word of something in between, with a clock of its own.
        if (begin == null || dates.size() != 1 || response.code() >= 500) {
            return;
        }
        try {
            time.heard(DateTimeFormatter.RFC_1123_DATE_TIME.parse(dates.get(0), Instant::from), begin, time.here());
        } catch (DateTimeException e) {
            // No date that can be read is none.
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        asked.remove(request.id());
    }
}
