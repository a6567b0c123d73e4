package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.Verdict.Blocked;
import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.LogSource;
import dev.slipway.activities.kubernetes.Verdict.Pending;
import dev.slipway.activities.kubernetes.Verdict.Reached;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for components, any number of them with three threads: looked at when the cluster says that something of them has
 * changed, and twice a second for what is told by time alone.
 */
public final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long LOOK_MILLIS = 500;
    private static final int LOG_LINES = 20;
    private static final int LOG_CHARACTERS = 4_000;
    private static final long EVENTS_EVERY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final String ALL = "all of it";
    private static final String UNSEEN = "not seen";
    /** How long the watch may lag behind a write before it is asked for anew. */
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(20);

    /**
     * What is waited for.
     *
     * @param uid of the workload as it was written
     * @param generation of it; what the cluster shows may be newer, not older
     * @param within how long it may take from now
     */
    public record Target(Key key, Condition condition, String uid, long generation, Duration within) {
        /** The workload that {@link ClusterWriter#apply} has given back. */
        public static Target of(Key key, Condition condition, HasMetadata applied, Duration within) {
            Long generation = applied.getMetadata().getGeneration();
            return new Target(
                    key, condition, applied.getMetadata().getUid(), generation == null ? 0 : generation, within);
        }

        boolean written(HasMetadata workload) {
            Long shown = workload.getMetadata().getGeneration();
            return uid.equals(workload.getMetadata().getUid()) && (shown == null || shown >= generation);
        }
    }

    private final class Wait {
        private final Target target;
        private final Consumer<String> seenListener;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Since since = new Since(System::nanoTime);
        private final Set<String> deleted = new HashSet<>();
        private volatile List<Event> events = List.of();
        private volatile long eventsAt = System.nanoTime() - EVENTS_EVERY_NANOS;
        private volatile boolean eventsAsked;
        private String seen = "";
        private boolean shown;
        private boolean ending;

        private Wait(Target target, Consumer<String> seenListener) {
            this.target = target;
            this.seenListener = seenListener;
            since.seen(ALL);
        }
    }

    private final ClusterConnection cluster;
    private final ClusterWatch watch;
    private final Map<Key, List<Wait>> waits = new ConcurrentHashMap<>();
    private final Set<Key> changed = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking;
    private final ExecutorService asking;

    public Readiness(ClusterConnection cluster, ClusterWatch watch) {
        this.cluster = cluster;
        this.watch = watch;
        this.looking = Executors.newSingleThreadScheduledExecutor(daemon("readiness-" + cluster.name()));
        this.asking = Executors.newFixedThreadPool(2, daemon("causes-" + cluster.name()));
        watch.listen(this::changed);
        looking.scheduleWithFixedDelay(this::lookAtAll, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits. Asking twice for the same does no harm.
     *
     * @param seen told what the component does meanwhile, whenever that changes
     * @return done when it is there; fails with a {@link ProblemException} that names the cause as soon as there is one, and
     *     at the deadline with {@code SLP-NOT-READY-IN-TIME}. Cancel it to stop waiting
     */
    public CompletableFuture<Void> await(Target target, Consumer<String> seen) {
        Wait wait = new Wait(target, seen);
        // In one step: a list that is just being put away would take the wait with it, and nobody would look at it
        // again.
        waits.compute(target.key(), (key, list) -> {
            List<Wait> all = list == null ? new CopyOnWriteArrayList<>() : list;
            all.add(wait);
            return all;
        });
        var unused = wait.done.whenComplete((nothing, failure) -> forget(wait));
        changed(target.key());
        return wait.done;
    }

    /** How many are waited for. */
    public int waiting() {
        return waits.values().stream().mapToInt(List::size).sum();
    }

    private void forget(Wait wait) {
        waits.computeIfPresent(wait.target.key(), (key, list) -> {
            list.remove(wait);
            return list.isEmpty() ? null : list;
        });
    }

    private void changed(Key key) {
        if (waits.containsKey(key) && changed.add(key)) {
            try {
                looking.execute(() -> {
                    changed.remove(key);
                    look(key);
                });
            } catch (RejectedExecutionException e) {
                changed.remove(key); // closed in the meantime
            }
        }
    }

    private void lookAtAll() {
        waits.keySet().forEach(this::look);
    }

    private void look(Key key) {
        List<Wait> list = waits.get(key);
        if (list == null) {
            return;
        }
        try {
            boolean synced = watch.synced();
            View view = watch.view(key);
            for (Wait wait : list) {
                if (!wait.ending) {
                    settle(wait, synced ? judge(view, wait) : silent());
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not judge {}/{}", key.environmentId(), key.component(), e);
        }
    }

    private Verdict judge(View view, Wait wait) {
        HasMetadata workload = view.workload();
        boolean there = workload != null
                && wait.target.uid().equals(workload.getMetadata().getUid())
                && workload.getMetadata().getDeletionTimestamp() == null;
        wait.shown |= there;
        if (there || !(wait.shown || wait.since.longer(UNSEEN, SHOWN_WITHIN))) {
            return Judge.look(view, wait.target, wait.events, wait.since);
        }
        Key key = wait.target.key();
        String object = workload == null
                ? key.component()
                : workload.getKind() + "/" + workload.getMetadata().getName();
        return new Failed(
                Problem.of(
                        ProblemCode.KUBERNETES_OBJECT_GONE,
                        key.component(),
                        "object",
                        object,
                        "cluster",
                        cluster.name()),
                null);
    }

    private static Verdict silent() {
        return new Pending("the cluster does not answer", null);
    }

    private void settle(Wait wait, Verdict verdict) {
        if (verdict instanceof Reached) {
            wait.ending = true;
            wait.done.complete(null);
        } else if (verdict instanceof Failed failed) {
            wait.ending = true;
            var log = failed.log();
            if (log == null) {
                fail(wait, failed.problem());
            } else {
                ask(() -> fail(wait, withLog(failed.problem(), log)));
            }
        } else if (verdict instanceof Blocked blocked) {
            if (wait.deleted.add(blocked.pod())) {
                ask(() -> cluster.client()
                        .pods()
                        .inNamespace(blocked.namespace())
                        .withName(blocked.pod())
                        .delete());
            }
            late(wait);
        } else if (verdict instanceof Pending pending) {
            tell(wait, pending.seen());
            events(wait, pending);
            late(wait);
        }
    }

    private static void tell(Wait wait, String seen) {
        if (!seen.equals(wait.seen)) {
            wait.seen = seen;
            wait.seenListener.accept(seen);
        }
    }

    private void late(Wait wait) {
        if (wait.since.longer(ALL, wait.target.within())) {
            wait.ending = true;
            fail(
                    wait,
                    Problem.of(
                            ProblemCode.NOT_READY_IN_TIME,
                            wait.target.key().component(),
                            "component",
                            wait.target.key().component(),
                            "seconds",
                            Long.toString(wait.target.within().toSeconds()),
                            "seen",
                            wait.seen));
        }
    }

    private static void fail(Wait wait, Problem problem) {
        wait.done.completeExceptionally(new ProblemException(problem));
    }

    private void events(Wait wait, Pending pending) {
        String uid = pending.eventsOf();
        if (uid == null || wait.eventsAsked || System.nanoTime() - wait.eventsAt < EVENTS_EVERY_NANOS) {
            return;
        }
        // One question at a time for each wait: a slow cluster must not gather more than it can answer.
        wait.eventsAsked = true;
        ask(() -> {
            try {
                wait.events = warnings(uid);
            } finally {
                wait.eventsAt = System.nanoTime();
                wait.eventsAsked = false;
            }
            changed(wait.target.key());
        });
    }

    private List<Event> warnings(String uid) {
        return cluster
                .client()
                .v1()
                .events()
                .inAnyNamespace()
                .withField("involvedObject.uid", uid)
                .list()
                .getItems()
                .stream()
                .filter(event -> "Warning".equals(event.getType()))
                .sorted(Comparator.comparing((Event event) -> Objects.requireNonNullElse(event.getLastTimestamp(), ""))
                        .reversed())
                .toList();
    }

    private Problem withLog(Problem problem, LogSource source) {
        Map<String, String> arguments = new TreeMap<>(problem.arguments());
        arguments.put("log", log(source));
        return new Problem(problem.code(), problem.where(), arguments);
    }

    /** The last lines; empty when there are none or they can't be had any more. */
    private String log(LogSource source) {
        try {
            var container = cluster.client()
                    .pods()
                    .inNamespace(source.namespace())
                    .withName(source.pod())
                    .inContainer(source.container());
            String text = source.previous()
                    ? container.terminated().tailingLines(LOG_LINES).getLog()
                    : container.tailingLines(LOG_LINES).getLog();
            String shown = text == null ? "" : text.strip();
            return shown.length() <= LOG_CHARACTERS ? shown : "…" + shown.substring(shown.length() - LOG_CHARACTERS);
        } catch (RuntimeException e) {
            LOG.debug("No log of {}", source, e); // the cause counts, with or without its last words
            return "";
        }
    }

    private void ask(Runnable question) {
        asking.execute(() -> {
            try {
                question.run();
            } catch (RuntimeException e) {
                LOG.info("Cluster {} did not answer: {}", cluster.name(), e.toString());
            }
        });
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        looking.shutdownNow();
        asking.shutdownNow();
        waits.values().forEach(list -> list.forEach(wait -> wait.done.cancel(false)));
    }
}
