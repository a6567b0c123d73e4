package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of {@code metadata} that only the server writes. */
final class ObjectMetadata {
    /** Owned by nobody in {@code managedFields}. */
    static final List<String> SYSTEM_FIELDS = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields");

    private ObjectMetadata() {}

    /** Puts the stored system fields over whatever the writer sent. */
    static void restore(ObjectNode candidate, ObjectNode stored) {
        ObjectNode target = Json.metadata(candidate);
        ObjectNode source = Json.metadata(stored);
        for (String field : SYSTEM_FIELDS) {
            JsonNode value = source.get(field);
            if (value == null) {
                target.remove(field);
            } else {
                target.set(field, value);
            }
        }
    }

    /** Takes away what a writer must not choose for a new object. */
    static void clear(ObjectNode candidate) {
        ObjectNode target = Json.metadata(candidate);
        for (String field : SYSTEM_FIELDS) {
            if (!field.equals("name") && !field.equals("namespace")) {
                target.remove(field);
            }
        }
        for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
            if (target.path(field).isNull()
                    || (target.path(field).isContainer() && target.path(field).isEmpty())) {
                target.remove(field);
            }
        }
    }
}
