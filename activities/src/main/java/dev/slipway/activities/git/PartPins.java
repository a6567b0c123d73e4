package dev.slipway.activities.git;

import dev.slipway.activities.store.KeptComponents.Kept;
import dev.slipway.activities.store.KeptComponents.Running;
import dev.slipway.activities.store.PlanStore.Part;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pins of runs that are about a part: what is part of it as wished, everything else as it runs. So the release that the run
 * records is complete. Pure.
 */
final class PartPins {
    private PartPins() {}

    /**
     * A deploy of some components.
     *
     * @param wished the document, overrides applied; the sources of what is part are pinned
     * @param part names, in the document's order
     * @param sources of what is part
     * @param values of the document's parameters
     * @param running {@code null}: nothing was deployed yet
     * @throws ProblemException when what is part and what stays do not fit together
     */
    static Pins deploy(
            Application wished,
            List<String> part,
            Map<String, PinnedSource> sources,
            Map<String, String> values,
            @Nullable Running running) {
        Map<String, Kept> kept = new LinkedHashMap<>(running == null ? Map.of() : running.components());
        kept.keySet().removeAll(part);
        List<Component> components = new ArrayList<>();
        for (Component component : wished.components()) {
            Kept stays = kept.get(component.name());
            components.add(stays == null ? component : stays.component());
        }
        kept.forEach((name, stays) -> {
            if (wished.component(name).isEmpty()) {
                components.add(stays.component());
            }
        });
        return pins(wished, components, part, kept, sources, values);
    }

    /**
     * A restart or another number of replicas: everything as it runs.
     *
     * @throws ProblemException when a component never ran, or is of a kind that this can't be done to
     */
    static Pins asItRuns(Scope scope, Running running) {
        List<String> part = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (String name : scope.of(running.application())) {
            Kept kept = running.components().get(name);
            Problem refused = kept == null
                    ? Problem.of(ProblemCode.RUN_NOT_DEPLOYED, name, "name", name)
                    : scope.operation() == Operation.SCALE
                            ? scaling(kept.component(), scope.replicas().getOrDefault(name, 1))
                            : restarting(kept.component());
            if (refused == null) {
                part.add(name);
            } else if (!scope.isWhole()) {
                problems.add(refused);
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        List<Component> components = running.application().components().stream()
                .map(component -> {
                    Kept kept = running.components().get(component.name());
                    return kept == null ? component : kept.component();
                })
                .map(component -> {
                    Integer replicas = scope.replicas().get(component.name());
                    return replicas == null ? component : component.scaled(replicas);
                })
                .toList();
        return pins(running.application(), components, part, running.components(), Map.of(), running.parameters());
    }

    private static @Nullable Problem restarting(Component component) {
        return switch (component.kind()) {
            case SERVICE, STATEFUL, DAEMON -> null;
            case JOB, CRON, EXTERNAL -> refused(ProblemCode.RUN_RESTART_KIND, component);
        };
    }

    private static @Nullable Problem scaling(Component component, int replicas) {
        if (component.kind() != Component.Kind.SERVICE && component.kind() != Component.Kind.STATEFUL) {
            return refused(ProblemCode.RUN_SCALE_KIND, component);
        }
        if (component.scale() != null) {
            return refused(ProblemCode.RUN_SCALE_AUTOMATIC, component);
        }
        boolean ownVolume = component.volumes().stream().anyMatch(volume -> volume.size() != null);
        return replicas > 1 && ownVolume && component.kind() == Component.Kind.SERVICE
                ? refused(ProblemCode.RUN_SCALE_VOLUME, component)
                : null;
    }

    private static Problem refused(ProblemCode code, Component component) {
        return Problem.of(
                code,
                component.name(),
                "component",
                component.name(),
                "kind",
                dev.slipway.workflows.application.yaml.Words.word(component.kind()));
    }

    private static Pins pins(
            Application frame,
            List<Component> components,
            List<String> part,
            Map<String, Kept> kept,
            Map<String, PinnedSource> sources,
            Map<String, String> values) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        Map<String, String> allValues = new LinkedHashMap<>(values);
        Map<String, PinnedSource> allSources = new LinkedHashMap<>(sources);
        Map<String, PlannedImage> images = new LinkedHashMap<>();
        frame.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
        kept.forEach((name, stays) -> {
            stays.application().parameters().forEach(old -> {
                if (parameters.putIfAbsent(old.name(), old) == null
                        && stays.parameters().containsKey(old.name())) {
                    allValues.put(old.name(), stays.parameters().get(old.name()));
                }
            });
            if (stays.source() != null) {
                allSources.put(name, stays.source());
            }
            if (stays.image() != null) {
                int at = stays.image().indexOf('@');
                images.put(
                        name,
                        new PlannedImage(
                                stays.image().substring(0, at), stays.image().substring(at + 1), null, null));
            }
        });
        Application whole = new Application(
                frame.metadata(), frame.governance(), List.copyOf(parameters.values()), components, frame.manifests());
        List<Problem> problems = ApplicationCheck.check(whole);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new Pins(ApplicationWriter.write(whole), allSources, allValues, new Part(part, images));
    }
}
