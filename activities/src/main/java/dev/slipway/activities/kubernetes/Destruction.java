package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Departure.Leaving;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.deploy.DestroyGraph;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes an environment out of its cluster. Only what the inventory lists and what carries the environment's labels is ever
 * deleted, and the namespace only when Slipway made it and nothing else is in it, as far as its account may look.
 */
final class Destruction {
    private static final String CLAIM = "PersistentVolumeClaim";
    private static final int NAMED = 5;
    /** What every namespace has without anybody's doing. */
    private static final Set<String> EVERYWHERE =
            Set.of("ConfigMap/kube-root-ca.crt", "ConfigMap/openshift-service-ca.crt", "ConfigMap/istio-ca-root-cert");

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final ClusterWriter writer;
    private final CompletedJobs completed;
    private final Rights rights;
    private final String instanceId;
    private final EnvironmentStore environments;
    private final FormerComponents former;
    private final PlanStore plans;
    private final StepLog log;
    private final Undos undos;

    Destruction(
            ClusterConnection cluster,
            String instanceId,
            EnvironmentStore environments,
            FormerComponents former,
            PlanStore plans,
            StepLog log,
            Undos undos) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.writer = new ClusterWriter(cluster);
        this.completed = new CompletedJobs(cluster);
        this.rights = new Rights(cluster);
        this.instanceId = instanceId;
        this.environments = environments;
        this.former = former;
        this.plans = plans;
        this.log = log;
        this.undos = undos;
    }

    /**
     * What is there of the environment.
     *
     * @param namespace {@code null}: there is none, or it is somebody else's
     * @param objects of the inventory, in the order of writing, but for claims
     * @param claims on volumes, also those that controllers made
     * @param foreign {@code kind/name}: what else is in the namespace
     */
    private record Remains(
            @Nullable Namespace namespace, List<ObjectRef> objects, List<ObjectRef> claims, List<String> foreign) {
        private static final Remains NONE = new Remains(null, List.of(), List.of(), List.of());
    }

    /** Each object that goes, and what stays. */
    StoredPlan plan(PlanCall call) {
        StoredEnvironment environment = environments.byId(call.environmentId());
        boolean volumesToo = plans.scope(call.planId()).deleteVolumes();
        rights.requireSight(environment.namespace());
        Remains remains = remains(environment);
        List<PlanItem> items = new ArrayList<>();
        Set<String> present = new LinkedHashSet<>();
        for (ObjectRef ref : remains.objects()) {
            items.add(item(ref, Action.DELETE));
            if (!ref.component().isEmpty()) {
                present.add(ref.component());
            }
        }
        remains.claims().forEach(claim -> items.add(item(claim, volumesToo ? Action.DELETE : Action.KEEP)));
        remains.foreign().forEach(subject -> items.add(new PlanItem(subject, null, Action.KEEP, List.of())));
        boolean emptied =
                remains.foreign().isEmpty() && (volumesToo || remains.claims().isEmpty());
        if (remains.namespace() != null) {
            items.add(new PlanItem(
                    "Namespace/" + environment.namespace(), null, emptied ? Action.DELETE : Action.KEEP, List.of()));
        }
        boolean terminating =
                remains.namespace() != null && remains.namespace().getMetadata().getDeletionTimestamp() != null;
        String hash = PlanHash.of(items);
        return new StoredPlan(
                new Plan(hash, items),
                new PlanSkeleton(
                        hash,
                        false,
                        DestroyGraph.steps(document(environment, present), terminating ? List.of() : present),
                        rights.missing(items, environment.namespace())));
    }

    private static PlanItem item(ObjectRef ref, Action action) {
        return new PlanItem(ref.subject(), ref.component().isEmpty() ? null : ref.component(), action, List.of());
    }

    private List<Component> document(StoredEnvironment environment, Set<String> names) {
        return former.of(environment.id(), names);
    }

    private Remains remains(StoredEnvironment environment) {
        String name = environment.namespace();
        Namespace there = namespace(name);
        if (there == null || !ours(environment, there)) {
            return Remains.NONE;
        }
        Map<String, HasMetadata> found = new HashMap<>();
        for (ManagedKind kind : ManagedKind.values()) {
            errors.at(
                            kind.word() + " " + name,
                            () -> kind.in(cluster.client())
                                    .inNamespace(name)
                                    .list()
                                    .getItems())
                    .forEach(object ->
                            found.put(kind.word() + "/" + object.getMetadata().getName(), object));
        }
        errors.at(
                        "Pod " + name,
                        () -> cluster.client().pods().inNamespace(name).list().getItems())
                .forEach(pod -> found.put("Pod/" + pod.getMetadata().getName(), pod));
        String inventory = "ConfigMap/" + Inventory.NAME;
        Inventory known = Inventory.read((ConfigMap) found.get(inventory));
        for (ObjectRef ref : known.objects()) {
            if (ManagedKind.of(ref.kind()).isEmpty() && !RawObjects.definition(ref)) {
                HasMetadata live = writer.live(ref, name);
                if (live != null) {
                    found.put(ref.subject(), live);
                }
            }
        }
        Set<String> accounted = new LinkedHashSet<>(EVERYWHERE);
        accounted.add(inventory);
        List<ObjectRef> objects = new ArrayList<>();
        for (ObjectRef ref : known.objects()) {
            HasMetadata live = found.get(ref.subject());
            if (live != null && labelled(environment, live) && !ref.kind().equals(CLAIM)) {
                objects.add(ref);
                accounted.add(ref.subject());
            }
        }
        List<ObjectRef> claims = new ArrayList<>();
        found.forEach((subject, live) -> {
            if (subject.startsWith(CLAIM + "/") && of(environment, live)) {
                String component = live.getMetadata().getLabels().getOrDefault(Labels.COMPONENT, "");
                claims.add(new ObjectRef(CLAIM, live.getMetadata().getName(), component));
                accounted.add(subject);
            }
        });
        claims.sort(java.util.Comparator.comparing(ObjectRef::name));
        List<String> foreign = found.entrySet().stream()
                .filter(entry -> !accounted.contains(entry.getKey()) && !made(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new Remains(there, objects, claims, foreign);
    }

    private @Nullable Namespace namespace(String name) {
        return errors.at(
                "Namespace " + name,
                () -> cluster.client().namespaces().withName(name).get());
    }

    private boolean ours(StoredEnvironment environment, Namespace namespace) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(namespace.getMetadata().getAnnotations(), Map.of());
        return Labels.owner(instanceId, environment.id()).equals(annotations.get(Labels.OWNER));
    }

    /** Slipway's own objects say whose they are; claims of a StatefulSet's replicas say at least which environment's. */
    private boolean labelled(StoredEnvironment environment, HasMetadata live) {
        return of(environment, live)
                && instanceId.equals(live.getMetadata().getLabels().get(Labels.INSTANCE));
    }

    private static boolean of(StoredEnvironment environment, HasMetadata live) {
        Map<String, String> labels =
                Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.of());
        return environment.id().equals(labels.get(Labels.ENVIRONMENT));
    }

    /** By a controller, of something else: it goes with that. */
    private static boolean made(HasMetadata live) {
        boolean owned = live.getMetadata().getOwnerReferences() != null
                && !live.getMetadata().getOwnerReferences().isEmpty();
        return owned || live instanceof Secret secret && "kubernetes.io/service-account-token".equals(secret.getType());
    }

    /** The component's objects, what was written last first. */
    List<Supplier<Departure>> remove(StepCall call) {
        String component = Objects.requireNonNull(call.component(), "component");
        return List.of(() -> {
            StoredEnvironment environment = environments.byId(call.environmentId());
            return delete(
                    call,
                    environment,
                    remains(environment).objects(),
                    ref -> ref.component().equals(component));
        });
    }

    /** What is left, and the namespace. */
    List<Supplier<Departure>> clear(StepCall call) {
        boolean volumesToo = plans.scope(call.runId()).deleteVolumes();
        return List.of(
                () -> {
                    StoredEnvironment environment = environments.byId(call.environmentId());
                    Remains remains = remains(environment);
                    List<ObjectRef> all = new ArrayList<>(volumesToo ? remains.claims() : List.of());
                    all.addAll(remains.objects());
                    return delete(call, environment, all, ref -> true);
                },
                () -> namespace(call));
    }

    private Departure namespace(StepCall call) {
        StoredEnvironment environment = environments.byId(call.environmentId());
        String name = environment.namespace();
        Remains remains = remains(environment);
        Namespace namespace = remains.namespace();
        if (namespace == null) {
            log.write(call, "There is no namespace " + name + " of this environment on " + cluster.name());
            return waiting(call, List.of());
        }
        if (!remains.foreign().isEmpty() || !remains.claims().isEmpty()) {
            log.write(call, "Namespace " + name + " stays: it has " + stays(remains));
            log.write(call, "To delete it with all that is in it: kubectl delete namespace " + name);
            return waiting(call, List.of());
        }
        undos.deletesNamespace(call, namespace);
        errors.at(
                "Namespace " + name,
                () -> cluster.client().namespaces().withName(name).delete());
        log.write(call, "Namespace " + name + " is being deleted");
        return waiting(
                call,
                List.of(new Leaving(
                        "Namespace " + name,
                        namespace.getMetadata().getUid(),
                        () -> cluster.client().namespaces().withName(name).get(),
                        List::of)));
    }

    private static String stays(Remains remains) {
        List<String> all = new ArrayList<>(
                remains.claims().stream().map(ObjectRef::subject).toList());
        all.addAll(remains.foreign());
        return all.stream().limit(NAMED).collect(Collectors.joining(", "))
                + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
    }

    private Departure delete(
            StepCall call, StoredEnvironment environment, List<ObjectRef> objects, Predicate<ObjectRef> which) {
        String namespace = environment.namespace();
        List<ObjectRef> some = new ArrayList<>(objects.stream().filter(which).toList());
        java.util.Collections.reverse(some);
        List<Leaving> leaving = new ArrayList<>();
        for (ObjectRef ref : some) {
            Leaving one = writer.depart(ref, namespace, undos.noting(call, ref, live -> of(environment, live)));
            if (one != null) {
                leaving.add(one);
            }
        }
        // What is deployed here again runs its jobs again.
        completed.forget(namespace, job -> which.test(new ObjectRef("Job", job, job)));
        if (!leaving.isEmpty()) {
            log.write(
                    call,
                    leaving.stream()
                                    .map(Leaving::where)
                                    .collect(Collectors.joining(", "))
                                    .replace(" " + namespace + "/", "/")
                            + " deleted");
        }
        return waiting(call, leaving);
    }

    private Departure waiting(StepCall call, List<Leaving> leaving) {
        return new Departure(cluster, leaving, Duration.ofSeconds(call.deadlineSeconds()));
    }
}
