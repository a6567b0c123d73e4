package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.DeployDiff.ComponentDiff;
import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.contract.KubernetesActivities;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.contract.Undone;
import dev.slipway.workflows.deploy.DeployGraph;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deploys to one cluster: server-side apply by the fabric8 client, awaited by its informers. */
final class Fabric8KubernetesActivities implements KubernetesActivities {
    /**
     * The recorded effect of an apply.
     *
     * @param uid of the workload; empty: there is none to wait for, as its job has completed before
     * @param generation of the workload
     */
    record Applied(String uid, long generation) {
        private static final Applied COMPLETED_BEFORE = new Applied("", 0);

        private boolean completedBefore() {
            return uid.isEmpty();
        }
    }

    private final ClusterConnection cluster;
    private final ClusterWriter writer;
    private final CompletedJobs completed;
    private final Restarts restarts;
    private final Readiness readiness;
    private final Settling settling;
    private final AsyncSteps steps;
    private final Wishes wishes;
    private final PlanStore plans;
    private final StepLedger ledger;
    private final StepLog log;
    private final Obstacles obstacles;
    private final ClusterStore clusters;
    private final Preflight preflight;
    private final Destruction destruction;
    private final Pruning pruning;
    private final Departures departures;
    private final Deadlines deadlines;
    private final Terminating terminating;
    private final Undos undos;

    Fabric8KubernetesActivities(
            ClusterConnection cluster,
            Readiness readiness,
            Settling settling,
            AsyncSteps steps,
            Wishes wishes,
            PlanStore plans,
            StepLedger ledger,
            StepLog log,
            ClusterStore clusters,
            Preflight preflight,
            Destruction destruction,
            FormerComponents former,
            Departures departures,
            Deadlines deadlines,
            Undos undos) {
        this.cluster = cluster;
        this.writer = new ClusterWriter(cluster);
        this.completed = new CompletedJobs(cluster);
        this.restarts = new Restarts(cluster);
        this.readiness = readiness;
        this.settling = settling;
        this.steps = steps;
        this.wishes = wishes;
        this.plans = plans;
        this.ledger = ledger;
        this.log = log;
        this.obstacles = new Obstacles(log, steps);
        this.clusters = clusters;
        this.preflight = preflight;
        this.destruction = destruction;
        this.pruning = new Pruning(cluster, writer, former, plans, log, undos);
        this.undos = undos;
        this.departures = departures;
        this.deadlines = deadlines;
        this.terminating = new Terminating(cluster);
    }

    @Override
    public PlanSkeleton planDeploy(PlanCall call) {
        return translated(() -> plans.planOnce(call.planId(), () -> plan(call)).skeleton());
    }

    private StoredPlan plan(PlanCall call) {
        if (plans.scope(call.planId()).operation() == Operation.BUILD) {
            return BuildPlan.of(plans.pins(call.planId()), plans.images(call.planId()));
        }
        ClusterSurvey.requireSame(cluster, clusters);
        if (plans.scope(call.planId()).operation() == Operation.DESTROY) {
            return destruction.plan(call);
        }
        Wish wish = wishes.of(call.planId(), call.environmentId());
        List<Problem> oversized = OversizedObjects.of(wish.rendering());
        if (!oversized.isEmpty()) {
            throw new ProblemException(oversized);
        }
        preflight.reads(wish);
        LiveState live = LiveState.read(
                cluster,
                wish.environment().namespace(),
                call.environmentId(),
                wish.rendering().manifests());
        if (live.namespace() != null) {
            writer.checkOwner(wish.rendering().namespace(), live.namespace());
            if (Terminating.is(live.namespace())) {
                // All of it is going: what is still there is no reason to keep anything.
                live = new LiveState(null, Map.of());
            }
        }
        if (plans.scope(call.planId()).operation() == Operation.RESTART) {
            return restarts.plan(wish, live, deadlines);
        }
        DryRuns.Result result = new DryRuns(cluster).of(wish.rendering(), live, call.onConflict());
        DeployDiff diff = result.diff();
        List<ObjectRef> deletes = diff.deletes().stream().filter(part(wish)).toList();
        List<PlanItem> items = new ArrayList<>(diff.shared());
        List<DeployGraph.Node> nodes = new ArrayList<>();
        for (ComponentDiff component : diff.components()) {
            Component document = wish.application().component(component.name()).orElseThrow();
            PlannedImage image = wish.images().images().get(component.name());
            if (image != null) {
                items.add(PlanItems.image(
                        component.name(), image, wish.pins().sources().get(component.name())));
            } else if (document.kind() != Component.Kind.EXTERNAL) {
                throw new IllegalStateException("no image for " + component.name());
            }
            items.addAll(component.items());
            nodes.add(new DeployGraph.Node(
                    document,
                    image != null && image.digest() == null,
                    component.changes(),
                    component.runs(),
                    component.health().settled()));
        }
        for (ObjectRef ref : deletes) {
            items.add(new PlanItem(
                    ref.subject(), ref.component().isEmpty() ? null : ref.component(), Action.DELETE, List.of()));
        }
        if (wish.pins().covers("")) {
            items.addAll(PlanItems.left(wish, live));
        }
        String hash = PlanHash.of(items, wish.rendering());
        List<Step> graph = deadlines.of(
                DeployGraph.steps(
                        nodes,
                        !deletes.isEmpty(),
                        Settling.found(wish.rendering(), live, diff.shared()),
                        pruning.removals(wish, deletes)),
                wish.application());
        if (graph.isEmpty() && diff.shared().stream().anyMatch(item -> item.action() != Action.KEEP)) {
            graph = List.of(new Step(StepKind.PREPARE, null, List.of()));
        }
        List<Problem> problems = new ArrayList<>(preflight.findings(wish, live, diff, result.problems()));
        problems.addAll(DryRuns.undecided(items, wish.environment().namespace()));
        // How others are changes by the minute: it is told, and no part of what is agreed to.
        items.addAll(PartDependencies.unawaited(wish, live));
        return new StoredPlan(new Plan(hash, items), new PlanSkeleton(hash, graph.isEmpty(), graph, problems));
    }

    @Override
    public void prepare(StepCall call) {
        translated(() -> {
            ClusterSurvey.requireSame(cluster, clusters);
            wishes.generateSecrets(wishes.of(call.planId(), call.environmentId()));
            Wish wish = wishes.of(call.planId(), call.environmentId());
            return inNamespace(call, wish.environment().namespace(), () -> prepared(call, wish));
        });
    }

    private boolean prepared(StepCall call, Wish wish) {
        RenderedObject namespace = wish.rendering().namespace();
        Map<String, PlanItem> planned = planned(call);
        undos.writes(call, namespace);
        writer.namespace(namespace, planned.get(namespace.ref().subject()));
        undos.writesInventory(call, namespace.ref().name());
        writer.inventory(namespace, Inventory.of(wish.rendering()));
        wish.rendering().shared().stream()
                .skip(1)
                .filter(object -> !kept(planned, object))
                .forEach(object -> apply(call, object, planned));
        manifests(call, wish, planned);
        noteCompleted(wish, planned);
        log.write(call, "Namespace " + namespace.ref().name() + " on " + cluster.name() + " is ready");
        return true;
    }

    /** Those that completed when nobody waited for them, or before completions were noted. */
    private void noteCompleted(Wish wish, Map<String, PlanItem> planned) {
        completed.note(
                wish.environment().namespace(),
                wish.rendering().components().stream()
                        .map(RenderedComponent::workload)
                        .filter(workload -> planned.containsKey(workload.ref().subject())
                                && planned.get(workload.ref().subject()).completed())
                        .toList());
    }

    private void manifests(StepCall call, Wish wish, Map<String, PlanItem> planned) {
        for (RenderedObject object : wish.rendering().manifests()) {
            if (!kept(planned, object) || live(object) == null) {
                apply(call, object, planned);
                log.write(call, ClusterWriter.where(object) + " applied");
            }
            if (RawObjects.definition(object.object())) {
                writer.awaitServed(object);
            }
        }
    }

    @Override
    public void start(StepCall call) {
        applyAndAwait(call, Condition.STARTED);
    }

    @Override
    public void deploy(StepCall call) {
        applyAndAwait(call, Condition.HEALTHY);
    }

    private void applyAndAwait(StepCall call, Condition condition) {
        steps.run(Activity.getExecutionContext(), () -> {
            String name = Objects.requireNonNull(call.component(), "component");
            Wish wish = wishes.of(call.planId(), call.environmentId());
            RenderedComponent component = wish.rendering().component(name).orElseThrow();
            String namespace = wish.environment().namespace();
            Applied applied = inNamespace(call, namespace, () -> {
                forgetWhatHasGone(call, component);
                return ledger.once(call, component.hash(), Applied.class, () -> apply(call, component));
            });
            if (applied.completedBefore()) {
                return CompletableFuture.completedFuture(null);
            }
            boolean runsOnce = condition == Condition.HEALTHY && CompletedJobs.runsOnce(component.workload());
            return steps.then(awaiting(call, condition, applied, wish), failure -> {
                if (failure == null && runsOnce) {
                    completed.note(namespace, List.of(component.workload()));
                }
                // An object that has gone may have gone with its namespace.
                return failure instanceof ProblemException problem
                        ? terminating.explained(namespace, problem)
                        : failure;
            });
        });
    }

    private CompletableFuture<Void> awaiting(StepCall call, Condition condition, Applied applied, Wish wish) {
        String name = Objects.requireNonNull(call.component(), "component");
        Component component = wish.application().component(name).orElseThrow();
        obstacles.begin(call, Activity.getExecutionContext().getInfo().getAttempt());
        CompletableFuture<Void> wait = readiness.await(
                new Readiness.Target(
                        new Key(call.environmentId(), name),
                        condition,
                        applied.uid(),
                        applied.generation(),
                        Deadlines.patience(component, Duration.ofSeconds(call.deadlineSeconds()))),
                seen -> steps.tell(() -> log.write(call, seen)),
                obstacle -> obstacles.tell(call, obstacle));
        return ended(call, wait);
    }

    private CompletableFuture<Void> ended(StepCall call, CompletableFuture<Void> wait) {
        var unused = wait.whenComplete((nothing, failure) -> {
            lastWords(call, failure);
            obstacles.tell(call, Optional.empty());
        });
        return wait;
    }

    /** What waits for a namespace to go says so at once, not only when all attempts are over. */
    private <T> T inNamespace(StepCall call, String namespace, Supplier<T> what) {
        try {
            T done = terminating.explaining(namespace, what);
            obstacles.tell(call, Optional.empty());
            return done;
        } catch (ProblemException e) {
            boolean waits = e.problem().code() == ProblemCode.KUBERNETES_NAMESPACE_TERMINATING;
            obstacles.tell(call, waits ? Optional.of(e.problem()) : Optional.empty());
            throw e;
        }
    }

    @Override
    public void settle(StepCall call) {
        steps.run(Activity.getExecutionContext(), () -> {
            Wish wish = wishes.of(call.planId(), call.environmentId());
            Map<String, PlanItem> planned = planned(call);
            obstacles.begin(call, Activity.getExecutionContext().getInfo().getAttempt());
            CompletableFuture<Void> wait = settling.await(
                    call.environmentId(),
                    wish.environment().namespace(),
                    written(call, wish, planned),
                    planned,
                    new Patience(Duration.ofSeconds(call.deadlineSeconds()), Patience.QUIET),
                    new Settling.Listener() {
                        @Override
                        public void seen(String line) {
                            steps.tell(() -> log.write(call, line));
                        }

                        @Override
                        public void obstacle(Optional<Problem> obstacle) {
                            obstacles.tell(call, obstacle);
                        }
                    });
            return ended(call, wait);
        });
    }

    /** What has gone since it was prepared is applied again, unless it was to go by itself. */
    private List<Settling.Written> written(StepCall call, Wish wish, Map<String, PlanItem> planned) {
        List<Settling.Written> written = new ArrayList<>();
        for (RenderedObject object : Settling.judged(wish.rendering())) {
            HasMetadata live = live(object);
            if (live == null && !RawHealth.passes(object.object())) {
                live = apply(call, object, planned);
                log.write(call, ClusterWriter.where(object) + " has gone and is applied again");
            }
            if (live != null) {
                written.add(new Settling.Written(object, live));
            }
        }
        return written;
    }

    @Override
    public void restart(StepCall call) {
        steps.run(Activity.getExecutionContext(), () -> {
            String name = Objects.requireNonNull(call.component(), "component");
            Wish wish = wishes.of(call.planId(), call.environmentId());
            RenderedComponent component = wish.rendering().component(name).orElseThrow();
            Applied marked = ledger.once(call, call.runId(), Applied.class, () -> {
                log.write(call, ClusterWriter.where(component.workload()) + " gets new pods");
                return applied(restarts.mark(call.runId(), component));
            });
            return awaiting(call, Condition.HEALTHY, marked, wish);
        });
    }

    /** What an earlier attempt applied may have been deleted since, by hand: then it is applied again. */
    private void forgetWhatHasGone(StepCall call, RenderedComponent component) {
        ledger.recorded(call, component.hash(), Applied.class).ifPresent(before -> {
            if (before.completedBefore()) {
                return;
            }
            HasMetadata live = live(component.workload());
            if (live == null
                    || live.getMetadata().getDeletionTimestamp() != null
                    || failedJob(live)
                    || !before.uid().equals(live.getMetadata().getUid())) {
                ledger.forget(call, component.hash());
                log.write(call, ClusterWriter.where(component.workload()) + " has gone and is applied again");
            }
        });
    }

    /** Who tries a step again whose job has failed wants the job to run again. */
    private static boolean failedJob(HasMetadata live) {
        return live.getKind().equals("Job") && Health.of(live).state() == State.DEGRADED;
    }

    private @Nullable HasMetadata live(RenderedObject object) {
        return new ClusterErrors(cluster.name())
                .at(
                        ClusterWriter.where(object),
                        () -> cluster.client().resource(object.object()).get());
    }

    /** What the container said before it ended belongs into the step's log, where its reader looks. */
    private void lastWords(StepCall call, @Nullable Throwable failure) {
        if (failure instanceof ProblemException problem) {
            String words = problem.problem().arguments().getOrDefault("log", "");
            steps.tell(() -> words.lines().forEach(line -> log.write(call, "| " + line)));
        }
    }

    private HasMetadata apply(StepCall call, RenderedObject object, Map<String, PlanItem> planned) {
        undos.writes(call, object);
        return writer.apply(object, planned.get(object.ref().subject()));
    }

    /** What the plan keeps is not written, unless it has gone since. */
    private Applied apply(StepCall call, RenderedComponent component) {
        Map<String, PlanItem> planned = planned(call);
        stopAutoscaling(call, component, planned);
        HasMetadata workload = null;
        for (RenderedObject object : component.objects()) {
            boolean once = CompletedJobs.runsOnce(object);
            if (once && completedAndGone(object)) {
                log.write(call, ClusterWriter.where(object) + " completed earlier and is not run again");
                return Applied.COMPLETED_BEFORE;
            }
            HasMetadata there = kept(planned, object) ? live(object) : null;
            if (there == null || there.getMetadata().getDeletionTimestamp() != null) {
                if (once) {
                    // What it did before with another content is undone by whatever this one does.
                    completed.forget(
                            object.object().getMetadata().getNamespace(),
                            object.ref().name()::equals);
                }
                there = apply(call, object, planned);
                log.write(call, ClusterWriter.where(object) + " applied");
            }
            if (object == component.workload()) {
                workload = there;
            }
        }
        return applied(Objects.requireNonNull(workload, component.name()));
    }

    private boolean completedAndGone(RenderedObject job) {
        HasMetadata there = live(job);
        return (there == null || there.getMetadata().getDeletionTimestamp() != null)
                && completed.noted(job.object().getMetadata().getNamespace(), job);
    }

    private static Applied applied(HasMetadata workload) {
        Long generation = workload.getMetadata().getGeneration();
        return new Applied(workload.getMetadata().getUid(), generation == null ? 0 : generation);
    }

    /** What is pruned comes last; an autoscaler that goes must not undo the number that is set before. */
    private void stopAutoscaling(StepCall call, RenderedComponent component, Map<String, PlanItem> planned) {
        ObjectRef autoscaler = new ObjectRef("HorizontalPodAutoscaler", component.name(), component.name());
        PlanItem item = planned.get(autoscaler.subject());
        if (item != null && item.action() == Action.DELETE) {
            Wish wish = wishes.of(call.planId(), call.environmentId());
            if (writer.delete(
                    wish.rendering().namespace(), autoscaler, (ref, live) -> undos.deletes(call, ref, live))) {
                log.write(call, autoscaler.subject() + " deleted");
            }
        }
    }

    @Override
    public void remove(StepCall call) {
        steps.run(
                Activity.getExecutionContext(),
                () -> departures.await(
                        plans.scope(call.runId()).operation() == Operation.DESTROY
                                ? destruction.remove(call)
                                : pruning.remove(call, wishes.of(call.planId(), call.environmentId()))));
    }

    @Override
    public void clear(StepCall call) {
        steps.run(Activity.getExecutionContext(), () -> departures.await(destruction.clear(call)));
    }

    @Override
    public void prune(StepCall call) {
        translated(() -> {
            pruning.prune(call, wishes.of(call.planId(), call.environmentId()));
            return true;
        });
    }

    @Override
    public Undone undo(StepCall call) {
        return translated(() -> undos.undo(call));
    }

    /** What is not part of the plan is not deleted either. */
    private static Predicate<ObjectRef> part(Wish wish) {
        return ref -> wish.pins().covers(ref.component());
    }

    private Map<String, PlanItem> planned(StepCall call) {
        Map<String, PlanItem> planned = new HashMap<>();
        plans.plan(call.planId())
                .ifPresent(stored -> stored.plan().items().forEach(item -> planned.put(item.subject(), item)));
        return planned;
    }

    private static boolean kept(Map<String, PlanItem> planned, RenderedObject object) {
        PlanItem item = planned.get(object.ref().subject());
        return item != null && item.action() == Action.KEEP;
    }

    private static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
    }
}
