package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.Verdict.Blocked;
import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.Pending;
import dev.slipway.activities.kubernetes.Verdict.Reached;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for components, any number of them with three threads: looked at when the cluster says that something of them has
 * changed, and twice a second for what is told by time alone.
 */
public final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long LOOK_MILLIS = 500;
    private static final long ASK_NANOS = Duration.ofSeconds(2).toNanos();
    /** Where nothing moves, the same question gets the same answer. */
    private static final long ASK_STILL_NANOS = Duration.ofSeconds(10).toNanos();

    private static final Duration STILL = Duration.ofSeconds(20);
    private static final String ALL = "all of it";
    private static final String MOVED = "moved";
    private static final String UNSEEN = "not seen";
    /** How long the watch may lag behind a write before it is asked for anew. */
    private static final String GONE = "gone";

    private static final Duration GONE_FOR = Duration.ofSeconds(1);
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(20);

    /**
     * What is waited for.
     *
     * @param uid of the workload as it was written
     * @param generation of it; what the cluster shows may be newer, not older
     * @param patience how long it may take from now, if it has no startup probe that asks for more
     */
    public record Target(Key key, Condition condition, String uid, long generation, Patience patience) {
        /** The workload that {@link ClusterWriter#apply} has given back. */
        public static Target of(Key key, Condition condition, HasMetadata applied, Duration within) {
            return of(key, condition, applied, Patience.within(within));
        }

        public static Target of(Key key, Condition condition, HasMetadata applied, Patience patience) {
            Long generation = applied.getMetadata().getGeneration();
            return new Target(
                    key, condition, applied.getMetadata().getUid(), generation == null ? 0 : generation, patience);
        }

        boolean written(HasMetadata workload) {
            Long shown = workload.getMetadata().getGeneration();
            return uid.equals(workload.getMetadata().getUid()) && (shown == null || shown >= generation);
        }
    }

    private final class Wait {
        private final Views views;
        private final Target target;
        private final Consumer<String> seenListener;
        private final Consumer<Optional<Problem>> obstacleListener;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Since since = new Since(System::nanoTime);
        private final Set<String> deleted = new HashSet<>();
        private volatile Evidence evidence = Evidence.NONE;
        /** Marks of events that the first answer brought: what happened before the wait, as far as can be told. */
        private volatile @Nullable Set<String> stale;

        private volatile long askedAt = System.nanoTime() - ASK_NANOS;
        private volatile boolean asked;
        private volatile boolean answered;
        private String moved = "";
        private String seen = "";
        private Optional<Problem> obstacle = Optional.empty();
        private Patience patience;
        private List<Failed> likely = List.of();
        private boolean shown;
        private boolean ending;

        private Wait(
                Views views,
                Target target,
                Consumer<String> seenListener,
                Consumer<Optional<Problem>> obstacleListener) {
            this.views = views;
            this.target = target;
            this.seenListener = seenListener;
            this.obstacleListener = obstacleListener;
            this.patience = target.patience();
            since.seen(ALL);
        }

        private Set<String> staleMarks() {
            return Objects.requireNonNullElse(stale, Set.of());
        }
    }

    private final ClusterConnection cluster;
    private final ClusterWatch watch;
    private final Inquiries inquiries;
    private final Map<Key, List<Wait>> waits = new ConcurrentHashMap<>();
    private final Set<Key> changed = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking;
    private final ExecutorService asking;

    public Readiness(ClusterConnection cluster, ClusterWatch watch) {
        this.cluster = cluster;
        this.watch = watch;
        this.inquiries = new Inquiries(cluster);
        this.looking = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("readiness-" + cluster.name()));
        this.asking = Executors.newFixedThreadPool(2, DaemonThreads.named("causes-" + cluster.name()));
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
        return await(target, seen, obstacle -> {});
    }

    /**
     * Likewise.
     *
     * @param obstacle told what keeps the component and may pass, the most likely first, whenever that changes; empty:
     *     nothing that has a name
     */
    public CompletableFuture<Void> await(Target target, Consumer<String> seen, Consumer<Optional<Problem>> obstacle) {
        return await(watch, target, seen, obstacle);
    }

    /**
     * Likewise.
     *
     * @param views where the target is seen; what changes there is looked at twice a second
     */
    CompletableFuture<Void> await(
            Views views, Target target, Consumer<String> seen, Consumer<Optional<Problem>> obstacle) {
        Wait wait = new Wait(views, target, seen, obstacle);
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
            for (Wait wait : list) {
                if (!wait.ending) {
                    boolean synced = wait.views.synced();
                    View view = wait.views.view(key);
                    moved(wait, view, synced);
                    settle(wait, synced ? judge(view, wait) : new Pending("the cluster does not answer"));
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not judge {}/{}", key.environmentId(), key.component(), e);
        }
    }

    /** Whether there is anything new: of the objects, or an event that was not there before. */
    private static void moved(Wait wait, View view, boolean synced) {
        HasMetadata workload = view.workload();
        if (workload != null && wait.target.written(workload)) {
            wait.patience = wait.target.patience().and(workload);
        }
        String now = view.mark() + wait.evidence.mark();
        // A job's program may think for long, a node may be fetching a big image: neither is heard of meanwhile.
        boolean working = !synced || !wait.answered || view.working() || wait.evidence.pulling();
        if (working || !now.equals(wait.moved)) {
            wait.moved = now;
            wait.since.again(MOVED);
        }
        wait.since.seen(MOVED);
    }

    private Verdict judge(View view, Wait wait) {
        HasMetadata workload = view.workload();
        boolean there = workload != null
                && wait.target.uid().equals(workload.getMetadata().getUid())
                && workload.getMetadata().getDeletionTimestamp() == null;
        wait.shown |= there;
        if (there) {
            wait.since.again(GONE);
        }
        boolean completed = watch.completedAndGone(wait.target.uid())
                || workload instanceof Job
                        && wait.target.uid().equals(workload.getMetadata().getUid())
                        && Health.of(workload).settled();
        if (!there && completed) {
            return new Reached();
        }
        // What was there may be missed from the objects a moment before its last state is told.
        boolean gone =
                !there && (wait.shown ? wait.since.longer(GONE, GONE_FOR) : wait.since.longer(UNSEEN, SHOWN_WITHIN));
        return gone
                ? new Failed(gone(wait.target.key(), workload), null)
                : Judge.look(view, wait.target, wait.evidence, wait.staleMarks(), wait.since);
    }

    private Problem gone(Key key, @Nullable HasMetadata workload) {
        String object = workload == null
                ? key.component()
                : workload.getKind() + "/" + workload.getMetadata().getName();
        return Problem.of(
                ProblemCode.KUBERNETES_OBJECT_GONE, key.component(), "object", object, "cluster", cluster.name());
    }

    private void settle(Wait wait, Verdict verdict) {
        if (verdict instanceof Reached) {
            wait.ending = true;
            wait.done.complete(null);
        } else if (verdict instanceof Failed failed) {
            wait.ending = true;
            ask(() -> fail(wait, inquiries.told(failed)));
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
            wait.likely = pending.likely();
            tell(wait, pending.seen());
            tellObstacle(wait, pending.likely());
            inquire(wait, pending);
            late(wait);
        }
    }

    private static void tell(Wait wait, String seen) {
        if (!seen.equals(wait.seen)) {
            wait.seen = seen;
            wait.seenListener.accept(seen);
        }
    }

    private static void tellObstacle(Wait wait, List<Failed> likely) {
        List<Problem> problems = likely.stream().map(Failed::problem).toList();
        Optional<Problem> obstacle =
                problems.stream().findFirst().map(first -> first.also(problems.subList(1, problems.size())));
        if (!obstacle.equals(wait.obstacle)) {
            wait.obstacle = obstacle;
            wait.obstacleListener.accept(obstacle);
        }
    }

    /** What kept it from getting there is the cause, and its lateness what came of it. */
    private void late(Wait wait) {
        boolean late = wait.since.longer(ALL, wait.patience.within());
        boolean quiet = wait.since.longer(MOVED, wait.patience.quiet());
        if (!late && !quiet) {
            return;
        }
        wait.ending = true;
        Duration limit = late ? wait.patience.within() : wait.patience.quiet();
        Failed lateness = new Failed(
                Problem.of(
                        late ? ProblemCode.NOT_READY_IN_TIME : ProblemCode.NOTHING_MOVES,
                        wait.target.key().component(),
                        "component",
                        wait.target.key().component(),
                        "seconds",
                        Long.toString(limit.toSeconds()),
                        "deadline",
                        wait.patience.rule(),
                        "seen",
                        wait.seen),
                null);
        List<Failed> causes = new ArrayList<>(wait.likely);
        causes.add(lateness);
        Failed first = causes.get(0);
        Failed all = new Failed(first.problem(), first.log(), first.pod(), causes.subList(1, causes.size()));
        ask(() -> fail(wait, inquiries.told(all)));
    }

    private static void fail(Wait wait, Problem problem) {
        wait.done.completeExceptionally(new ProblemException(problem));
    }

    private void inquire(Wait wait, Pending pending) {
        long every = wait.since.longer(MOVED, STILL) ? ASK_STILL_NANOS : ASK_NANOS;
        if (pending.unclear().isEmpty() || wait.asked || System.nanoTime() - wait.askedAt < every) {
            return;
        }
        // One question at a time for each wait: a slow cluster must not gather more than it can answer.
        wait.asked = true;
        ask(() -> {
            boolean answered = false;
            try {
                Evidence evidence = inquiries.about(pending.unclear());
                if (wait.stale == null) {
                    wait.stale = evidence.marks();
                }
                wait.evidence = evidence;
                answered = true;
            } finally {
                wait.answered = answered;
                wait.askedAt = System.nanoTime();
                wait.asked = false;
            }
            changed(wait.target.key());
        });
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

    @Override
    public void close() {
        looking.shutdownNow();
        asking.shutdownNow();
        waits.values().forEach(list -> list.forEach(wait -> wait.done.cancel(false)));
    }
}
