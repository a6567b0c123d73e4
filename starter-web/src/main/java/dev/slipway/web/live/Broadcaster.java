package dev.slipway.web.live;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Looks at every subject that somebody watches, once for all its viewers, every 400 ms, and sends the parts of the page that
 * changed. A page that connects gets all parts, or nothing when it shows the newest already, whichever process had sent it;
 * so a lost connection loses nothing and repeats nothing.
 */
public final class Broadcaster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
    private static final Duration PERIOD = Duration.ofMillis(400);
    private static final int BEAT_EVERY = 38; // periods: 15 s
    private static final long STREAM_LIMIT = Duration.ofMinutes(30).toMillis();
    private static final int SENDERS = 16;

    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock;
    private final ExecutorService senders;
    private long beat;

    public Broadcaster() {
        this.clock = Executors.newSingleThreadScheduledExecutor(named("live"));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                SENDERS, SENDERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("live-send"));
        pool.allowCoreThreadTimeOut(true);
        this.senders = pool;
        var unused =
                clock.scheduleWithFixedDelay(this::round, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A subject with its viewers. Touched by the clock's thread only, but for the list of viewers. */
    private static final class Channel {
        final Topic topic;
        final List<Viewer> viewers = new CopyOnWriteArrayList<>();
        final Map<Locale, Shown> rendered = new HashMap<>();

        Channel(Topic topic) {
            this.topic = topic;
        }

        Shown shown(Locale locale) {
            return rendered.computeIfAbsent(locale, language -> Shown.of(topic.render(language)));
        }
    }

    /**
     * What a page shows.
     *
     * @param id names these parts: the same parts have the same id, everywhere and always
     */
    private record Shown(Map<String, String> parts, String id) {
        static Shown of(Map<String, String> parts) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                parts.forEach(
                        (name, html) -> digest.update((name + "\0" + html + "\0").getBytes(StandardCharsets.UTF_8)));
                return new Shown(parts, HexFormat.of().formatHex(digest.digest(), 0, 12));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Opens a stream.
     *
     * @param subject key of what is watched: equal keys share a topic
     * @param lastEventId what the page got last; {@code null}: nothing
     */
    public SseEmitter open(String subject, Supplier<Topic> topic, Locale locale, @Nullable String lastEventId) {
        SseEmitter emitter = new SseEmitter(STREAM_LIMIT);
        Viewer viewer = new Viewer(emitter, locale, senders);
        clock.execute(() -> welcome(subject, topic, viewer, lastEventId));
        return emitter;
    }

    private void welcome(String subject, Supplier<Topic> topic, Viewer viewer, @Nullable String lastEventId) {
        try {
            Channel channel = channels.computeIfAbsent(subject, key -> new Channel(topic.get()));
            boolean isNew = channel.rendered.isEmpty();
            if (channel.topic.look() || isNew) {
                channel.rendered.clear();
            }
            Shown shown = channel.shown(viewer.locale());
            if (shown.id().equals(lastEventId)) {
                viewer.has(shown.parts());
            }
            channel.viewers.add(viewer);
            viewer.show(shown.parts(), shown.id());
            if (channel.topic.finished()) {
                end(subject, channel);
            }
        } catch (RuntimeException notNow) {
            // The browser comes back by itself.
            LOG.debug("stream {} cannot begin", subject, notNow);
            viewer.close();
        }
    }

    private void round() {
        beat++;
        channels.forEach((subject, channel) -> {
            try {
                round(subject, channel);
            } catch (RuntimeException notNow) {
                // The store or the engine is away: the page keeps what it has.
                LOG.debug("stream {}", subject, notNow);
            }
        });
    }

    private void round(String subject, Channel channel) {
        channel.viewers.removeIf(Viewer::gone);
        if (channel.viewers.isEmpty()) {
            channels.remove(subject);
            return;
        }
        if (channel.topic.look()) {
            channel.rendered.clear();
            for (Viewer viewer : channel.viewers) {
                Shown shown = channel.shown(viewer.locale());
                viewer.show(shown.parts(), shown.id());
            }
        }
        if (channel.topic.finished()) {
            end(subject, channel);
        } else if (beat % BEAT_EVERY == 0) {
            channel.viewers.forEach(Viewer::beat);
        }
    }

    private void end(String subject, Channel channel) {
        channels.remove(subject);
        channel.viewers.forEach(Viewer::end);
    }

    /** How many pages are open, for tests and health. */
    public int viewers() {
        return channels.values().stream()
                .mapToInt(channel -> channel.viewers.size())
                .sum();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        clock.shutdownNow();
        channels.values().forEach(channel -> channel.viewers.forEach(Viewer::close));
        channels.clear();
        senders.shutdownNow();
    }
}
