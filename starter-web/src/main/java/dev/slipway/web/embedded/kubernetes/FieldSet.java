package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.FieldSchema.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of field paths, as the tree that {@code managedFields[].fieldsV1} writes: elements {@code f:name} (a field),
 * {@code k:{…}} (a list's item by its keys), {@code v:…} (a set's value), and {@code .} for the node itself.
 */
final class FieldSet {
    private final TreeMap<String, FieldSet> children = new TreeMap<>();
    private boolean member;

    /** Every field that {@code object} sets, without those that belong to nobody (name, uid, …). */
    static FieldSet of(ResourceType type, ObjectNode object) {
        FieldSet set = new FieldSet();
        set.collect(type, "", "", object, false);
        return set.withoutSystemFields();
    }

    static FieldSet parse(JsonNode fieldsV1) {
        FieldSet set = new FieldSet();
        fieldsV1.properties().forEach(entry -> {
            if (entry.getKey().equals(".")) {
                set.member = true;
            } else {
                FieldSet child = parse(entry.getValue());
                child.member |= child.children.isEmpty();
                set.children.put(entry.getKey(), child);
            }
        });
        return set;
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        if (member && !children.isEmpty()) {
            json.putObject(".");
        }
        children.forEach((element, child) -> json.set(element, child.toJson()));
        return json;
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    Map<String, FieldSet> children() {
        return children;
    }

    @Nullable
    FieldSet child(String element) {
        return children.get(element);
    }

    void insert(List<String> path) {
        node(path).member = true;
    }

    /** Inserts a value that is new at {@code path}: its leaves, and the containers themselves. */
    void insertAll(List<String> path, ResourceType type, String parent, String field, JsonNode value) {
        node(path).collect(type, parent, field, value, true);
    }

    FieldSet union(FieldSet other) {
        FieldSet result = copy();
        result.add(other);
        return result;
    }

    /** What remains when every path of {@code removed} is taken away with all below it. */
    FieldSet without(FieldSet removed) {
        FieldSet result = new FieldSet();
        result.member = member && !removed.member;
        children.forEach((element, child) -> {
            FieldSet gone = removed.children.get(element);
            if (gone == null) {
                result.children.put(element, child.copy());
            } else if (!gone.member) {
                FieldSet rest = child.without(gone);
                if (!rest.isEmpty()) {
                    result.children.put(element, rest);
                }
            }
        });
        return result;
    }

    FieldSet intersection(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && other.member;
        children.forEach((element, child) -> {
            FieldSet matching = other.children.get(element);
            if (matching != null) {
                FieldSet both = child.intersection(matching);
                if (!both.isEmpty()) {
                    result.children.put(element, both);
                }
            }
        });
        return result;
    }

    /** Each path as error messages write it: {@code .spec.template.spec.containers[name="web"].image}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        describe("", paths);
        return paths;
    }

    FieldSet withoutSystemFields() {
        children.remove("f:apiVersion");
        children.remove("f:kind");
        FieldSet metadata = children.get("f:metadata");
        if (metadata != null) {
            for (String name : ObjectMetadata.SYSTEM_FIELDS) {
                metadata.children.remove("f:" + name);
            }
            metadata.member = false;
            if (metadata.children.isEmpty()) {
                children.remove("f:metadata");
            }
        }
        return this;
    }

    /** Keeps only the fields below {@code status}, or only the others. */
    FieldSet onlyStatus(boolean status) {
        FieldSet result = new FieldSet();
        children.forEach((element, child) -> {
            if (element.equals("f:status") == status) {
                result.children.put(element, child);
            }
        });
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return 31 * children.hashCode() + Boolean.hashCode(member);
    }

    private FieldSet node(List<String> path) {
        FieldSet node = this;
        for (String element : path) {
            node = node.children.computeIfAbsent(element, unused -> new FieldSet());
        }
        return node;
    }

    private void collect(ResourceType type, String parent, String field, JsonNode value, boolean containers) {
        Rule rule = FieldSchema.rule(type, parent, field, value);
        if (value.isContainer() && value.isEmpty()) {
            member = true;
            return;
        }
        switch (rule.shape()) {
            case ATOMIC -> member = true;
            case FIELDS -> {
                member |= containers;
                collectFields(type, field, value, containers);
            }
            case KEYED -> {
                member |= containers;
                for (JsonNode item : value) {
                    String key = FieldSchema.keyOf(rule, item);
                    if (key != null) {
                        FieldSet child = children.computeIfAbsent(key, unused -> new FieldSet());
                        child.member = true;
                        child.collectFields(type, field, item, containers);
                    }
                }
            }
            case SET -> {
                member |= containers;
                value.forEach(item -> children.computeIfAbsent("v:" + item, unused -> new FieldSet()).member = true);
            }
        }
    }

    private void collectFields(ResourceType type, String parent, JsonNode value, boolean containers) {
        value.properties()
                .forEach(entry -> children.computeIfAbsent("f:" + entry.getKey(), unused -> new FieldSet())
                        .collect(type, parent, entry.getKey(), entry.getValue(), containers));
    }

    private void add(FieldSet other) {
        member |= other.member;
        other.children.forEach((element, child) ->
                children.computeIfAbsent(element, unused -> new FieldSet()).add(child));
    }

    private FieldSet copy() {
        FieldSet copy = new FieldSet();
        copy.add(this);
        return copy;
    }

    private void describe(String prefix, List<String> paths) {
        if (member) {
            paths.add(prefix);
        }
        children.forEach((element, child) -> child.describe(prefix + describe(element), paths));
    }

    private static String describe(String element) {
        String rest = element.substring(2);
        if (element.startsWith("f:")) {
            return "." + rest;
        }
        if (element.startsWith("v:")) {
            return "[=" + rest + "]";
        }
        StringBuilder keys = new StringBuilder("[");
        Json.MAPPER
                .readTree(rest)
                .properties()
                .forEach(entry -> keys.append(keys.length() > 1 ? "," : "")
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue()));
        return keys.append(']').toString();
    }
}
