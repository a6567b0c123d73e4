package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is done to which part of an environment.
 *
 * @param components names, without repetition; empty: all of them
 * @param withDependencies and whatever these need, directly or not
 * @param replicas how many are wanted of each component, for {@link Operation#SCALE}; empty for all others
 * @param deleteVolumes whether volumes go too, for {@link Operation#DESTROY}; false for all others
 */
public record Scope(
        Operation operation,
        List<String> components,
        boolean withDependencies,
        Map<String, Integer> replicas,
        boolean deleteVolumes) {
    private static final int MOST_REPLICAS = 1_000;

    @JsonCreator
    public Scope(
            @JsonProperty("operation") Operation operation,
            @JsonProperty("components") @Nullable List<String> components,
            @JsonProperty("withDependencies") boolean withDependencies,
            @JsonProperty("replicas") @Nullable Map<String, Integer> replicas,
            @JsonProperty("deleteVolumes") boolean deleteVolumes) {
        this.operation = operation;
        this.replicas = replicas == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(replicas));
        Set<String> names = new LinkedHashSet<>(components == null ? List.of() : components);
        names.addAll(this.replicas.keySet());
        this.components = List.copyOf(names);
        this.withDependencies = withDependencies && !names.isEmpty();
        this.deleteVolumes = deleteVolumes;
    }

    /** Of whatever leaves volumes alone. */
    public Scope(
            Operation operation,
            @Nullable List<String> components,
            boolean withDependencies,
            @Nullable Map<String, Integer> replicas) {
        this(operation, components, withDependencies, replicas, false);
    }

    /** All of the environment goes. */
    public static Scope destroy(boolean deleteVolumes) {
        return new Scope(Operation.DESTROY, List.of(), false, Map.of(), deleteVolumes);
    }

    /** Of the whole environment. */
    public static Scope whole(Operation operation) {
        return new Scope(operation, List.of(), false, Map.of());
    }

    /** Whether it is about all of the environment. */
    @JsonIgnore
    public boolean isWhole() {
        return components.isEmpty();
    }

    /** What is wrong with the request itself; whether the components exist is known when the plan is made. */
    public List<Problem> check() {
        List<Problem> problems = new ArrayList<>();
        if (operation == Operation.SCALE) {
            if (replicas.isEmpty()) {
                problems.add(invalid("replicas", "{component: number}"));
            } else if (!components.stream().allMatch(replicas::containsKey)) {
                problems.add(invalid("components", "replicas names the components"));
            }
        } else if (!replicas.isEmpty()) {
            problems.add(invalid("replicas", "operation: scale"));
        }
        replicas.forEach((component, number) -> {
            if (number == null || number < 0 || number > MOST_REPLICAS) {
                problems.add(invalid("replicas." + component, "0 … " + MOST_REPLICAS));
            }
        });
        if (withDependencies && operation != Operation.DEPLOY) {
            problems.add(invalid("withDependencies", "operation: deploy"));
        }
        if (operation == Operation.DESTROY && !isWhole()) {
            problems.add(invalid("components", "[]"));
        }
        if (deleteVolumes && operation != Operation.DESTROY) {
            problems.add(invalid("volumes", "operation: destroy"));
        }
        if (components.size() > Application.MAX_COMPONENTS) {
            problems.add(invalid("components", "<= " + Application.MAX_COMPONENTS));
        }
        return problems;
    }

    private static Problem invalid(String field, String expected) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected);
    }

    /**
     * The components that it covers, in the application's order.
     *
     * @throws ProblemException {@code SLP-RUN-COMPONENT-UNKNOWN} for each that the application does not have
     */
    public List<String> of(Application application) {
        List<String> known =
                application.components().stream().map(Component::name).toList();
        if (isWhole()) {
            return known;
        }
        List<Problem> problems = components.stream()
                .filter(name -> !known.contains(name))
                .map(name -> Problem.of(
                        ProblemCode.RUN_COMPONENT_UNKNOWN,
                        name,
                        "component",
                        name,
                        "application",
                        application.name(),
                        "known",
                        String.join(", ", known)))
                .toList();
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        Set<String> covered = withDependencies ? closure(application) : Set.copyOf(components);
        return known.stream().filter(covered::contains).toList();
    }

    private Set<String> closure(Application application) {
        Set<String> covered = new LinkedHashSet<>(components);
        Deque<String> ahead = new ArrayDeque<>(components);
        while (!ahead.isEmpty()) {
            application.component(ahead.remove()).stream()
                    .flatMap(component -> component.dependsOn().stream())
                    .map(Dependency::component)
                    .filter(covered::add)
                    .forEach(ahead::add);
        }
        return covered;
    }
}
