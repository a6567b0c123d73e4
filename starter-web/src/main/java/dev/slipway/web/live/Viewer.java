package dev.slipway.web.live;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * One open page. What it is not quick enough to take is replaced by what is newer; a page that takes nothing holds up
 * nobody but one of the sending threads.
 */
final class Viewer {
    private static final MediaType HTML = new MediaType("text", "html", java.nio.charset.StandardCharsets.UTF_8);

    private final SseEmitter emitter;
    private final Locale locale;
    private final Executor senders;
    private final Map<String, String> pending = new LinkedHashMap<>();
    private final Map<String, String> sent = new LinkedHashMap<>();
    private String id = "";
    private boolean sending;
    private boolean ending;
    private volatile boolean gone;

    Viewer(SseEmitter emitter, Locale locale, Executor senders) {
        this.emitter = emitter;
        this.locale = locale;
        this.senders = senders;
        emitter.onCompletion(() -> gone = true);
        emitter.onTimeout(() -> gone = true);
        emitter.onError(error -> gone = true);
    }

    Locale locale() {
        return locale;
    }

    boolean gone() {
        return gone;
    }

    /** What the page has already: only what differs is sent. */
    synchronized void has(Map<String, String> parts) {
        sent.putAll(parts);
    }

    /** Hands over what differs from what this page has. */
    synchronized void show(Map<String, String> parts, String revision) {
        parts.forEach((part, html) -> {
            if (!html.equals(sent.get(part))) {
                sent.put(part, html);
                pending.put(part, html);
            }
        });
        id = revision;
        work();
    }

    synchronized void end() {
        ending = true;
        work();
    }

    /** Keeps proxies from closing a quiet stream, and finds out who left. */
    synchronized void beat() {
        if (pending.isEmpty()) {
            pending.put("", "");
        }
        work();
    }

    private void work() {
        if (!sending && !gone && (!pending.isEmpty() || ending)) {
            sending = true;
            try {
                senders.execute(this::drain);
            } catch (RejectedExecutionException closed) {
                sending = false;
            }
        }
    }

    private void drain() {
        while (true) {
            Map<String, String> batch;
            String revision;
            boolean last;
            synchronized (this) {
                if (gone || (pending.isEmpty() && !ending)) {
                    sending = false;
                    return;
                }
                batch = new LinkedHashMap<>(pending);
                revision = id;
                last = ending;
                pending.clear();
            }
            try {
                int left = batch.size();
                for (Map.Entry<String, String> part : batch.entrySet()) {
                    // Only who got all of it has got this revision: a line that breaks before gets all again.
                    emitter.send(event(part.getKey(), part.getValue(), --left == 0 ? revision : null));
                }
                if (last) {
                    emitter.send(SseEmitter.event().name("end").id(revision).data("", HTML));
                    gone = true;
                    emitter.complete();
                }
            } catch (IOException | IllegalStateException left) {
                gone = true;
            }
        }
    }

    private static SseEventBuilder event(String name, String html, @Nullable String revision) {
        if (name.isEmpty()) {
            return SseEmitter.event().comment("");
        }
        SseEventBuilder event = SseEmitter.event().name(name);
        return (revision == null ? event : event.id(revision)).data(html, HTML);
    }

    void close() {
        gone = true;
        emitter.complete();
    }
}
