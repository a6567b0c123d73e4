package dev.slipway.activities.notify;

import dev.slipway.activities.notify.Outbox.Leased;
import dev.slipway.activities.notify.StatusHostStore.Access;
import dev.slipway.activities.notify.WebhookStore.Receiver;
import dev.slipway.activities.outbound.OutboundPost;
import dev.slipway.activities.outbound.OutboundPost.Answer;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the outbox. Any number of them, in any number of processes, work on one outbox: a message is leased before it is
 * sent, and what became of it is recorded before the lease is over.
 */
public final class Deliverer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);

    private static final int AT_ONCE = 8;
    private static final int PER_TARGET = 2;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final WebhookStore webhooks;
    private final StatusHostStore hosts;
    private final OutboundPost post;
    private final Duration lease;
    private final Consumer<OutboxMessage> sent;

    private final Semaphore places = new Semaphore(AT_ONCE);
    private final AtomicInteger names = new AtomicInteger();
    private final ExecutorService senders =
            Executors.newCachedThreadPool(task -> daemon(task, "outbox-" + names.incrementAndGet()));
    private final Thread loop = daemon(this::run, "outbox");
    private volatile boolean closed;

    public Deliverer(Outbox outbox, WebhookStore webhooks, StatusHostStore hosts, OutboundPost post) {
        // Longer than a post can take, with time to record it while the store has a moment of weakness.
        this(outbox, webhooks, hosts, post, post.limit().plusSeconds(45), message -> {});
    }

    /**
     * @param lease how long a message is this deliverer's alone; more than twice what a post may take
     * @param sent is told of each message between its being sent and the record of it: what it throws is a crash in that moment
     */
    public Deliverer(
            Outbox outbox,
            WebhookStore webhooks,
            StatusHostStore hosts,
            OutboundPost post,
            Duration lease,
            Consumer<OutboxMessage> sent) {
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.hosts = hosts;
        this.post = post;
        this.lease = lease;
        this.sent = sent;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, e) -> LOG.error("{} ended", ended.getName(), e));
        return thread;
    }

    public void start() {
        loop.start();
    }

    /** Takes nothing more, and waits for what is under way: at most as long as one post takes. */
    @Override
    public void close() {
        closed = true;
        loop.interrupt();
        senders.shutdown();
        try {
            if (!senders.awaitTermination(post.limit().toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
                LOG.warn("messages are still being sent: one of them may arrive twice");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep((round() == 0 ? IDLE : Duration.ofMillis(20)).toMillis());
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.debug("the outbox cannot be read now", e);
                pause(AWAY);
            }
        }
    }

    /** Begins to send what is due, as far as there is room. @return how many */
    private int round() {
        int room = places.availablePermits();
        if (room == 0) {
            return 0;
        }
        long taken = System.nanoTime();
        List<Leased> due = outbox.lease(room, PER_TARGET, lease);
        for (Leased message : due) {
            places.acquireUninterruptibly();
            senders.execute(() -> {
                try {
                    deliver(message, taken);
                } finally {
                    places.release();
                }
            });
        }
        return due.size();
    }

    private void deliver(Leased message, long taken) {
        Verdict verdict;
        try {
            verdict = send(message, taken);
        } catch (RuntimeException e) {
            LOG.error("message {} cannot be sent", message.message().id(), e);
            verdict =
                    Verdict.dead(null, "Slipway made a mistake: " + e.getClass().getSimpleName());
        }
        sent.accept(message.message());
        record(message, verdict, taken);
    }

    private Verdict send(Leased message, long taken) {
        OutboxMessage about = message.message();
        if (!Instant.now().isBefore(about.expiresAt())) {
            return Verdict.dead(about.status(), about.answer() == null ? "its time was over" : about.answer());
        }
        if (System.nanoTime() - taken > lease.toNanos() / 2) {
            return Verdict.retry(null, "not sent: this machine was busy too long", Duration.ZERO);
        }
        Optional<Posting> posting = posting(message);
        if (posting.isEmpty()) {
            return Verdict.dead(null, about.channel().word() + " " + about.target() + " is gone or switched off");
        }
        try {
            Answer answer = post.post(
                    posting.get().to(), posting.get().headers(), posting.get().body());
            return Verdict.of(about.channel(), about.attempts(), answer, Instant.now());
        } catch (UnknownHostException e) {
            return Verdict.retry(null, "the host name is not known", Backoff.after(about.channel(), about.attempts()));
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return Verdict.retry(null, reason, Backoff.after(about.channel(), about.attempts()));
        } catch (ProblemException refused) {
            // Whoever runs Slipway may allow it meanwhile; until then it is there to be seen.
            return Verdict.retry(
                    null,
                    refused.problem().code() + ": "
                            + refused.problem().arguments().getOrDefault("host", "") + ": "
                            + refused.problem().arguments().getOrDefault("reason", ""),
                    Backoff.after(about.channel(), about.attempts()));
        }
    }

    /** Empty: there is nobody to send it to. */
    private Optional<Posting> posting(Leased message) {
        OutboxMessage about = message.message();
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        return switch (about.channel()) {
            case WEBHOOK -> webhooks.receiver(about.target()).map(receiver -> webhook(about, receiver, body));
            case STATUS -> {
                Optional<Access> access = hosts.access(about.target());
                yield access.map(known ->
                        NotifyJson.read(message.body(), CommitState.class).posting(known));
            }
            case CHAT ->
                Optional.ofNullable(message.address())
                        .map(address -> new Posting(
                                URI.create(address.reveal()),
                                Map.of("Content-Type", "application/json; charset=utf-8", "User-Agent", "Slipway"),
                                body));
        };
    }

    private static Posting webhook(OutboxMessage about, Receiver receiver, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("User-Agent", "Slipway");
        headers.put("Slipway-Event", about.event());
        headers.put("Slipway-Delivery", about.id());
        headers.put(WebhookSignature.HEADER, WebhookSignature.sign(receiver.secrets(), Instant.now(), body));
        return new Posting(URI.create(receiver.address()), headers, body);
    }

    /** The store may be away for a moment: what is not recorded is sent again. */
    private void record(Leased message, Verdict verdict, long taken) {
        while (true) {
            try {
                verdict.record(outbox, message);
                return;
            } catch (RuntimeException e) {
                if (System.nanoTime() - taken > lease.toNanos()) {
                    LOG.warn(
                            "what became of message {} could not be recorded",
                            message.message().id(),
                            e);
                    return;
                }
                pause(Duration.ofSeconds(1));
            }
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
