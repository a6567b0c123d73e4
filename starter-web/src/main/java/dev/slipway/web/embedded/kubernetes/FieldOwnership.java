package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.FieldSchema.Rule;
import dev.slipway.web.embedded.kubernetes.FieldSchema.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server-side apply and the bookkeeping of who owns which field.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-Side Apply</a>
 */
final class FieldOwnership {
    /** The object an apply asks for, and its owners. */
    record Applied(ObjectNode object, List<FieldOwner> owners) {}

    private FieldOwnership() {}

    /**
     * Merges what a manager applies into the live object.
     *
     * @param live null when the object does not exist yet
     * @param force whether to take fields that others own with another value
     * @throws ApiRefusal 409 naming each other owner and field, when not forced
     */
    static Applied apply(
            ResourceType type,
            @Nullable ObjectNode live,
            ObjectNode applied,
            String manager,
            String subresource,
            boolean force) {
        FieldSet wanted = FieldSet.of(type, applied);
        if (type.status()) {
            wanted = wanted.onlyStatus(subresource.equals("status"));
        }
        FieldOwner mine = new FieldOwner(manager, "Apply", subresource, type.apiVersion(), Json.now(), wanted);
        if (live == null) {
            return new Applied(applied, List.of(mine));
        }
        ObjectNode merged = mergeFields(type, "", live, applied);
        FieldSet changed = FieldDifference.between(type, live, merged).changed;
        List<FieldOwner> owners = new ArrayList<>();
        Map<FieldOwner, FieldSet> conflicts = new LinkedHashMap<>();
        FieldSet last = null;
        for (FieldOwner owner : FieldOwner.of(live)) {
            if (owner.sameAs(manager, "Apply", subresource)) {
                last = owner.fields();
                mine = owner.with(wanted);
                continue;
            }
            FieldSet contested = owner.fields().intersection(changed);
            if (!contested.isEmpty()) {
                conflicts.put(owner, contested);
            }
            owners.add(owner.with(owner.fields().without(contested)));
        }
        if (!conflicts.isEmpty() && !force) {
            throw conflict(conflicts);
        }
        owners.add(0, mine);
        if (last != null) {
            FieldSet kept = new FieldSet();
            for (FieldOwner owner : owners) {
                kept = kept.union(owner.fields());
            }
            prune(type, "", merged, last, kept, true);
        }
        return new Applied(merged, owners);
    }

    /** The owners after a plain create, update or patch by {@code manager}. */
    static List<FieldOwner> afterUpdate(
            ResourceType type, @Nullable ObjectNode before, ObjectNode after, String manager, String subresource) {
        ObjectNode start = before == null ? Json.object() : before;
        FieldDifference difference = FieldDifference.between(type, start, after);
        FieldSet lost = difference.modified.union(difference.removed);
        List<FieldOwner> owners = new ArrayList<>();
        boolean known = false;
        for (FieldOwner owner : FieldOwner.of(start)) {
            if (owner.sameAs(manager, "Update", subresource)) {
                known = true;
                owners.add(owner.with(owner.fields().without(difference.removed).union(difference.changed)));
            } else {
                owners.add(owner.with(owner.fields().without(lost)));
            }
        }
        if (!known && !difference.changed.isEmpty()) {
            owners.add(
                    new FieldOwner(manager, "Update", subresource, type.apiVersion(), Json.now(), difference.changed));
        }
        return owners;
    }

    private static ApiRefusal conflict(Map<FieldOwner, FieldSet> conflicts) {
        List<ApiRefusal.Cause> causes = new ArrayList<>();
        TreeMap<String, List<String>> byOwner = new TreeMap<>();
        conflicts.forEach((owner, fields) -> {
            for (String path : fields.paths()) {
                causes.add(new ApiRefusal.Cause("FieldManagerConflict", "conflict with " + owner.describe(), path));
                byOwner.computeIfAbsent(owner.describe(), unused -> new ArrayList<>())
                        .add(path);
            }
        });
        if (causes.size() == 1) {
            ApiRefusal.Cause only = causes.get(0);
            return ApiRefusal.applyConflict(
                    "Apply failed with 1 conflict: " + only.message() + ": " + only.field(), causes);
        }
        StringBuilder message = new StringBuilder("Apply failed with " + causes.size() + " conflicts: ");
        String separator = "";
        for (Map.Entry<String, List<String>> entry : byOwner.entrySet()) {
            message.append(separator)
                    .append("conflicts with ")
                    .append(entry.getKey())
                    .append(':');
            entry.getValue().forEach(path -> message.append("\n- ").append(path));
            separator = "\n";
        }
        return ApiRefusal.applyConflict(message.toString(), causes);
    }

    private static ObjectNode mergeFields(ResourceType type, String parent, ObjectNode live, ObjectNode applied) {
        ObjectNode merged = live.deepCopy();
        applied.properties().forEach(entry -> {
            String field = entry.getKey();
            JsonNode value = entry.getValue();
            JsonNode current = live.get(field);
            merged.set(field, current == null ? value.deepCopy() : merge(type, parent, field, current, value));
        });
        return merged;
    }

    private static JsonNode merge(ResourceType type, String parent, String field, JsonNode live, JsonNode applied) {
        Rule rule = FieldSchema.rule(type, parent, field, applied);
        Rule liveRule = FieldSchema.rule(type, parent, field, live);
        if (rule.shape() == Shape.ATOMIC || rule.shape() != liveRule.shape()) {
            return applied.deepCopy();
        }
        if (rule.shape() == Shape.FIELDS) {
            return mergeFields(type, field, (ObjectNode) live, (ObjectNode) applied);
        }
        return mergeItems(type, field, rule, live, applied);
    }

    /** Items of both: those applied in their own order, the others where they stand. */
    private static ArrayNode mergeItems(ResourceType type, String field, Rule rule, JsonNode live, JsonNode applied) {
        Map<String, JsonNode> current = FieldDifference.items(rule, live);
        Map<String, JsonNode> wanted = FieldDifference.items(rule, applied);
        List<String> order = new ArrayList<>();
        List<String> wantedOrder = new ArrayList<>(wanted.keySet());
        int next = 0;
        for (String key : current.keySet()) {
            if (!wanted.containsKey(key)) {
                order.add(key);
            } else if (next < wantedOrder.size()) {
                order.add(wantedOrder.get(next++));
            }
        }
        order.addAll(wantedOrder.subList(next, wantedOrder.size()));
        ArrayNode merged = Json.array();
        for (String key : order) {
            JsonNode was = current.get(key);
            JsonNode is = wanted.containsKey(key) ? wanted.get(key) : was;
            if (is instanceof ObjectNode item && was instanceof ObjectNode old && wanted.containsKey(key)) {
                merged.add(mergeFields(type, field, old, item));
            } else if (is != null) {
                merged.add(is.deepCopy());
            }
        }
        return merged;
    }

    /** Takes away what the manager applied last time, and nobody owns any more. */
    private static void prune(
            ResourceType type, String field, JsonNode node, FieldSet last, FieldSet kept, boolean top) {
        last.children().forEach((element, below) -> {
            FieldSet keep = kept.child(element);
            if (node instanceof ObjectNode object && element.startsWith("f:")) {
                String name = element.substring(2);
                JsonNode value = object.get(name);
                if (value == null) {
                    return;
                }
                if (keep == null && !(top && name.equals("metadata"))) {
                    object.remove(name);
                } else if (value.isContainer()) {
                    prune(type, name, value, below, keep == null ? new FieldSet() : keep, false);
                }
            } else if (node instanceof ArrayNode list) {
                pruneItem(type, field, list, element, below, keep);
            }
        });
    }

    private static void pruneItem(
            ResourceType type, String field, ArrayNode list, String element, FieldSet below, @Nullable FieldSet keep) {
        Rule rule = FieldSchema.listRule(
                type,
                field.equals("finalizers") || field.equals("ownerReferences") ? "metadata" : parentOf(type, field),
                field);
        for (int i = list.size() - 1; i >= 0; i--) {
            JsonNode item = list.get(i);
            String key = element.startsWith("v:") ? "v:" + item : FieldSchema.keyOf(rule, item);
            if (element.equals(key)) {
                if (keep == null) {
                    list.remove(i);
                } else {
                    prune(type, field, item, below, keep, false);
                }
            }
        }
    }

    private static String parentOf(ResourceType type, String field) {
        return field.equals("ports") && !type.is("Service") ? "containers" : "";
    }
}
