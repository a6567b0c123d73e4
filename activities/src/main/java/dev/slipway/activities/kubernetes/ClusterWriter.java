package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Departure.Leaving;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.Decision;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes to one cluster, object by object. Everything here is safe to repeat. */
public final class ClusterWriter {
    /** How long the deletion of an object that is to be made anew may take, in seconds. */
    private static final long GONE_WITHIN = 40;

    private static final long LOOK_MILLIS = 200;

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final RawKinds raw;
    private final CompletedJobs completed;

    public ClusterWriter(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.raw = new RawKinds(cluster);
        this.completed = new CompletedJobs(cluster);
    }

    /**
     * Makes the object what it should be. A job that has run with this very content is not run again, unless it failed;
     * with another content it is deleted and made anew, as a job can't be changed.
     *
     * @param agreed which fields may be taken over from somebody else, {@code spec.replicas}: those that the plan showed
     * @return the object as it is now
     * @throws ProblemException {@code SLP-K8S-CONFLICT} with manager and field, {@code SLP-K8S-IMMUTABLE} with the field,
     *     and whatever else the cluster says
     */
    public HasMetadata apply(RenderedObject object, Predicate<String> agreed) {
        return apply(object, object.object(), agreed);
    }

    private HasMetadata apply(RenderedObject object, HasMetadata wished, Predicate<String> agreed) {
        if (object.ref().kind().equals("Job")) {
            HasMetadata live = get(object);
            if (live != null && live.getMetadata().getDeletionTimestamp() == null) {
                if (object.hash().equals(DeployDiff.hash(live))
                        && Health.of(live).state() != State.DEGRADED) {
                    return live;
                }
                deleteAndAwait(object, false);
            }
        }
        if (Autoscaling.isLeftToIt(object.object())) {
            handOver(object);
        }
        HasMetadata applied = write(object, wished, agreed);
        if (applied.getMetadata().getDeletionTimestamp() == null) {
            return applied;
        }
        // It was on its way out, from a prune or by hand: what was written goes with it.
        awaitGone(object);
        return write(object, wished, agreed);
    }

    /**
     * Does what the plan says about the object: takes over the fields that it says are taken, leaves those that are left,
     * deletes and makes anew what cannot be changed. A StatefulSet is made anew around its pods, which go on.
     *
     * @param planned {@code null}: the plan did not know the object; nothing is taken over
     * @throws ProblemException as {@link #apply(RenderedObject, Predicate)}; also for a conflict that the plan did not show
     */
    public HasMetadata apply(RenderedObject object, @Nullable PlanItem planned) {
        if (planned == null) {
            return apply(object, field -> false);
        }
        if (planned.action() == Action.RECREATE && !object.ref().kind().equals("Job")) {
            HasMetadata live = get(object);
            if (live != null && !object.hash().equals(DeployDiff.hash(live))) {
                deleteAndAwait(object, adoptable(object, live));
            }
        }
        HasMetadata wished = LeftFields.without(object.object(), planned.conflicts());
        Predicate<String> agreed = field -> planned.conflicts().stream()
                .anyMatch(conflict -> conflict.field().equals(field)
                        && (conflict.decision() == Decision.TAKE || conflict.decision() == Decision.RESTORE));
        return apply(object, wished, agreed);
    }

    /** A StatefulSet of the same selector finds its pods again. */
    private static boolean adoptable(RenderedObject object, HasMetadata live) {
        return object.object() instanceof StatefulSet wished
                && live instanceof StatefulSet there
                && Objects.equals(
                        wished.getSpec().getSelector().getMatchLabels(),
                        there.getSpec().getSelector().getMatchLabels());
    }

    private HasMetadata write(RenderedObject object, HasMetadata wished, Predicate<String> agreed) {
        try {
            return serverSideApply(wished, false);
        } catch (KubernetesClientException e) {
            List<StatusCause> conflicts = ClusterErrors.conflicts(e);
            if (!conflicts.isEmpty() && conflicts.stream().allMatch(cause -> agreed(cause, agreed))) {
                return errors.at(where(object), () -> serverSideApply(wished, true));
            }
            if (!conflicts.isEmpty()) {
                throw conflict(object, conflicts, e);
            }
            if (ClusterErrors.immutable(e)) {
                throw immutable(object, e);
            }
            throw errors.translated(e, where(object));
        }
    }

    private static boolean agreed(StatusCause cause, Predicate<String> agreed) {
        String field = Conflicts.field(cause);
        return Conflicts.own(Conflicts.manager(cause)) || Conflicts.note(field) || agreed.test(field);
    }

    private HasMetadata serverSideApply(HasMetadata object, boolean force) {
        var resource = cluster.client().resource(object).fieldManager(Labels.MANAGER);
        return ClusterErrors.repeated(
                () -> force ? resource.forceConflicts().serverSideApply() : resource.serverSideApply());
    }

    /**
     * Who stops applying a field that nobody else owns removes it, and replicas that are removed are one. So another manager
     * takes the number first, just as it is. It loses it to the autoscaler's first word.
     */
    private void handOver(RenderedObject object) {
        HasMetadata live = get(object);
        if (live == null || !Autoscaling.isOurs(live)) {
            return;
        }
        HasMetadata number = Autoscaling.numberOf(live);
        errors.at(
                where(object),
                () -> cluster.client()
                        .resource(number)
                        .fieldManager(Labels.SCALE_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    /**
     * Deletes one object now, if it is ours: an autoscaler goes before its replicas are set again, or it would set them back.
     *
     * @return whether it was there
     */
    public boolean delete(RenderedObject namespace, ObjectRef ref) {
        return delete(namespace, ref, (one, live) -> {});
    }

    /** @param before is told of it, right before it is deleted */
    boolean delete(RenderedObject namespace, ObjectRef ref, BiConsumer<ObjectRef, HasMetadata> before) {
        String name = namespace.ref().name();
        return Inventory.read(inventory(name)).objects().contains(ref)
                && depart(
                                ref,
                                name,
                                live -> carries(
                                                live,
                                                namespace.object().getMetadata().getLabels())
                                        && told(before, ref, live))
                        != null;
    }

    private HasMetadata get(RenderedObject object) {
        return errors.at(
                where(object), () -> cluster.client().resource(object.object()).get());
    }

    private void deleteAndAwait(RenderedObject object, boolean orphan) {
        errors.at(
                where(object),
                () -> cluster.client()
                        .resource(object.object())
                        .withPropagationPolicy(orphan ? DeletionPropagation.ORPHAN : DeletionPropagation.FOREGROUND)
                        .delete());
        awaitGone(object);
    }

    /** By looking, not by a watch: most kinds are no more than looked at with Slipway's rights. */
    private void awaitGone(RenderedObject object) {
        HasMetadata live = get(object);
        if (live != null && live.getMetadata().getDeletionTimestamp() != null) {
            Leaving leaving = Leaving.of(cluster, where(object), live, () -> get(object));
            await(new Departure(cluster, List.of(leaving), Duration.ofSeconds(GONE_WITHIN)));
        }
    }

    /** Looks until it is over. */
    static void await(Departure departure) {
        try {
            while (!departure.over()) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while something was deleted", e);
        }
    }

    private static ProblemException conflict(
            RenderedObject object, List<StatusCause> conflicts, KubernetesClientException e) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.KUBERNETES_CONFLICT,
                        where(object),
                        "manager",
                        Conflicts.manager(conflicts.get(0)),
                        "field",
                        conflicts.stream().map(Conflicts::field).distinct().collect(Collectors.joining(", ")),
                        "theirs",
                        "-",
                        "ours",
                        "-"),
                e);
    }

    /** The server says "spec" and no more, so the difference is looked for. */
    private ProblemException immutable(RenderedObject object, KubernetesClientException e) {
        String named = ClusterErrors.causes(e).stream()
                .map(Conflicts::field)
                .filter(field -> !field.isEmpty() && !field.equals("spec"))
                .distinct()
                .collect(Collectors.joining(", "));
        if (named.isEmpty()) {
            HasMetadata live = get(object);
            Map<String, Object> there = live == null ? Map.of() : Trees.of(live);
            named = FieldComparison.compare(Trees.of(object.object()), there, false).stream()
                    .map(FieldChange::path)
                    .filter(path -> path.startsWith("spec.")
                            && !path.startsWith("spec.template")
                            && !path.startsWith("spec.replicas"))
                    .collect(Collectors.joining(", "));
        }
        return new ProblemException(
                Problem.of(
                        ProblemCode.KUBERNETES_IMMUTABLE,
                        where(object),
                        "field",
                        named.isEmpty() ? "spec" : named,
                        "message",
                        ClusterErrors.message(e)),
                e);
    }

    /**
     * Sees to it that the namespace is there and ours.
     *
     * @throws ProblemException {@code SLP-K8S-NAMESPACE-NOT-OURS} when it is somebody else's, {@code
     *     SLP-K8S-NAMESPACE-TERMINATING} while it is on its way out
     */
    public void namespace(RenderedObject namespace) {
        namespace(namespace, null);
    }

    /** @param planned {@code null}: there was no plan; fields of others are taken over */
    void namespace(RenderedObject namespace, @Nullable PlanItem planned) {
        String name = namespace.ref().name();
        Namespace live = (Namespace) get(namespace);
        if (live != null) {
            checkOwner(namespace, live);
            if (Terminating.is(live)) {
                throw new ProblemException(new Terminating(cluster).problem(live));
            }
            boolean asPlanned = planned == null || planned.action() == Action.KEEP;
            if (asPlanned && namespace.hash().equals(DeployDiff.hash(live))) {
                return;
            }
        }
        if (planned == null) {
            apply(namespace, field -> true);
        } else {
            apply(namespace, planned);
        }
    }

    /** @throws ProblemException {@code SLP-K8S-NAMESPACE-NOT-OURS} */
    void checkOwner(RenderedObject namespace, Namespace live) {
        String owner = namespace.object().getMetadata().getAnnotations().get(Labels.OWNER);
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        String there = annotations == null ? null : annotations.get(Labels.OWNER);
        if (!Objects.equals(owner, there)) {
            throw new ProblemException(Problem.of(
                    ProblemCode.KUBERNETES_NAMESPACE_NOT_OURS,
                    where(namespace),
                    "namespace",
                    namespace.ref().name(),
                    "cluster",
                    cluster.name(),
                    "owner",
                    there == null ? "-" : there));
        }
    }

    /** Notes what is about to be written; what was noted before stays noted. */
    public void inventory(RenderedObject namespace, Inventory wished) {
        ConfigMap there = inventory(namespace.ref().name());
        Inventory known = Inventory.read(there);
        Inventory all = known.plus(wished);
        if (there == null || !all.equals(known)) {
            writeInventory(namespace, all);
        }
    }

    private ConfigMap inventory(String namespace) {
        return errors.at(
                "ConfigMap " + namespace + "/" + Inventory.NAME,
                () -> cluster.client()
                        .configMaps()
                        .inNamespace(namespace)
                        .withName(Inventory.NAME)
                        .get());
    }

    private void writeInventory(RenderedObject namespace, Inventory inventory) {
        ConfigMap map = inventory.write(namespace);
        errors.at(
                "ConfigMap " + namespace.ref().name() + "/" + Inventory.NAME,
                () -> cluster.client()
                        .resource(map)
                        .fieldManager(Labels.MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    /**
     * Deletes what the inventory lists and the document no longer has: only what also carries this environment's labels,
     * in reverse order, with everything that belongs to it; and waits until it has gone.
     *
     * @param part whose objects may go: the others are not looked at
     * @return what was deleted
     * @throws ProblemException {@code SLP-K8S-HELD} with the object that a finalizer holds and the finalizer
     */
    public List<ObjectRef> prune(RenderedObject namespace, Inventory wished, Predicate<ObjectRef> part) {
        return prune(namespace, wished, part, (ref, live) -> {});
    }

    /** @param before is told of each that is deleted, right before it is */
    List<ObjectRef> prune(
            RenderedObject namespace,
            Inventory wished,
            Predicate<ObjectRef> part,
            BiConsumer<ObjectRef, HasMetadata> before) {
        String name = namespace.ref().name();
        Inventory known = Inventory.read(inventory(name));
        List<ObjectRef> stale = new java.util.ArrayList<>(
                known.beyond(wished).stream().filter(part).toList());
        java.util.Collections.reverse(stale);
        // Before the components: one of them may be the operator that has to let go of its objects.
        stale.sort(
                java.util.Comparator.comparing(ref -> ManagedKind.of(ref.kind()).isPresent()));
        Map<String, String> ours = namespace.object().getMetadata().getLabels();
        List<ObjectRef> deleted = new java.util.ArrayList<>();
        List<Leaving> leaving = new java.util.ArrayList<>();
        for (ObjectRef ref : stale) {
            Leaving one = depart(ref, name, live -> carries(live, ours) && told(before, ref, live));
            if (one != null) {
                deleted.add(ref);
                leaving.add(one);
            }
        }
        Departure departure = new Departure(cluster, leaving, Duration.ofSeconds(GONE_WITHIN * 3));
        try {
            await(departure);
        } finally {
            // What is held stays noted, so that the next run finds it again.
            List<String> held = departure.remaining();
            List<ObjectRef> gone = stale.stream()
                    .filter(ref -> !held.contains(where(ref, name)))
                    .toList();
            unlist(namespace, gone);
        }
        return List.copyOf(deleted);
    }

    /** What Slipway has written into the namespace, as far as it is listed. */
    Inventory listed(RenderedObject namespace) {
        return Inventory.read(inventory(namespace.ref().name()));
    }

    private static boolean told(BiConsumer<ObjectRef, HasMetadata> before, ObjectRef ref, HasMetadata live) {
        before.accept(ref, live);
        return true;
    }

    /**
     * Deletes those that carry the environment's labels, in this order, each in the foreground.
     *
     * @param before is told of each that is deleted, right before it is
     * @return what is on its way out
     */
    List<Leaving> depart(List<ObjectRef> refs, RenderedObject namespace, BiConsumer<ObjectRef, HasMetadata> before) {
        Map<String, String> ours = namespace.object().getMetadata().getLabels();
        return refs.stream()
                .map(ref -> depart(ref, namespace.ref().name(), live -> carries(live, ours) && told(before, ref, live)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** These have gone: they are listed no more, and that jobs among them have completed is forgotten. */
    synchronized void unlist(RenderedObject namespace, Collection<ObjectRef> gone) {
        Inventory known = listed(namespace);
        if (gone.stream().anyMatch(known.objects()::contains)) {
            writeInventory(namespace, known.without(gone));
            completed.forget(namespace.ref().name(), job -> gone.contains(new ObjectRef("Job", job, job)));
        }
    }

    /**
     * Deletes one object in the foreground: what it owns goes first. A definition of a kind stays, as it is others' too.
     *
     * @param ours asked before: what is somebody else's by now stays
     * @return {@code null}: it has gone before, or stays
     */
    @Nullable
    Leaving depart(ObjectRef ref, String namespace, Predicate<HasMetadata> ours) {
        if (RawObjects.definition(ref)) {
            return null;
        }
        String where = where(ref, namespace);
        return errors.at(where, () -> {
            HasMetadata live = live(ref, namespace);
            if (live == null || !ours.test(live)) {
                return null;
            }
            cluster.client()
                    .resource(live)
                    .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                    .delete();
            return Leaving.of(cluster, where, live, () -> live(ref, namespace));
        });
    }

    private static String where(ObjectRef ref, String namespace) {
        return ref.kind() + " " + namespace + "/" + ref.name();
    }

    /** What an inventory lists, of a kind with or without a type of its own; {@code null}: it has gone. */
    @Nullable
    HasMetadata live(ObjectRef ref, String namespace) {
        ManagedKind kind = ManagedKind.of(ref.kind()).orElse(null);
        return kind == null
                ? raw.get(ref, namespace).orElse(null)
                : kind.in(cluster.client())
                        .inNamespace(namespace)
                        .withName(ref.name())
                        .get();
    }

    /**
     * Returns when the cluster serves the kind that the object defines.
     *
     * @throws ProblemException {@code SLP-K8S-DEFINITION} with the reason why it does not
     */
    public void awaitServed(RenderedObject definition) {
        raw.awaitServed(definition);
    }

    private static boolean carries(HasMetadata live, Map<String, String> ours) {
        Map<String, String> labels =
                Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.of());
        return Objects.equals(labels.get(Labels.INSTANCE), ours.get(Labels.INSTANCE))
                && Objects.equals(labels.get(Labels.ENVIRONMENT), ours.get(Labels.ENVIRONMENT));
    }

    static String where(RenderedObject object) {
        String namespace = object.object().getMetadata().getNamespace();
        return object.ref().kind() + " "
                + (namespace == null ? "" : namespace + "/")
                + object.ref().name();
    }
}
