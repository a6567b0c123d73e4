package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.Readiness.Target;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.deploy.DeployGraph.RawObjects;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Waits for raw objects, judged as components are; all of one environment are one wait. */
final class Settling implements AutoCloseable {
    /** The first that fails lets the others have their say, as they mostly have the same trouble. */
    private static final long OTHERS_MILLIS = 2_000;

    /** An object, and as it was written. */
    record Written(RenderedObject object, HasMetadata live) {}

    /** Is told what happens meanwhile; may not block. */
    interface Listener {
        /** A line for people. */
        void seen(String line);

        /** What keeps some of them and may pass; empty: nothing that has a name. */
        void obstacle(Optional<Problem> obstacle);
    }

    private final ClusterConnection cluster;
    private final ClusterWatch watch;
    private final Readiness readiness;
    private final ScheduledExecutorService clock;

    Settling(ClusterConnection cluster, ClusterWatch watch, Readiness readiness) {
        this.cluster = cluster;
        this.watch = watch;
        this.readiness = readiness;
        this.clock = Executors.newScheduledThreadPool(2, DaemonThreads.named("settling-" + cluster.name()));
    }

    /** What a plan has to know: whether any are to be waited for. */
    static RawObjects found(Rendering wished, LiveState live, List<PlanItem> shared) {
        List<RenderedObject> judged = judged(wished);
        if (judged.isEmpty()) {
            return RawObjects.NONE;
        }
        Map<String, PlanItem> items = new LinkedHashMap<>();
        shared.forEach(item -> items.put(item.subject(), item));
        return judged.stream()
                        .allMatch(object -> kept(items, object) && RawHealth.settled(DeployDiff.liveOf(object, live)))
                ? RawObjects.SETTLED
                : RawObjects.UNSETTLED;
    }

    static List<RenderedObject> judged(Rendering wished) {
        return wished.manifests().stream()
                .filter(object -> RawHealth.judged(object.object()))
                .toList();
    }

    private static boolean kept(Map<String, PlanItem> items, RenderedObject object) {
        PlanItem item = items.get(object.ref().subject());
        return item != null && item.action() == Action.KEEP;
    }

    /**
     * Waits until all are settled.
     *
     * @param planned what the plan does with each; one that it keeps and that is well is not waited for
     * @return fails with a {@link ProblemException} of all causes when the first has one. Cancel it to stop waiting
     */
    CompletableFuture<Void> await(
            String environmentId,
            String namespace,
            List<Written> written,
            Map<String, PlanItem> planned,
            Patience patience,
            Listener listener) {
        List<Written> open = written.stream()
                .filter(one -> !(kept(planned, one.object()) && RawHealth.settled(one.live())))
                .toList();
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        RawViews views = new RawViews(
                cluster, watch, namespace, open.stream().map(Written::object).toList(), clock);
        return new Wait(views, open.size(), listener).begin(environmentId, open, patience);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private final class Wait {
        private final RawViews views;
        private final Listener listener;
        private final CompletableFuture<Void> all = new CompletableFuture<>();
        private final Map<String, Problem> obstacles = new LinkedHashMap<>();
        private final List<Problem> failures = new ArrayList<>();
        private int left;

        private Wait(RawViews views, int left, Listener listener) {
            this.views = views;
            this.left = left;
            this.listener = listener;
        }

        private CompletableFuture<Void> begin(String environmentId, List<Written> open, Patience patience) {
            List<CompletableFuture<Void>> waits = new ArrayList<>();
            for (Written one : open) {
                String subject = one.object().ref().subject();
                waits.add(readiness.await(
                        views,
                        Target.of(new Key(environmentId, subject), Condition.HEALTHY, one.live(), patience),
                        seen -> listener.seen(subject + ": " + seen),
                        obstacle -> obstacle(subject, obstacle)));
                var unused =
                        waits.get(waits.size() - 1).whenComplete((nothing, failure) -> ended(one.object(), failure));
            }
            var unused = all.whenComplete((nothing, failure) -> {
                waits.forEach(wait -> wait.cancel(false));
                views.close();
            });
            return all;
        }

        private synchronized void obstacle(String subject, Optional<Problem> obstacle) {
            obstacle.ifPresentOrElse(problem -> obstacles.put(subject, problem), () -> obstacles.remove(subject));
            listener.obstacle(together(List.copyOf(obstacles.values())));
        }

        private void ended(RenderedObject object, @Nullable Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean over;
            boolean first;
            synchronized (this) {
                left--;
                if (cause instanceof ProblemException problem && !passed(object, problem)) {
                    failures.add(problem.problem());
                } else if (cause == null) {
                    listener.seen(object.ref().subject() + " is settled");
                } else if (cause instanceof CancellationException) {
                    all.cancel(false); // a wait that is given up is no object that is settled
                } else if (!(cause instanceof ProblemException)) {
                    all.completeExceptionally(cause);
                }
                over = left == 0;
                first = failures.size() == 1;
            }
            if (over) {
                end();
            } else if (first) {
                CompletableFuture.delayedExecutor(OTHERS_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(this::end);
            }
        }

        private void end() {
            Optional<Problem> failure;
            synchronized (this) {
                failure = together(failures);
            }
            if (failure.isPresent()) {
                all.completeExceptionally(new ProblemException(failure.get()));
            } else {
                all.complete(null);
            }
        }
    }

    /** A job that has done its work may go before anybody has seen it done. */
    private static boolean passed(RenderedObject object, ProblemException problem) {
        return RawHealth.passes(object.object()) && problem.problem().code() == ProblemCode.KUBERNETES_OBJECT_GONE;
    }

    private static Optional<Problem> together(List<Problem> problems) {
        List<Problem> each = problems.stream()
                .flatMap(problem -> Stream.concat(Stream.of(problem.also(List.of())), problem.also().stream()))
                .distinct()
                .toList();
        return each.isEmpty() ? Optional.empty() : Optional.of(each.get(0).also(each.subList(1, each.size())));
    }
}
