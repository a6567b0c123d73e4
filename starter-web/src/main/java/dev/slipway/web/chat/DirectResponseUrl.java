package dev.slipway.web.chat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sends answers from this process, in order for each response address, again after 1, 2, 4, … 60 seconds or what a 429 says. What
 * waits when the process ends is lost.
 */
@Component
final class DirectResponseUrl implements ResponseUrl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectResponseUrl.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LONGEST_PAUSE = 60;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(8, task -> {
        Thread thread = new Thread(task, "chat-answers");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();

    private static final class Conversation {
        final Set<String> keys = new HashSet<>();
        final Deque<Answer> queue = new ArrayDeque<>();
        final Instant expires;
        boolean sending;

        Conversation(Instant expires) {
            this.expires = expires;
        }
    }

    @Override
    public boolean send(Answer answer) {
        Instant now = Instant.now();
        conversations.values().removeIf(old -> !old.expires.isAfter(now));
        if (!answer.expires().isAfter(now)) {
            return false;
        }
        Conversation conversation =
                conversations.computeIfAbsent(answer.conversation(), key -> new Conversation(answer.expires()));
        synchronized (conversation) {
            if (conversation.keys.contains(answer.key())) {
                return true;
            }
            if (conversation.keys.size() >= answer.uses()) {
                return false;
            }
            conversation.keys.add(answer.key());
            conversation.queue.add(answer);
            if (!conversation.sending) {
                conversation.sending = true;
                senders.execute(() -> next(conversation, 1));
            }
        }
        return true;
    }

    private void next(Conversation conversation, long pause) {
        Answer answer;
        synchronized (conversation) {
            answer = conversation.queue.peek();
            if (answer == null) {
                conversation.sending = false;
                return;
            }
        }
        long wait = Instant.now().isBefore(answer.expires()) ? post(answer, pause) : 0;
        if (wait == 0) {
            synchronized (conversation) {
                conversation.queue.remove();
            }
            senders.execute(() -> next(conversation, 1));
        } else {
            var unused = senders.schedule(
                    () -> next(conversation, Math.min(LONGEST_PAUSE, pause * 2)), wait, TimeUnit.SECONDS);
        }
    }

    /** @return in how many seconds it is tried again; 0: it is not */
    private long post(Answer answer, long pause) {
        try {
            HttpResponse<Void> taken = client.send(
                    HttpRequest.newBuilder(URI.create(answer.address().reveal()))
                            .timeout(LIMIT)
                            .header("Content-Type", "application/json; charset=utf-8")
                            .POST(BodyPublishers.ofString(answer.json()))
                            .build(),
                    BodyHandlers.discarding());
            int status = taken.statusCode();
            if (status == 429 || status >= 500) {
                String says = taken.headers().firstValue("Retry-After").orElse("");
                return says.matches("[1-9][0-9]{0,3}") ? Long.parseLong(says) : pause;
            }
            if (status >= 300) {
                LOG.warn("a chat refused the answer to command {}: HTTP {}", answer.conversation(), status);
            }
            return 0;
        } catch (IOException broken) {
            LOG.debug("the answer to command {} is sent again", answer.conversation(), broken);
            return pause;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
