package dev.slipway.web.manifests;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.Manifests;
import dev.slipway.activities.kubernetes.Manifests.Manifest;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.InstanceStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.web.runs.Runs;
import dev.slipway.web.worker.ClusterReaders;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Renders what an environment wishes now: planned by the engine as for a deploy, put into YAML here. */
@Component
final class Applied {
    private final Runs runs;
    private final ClusterReaders clusters;
    private final InstanceStore instance;
    private final EnvironmentStore environments;
    private final PlanStore plans;
    private final ParameterStore parameters;
    private final Registries registries;

    Applied(
            Runs runs,
            ClusterReaders clusters,
            InstanceStore instance,
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            Registries registries) {
        this.runs = runs;
        this.clusters = clusters;
        this.instance = instance;
        this.environments = environments;
        this.plans = plans;
        this.parameters = parameters;
        this.registries = registries;
    }

    /**
     * The objects of one component.
     *
     * @param component empty: of the environment as a whole
     */
    record Group(String component, int objects, String yaml) {}

    /** @throws dev.slipway.workflows.problem.ProblemException what keeps a plan from being made */
    List<Group> to(StoredEnvironment environment) {
        String plan = runs.previewed(environment.id(), Scope.whole(Operation.DEPLOY), OnConflict.STOP);
        List<Manifest> manifests = new Manifests(
                        clusters.of(environment.cluster()),
                        instance.id(),
                        environments,
                        plans,
                        parameters,
                        registries.pulls())
                .of(plan, environment.id());
        Map<String, List<Manifest>> byComponent = new LinkedHashMap<>();
        manifests.forEach(manifest -> byComponent
                .computeIfAbsent(manifest.component(), component -> new java.util.ArrayList<>())
                .add(manifest));
        return byComponent.entrySet().stream()
                .map(group -> new Group(
                        group.getKey(),
                        group.getValue().size(),
                        group.getValue().stream().map(Manifest::yaml).collect(Collectors.joining())))
                .toList();
    }

    static String yaml(List<Group> groups) {
        return groups.stream().map(Group::yaml).collect(Collectors.joining());
    }
}
