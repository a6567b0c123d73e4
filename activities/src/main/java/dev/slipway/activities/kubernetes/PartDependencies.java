package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a part needs and does not contain: it is left as it is, and not waited for. Pure. */
final class PartDependencies {
    private PartDependencies() {}

    /** One line for each dependency that is not part of the plan and not well. */
    static List<PlanItem> unawaited(Wish wish, LiveState live) {
        if (wish.pins().part() == null) {
            return List.of();
        }
        Set<String> needed = new LinkedHashSet<>();
        for (RenderedComponent part : wish.rendering().components()) {
            wish.application().component(part.name()).orElseThrow().dependsOn().stream()
                    .filter(dependency -> dependency.when().orders())
                    .map(Dependency::component)
                    .filter(name -> !wish.pins().covers(name))
                    .forEach(needed::add);
        }
        List<PlanItem> items = new ArrayList<>();
        for (String name : needed) {
            Component component = wish.application().component(name).orElseThrow();
            Health health = live.completed(component) ? Health.COMPLETED : health(name, live);
            if (component.kind() != Component.Kind.EXTERNAL && !health.settled()) {
                String state = live.runs(name) ? health.state().word() : State.STOPPED.word();
                items.add(new PlanItem(
                        "component/" + name, name, Action.UNAWAITED, List.of(new FieldChange("state", null, state))));
            }
        }
        return items;
    }

    private static Health health(String component, LiveState live) {
        return live.objects().values().stream()
                .filter(object ->
                        component.equals(object.getMetadata().getLabels().get(Labels.COMPONENT)))
                .map(Health::of)
                .filter(health -> health.state() != State.UNKNOWN)
                .findFirst()
                .orElse(Health.of(null));
    }
}
