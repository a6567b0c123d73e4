package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Departure.Leaving;
import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.deploy.DestroyGraph;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Deletes what a document no longer has: first what is no component's, then the components that left it, whoever needed others
 * before them (ADR 28).
 */
final class Pruning {
    private final ClusterConnection cluster;
    private final ClusterWriter writer;
    private final FormerComponents former;
    private final PlanStore plans;
    private final StepLog log;
    private final Undos undos;

    Pruning(
            ClusterConnection cluster,
            ClusterWriter writer,
            FormerComponents former,
            PlanStore plans,
            StepLog log,
            Undos undos) {
        this.cluster = cluster;
        this.writer = writer;
        this.former = former;
        this.plans = plans;
        this.log = log;
        this.undos = undos;
    }

    /** A step for each component that left, by what the releases say of their needs. */
    List<Step> removals(Wish wish, List<ObjectRef> deletes) {
        Set<String> left = deletes.stream()
                .map(ObjectRef::component)
                .filter(name ->
                        !name.isEmpty() && wish.application().component(name).isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return left.isEmpty()
                ? List.of()
                : DestroyGraph.removals(former.of(wish.environment().id(), left), left);
    }

    /** What has no step of its own. In plans of before, that is everything. */
    void prune(StepCall call, Wish wish) {
        Set<String> steps = plans.plan(call.runId()).orElseThrow().skeleton().steps().stream()
                .filter(step -> step.kind() == StepKind.REMOVE)
                .map(Step::component)
                .collect(Collectors.toSet());
        Predicate<ObjectRef> which = ref -> wish.pins().covers(ref.component()) && !steps.contains(ref.component());
        writer.prune(
                        wish.rendering().namespace(),
                        Inventory.of(wish.rendering()),
                        which,
                        (ref, live) -> undos.deletes(call, ref, live))
                .forEach(ref -> log.write(call, ref.subject() + " deleted"));
    }

    /** A component that left: its objects, what was written last first, until they have gone; then they are listed no more. */
    List<Supplier<Departure>> remove(StepCall call, Wish wish) {
        String component = Objects.requireNonNull(call.component(), "component");
        List<ObjectRef> objects = new ArrayList<>();
        return List.of(
                () -> {
                    objects.addAll(writer.listed(wish.rendering().namespace()).beyond(Inventory.of(wish.rendering())));
                    objects.removeIf(ref -> !ref.component().equals(component));
                    Collections.reverse(objects);
                    return waiting(
                            call,
                            writer.depart(
                                    objects,
                                    wish.rendering().namespace(),
                                    (ref, live) -> undos.deletes(call, ref, live)));
                },
                () -> {
                    writer.unlist(wish.rendering().namespace(), objects);
                    return waiting(call, List.of());
                });
    }

    private Departure waiting(StepCall call, List<Leaving> leaving) {
        leaving.forEach(one -> log.write(call, one.where() + " deleted"));
        return new Departure(cluster, leaving, Duration.ofSeconds(call.deadlineSeconds()));
    }
}
