package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.FieldSchema.Rule;
import dev.slipway.web.embedded.kubernetes.FieldSchema.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which fields differ between two states of an object, in the terms of {@link FieldSet}. */
final class FieldDifference {
    /** New fields and new values. */
    final FieldSet changed = new FieldSet();
    /** Fields that are gone: each stands for all below it. */
    final FieldSet removed = new FieldSet();
    /** Fields with another value than before. */
    final FieldSet modified = new FieldSet();

    private final ResourceType type;
    private final List<String> path = new ArrayList<>();

    private FieldDifference(ResourceType type) {
        this.type = type;
    }

    static FieldDifference between(ResourceType type, ObjectNode before, ObjectNode after) {
        FieldDifference difference = new FieldDifference(type);
        difference.compareFields("", before, after);
        difference.changed.withoutSystemFields();
        difference.removed.withoutSystemFields();
        difference.modified.withoutSystemFields();
        return difference;
    }

    private void compareFields(String parent, JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        for (String name : names) {
            if (parent.equals("metadata") && ObjectMetadata.SYSTEM_FIELDS.contains(name)) {
                continue;
            }
            path.add("f:" + name);
            compare(parent, name, before.path(name), after.path(name));
            path.remove(path.size() - 1);
        }
    }

    private void compare(String parent, String field, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before.isMissingNode()) {
            changed.insertAll(path, type, parent, field, after);
            return;
        }
        if (after.isMissingNode()) {
            removed.insert(path);
            return;
        }
        Rule was = FieldSchema.rule(type, parent, field, before);
        Rule is = FieldSchema.rule(type, parent, field, after);
        if (was.shape() != is.shape() || is.shape() == Shape.ATOMIC) {
            changed.insert(path);
            modified.insert(path);
        } else if (is.shape() == Shape.FIELDS) {
            compareFields(field, before, after);
        } else {
            compareItems(field, is, before, after);
        }
    }

    private void compareItems(String field, Rule rule, JsonNode before, JsonNode after) {
        Map<String, JsonNode> old = items(rule, before);
        Map<String, JsonNode> now = items(rule, after);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            path.add(key);
            JsonNode was = old.get(key);
            JsonNode is = now.get(key);
            if (is == null) {
                removed.insert(path);
            } else if (was == null) {
                changed.insertAll(path, type, "", field, is);
                changed.insert(path);
            } else if (rule.shape() == Shape.KEYED) {
                compareFields(field, was, is);
            }
            path.remove(path.size() - 1);
        }
    }

    static Map<String, JsonNode> items(Rule rule, JsonNode list) {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            String key = rule.shape() == Shape.SET ? "v:" + item : FieldSchema.keyOf(rule, item);
            if (key != null) {
                items.put(key, item);
            }
        }
        return items;
    }
}
