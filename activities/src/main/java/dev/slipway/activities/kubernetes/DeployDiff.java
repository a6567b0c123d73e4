package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy would do.
 *
 * @param shared namespace, pull secret and raw objects
 * @param components in the document's order
 * @param deletes what the inventory lists and the document no longer has, in the order of deleting; no definition of a kind,
 *     as everybody's objects of that kind would go with it
 */
public record DeployDiff(List<PlanItem> shared, List<ComponentDiff> components, List<ObjectRef> deletes) {
    /** How one object is compared with what is there; {@code null}: nothing. */
    @FunctionalInterface
    public interface Comparison {
        PlanItem item(RenderedObject wished, @Nullable HasMetadata live);
    }

    /**
     * @param items one for each object
     * @param runs something of it is there
     * @param health of the workload that is there
     */
    public record ComponentDiff(String name, List<PlanItem> items, boolean runs, Health health) {
        public ComponentDiff {
            items = List.copyOf(items);
        }

        public boolean changes() {
            return items.stream().anyMatch(item -> item.action() != Action.KEEP);
        }
    }

    public DeployDiff {
        shared = List.copyOf(shared);
        components = List.copyOf(components);
        deletes = List.copyOf(deletes);
    }

    /** Compared here alone: nothing is asked and nothing written. */
    public static DeployDiff of(Rendering wished, LiveState live) {
        return of(wished, live, (object, there) -> live.completed(object) ? completed(object) : item(object, there));
    }

    static DeployDiff of(Rendering wished, LiveState live, Comparison comparison) {
        List<PlanItem> shared = Stream.concat(wished.shared().stream(), wished.manifests().stream())
                .map(object -> comparison.item(object, liveOf(object, live)))
                .toList();
        List<ComponentDiff> components = wished.components().stream()
                .map(component -> component(component, live, comparison))
                .toList();
        List<ObjectRef> deletes = new ArrayList<>();
        for (ObjectRef ref : live.inventory().beyond(Inventory.of(wished))) {
            if (live.object(ref.subject()).isPresent() && !RawObjects.definition(ref)) {
                deletes.add(0, ref);
            }
        }
        return new DeployDiff(shared, components, deletes);
    }

    private static ComponentDiff component(RenderedComponent component, LiveState live, Comparison comparison) {
        List<PlanItem> items = component.objects().stream()
                .map(object -> comparison.item(object, liveOf(object, live)))
                .toList();
        HasMetadata workload = liveOf(component.workload(), live);
        Health health = live.completed(component.workload()) ? Health.COMPLETED : Health.of(workload);
        return new ComponentDiff(component.name(), items, workload != null, health);
    }

    static @Nullable HasMetadata liveOf(RenderedObject object, LiveState live) {
        return object.ref().kind().equals("Namespace")
                ? live.namespace()
                : live.object(object.ref().subject()).orElse(null);
    }

    /** A job that has run with this very content has nothing more to do, whether it is still there or not. */
    static PlanItem completed(RenderedObject job) {
        return new PlanItem(
                job.ref().subject(),
                job.ref().component(),
                Action.KEEP,
                List.of(new FieldChange(PlanItem.COMPLETED, null, "true")));
    }

    /** One object: unchanged when its hash and every field that is wished are as they were written. */
    static PlanItem item(RenderedObject wished, @Nullable HasMetadata live) {
        ObjectRef ref = wished.ref();
        String component = ref.component().isEmpty() ? null : ref.component();
        if (live == null) {
            return new PlanItem(ref.subject(), component, Action.CREATE, List.of());
        }
        boolean secret = ref.kind().equals("Secret");
        Map<String, Object> wishedTree = Trees.of(wished.object());
        Map<String, Object> liveTree = Trees.of(live);
        List<FieldChange> fields = new ArrayList<>(FieldComparison.compare(wishedTree, liveTree, secret));
        boolean sameWish = wished.hash().equals(hash(live));
        if (!sameWish) {
            fields.addAll(FieldComparison.removed(OwnedFields.of(live), wishedTree, liveTree, secret));
        }
        if (ref.kind().equals("Job") && Health.of(live).state() == State.DEGRADED) {
            fields.add(new FieldChange("status.failed", "true", null));
        }
        Action action = sameWish && fields.isEmpty() ? Action.KEEP : Action.CHANGE;
        return new PlanItem(ref.subject(), component, action, fields);
    }

    static @Nullable String hash(HasMetadata live) {
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Labels.HASH);
    }
}
