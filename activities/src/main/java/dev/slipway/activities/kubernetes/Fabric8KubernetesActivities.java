package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.DeployDiff.ComponentDiff;
import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
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
import dev.slipway.workflows.deploy.DeployGraph;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.FieldChange;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deploys to one cluster: server-side apply by the fabric8 client, awaited by its informers. */
final class Fabric8KubernetesActivities implements KubernetesActivities {
    /**
     * The recorded effect of an apply.
     *
     * @param uid of the workload
     * @param generation of the workload
     */
    record Applied(String uid, long generation) {}

    private final ClusterConnection cluster;
    private final ClusterWriter writer;
    private final Readiness readiness;
    private final AsyncSteps steps;
    private final Wishes wishes;
    private final PlanStore plans;
    private final StepLedger ledger;
    private final StepLog log;

    Fabric8KubernetesActivities(
            ClusterConnection cluster,
            Readiness readiness,
            AsyncSteps steps,
            Wishes wishes,
            PlanStore plans,
            StepLedger ledger,
            StepLog log) {
        this.cluster = cluster;
        this.writer = new ClusterWriter(cluster);
        this.readiness = readiness;
        this.steps = steps;
        this.wishes = wishes;
        this.plans = plans;
        this.ledger = ledger;
        this.log = log;
    }

    @Override
    public PlanSkeleton planDeploy(PlanCall call) {
        return translated(() -> plans.planOnce(call.planId(), () -> plan(call)).skeleton());
    }

    private StoredPlan plan(PlanCall call) {
        Wish wish = wishes.of(call.planId(), call.environmentId());
        List<Problem> oversized = OversizedObjects.of(wish.rendering());
        if (!oversized.isEmpty()) {
            throw new ProblemException(oversized);
        }
        LiveState live = LiveState.read(cluster, wish.environment().namespace(), call.environmentId());
        if (live.namespace() != null) {
            writer.checkOwner(wish.rendering().namespace(), live.namespace());
            if (live.namespace().getMetadata().getDeletionTimestamp() != null) {
                // All of it is going: what is still there is no reason to keep anything.
                live = new LiveState(null, Map.of());
            }
        }
        DeployDiff diff = DeployDiff.of(wish.rendering(), live);
        List<PlanItem> items = new ArrayList<>(diff.shared());
        List<DeployGraph.Node> nodes = new ArrayList<>();
        for (ComponentDiff component : diff.components()) {
            Component document = wish.application().component(component.name()).orElseThrow();
            PlannedImage image = Objects.requireNonNull(wish.images().images().get(component.name()), component.name());
            items.add(imageItem(component.name(), image, wish.pins().sources().get(component.name())));
            items.addAll(component.items());
            nodes.add(new DeployGraph.Node(
                    document,
                    image.digest() == null,
                    component.changes(),
                    component.runs(),
                    component.health().settled()));
        }
        for (ObjectRef ref : diff.deletes()) {
            items.add(new PlanItem(
                    ref.subject(), ref.component().isEmpty() ? null : ref.component(), Action.DELETE, List.of()));
        }
        String hash = PlanHash.of(items, wish.rendering());
        List<Step> graph = DeployGraph.steps(nodes, !diff.deletes().isEmpty());
        if (graph.isEmpty() && diff.shared().stream().anyMatch(item -> item.action() != Action.KEEP)) {
            graph = List.of(new Step(StepKind.PREPARE, null, List.of()));
        }
        return new StoredPlan(new Plan(hash, items), new PlanSkeleton(hash, graph.isEmpty(), graph));
    }

    private static PlanItem imageItem(String component, PlannedImage image, @Nullable PinnedSource source) {
        List<FieldChange> fields = new ArrayList<>();
        if (source != null) {
            fields.add(new FieldChange("commit", null, source.commit()));
            fields.add(new FieldChange("ref", null, source.ref()));
        }
        fields.add(new FieldChange(
                "image",
                null,
                image.digest() == null ? image.repository() : image.repository() + "@" + image.digest()));
        return new PlanItem(
                "image/" + component, component, image.digest() == null ? Action.BUILD : Action.REUSE, fields);
    }

    @Override
    public void prepare(StepCall call) {
        translated(() -> {
            wishes.generateSecrets(wishes.of(call.runId(), call.environmentId()));
            Wish wish = wishes.of(call.runId(), call.environmentId());
            RenderedObject namespace = wish.rendering().namespace();
            writer.namespace(namespace);
            writer.inventory(namespace, Inventory.of(wish.rendering()));
            Map<String, PlanItem> planned = planned(call);
            wish.rendering().shared().stream()
                    .skip(1)
                    .filter(object -> !kept(planned, object))
                    .forEach(object ->
                            writer.apply(object, agreed(planned.get(object.ref().subject()))));
            log.write(call, "Namespace " + namespace.ref().name() + " on " + cluster.name() + " is ready");
            return true;
        });
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
            Wish wish = wishes.of(call.runId(), call.environmentId());
            RenderedComponent component = wish.rendering().component(name).orElseThrow();
            forgetWhatHasGone(call, component);
            Applied applied = ledger.once(call, component.hash(), Applied.class, () -> apply(call, component));
            CompletableFuture<Void> wait = readiness.await(
                    new Readiness.Target(
                            new Key(call.environmentId(), name),
                            condition,
                            applied.uid(),
                            applied.generation(),
                            Duration.ofSeconds(call.deadlineSeconds())),
                    seen -> steps.tell(() -> log.write(call, seen)));
            var unused = wait.whenComplete((nothing, failure) -> lastWords(call, failure));
            return wait;
        });
    }

    /** What an earlier attempt applied may have been deleted since, by hand: then it is applied again. */
    private void forgetWhatHasGone(StepCall call, RenderedComponent component) {
        ledger.recorded(call, component.hash(), Applied.class).ifPresent(before -> {
            HasMetadata live = live(component.workload());
            if (live == null
                    || live.getMetadata().getDeletionTimestamp() != null
                    || !before.uid().equals(live.getMetadata().getUid())) {
                ledger.forget(call, component.hash());
                log.write(call, ClusterWriter.where(component.workload()) + " has gone and is applied again");
            }
        });
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

    /** What the plan keeps is not written, unless it has gone since. */
    private Applied apply(StepCall call, RenderedComponent component) {
        Map<String, PlanItem> planned = planned(call);
        HasMetadata workload = null;
        for (RenderedObject object : component.objects()) {
            HasMetadata there = kept(planned, object) ? live(object) : null;
            if (there == null || there.getMetadata().getDeletionTimestamp() != null) {
                there = writer.apply(object, agreed(planned.get(object.ref().subject())));
                log.write(call, ClusterWriter.where(object) + " applied");
            }
            workload = there;
        }
        Objects.requireNonNull(workload, component.name());
        Long generation = workload.getMetadata().getGeneration();
        return new Applied(workload.getMetadata().getUid(), generation == null ? 0 : generation);
    }

    @Override
    public void prune(StepCall call) {
        translated(() -> {
            Wish wish = wishes.of(call.runId(), call.environmentId());
            List<ObjectRef> deleted = writer.prune(wish.rendering().namespace(), Inventory.of(wish.rendering()));
            deleted.forEach(ref -> log.write(call, ref.subject() + " deleted"));
            return true;
        });
    }

    private Map<String, PlanItem> planned(StepCall call) {
        Map<String, PlanItem> planned = new HashMap<>();
        plans.plan(call.runId())
                .ifPresent(stored -> stored.plan().items().forEach(item -> planned.put(item.subject(), item)));
        return planned;
    }

    private static boolean kept(Map<String, PlanItem> planned, RenderedObject object) {
        PlanItem item = planned.get(object.ref().subject());
        return item != null && item.action() == Action.KEEP;
    }

    /** Fields that the plan showed may be taken over from whoever has set them; of others' fields it showed none. */
    private static Predicate<String> agreed(@Nullable PlanItem item) {
        List<String> shown = item == null
                ? List.of()
                : item.fields().stream().map(field -> plain(field.path())).toList();
        return field -> {
            String asked = plain(field);
            return asked.equals(plain("metadata.annotations[" + Labels.HASH + "]"))
                    || shown.stream().anyMatch(path -> within(path, asked) || within(asked, path));
        };
    }

    private static boolean within(String outer, String inner) {
        return inner.equals(outer) || inner.startsWith(outer + ".");
    }

    /** One way of writing a path, whether keys stand in brackets or not. */
    private static String plain(String path) {
        return path.replace('[', '.').replace("]", "").replace("\"", "");
    }

    private static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
    }
}
