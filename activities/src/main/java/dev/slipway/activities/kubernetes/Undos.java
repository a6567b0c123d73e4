package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Departure.Leaving;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.UndoStore;
import dev.slipway.activities.store.UndoStore.Deed;
import dev.slipway.activities.store.UndoStore.Note;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.contract.Undone;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemCode.Remedy;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Leftover;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what a run has done in its cluster. Before an object is written or deleted, the fields of it that Slipway has applied
 * are noted; taking back applies exactly these again, or deletes what was not there. What others have set stays theirs.
 */
final class Undos {
    private static final String CLAIM = "PersistentVolumeClaim";
    private static final String NAMESPACE = "Namespace";
    private static final Duration GONE_WITHIN = Duration.ofMinutes(10);

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final ClusterWriter writer;
    private final CompletedJobs completed;
    private final String instanceId;
    private final EnvironmentStore environments;
    private final UndoStore notes;
    private final StepLog log;

    Undos(ClusterConnection cluster, String instanceId, EnvironmentStore environments, UndoStore notes, StepLog log) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.writer = new ClusterWriter(cluster);
        this.completed = new CompletedJobs(cluster);
        this.instanceId = instanceId;
        this.environments = environments;
        this.notes = notes;
        this.log = log;
    }

    /** The object is about to be written. */
    void writes(StepCall call, RenderedObject object) {
        if (notes.noted(call.runId(), object.ref().subject())) {
            return;
        }
        HasMetadata live = errors.at(
                ClusterWriter.where(object),
                () -> cluster.client().resource(object.object()).get());
        noteWrite(call, object.ref(), object.object().getMetadata().getNamespace(), live);
    }

    /** The list of what is there is about to be written. */
    void writesInventory(StepCall call, String namespace) {
        ObjectRef ref = new ObjectRef("ConfigMap", Inventory.NAME, "");
        if (!notes.noted(call.runId(), ref.subject())) {
            noteWrite(call, ref, namespace, live(ref, namespace));
        }
    }

    private void noteWrite(StepCall call, ObjectRef ref, @Nullable String namespace, @Nullable HasMetadata live) {
        if (live != null && live.getMetadata().getDeletionTimestamp() == null) {
            notes.note(call, new Note(ref.subject(), ref.component(), Deed.CHANGED, applied(live)));
            return;
        }
        String claims = ref.kind().equals("StatefulSet") && namespace != null
                ? Serialization.asJson(claims(call, ref.component(), namespace).stream()
                        .map(claim -> claim.getMetadata().getName())
                        .toList())
                : null;
        notes.note(call, new Note(ref.subject(), ref.component(), Deed.CREATED, claims));
    }

    /** The object is about to be deleted. */
    void deletes(StepCall call, ObjectRef ref, HasMetadata live) {
        notes.note(call, new Note(ref.subject(), ref.component(), Deed.DELETED, applied(live)));
    }

    /** The namespace is about to be deleted, and the list of what is in it goes along: it comes back after the namespace. */
    void deletesNamespace(StepCall call, Namespace namespace) {
        String name = namespace.getMetadata().getName();
        ObjectRef inventory = new ObjectRef("ConfigMap", Inventory.NAME, "");
        HasMetadata list = live(inventory, name);
        if (list != null) {
            deletes(call, inventory, list);
        }
        deletes(call, new ObjectRef(NAMESPACE, name, ""), namespace);
    }

    /** As {@link #deletes}, as part of a question whether it is to be deleted. */
    Predicate<HasMetadata> noting(StepCall call, ObjectRef ref, Predicate<HasMetadata> which) {
        return live -> {
            boolean goes = which.test(live);
            if (goes) {
                deletes(call, ref, live);
            }
            return goes;
        };
    }

    /** What Slipway has applied of it, and what names it. */
    private static String applied(HasMetadata live) {
        Object part = OwnedFields.part(OwnedFields.of(live), Trees.of(live));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiVersion", live.getApiVersion());
        fields.put("kind", live.getKind());
        if (part instanceof Map<?, ?> owned) {
            owned.forEach((key, value) -> fields.putIfAbsent(String.valueOf(key), value));
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (fields.get("metadata") instanceof Map<?, ?> some) {
            some.forEach((key, value) -> metadata.put(String.valueOf(key), value));
        }
        metadata.put("name", live.getMetadata().getName());
        if (live.getMetadata().getNamespace() != null) {
            metadata.put("namespace", live.getMetadata().getNamespace());
        }
        fields.put("metadata", metadata);
        return Serialization.asJson(fields);
    }

    /**
     * Takes back all that the step has noted, the last first.
     *
     * @throws ProblemException what may pass by itself; what was taken back by then is noted as such
     */
    Undone undo(StepCall call) {
        String namespace = environments.byId(call.environmentId()).namespace();
        List<Leftover> leftovers = new ArrayList<>();
        for (Note note : notes.of(call.runId(), call.stepId())) {
            try {
                Problem left = undo(call, namespace, note);
                if (left != null) {
                    leftovers.add(new Leftover(call.stepId(), note.subject(), left, ""));
                }
                notes.undone(call.runId(), note.subject());
            } catch (ProblemException e) {
                if (e.problem().code().remedy() == Remedy.WAIT) {
                    throw e;
                }
                leftovers.add(new Leftover(call.stepId(), note.subject(), e.problem(), command(note, namespace)));
            }
        }
        return new Undone(leftovers);
    }

    private static String command(Note note, String namespace) {
        String[] subject = note.subject().split("/", 2);
        String verb = note.deed() == Deed.CREATED ? "delete" : "edit";
        boolean inNamespace = !subject[0].equals(NAMESPACE);
        return "kubectl " + verb + " " + subject[0].toLowerCase(Locale.ROOT) + " " + subject[1]
                + (inNamespace ? " -n " + namespace : "");
    }

    /** @return what of it cannot be taken back; {@code null}: nothing */
    private @Nullable Problem undo(StepCall call, String namespace, Note note) {
        String[] subject = note.subject().split("/", 2);
        ObjectRef ref = new ObjectRef(subject[0], subject[1], note.component());
        return switch (note.deed()) {
            case CREATED -> {
                delete(call, ref, namespace, note.before());
                yield null;
            }
            case CHANGED -> {
                restore(call, ref, namespace, Objects.requireNonNull(note.before()));
                yield null;
            }
            case DELETED -> {
                if (ref.kind().equals(CLAIM)) {
                    yield Problem.of(
                            ProblemCode.UNDO_DATA, ref.subject(), "volume", ref.name(), "namespace", namespace);
                }
                restore(call, ref, namespace, Objects.requireNonNull(note.before()));
                yield null;
            }
        };
    }

    private void delete(StepCall call, ObjectRef ref, String namespace, @Nullable String claimsBefore) {
        if (RawObjects.definition(ref)) {
            return; // It may be others' too by now; what Slipway applies is asked for before.
        }
        if (ref.kind().equals(NAMESPACE)) {
            deleteNamespace(call, ref.name());
            return;
        }
        List<Leaving> leaving = new ArrayList<>();
        add(leaving, writer.depart(ref, namespace, live -> ours(call, live)));
        await(leaving);
        if (claimsBefore != null) {
            List<?> kept = Serialization.unmarshal(claimsBefore, List.class);
            List<Leaving> claims = new ArrayList<>();
            for (PersistentVolumeClaim claim : claims(call, ref.component(), namespace)) {
                String name = claim.getMetadata().getName();
                if (!kept.contains(name)) {
                    add(
                            claims,
                            writer.depart(
                                    new ObjectRef(CLAIM, name, ref.component()),
                                    namespace,
                                    live -> ofEnvironment(call, live)));
                }
            }
            await(claims);
        }
        log.write(call, ref.subject() + " is taken back: deleted");
    }

    private static void add(List<Leaving> leaving, @Nullable Leaving one) {
        if (one != null) {
            leaving.add(one);
        }
    }

    private void await(List<Leaving> leaving) {
        if (!leaving.isEmpty()) {
            ClusterWriter.await(new Departure(cluster, leaving, GONE_WITHIN));
        }
    }

    private void deleteNamespace(StepCall call, String name) {
        Namespace live = namespace(name);
        if (live == null || !owned(call, live)) {
            return;
        }
        errors.at(
                NAMESPACE + " " + name,
                () -> cluster.client().namespaces().withName(name).delete());
        await(List.of(
                new Leaving(NAMESPACE + " " + name, live.getMetadata().getUid(), () -> namespace(name), List::of)));
        log.write(call, NAMESPACE + " " + name + " is taken back: deleted");
    }

    private @Nullable Namespace namespace(String name) {
        return errors.at(
                NAMESPACE + " " + name,
                () -> cluster.client().namespaces().withName(name).get());
    }

    private void restore(StepCall call, ObjectRef ref, String namespace, String before) {
        HasMetadata wished = Serialization.unmarshal(before, HasMetadata.class);
        boolean job = ref.kind().equals("Job");
        if (ref.kind().equals(NAMESPACE)) {
            Namespace live = namespace(ref.name());
            if (live != null && Terminating.is(live)) {
                await(List.of(new Leaving(
                        NAMESPACE + " " + ref.name(),
                        live.getMetadata().getUid(),
                        () -> namespace(ref.name()),
                        List::of)));
            }
        }
        if (job) {
            // What it did before is done: it is not run again, and neither is what took its place.
            List<Leaving> leaving = new ArrayList<>();
            add(leaving, writer.depart(ref, namespace, live -> ours(call, live)));
            await(leaving);
            completed.note(namespace, ref.name(), DeployDiff.hash(wished));
            log.write(call, ref.subject() + " is taken back: deleted; what ran before is not run again");
            return;
        }
        String where = ref.kind() + " " + namespace + "/" + ref.name();
        try {
            apply(wished);
        } catch (KubernetesClientException e) {
            if (!ClusterErrors.immutable(e)) {
                throw errors.translated(e, where);
            }
            List<Leaving> leaving = new ArrayList<>();
            add(leaving, writer.depart(ref, namespace, live -> ours(call, live)));
            await(leaving);
            errors.at(where, () -> apply(wished));
        }
        log.write(call, ref.subject() + " is taken back: as it was before");
    }

    private HasMetadata apply(HasMetadata wished) {
        return ClusterErrors.repeated(() -> cluster.client()
                .resource(wished)
                .fieldManager(Labels.MANAGER)
                .forceConflicts()
                .serverSideApply());
    }

    private @Nullable HasMetadata live(ObjectRef ref, String namespace) {
        return errors.at(ref.kind() + " " + namespace + "/" + ref.name(), () -> writer.live(ref, namespace));
    }

    private List<PersistentVolumeClaim> claims(StepCall call, String component, String namespace) {
        return errors.at(
                CLAIM + " " + namespace,
                () -> cluster.client()
                        .persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withLabel(Labels.ENVIRONMENT, call.environmentId())
                        .withLabel(Labels.COMPONENT, component)
                        .list()
                        .getItems());
    }

    private boolean owned(StepCall call, Namespace live) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.of());
        return Labels.owner(instanceId, call.environmentId()).equals(annotations.get(Labels.OWNER));
    }

    private boolean ours(StepCall call, HasMetadata live) {
        return ofEnvironment(call, live)
                && instanceId.equals(live.getMetadata().getLabels().get(Labels.INSTANCE));
    }

    private static boolean ofEnvironment(StepCall call, HasMetadata live) {
        Map<String, String> labels =
                Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.of());
        return call.environmentId().equals(labels.get(Labels.ENVIRONMENT));
    }
}
