package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.ApiRefusal.Cause;
import dev.slipway.web.embedded.kubernetes.DeleteOptions.Propagation;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be done to objects: the verbs of the API, used by the HTTP server and by the controllers alike. Every write
 * goes through defaults, validation and ownership; one that changes nothing stores nothing.
 */
final class ClusterApi {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    /** Kinds whose spec is all there is to their generation. */
    private static final Set<String> WITHOUT_GENERATION = Set.of(
            "Pod",
            "Service",
            "ConfigMap",
            "Secret",
            "Event",
            "Node",
            "ServiceAccount",
            "PersistentVolumeClaim",
            "PersistentVolume",
            "Namespace",
            "Endpoints",
            "Lease",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "StorageClass",
            "ControllerRevision");

    private final ObjectStore store;
    private final ServiceAddresses addresses;

    ClusterApi(ObjectStore store) {
        this.store = store;
        this.addresses = new ServiceAddresses(store);
    }

    ObjectStore store() {
        return store;
    }

    /** @throws ApiRefusal 404 */
    ObjectNode get(ObjectKey key) {
        ObjectNode found = store.find(key);
        if (found == null) {
            throw ApiRefusal.notFound(key.type(), key.name());
        }
        return found;
    }

    /**
     * @param namespace where the request goes; empty for cluster-scoped kinds
     * @throws ApiRefusal 404 for a missing namespace, 403 in one that is going, 409 when the name is taken, 422
     */
    ObjectNode create(ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
        ObjectNode candidate = body.deepCopy();
        ObjectKey key = address(type, namespace, candidate);
        synchronized (store) {
            if (store.find(key) != null) {
                throw ApiRefusal.alreadyExists(type, key.name());
            }
            return insert(key, candidate, null, options);
        }
    }

    /** Replaces an object, or its status. */
    ObjectNode update(ObjectKey key, ObjectNode body, WriteOptions options) {
        return change(key, options, current -> body.deepCopy());
    }

    /** Replaces an object by a function of its current state. */
    ObjectNode change(ObjectKey key, WriteOptions options, UnaryOperator<ObjectNode> edit) {
        synchronized (store) {
            ObjectNode current = get(key);
            ObjectNode wanted = edit.apply(current);
            checkIdentity(key, current, wanted);
            ObjectNode candidate = isolate(key.type(), current, wanted, options.status());
            return commit(key, current, candidate, null, options);
        }
    }

    /** Server-side apply. Safe to repeat: the same wishes by the same manager change nothing, not even the version. */
    ObjectNode apply(ObjectKey key, ObjectNode body, WriteOptions options) {
        ObjectNode applied = body.deepCopy();
        withoutNulls(applied);
        if (Json.at(applied, "metadata", "managedFields").size() > 0) {
            throw ApiRefusal.badRequest("metadata.managedFields must be nil");
        }
        ObjectKey named = address(key.type(), key.namespace(), applied);
        if (!named.equals(key)) {
            throw ApiRefusal.badRequest("the name of the object (" + named.name()
                    + ") does not match the name on the URL (" + key.name() + ")");
        }
        synchronized (store) {
            ObjectNode current = store.find(key);
            String uid = Json.uid(applied);
            String version = Json.text(applied, "metadata", "resourceVersion");
            if (current == null && options.status()) {
                throw ApiRefusal.notFound(key.type(), key.name());
            }
            if (!version.isEmpty()
                    && (current == null || !version.equals(Json.text(current, "metadata", "resourceVersion")))) {
                throw ApiRefusal.modified(key.type(), key.name());
            }
            if (!uid.isEmpty() && (current == null || !uid.equals(Json.uid(current)))) {
                throw ApiRefusal.conflict(
                        key.type(),
                        key.name(),
                        "uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found");
            }
            ObjectMetadata.clear(applied);
            if (key.type().status()) {
                applied = onlyPart(applied, options.status());
            }
            FieldOwnership.Applied result = FieldOwnership.apply(
                    key.type(), current, applied, options.manager(), options.subresource(), options.force());
            if (current == null) {
                return insert(key, result.object().deepCopy(), result.owners(), options);
            }
            ObjectNode candidate = isolate(key.type(), current, result.object(), options.status());
            return commit(key, current, candidate, result.owners(), options);
        }
    }

    /**
     * Deletes an object, or marks it for deletion when finalizers, dependents or a pod's end have to be waited for.
     *
     * @return the last state, or the state it waits in
     */
    ObjectNode delete(ObjectKey key, DeleteOptions options) {
        synchronized (store) {
            ObjectNode current = get(key);
            if (!options.uid().isEmpty() && !options.uid().equals(Json.uid(current))) {
                throw ApiRefusal.conflict(
                        key.type(),
                        key.name(),
                        "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: "
                                + Json.uid(current));
            }
            String version = Json.text(current, "metadata", "resourceVersion");
            if (!options.resourceVersion().isEmpty()
                    && !options.resourceVersion().equals(version)) {
                throw ApiRefusal.conflict(
                        key.type(),
                        key.name(),
                        "Precondition failed: ResourceVersion in "
                                + "precondition: " + options.resourceVersion() + ", ResourceVersion in object meta: "
                                + version);
            }
            if (key.type().is("Namespace") && Set.of("default", "kube-system").contains(key.name())) {
                throw ApiRefusal.forbidden(key.type(), key.name(), "this namespace may not be deleted", List.of());
            }
            if (options.dryRun()) {
                return current;
            }
            return remove(key, current, options);
        }
    }

    private ObjectNode remove(ObjectKey key, ObjectNode current, DeleteOptions options) {
        String finalizer = finalizerFor(current, options.propagation());
        boolean endsGracefully = key.type().is("Pod")
                && options.grace() != 0
                && !Json.text(current, "spec", "nodeName").isEmpty()
                && !Set.of("Succeeded", "Failed").contains(Json.text(current, "status", "phase"));
        boolean waits = !finalizer.isEmpty()
                || !Json.at(current, "metadata", "finalizers").isEmpty()
                || key.type().is("Namespace")
                || endsGracefully;
        if (!waits) {
            store.remove(key);
            return current;
        }
        if (Json.terminating(current) && finalizer.isEmpty()) {
            return current;
        }
        ObjectNode marked = current.deepCopy();
        ObjectNode metadata = Json.metadata(marked);
        Json.putDefault(metadata, "deletionTimestamp", Json.now());
        int own = Json.number(current, 30, "spec", "terminationGracePeriodSeconds");
        metadata.put("deletionGracePeriodSeconds", endsGracefully ? (options.grace() < 0 ? own : options.grace()) : 0);
        if (!finalizer.isEmpty() && !contains(metadata.path("finalizers"), finalizer)) {
            ArrayNode list =
                    metadata.get("finalizers") instanceof ArrayNode found ? found : metadata.putArray("finalizers");
            list.add(finalizer);
        }
        if (key.type().is("Namespace")) {
            Json.child(marked, "status").put("phase", "Terminating");
        }
        if (metadata.has("generation")) {
            metadata.put("generation", Json.number(metadata, 0, "generation") + 1);
        }
        store.put(key, marked);
        return marked;
    }

    private String finalizerFor(ObjectNode current, Propagation propagation) {
        return switch (propagation) {
            case BACKGROUND -> "";
            case FOREGROUND -> store.dependents(Json.uid(current)).isEmpty() ? "" : FOREGROUND;
            case ORPHAN -> store.dependents(Json.uid(current)).isEmpty() ? "" : ORPHAN;
        };
    }

    /** Removes an object whose deletion was marked, once nothing holds it. Controllers call it. */
    void finish(ObjectKey key, String uid) {
        synchronized (store) {
            ObjectNode current = store.find(key);
            if (current != null
                    && Json.uid(current).equals(uid)
                    && Json.at(current, "metadata", "finalizers").isEmpty()) {
                store.remove(key);
            }
        }
    }

    private ObjectKey address(ResourceType type, String namespace, ObjectNode candidate) {
        ObjectNode metadata = Json.metadata(candidate);
        String kind = Json.text(candidate, "kind");
        String apiVersion = Json.text(candidate, "apiVersion");
        if ((!kind.isEmpty() && !kind.equals(type.kind()))
                || (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion()))) {
            throw ApiRefusal.badRequest("the API version or kind in the data (" + apiVersion + ", " + kind
                    + ") does not match the expected one (" + type.apiVersion() + ", " + type.kind() + ")");
        }
        candidate.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        String given = Json.namespace(candidate);
        if (type.namespaced()) {
            if (!given.isEmpty() && !given.equals(namespace)) {
                throw ApiRefusal.badRequest(
                        "the namespace of the provided object does not match the namespace sent " + "on the request");
            }
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        String name = Json.name(candidate);
        if (name.isEmpty() && !Json.text(metadata, "generateName").isEmpty()) {
            name = Json.text(metadata, "generateName") + randomSuffix(5);
            metadata.put("name", name);
        }
        return new ObjectKey(type, type.namespaced() ? namespace : "", name);
    }

    static String randomSuffix(int length) {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < length; i++) {
            suffix.append(SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
        }
        return suffix.toString();
    }

    private ObjectNode insert(
            ObjectKey key, ObjectNode candidate, @Nullable List<FieldOwner> owners, WriteOptions options) {
        if (!key.namespace().isEmpty()) {
            requireNamespace(key);
        }
        ObjectMetadata.clear(candidate);
        ObjectNode metadata = Json.metadata(candidate);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Json.now());
        if (hasGeneration(key.type())) {
            metadata.put("generation", 1);
        }
        if (key.type().status()) {
            candidate.remove("status");
            InitialState.apply(key.type(), candidate);
        }
        if (key.type().is("Job")) {
            JobSelector.apply(candidate);
        }
        return commit(key, null, candidate, owners, options);
    }

    private void requireNamespace(ObjectKey key) {
        ObjectNode namespace = store.find(new ObjectKey(ResourceTypes.NAMESPACE, "", key.namespace()));
        if (namespace == null) {
            throw ApiRefusal.notFound(ResourceTypes.NAMESPACE, key.namespace());
        }
        if (Json.terminating(namespace)) {
            String why =
                    "unable to create new content in namespace " + key.namespace() + " because it is being terminated";
            Cause cause = new Cause(
                    "NamespaceTerminating",
                    "namespace " + key.namespace() + " is being terminated",
                    "metadata.namespace");
            throw ApiRefusal.forbidden(key.type(), key.name(), why, List.of(cause));
        }
    }

    private static void checkIdentity(ObjectKey key, ObjectNode current, ObjectNode wanted) {
        String version = Json.text(wanted, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(current, "metadata", "resourceVersion"))) {
            throw ApiRefusal.modified(key.type(), key.name());
        }
        String uid = Json.uid(wanted);
        if (!uid.isEmpty() && !uid.equals(Json.uid(current))) {
            throw ApiRefusal.conflict(
                    key.type(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(current));
        }
        String name = Json.name(wanted);
        if (!name.isEmpty() && !name.equals(key.name())) {
            throw ApiRefusal.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + key.name() + ")");
        }
    }

    /** A plain write leaves the status alone, a status write everything else. */
    private static ObjectNode isolate(ResourceType type, ObjectNode current, ObjectNode wanted, boolean status) {
        ObjectNode candidate;
        if (status) {
            candidate = current.deepCopy();
            replace(candidate, wanted, "status");
        } else {
            candidate = wanted.deepCopy();
            if (type.status()) {
                replace(candidate, current, "status");
            }
            if (type.is("Service")) {
                keepAddress(candidate, current);
            }
        }
        candidate.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        ObjectMetadata.restore(candidate, current);
        return candidate;
    }

    private static void keepAddress(ObjectNode candidate, ObjectNode current) {
        String address = Json.text(current, "spec", "clusterIP");
        if (!address.isEmpty() && !"ExternalName".equals(Json.text(candidate, "spec", "type"))) {
            Json.putDefault(Json.child(candidate, "spec"), "clusterIP", address);
        }
    }

    private static void replace(ObjectNode target, ObjectNode source, String field) {
        JsonNode value = source.get(field);
        if (value == null) {
            target.remove(field);
        } else {
            target.set(field, value.deepCopy());
        }
    }

    private static ObjectNode onlyPart(ObjectNode applied, boolean status) {
        ObjectNode part = applied.deepCopy();
        if (status) {
            part.retain("apiVersion", "kind", "metadata", "status");
            Json.metadata(part).retain("name", "namespace");
        } else {
            part.remove("status");
        }
        return part;
    }

    private ObjectNode commit(
            ObjectKey key,
            @Nullable ObjectNode before,
            ObjectNode candidate,
            @Nullable List<FieldOwner> owners,
            WriteOptions options) {
        ResourceType type = key.type();
        withoutNulls(candidate);
        if (!options.status()) {
            Defaults.apply(type, candidate);
            if (type.is("Service")) {
                addresses.assign(candidate);
            }
            if (type.is("DaemonSet")) {
                DaemonSetController.count(before, candidate);
            }
            Validation.check(type, before, candidate);
            if (before != null && hasGeneration(type) && specDiffers(before, candidate)) {
                Json.metadata(candidate).put("generation", Json.number(before, 0, "metadata", "generation") + 1);
            }
        }
        Json.metadata(candidate).remove("managedFields");
        FieldOwner.write(
                candidate,
                owners != null
                        ? owners
                        : FieldOwnership.afterUpdate(
                                type, before, candidate, options.manager(), options.subresource()));
        if (before != null && candidate.equals(before)) {
            return before;
        }
        if (options.dryRun()) {
            return candidate;
        }
        if (before != null
                && Json.terminating(candidate)
                && Json.at(candidate, "metadata", "finalizers").isEmpty()
                && !Json.at(before, "metadata", "finalizers").isEmpty()
                && !type.is("Namespace")) {
            store.put(key, candidate);
            store.remove(key);
            return candidate;
        }
        store.put(key, candidate);
        return candidate;
    }

    private static boolean hasGeneration(ResourceType type) {
        return !WITHOUT_GENERATION.contains(type.kind()) || type.custom();
    }

    private static boolean specDiffers(ObjectNode before, ObjectNode after) {
        ObjectNode was = before.deepCopy();
        ObjectNode is = after.deepCopy();
        was.remove(List.of("metadata", "status"));
        is.remove(List.of("metadata", "status"));
        return !was.equals(is);
    }

    /** The API has no nulls: a field that is null is not there. */
    private static void withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(entry -> entry.getValue().isNull());
        }
        node.forEach(ClusterApi::withoutNulls);
    }

    static boolean contains(JsonNode list, String text) {
        for (JsonNode item : list) {
            if (item.asString("").equals(text)) {
                return true;
            }
        }
        return false;
    }
}
