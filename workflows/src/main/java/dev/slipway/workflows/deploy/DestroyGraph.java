package dev.slipway.workflows.deploy;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps of a destruction, and of components that leave: whoever needs a component goes before it does. Pure. */
public final class DestroyGraph {
    private DestroyGraph() {}

    /**
     * @param document components as they were deployed last
     * @param present names of those of which something is there; also such as the document no longer has
     */
    public static List<Step> steps(List<Component> document, Collection<String> present) {
        List<Step> steps = new ArrayList<>(removals(document, present));
        List<String> removals = steps.stream().map(Step::id).toList();
        steps.add(new Step(StepKind.CLEAR, null, removals));
        return steps;
    }

    /** As {@link #steps}, without what is left of the environment. */
    public static List<Step> removals(List<Component> document, Collection<String> present) {
        Map<String, Set<String>> neededBy = new LinkedHashMap<>();
        for (Component component : document) {
            component.dependsOn().stream()
                    .filter(dependency -> dependency.when().orders())
                    .map(Dependency::component)
                    .forEach(needed -> neededBy.computeIfAbsent(needed, name -> new LinkedHashSet<>())
                            .add(component.name()));
        }
        Set<String> here = new LinkedHashSet<>(present);
        List<Step> steps = new ArrayList<>();
        for (String name : here) {
            Set<String> before = new LinkedHashSet<>();
            nearest(name, neededBy, here, before, new LinkedHashSet<>());
            steps.add(new Step(
                    StepKind.REMOVE,
                    name,
                    before.stream().map(one -> Step.id(StepKind.REMOVE, one)).toList()));
        }
        return steps;
    }

    /** Of those that need it, or need what has gone in between, the nearest that are there. */
    private static void nearest(
            String name, Map<String, Set<String>> neededBy, Set<String> here, Set<String> found, Set<String> seen) {
        for (String dependant : neededBy.getOrDefault(name, Set.of())) {
            if (here.contains(dependant)) {
                found.add(dependant);
            } else if (seen.add(dependant)) {
                nearest(dependant, neededBy, here, found, seen);
            }
        }
    }
}
