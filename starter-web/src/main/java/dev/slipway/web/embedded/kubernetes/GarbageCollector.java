package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.DeleteOptions.Propagation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Follows owner references: what lost its last owner goes, and owners wait for it or let it go, as they were asked. */
final class GarbageCollector implements Controller {
    private static final WriteOptions BY = WriteOptions.by("kube-controller-manager");

    private final ClusterApi api;
    private final ResourceTypes types;

    GarbageCollector(ClusterApi api, ResourceTypes types) {
        this.api = api;
        this.types = types;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode object = api.store().find(key);
        if (object == null) {
            return;
        }
        if (Json.terminating(object)) {
            JsonNode finalizers = Json.at(object, "metadata", "finalizers");
            if (ClusterApi.contains(finalizers, ClusterApi.ORPHAN)) {
                orphan(key, object);
            } else if (ClusterApi.contains(finalizers, ClusterApi.FOREGROUND)) {
                deleteDependents(key, object);
            }
        }
        collect(key);
    }

    private void orphan(ObjectKey key, ObjectNode owner) {
        for (ObjectKey dependent : api.store().dependents(Json.uid(owner))) {
            dropOwner(dependent, List.of(Json.uid(owner)));
        }
        release(key, ClusterApi.ORPHAN);
    }

    private void deleteDependents(ObjectKey key, ObjectNode owner) {
        boolean blocked = false;
        for (ObjectKey dependent : api.store().dependents(Json.uid(owner))) {
            ObjectNode object = api.store().find(dependent);
            if (object == null) {
                continue;
            }
            if (!Json.terminating(object)) {
                api.delete(dependent, new DeleteOptions(Propagation.FOREGROUND, "", "", -1, false));
            }
            ObjectNode now = api.store().find(dependent);
            blocked |= now != null && blocks(now, Json.uid(owner));
        }
        if (!blocked) {
            release(key, ClusterApi.FOREGROUND);
        }
    }

    private static boolean blocks(ObjectNode dependent, String owner) {
        for (JsonNode reference : Json.at(dependent, "metadata", "ownerReferences")) {
            if (Json.text(reference, "uid").equals(owner)) {
                return reference.path("blockOwnerDeletion").asBoolean(false);
            }
        }
        return false;
    }

    private void release(ObjectKey key, String finalizer) {
        api.change(key, BY, current -> {
            ObjectNode changed = current.deepCopy();
            ArrayNode kept = Json.array();
            for (JsonNode entry : Json.at(current, "metadata", "finalizers")) {
                if (!entry.asString("").equals(finalizer)) {
                    kept.add(entry);
                }
            }
            if (kept.isEmpty()) {
                Json.metadata(changed).remove("finalizers");
            } else {
                Json.metadata(changed).set("finalizers", kept);
            }
            return changed;
        });
    }

    /** Deletes an object none of whose owners is there any more. */
    private void collect(ObjectKey key) {
        ObjectNode object = api.store().find(key);
        if (object == null || Json.terminating(object)) {
            return;
        }
        JsonNode references = Json.at(object, "metadata", "ownerReferences");
        List<String> gone = new ArrayList<>();
        for (JsonNode reference : references) {
            ObjectNode owner = owner(key, reference);
            if (owner == null || !Json.uid(owner).equals(Json.text(reference, "uid"))) {
                gone.add(Json.text(reference, "uid"));
            }
        }
        if (!gone.isEmpty() && gone.size() == references.size()) {
            api.delete(key, DeleteOptions.BACKGROUND);
        } else if (!gone.isEmpty()) {
            dropOwner(key, gone);
        }
    }

    private @Nullable ObjectNode owner(ObjectKey dependent, JsonNode reference) {
        ResourceType type = types.ofKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
        return type == null ? null : api.store().find(dependent.sibling(type, Json.text(reference, "name")));
    }

    private void dropOwner(ObjectKey key, List<String> owners) {
        if (api.store().find(key) == null) {
            return;
        }
        api.change(key, BY, current -> {
            ObjectNode changed = current.deepCopy();
            ArrayNode kept = Json.array();
            for (JsonNode reference : Json.at(current, "metadata", "ownerReferences")) {
                if (!owners.contains(Json.text(reference, "uid"))) {
                    kept.add(reference);
                }
            }
            if (kept.isEmpty()) {
                Json.metadata(changed).remove("ownerReferences");
            } else {
                Json.metadata(changed).set("ownerReferences", kept);
            }
            return changed;
        });
    }
}
