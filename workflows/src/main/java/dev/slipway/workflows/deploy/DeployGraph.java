package dev.slipway.workflows.deploy;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The steps of a deploy and what each needs. A component that stays as it is and is well has no step; whoever depends on it
 * need not wait. Pure.
 */
public final class DeployGraph {
    /**
     * A component as the plan found it.
     *
     * @param builds its image has to be built first
     * @param changes something of it will be written
     * @param runs something of it is in the cluster already
     * @param well it is healthy, or its job completed
     */
    public record Node(Component component, boolean builds, boolean changes, boolean runs, boolean well) {
        boolean acts() {
            return builds || changes || !well;
        }
    }

    /** Raw objects of the document, as the plan found those that can say how they are. */
    public enum RawObjects {
        /** There are none. */
        NONE,
        /** They stay as they are, and are well. */
        SETTLED,
        /** Some of them change, or are not well yet. */
        UNSETTLED
    }

    private DeployGraph() {}

    /**
     * In the document's order, builds first.
     *
     * @param nodes every component of the document
     * @param prunes something is to be deleted
     * @param raw awaited after the components, as one of them may be their operator; those that are settled too, when a
     *     component changes
     * @param removals of components that have left the document, with their needs among themselves; they come last
     */
    public static List<Step> steps(List<Node> nodes, boolean prunes, RawObjects raw, List<Step> removals) {
        Map<String, Node> acting = new LinkedHashMap<>();
        nodes.stream()
                .filter(Node::acts)
                .forEach(node -> acting.put(node.component().name(), node));
        List<Step> steps = new ArrayList<>();
        if (acting.isEmpty() && !prunes && raw != RawObjects.UNSETTLED) {
            return steps;
        }
        List<String> builds = new ArrayList<>();
        for (Node node : acting.values()) {
            if (node.builds()) {
                Step build = new Step(StepKind.BUILD, node.component().name(), List.of());
                steps.add(build);
                builds.add(build.id());
            }
        }
        boolean gathered = builds.size() > 1
                && acting.values().stream().anyMatch(node -> node.runs() && (node.changes() || node.builds()));
        if (gathered) {
            // One step that needs them all, so that not each of a hundred components names each of a hundred builds.
            steps.add(new Step(StepKind.IMAGES, null, builds));
        }
        List<String> allBuilds = gathered ? List.of(Step.id(StepKind.IMAGES, null)) : builds;
        String prepare = Step.id(StepKind.PREPARE, null);
        steps.add(new Step(StepKind.PREPARE, null, List.of()));
        Set<String> awaitedStarts = awaitedStarts(acting);
        List<String> deploys = new ArrayList<>();
        for (Node node : acting.values()) {
            String name = node.component().name();
            Set<String> needs = new LinkedHashSet<>();
            needs.add(prepare);
            if (node.runs() && (node.changes() || node.builds())) {
                // What runs is touched only when all that is to be built can be had.
                needs.addAll(allBuilds);
            } else if (node.builds()) {
                needs.add(Step.id(StepKind.BUILD, name));
            }
            for (Dependency dependency : node.component().dependsOn()) {
                if (dependency.when().orders() && acting.containsKey(dependency.component())) {
                    StepKind kind = dependency.when() == Condition.STARTED ? StepKind.START : StepKind.DEPLOY;
                    needs.add(Step.id(kind, dependency.component()));
                }
            }
            if (awaitedStarts.contains(name)) {
                Step start = new Step(StepKind.START, name, List.copyOf(needs));
                steps.add(start);
                needs = Set.of(start.id());
            }
            Step deploy = new Step(StepKind.DEPLOY, name, List.copyOf(needs));
            steps.add(deploy);
            deploys.add(deploy.id());
        }
        List<String> needs = new ArrayList<>(deploys);
        needs.add(prepare);
        if (raw == RawObjects.UNSETTLED || raw == RawObjects.SETTLED && !acting.isEmpty()) {
            Step settle = new Step(StepKind.SETTLE, null, needs);
            steps.add(settle);
            needs.add(settle.id());
        }
        if (prunes) {
            Step prune = new Step(StepKind.PRUNE, null, needs);
            steps.add(prune);
            removals.stream()
                    .map(step -> step.needs().isEmpty()
                            ? new Step(step.kind(), step.component(), List.of(prune.id()))
                            : step)
                    .forEach(steps::add);
        }
        return steps;
    }

    private static Set<String> awaitedStarts(Map<String, Node> acting) {
        Set<String> names = new LinkedHashSet<>();
        for (Node node : acting.values()) {
            node.component().dependsOn().stream()
                    .filter(dependency -> dependency.when() == Condition.STARTED)
                    .map(Dependency::component)
                    .filter(acting::containsKey)
                    .forEach(names::add);
        }
        return names;
    }
}
