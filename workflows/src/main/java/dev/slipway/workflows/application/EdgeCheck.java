package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with the dependencies of components: dangling ones, conditions without meaning, collisions, circles. */
final class EdgeCheck {
    private final Remarks remarks;
    private final Application application;
    private final Notes notes;
    private final Map<String, Component> components;
    private final Map<String, Integer> indexes;

    EdgeCheck(Remarks remarks) {
        this.remarks = remarks;
        this.application = remarks.application();
        this.notes = remarks.notes();
        this.components = remarks.components();
        this.indexes = remarks.indexes();
    }

    void dependencies(String path, Component c) {
        remarks.unique(
                path + ".dependsOn",
                c.dependsOn().stream().map(Dependency::component).toList(),
                "component");
        for (int i = 0; i < c.dependsOn().size(); i++) {
            Dependency dependency = c.dependsOn().get(i);
            String at = path + ".dependsOn[" + i + "]";
            Component target = components.get(dependency.component());
            if (target == null) {
                remarks.reference(at + ".component", dependency.component(), components.keySet());
            } else if (dependency.component().equals(c.name())) {
                String self = c.name() + " -> " + c.name();
                notes.note(DOC_CYCLE, at, "cycle", self, "candidate", self);
            } else {
                condition(at + ".when", dependency, target);
            }
        }
        exportsOfDependencies(path, c);
    }

    private void condition(String at, Dependency dependency, Component target) {
        List<Dependency.Condition> allowed = switch (target.kind()) {
            case SERVICE, STATEFUL, DAEMON ->
                List.of(Dependency.Condition.LINKED, Dependency.Condition.STARTED, Dependency.Condition.HEALTHY);
            case JOB ->
                List.of(Dependency.Condition.LINKED, Dependency.Condition.STARTED, Dependency.Condition.COMPLETED);
            case CRON, EXTERNAL -> List.of(Dependency.Condition.LINKED);
        };
        if (!allowed.contains(dependency.when())) {
            notes.note(
                    DOC_CONDITION,
                    at,
                    "when",
                    Words.word(dependency.when()),
                    "component",
                    Words.shown(target.name()),
                    "kind",
                    Words.word(target.kind()),
                    "allowed",
                    Words.list(allowed.stream().map(Words::word).toList()));
        }
    }

    private void exportsOfDependencies(String path, Component c) {
        Map<String, String> exporters = new HashMap<>();
        for (int i = 0; i < c.dependsOn().size() && c.dependsOn().size() > 1; i++) {
            Component target = components.get(c.dependsOn().get(i).component());
            if (target == null) {
                continue;
            }
            for (String name : target.exports().keySet()) {
                String other = exporters.putIfAbsent(name, target.name());
                if (other != null && !other.equals(target.name()) && !c.env().containsKey(name)) {
                    notes.also(
                            DOC_CONFLICT,
                            path + ".dependsOn[" + i + "]",
                            "one",
                            Words.shown(target.name() + ".exports." + name),
                            "other",
                            Words.shown(other + ".exports." + name));
                }
            }
        }
    }

    void cycles() {
        List<Cycles.Edge> edges = new ArrayList<>();
        for (Component c : components.values()) {
            for (Dependency dependency : c.dependsOn()) {
                if (dependency.when().orders()
                        && components.containsKey(dependency.component())
                        && !dependency.component().equals(c.name())) {
                    edges.add(new Cycles.Edge(c.name(), dependency.component(), dependency.when()));
                }
            }
        }
        for (List<Cycles.Edge> cycle : Cycles.among(edges)) {
            Cycles.Edge candidate = Cycles.candidate(cycle);
            StringBuilder text = new StringBuilder(cycle.get(0).from());
            cycle.forEach(e ->
                    text.append(" -").append(Words.word(e.when())).append("-> ").append(e.to()));
            Component from = components.getOrDefault(
                    candidate.from(), application.components().get(0));
            int index = indexes.getOrDefault(candidate.from(), 0);
            int edge = from.dependsOn().stream()
                    .map(Dependency::component)
                    .toList()
                    .indexOf(candidate.to());
            String shown = text.length() > 500 ? text.substring(0, 500) + "…" : text.toString();
            notes.also(
                    DOC_CYCLE,
                    "spec.components[" + index + "].dependsOn[" + edge + "]",
                    "cycle",
                    shown,
                    "candidate",
                    candidate.from() + " -> " + candidate.to());
        }
    }
}
