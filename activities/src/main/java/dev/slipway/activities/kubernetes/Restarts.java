package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * New pods of what runs. The mark that makes the cluster replace them, {@value #RESTARTED} in the pod template, belongs to a
 * field manager of its own: it is none of the fields that a deploy owns, so a deploy neither sees nor removes it (ADR 0021).
 */
final class Restarts {
    static final String MANAGER = "slipway-restart";
    static final String RESTARTED = "slipway.dev/restarted";

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final Rights rights;

    Restarts(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.rights = new Rights(cluster);
    }

    /** In the order of the dependencies; what is stopped or not there stays so. */
    StoredPlan plan(Wish wish, LiveState live, Deadlines deadlines) {
        List<PlanItem> items = new ArrayList<>();
        Set<String> restarting = new LinkedHashSet<>();
        for (RenderedComponent component : wish.rendering().components()) {
            String subject = component.workload().ref().subject();
            HasMetadata workload = live.object(subject).orElse(null);
            if (workload == null) {
                continue;
            }
            boolean runs = Health.of(workload).wanted() > 0;
            items.add(new PlanItem(subject, component.name(), runs ? Action.RESTART : Action.KEEP, List.of()));
            if (runs) {
                restarting.add(component.name());
            }
        }
        List<Step> steps = restarting.stream()
                .map(name -> new Step(
                        StepKind.RESTART,
                        name,
                        needs(wish.application().component(name).orElseThrow(), restarting)))
                .toList();
        String hash = PlanHash.of(items, wish.rendering());
        return new StoredPlan(
                new Plan(hash, items),
                new PlanSkeleton(
                        hash,
                        steps.isEmpty(),
                        deadlines.of(steps, wish.application()),
                        rights.missing(items, wish.environment().namespace())));
    }

    private static List<String> needs(Component component, Set<String> restarting) {
        return component.dependsOn().stream()
                .filter(dependency -> dependency.when().orders())
                .map(Dependency::component)
                .filter(restarting::contains)
                .map(name -> Step.id(StepKind.RESTART, name))
                .distinct()
                .toList();
    }

    /**
     * Marks the component's pod template. The same run twice marks it once.
     *
     * @throws ProblemException {@code SLP-RUN-NOT-DEPLOYED} when it has gone, and whatever the cluster says
     */
    HasMetadata mark(String runId, RenderedComponent component) {
        HasMetadata wished = component.workload().object();
        String where = ClusterWriter.where(component.workload());
        HasMetadata there =
                errors.at(where, () -> cluster.client().resource(wished).get());
        if (there == null) {
            throw new ProblemException(Problem.of(ProblemCode.RUN_NOT_DEPLOYED, where, "name", component.name()));
        }
        GenericKubernetesResource mark = new GenericKubernetesResourceBuilder()
                .withApiVersion(there.getApiVersion())
                .withKind(there.getKind())
                .withNewMetadata()
                .withNamespace(Objects.requireNonNull(there.getMetadata().getNamespace()))
                .withName(there.getMetadata().getName())
                // An object that was deleted in this moment is not made anew of an annotation.
                .withUid(there.getMetadata().getUid())
                .endMetadata()
                .addToAdditionalProperties(
                        "spec", Map.of("template", Map.of("metadata", Map.of("annotations", Map.of(RESTARTED, runId)))))
                .build();
        return errors.at(
                where,
                () -> cluster.client()
                        .resource(mark)
                        .fieldManager(MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }
}
