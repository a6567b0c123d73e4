package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.Conflict;
import dev.slipway.workflows.run.PlanItem.Decision;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy would do, as the API server itself answers: whatever differs is applied as a dry run, so that defaults and
 * admission do not show as changes, and what they would refuse shows before anything is written. What does not differ is not
 * asked about.
 */
public final class DryRuns {
    /** Kinds that lose nothing when they are made anew. A claim on storage is none of them. */
    private static final Set<String> RECREATED = Set.of(
            "ConfigMap",
            "CronJob",
            "DaemonSet",
            "Deployment",
            "HorizontalPodAutoscaler",
            "Ingress",
            "Job",
            "PodDisruptionBudget",
            "RoleBinding",
            "Secret",
            "Service",
            "StatefulSet");

    /**
     * @param diff what would be done
     * @param problems what the API server would refuse
     */
    public record Result(DeployDiff diff, List<Problem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** Of one object. */
    private record Answer(PlanItem item, List<Problem> problems) {
        static Answer of(PlanItem item) {
            return new Answer(item, List.of());
        }
    }

    private final ClusterConnection cluster;
    private final ClusterErrors errors;

    public DryRuns(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
    }

    /** @throws ProblemException when the cluster does not answer */
    public Result of(Rendering wished, LiveState live, OnConflict choice) {
        List<Answer> answers = AtOnce.ask(wished.objects().toList(), object -> answer(object, live, choice));
        Map<String, PlanItem> items = new HashMap<>();
        answers.forEach(answer -> items.put(answer.item().subject(), answer.item()));
        DeployDiff diff = DeployDiff.of(
                wished,
                live,
                (object, there) -> Objects.requireNonNull(items.get(object.ref().subject())));
        return new Result(
                diff,
                answers.stream().flatMap(answer -> answer.problems().stream()).toList());
    }

    private Answer answer(RenderedObject object, LiveState live, OnConflict choice) {
        if (live.completed(object)) {
            return Answer.of(DeployDiff.completed(object));
        }
        HasMetadata there = DeployDiff.liveOf(object, live);
        PlanItem seen = DeployDiff.item(object, there);
        if (there == null) {
            return live.namespace() == null ? Answer.of(seen) : created(object, seen, live, choice);
        }
        if (there.getMetadata().getDeletionTimestamp() != null) {
            // It is on its way out: it will be made anew, and until then it would answer for what is going.
            return Answer.of(seen);
        }
        if (object.ref().kind().equals("Job")) {
            return Answer.of(job(object, there, seen));
        }
        return seen.action() == Action.KEEP && LeftFields.of(there).isEmpty()
                ? Answer.of(seen)
                : changed(object, there, seen, live, choice);
    }

    /** A job that runs with this very content is left to it; any other has to be made anew. */
    private static PlanItem job(RenderedObject object, HasMetadata there, PlanItem seen) {
        boolean again = !object.hash().equals(DeployDiff.hash(there))
                || Health.of(there).state() == State.DEGRADED;
        return new PlanItem(
                seen.subject(),
                seen.component(),
                again ? Action.RECREATE : Action.KEEP,
                again ? seen.fields() : List.of());
    }

    private Answer created(RenderedObject object, PlanItem seen, LiveState live, OnConflict choice) {
        try {
            HasMetadata result = apply(object.object(), false);
            boolean stranger = OwnedFields.entries(result).stream()
                    .anyMatch(entry -> entry.getManager() != null && !Conflicts.own(entry.getManager()));
            if (!stranger) {
                return Answer.of(seen);
            }
        } catch (KubernetesClientException e) {
            if (ClusterErrors.conflicts(e).isEmpty()) {
                return refused(object, seen, e);
            }
        }
        // Somebody else has made one of this name.
        HasMetadata there = errors.at(
                ClusterWriter.where(object),
                () -> cluster.client().resource(object.object()).get());
        return there == null ? Answer.of(seen) : changed(object, there, DeployDiff.item(object, there), live, choice);
    }

    private Answer changed(RenderedObject object, HasMetadata there, PlanItem seen, LiveState live, OnConflict choice) {
        boolean secret = object.ref().kind().equals("Secret");
        List<Conflict> conflicts = List.of();
        HasMetadata result;
        try {
            try {
                result = apply(object.object(), false);
            } catch (KubernetesClientException e) {
                List<StatusCause> causes = ClusterErrors.conflicts(e);
                if (causes.isEmpty()) {
                    throw e;
                }
                conflicts = Conflicts.of(causes, object, there, choice, secret);
                if (live.object("HorizontalPodAutoscaler/" + object.ref().name())
                        .isPresent()) {
                    conflicts =
                            conflicts.stream().map(DryRuns::withoutAutoscaler).toList();
                }
                result = apply(LeftFields.decided(object.object(), conflicts), true);
            }
        } catch (KubernetesClientException e) {
            return ClusterErrors.immutable(e) ? recreated(object, seen, e) : refused(object, seen, e);
        }
        List<FieldChange> fields = differences(there, result, secret);
        boolean same = object.hash().equals(DeployDiff.hash(there))
                && fields.isEmpty()
                && conflicts.stream().noneMatch(conflict -> conflict.decision() == Decision.STOP);
        return Answer.of(
                new PlanItem(seen.subject(), seen.component(), same ? Action.KEEP : Action.CHANGE, fields, conflicts));
    }

    /** The number that Slipway's own autoscaler has set is nobody else's: it goes with this plan. */
    private static Conflict withoutAutoscaler(Conflict conflict) {
        return conflict.field().equals("spec.replicas") && conflict.manager().equals("kube-controller-manager")
                ? new Conflict(conflict.field(), conflict.manager(), conflict.theirs(), conflict.ours(), Decision.TAKE)
                : conflict;
    }

    private static List<FieldChange> differences(HasMetadata there, HasMetadata result, boolean secret) {
        Map<String, Object> before = Trees.of(there);
        Map<String, Object> after = Trees.of(result);
        Map<String, FieldChange> byPath = new LinkedHashMap<>();
        for (Map<String, Object> owned : List.of(OwnedFields.of(result), OwnedFields.of(there))) {
            if (!owned.isEmpty() && OwnedFields.part(owned, after) instanceof Map<?, ?> part) {
                Map<String, Object> some = new LinkedHashMap<>();
                part.forEach((key, value) -> some.put(String.valueOf(key), value));
                FieldComparison.compare(some, before, secret).forEach(change -> byPath.put(change.path(), change));
            }
        }
        FieldComparison.removed(OwnedFields.of(there), after, before, secret)
                .forEach(change -> byPath.putIfAbsent(change.path(), change));
        return new ArrayList<>(byPath.values());
    }

    private Answer recreated(RenderedObject object, PlanItem seen, KubernetesClientException e) {
        if (RECREATED.contains(object.ref().kind())) {
            return Answer.of(new PlanItem(seen.subject(), seen.component(), Action.RECREATE, seen.fields()));
        }
        String named = ClusterErrors.causes(e).stream()
                .map(Conflicts::field)
                .filter(field -> !field.isEmpty() && !field.equals("spec"))
                .findFirst()
                .orElseGet(() ->
                        seen.fields().isEmpty() ? "spec" : seen.fields().get(0).path());
        return new Answer(
                seen,
                List.of(Problem.of(
                        ProblemCode.KUBERNETES_IMMUTABLE,
                        ClusterWriter.where(object),
                        "field",
                        named,
                        "message",
                        ClusterErrors.message(e))));
    }

    /** What needs a person is told; of the rest, a missing kind is another check's matter, and trouble is thrown. */
    private Answer refused(RenderedObject object, PlanItem seen, KubernetesClientException e) {
        if (e.getCode() == 404 || ClusterErrors.noDryRun(e) || ClusterErrors.unknownKind(e)) {
            return Answer.of(seen);
        }
        ProblemException problem = errors.translated(e, ClusterWriter.where(object));
        if (e.getCode() < 400 || e.getCode() >= 500 || e.getCode() == 409 || e.getCode() == 429) {
            throw problem;
        }
        return new Answer(seen, problem.problems());
    }

    private HasMetadata apply(HasMetadata object, boolean force) {
        return ClusterErrors.repeated(() -> cluster.client()
                .resource(object)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager(Labels.MANAGER)
                                .withForce(force)
                                .withDryRun(List.of("All"))
                                .build(),
                        object));
    }

    /** For a plan that must not be carried out before somebody chooses: a problem for each field. */
    static List<Problem> undecided(List<PlanItem> items, String namespace) {
        List<Problem> problems = new ArrayList<>();
        for (PlanItem item : items) {
            for (Conflict conflict : item.conflicts()) {
                if (conflict.decision() == Decision.STOP) {
                    problems.add(Problem.of(
                            ProblemCode.KUBERNETES_CONFLICT,
                            where(item, namespace),
                            "manager",
                            conflict.manager(),
                            "field",
                            conflict.field(),
                            "theirs",
                            text(conflict.theirs()),
                            "ours",
                            text(conflict.ours())));
                }
            }
        }
        return problems;
    }

    private static String where(PlanItem item, String namespace) {
        int slash = item.subject().indexOf('/');
        String kind = item.subject().substring(0, slash);
        String name = item.subject().substring(slash + 1);
        return kind.equals("Namespace") ? kind + " " + name : kind + " " + namespace + "/" + name;
    }

    private static String text(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
