package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.Change.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All objects, in memory and in the {@link Journal}, with the resource version and the event log. Reads need no lock;
 * whoever reads in order to write holds the store's monitor.
 */
final class ObjectStore implements AutoCloseable {
    /** The objects of a list, and the version they were read at. */
    record Snapshot(long version, List<ObjectNode> objects) {}

    private final Map<ResourceType, ConcurrentSkipListMap<String, ObjectNode>> objects = new ConcurrentHashMap<>();
    private final Map<String, Set<ObjectKey>> dependents = new ConcurrentHashMap<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final Journal journal;
    private final EventLog log;
    private long version = 1;

    ObjectStore(Path folder, ResourceTypes types) throws IOException {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        journal = Journal.open(folder, entry -> {
            version = Math.max(version, entry.path("version").asLong(0));
            String id = Json.text(entry, "type") + "|" + Json.text(entry, "namespace") + "/" + Json.text(entry, "name");
            if (entry.has("object")) {
                entries.put(id, entry);
            } else {
                entries.remove(id);
            }
        });
        entries.values().forEach(entry -> {
            if (Json.text(entry, "type").equals(ResourceTypes.DEFINITION.id())) {
                types.define((ObjectNode) entry.path("object"));
            }
        });
        entries.values().forEach(entry -> load(types, entry));
        log = new EventLog(version);
    }

    private void load(ResourceTypes types, JsonNode entry) {
        String id = Json.text(entry, "type");
        int slash = id.lastIndexOf('/');
        ResourceType type = types.find(id.substring(0, slash), id.substring(slash + 1));
        if (type != null && entry.path("object") instanceof ObjectNode object) {
            ObjectKey key = new ObjectKey(type, Json.text(entry, "namespace"), Json.text(entry, "name"));
            of(type).put(key.path(), object);
            index(key, null, object);
        }
    }

    /** Called inside the store's monitor with every change, in order: must return at once. */
    void listen(Consumer<Change> listener) {
        listeners.add(listener);
    }

    EventLog log() {
        return log;
    }

    synchronized long version() {
        return version;
    }

    @Nullable
    ObjectNode find(ObjectKey key) {
        return of(key.type()).get(key.path());
    }

    /** The objects of a kind in list order; {@code namespace} empty means all. */
    List<ObjectNode> list(ResourceType type, String namespace) {
        ConcurrentSkipListMap<String, ObjectNode> all = of(type);
        return new ArrayList<>((namespace.isEmpty() ? all : all.subMap(namespace + "/", namespace + "0")).values());
    }

    /** A consistent list with its version. */
    Snapshot snapshot(ResourceType type, String namespace, Predicate<JsonNode> filter) {
        List<ObjectNode> all;
        long at;
        synchronized (this) {
            all = list(type, namespace);
            at = version;
        }
        return new Snapshot(at, all.stream().filter(filter).toList());
    }

    /** The objects whose owner references name {@code uid}. */
    List<ObjectKey> dependents(String uid) {
        Set<ObjectKey> found = dependents.get(uid);
        if (found == null) {
            return List.of();
        }
        synchronized (this) {
            return List.copyOf(found);
        }
    }

    /** The objects of {@code type} owned by {@code uid}. */
    List<ObjectNode> owned(String uid, ResourceType type) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectKey key : dependents(uid)) {
            if (key.type().equals(type)) {
                ObjectNode object = find(key);
                if (object != null) {
                    found.add(object);
                }
            }
        }
        return found;
    }

    List<ObjectKey> inNamespace(String namespace) {
        List<ObjectKey> keys = new ArrayList<>();
        objects.forEach((type, all) -> {
            if (type.namespaced()) {
                list(type, namespace).forEach(object -> keys.add(new ObjectKey(type, namespace, Json.name(object))));
            }
        });
        return keys;
    }

    /** Writes an object and stamps it with the next version. The caller hands it over and changes it no more. */
    synchronized void put(ObjectKey key, ObjectNode object) {
        ObjectNode before = find(key);
        long next = version + 1;
        Json.metadata(object).put("resourceVersion", Long.toString(next));
        journal.append(next, key.type().id(), key, object);
        version = next;
        of(key.type()).put(key.path(), object);
        index(key, before, object);
        publish(new Change(next, before == null ? Kind.ADDED : Kind.MODIFIED, key, before, object));
    }

    synchronized void remove(ObjectKey key) {
        ObjectNode before = find(key);
        if (before == null) {
            return;
        }
        long next = version + 1;
        journal.append(next, key.type().id(), key, null);
        version = next;
        of(key.type()).remove(key.path());
        index(key, before, null);
        ObjectNode last = before.deepCopy();
        Json.metadata(last).put("resourceVersion", Long.toString(next));
        publish(new Change(next, Kind.DELETED, key, before, last));
    }

    /** Forces the journal to disk and rewrites it when it has grown; called now and then by a timer. */
    void maintain() throws IOException {
        synchronized (this) {
            if (journal.wantsRewrite()) {
                List<Journal.Entry> live = new ArrayList<>();
                objects.forEach((type, all) -> all.values()
                        .forEach(object -> live.add(new Journal.Entry(
                                new ObjectKey(type, Json.namespace(object), Json.name(object)), object))));
                journal.rewrite(version, live);
            }
        }
        journal.force();
    }

    @Override
    public synchronized void close() {
        log.close();
        try {
            journal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void publish(Change change) {
        log.add(change);
        listeners.forEach(listener -> listener.accept(change));
    }

    private ConcurrentSkipListMap<String, ObjectNode> of(ResourceType type) {
        return objects.computeIfAbsent(type, unused -> new ConcurrentSkipListMap<>());
    }

    private void index(ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before != null) {
            for (JsonNode owner : Json.at(before, "metadata", "ownerReferences")) {
                Set<ObjectKey> all = dependents.get(Json.text(owner, "uid"));
                if (all != null) {
                    all.remove(key);
                    if (all.isEmpty()) {
                        dependents.remove(Json.text(owner, "uid"));
                    }
                }
            }
        }
        if (after != null) {
            for (JsonNode owner : Json.at(after, "metadata", "ownerReferences")) {
                dependents
                        .computeIfAbsent(Json.text(owner, "uid"), unused -> new LinkedHashSet<>())
                        .add(key);
            }
        }
    }
}
