package dev.slipway.web.embedded.kubernetes;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of {@code metadata.managedFields}.
 *
 * @param operation {@code Apply} or {@code Update}: the same name with another operation is another owner
 * @param subresource empty for the object itself
 * @param time when its set of fields last changed
 */
record FieldOwner(
        String manager, String operation, String subresource, String apiVersion, String time, FieldSet fields) {
    boolean sameAs(String otherManager, String otherOperation, String otherSubresource) {
        return manager.equals(otherManager) && operation.equals(otherOperation) && subresource.equals(otherSubresource);
    }

    FieldOwner with(FieldSet newFields) {
        return newFields.equals(fields)
                ? this
                : new FieldOwner(manager, operation, subresource, apiVersion, Json.now(), newFields);
    }

    /** As conflict messages name it. */
    String describe() {
        String quoted = "\"" + manager + "\"";
        if (operation.equals("Apply")) {
            return quoted;
        }
        String below = subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"";
        return quoted + below + " using " + apiVersion;
    }

    static List<FieldOwner> of(JsonNode object) {
        List<FieldOwner> owners = new ArrayList<>();
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            owners.add(new FieldOwner(
                    Json.text(entry, "manager"),
                    Json.text(entry, "operation"),
                    Json.text(entry, "subresource"),
                    Json.text(entry, "apiVersion"),
                    Json.text(entry, "time"),
                    FieldSet.parse(entry.path("fieldsV1"))));
        }
        return owners;
    }

    static void write(ObjectNode object, List<FieldOwner> owners) {
        ObjectNode metadata = Json.metadata(object);
        metadata.remove("managedFields");
        ArrayNode list = Json.array();
        for (FieldOwner owner : owners) {
            if (!owner.fields.isEmpty()) {
                ObjectNode entry = list.addObject();
                entry.put("manager", owner.manager).put("operation", owner.operation);
                entry.put("apiVersion", owner.apiVersion).put("time", owner.time);
                entry.put("fieldsType", "FieldsV1").set("fieldsV1", owner.fields.toJson());
                Json.putText(entry, "subresource", owner.subresource);
            }
        }
        if (!list.isEmpty()) {
            metadata.set("managedFields", list);
        }
    }
}
