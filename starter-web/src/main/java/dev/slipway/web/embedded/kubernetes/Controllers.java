package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.Change.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Wakes the controllers: each change of an object wakes those whose work it may be. Nothing is polled. */
final class Controllers {
    private final ObjectStore store;
    private final ResourceTypes types;
    private final Map<ResourceType, WorkQueue> byType = new LinkedHashMap<>();
    private final WorkQueue garbage;
    private final WorkQueue definitions;
    private final Kubelet kubelet;
    private final VolumeClaimController claims;
    private final ScheduledExecutorService threads;

    Controllers(ClusterApi api, ResourceTypes types, ScheduledExecutorService threads, ImageCheck images) {
        this.store = api.store();
        this.types = types;
        this.threads = threads;
        EventRecorder events = new EventRecorder(api);
        claims = new VolumeClaimController(api, events);
        add(ResourceTypes.DEPLOYMENT, timers -> new DeploymentController(api, events, timers));
        add(ResourceTypes.REPLICA_SET, timers -> new ReplicaSetController(api, events, timers));
        add(ResourceTypes.STATEFUL_SET, timers -> new StatefulSetController(api, events, timers));
        add(ResourceTypes.DAEMON_SET, timers -> new DaemonSetController(api));
        add(ResourceTypes.JOB, timers -> new JobController(api, events, timers));
        add(ResourceTypes.SERVICE, timers -> new ServiceController(api));
        add(ResourceTypes.BUDGET, timers -> new DisruptionController(api));
        add(ResourceTypes.AUTOSCALER, timers -> new AutoscalerController(api, events, timers));
        add(ResourceTypes.CLAIM, timers -> claims);
        add(ResourceTypes.NAMESPACE, timers -> new NamespaceController(api));
        List<Kubelet> made = new ArrayList<>();
        add(ResourceTypes.POD, timers -> {
            made.add(new Kubelet(api, events, timers, images));
            return made.get(0);
        });
        kubelet = made.get(0);
        garbage = queue(new GarbageCollector(api, types));
        definitions = queue(new DefinitionController(api));
    }

    /** Listens to changes and looks at everything once: what a crash left undone is done now. */
    void start() {
        store.listen(this::wake);
        for (ResourceType type : types.all()) {
            for (ObjectNode object : store.list(type, "")) {
                ObjectKey key = new ObjectKey(type, Json.namespace(object), Json.name(object));
                WorkQueue queue = byType.get(type);
                if (queue != null) {
                    queue.add(key);
                }
                if (!Json.at(object, "metadata", "ownerReferences").isEmpty() || Json.terminating(object)) {
                    garbage.add(key);
                }
            }
        }
    }

    private void wake(Change change) {
        ObjectKey key = change.key();
        ObjectNode after = change.after();
        boolean deleted = change.kind() == Kind.DELETED;
        WorkQueue own = byType.get(key.type());
        if (own != null && !deleted) {
            own.add(key);
        }
        JsonNode owners = Json.at(after, "metadata", "ownerReferences");
        for (JsonNode reference : owners) {
            ResourceType type = types.ofKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
            WorkQueue queue = type == null ? null : byType.get(type);
            if (type != null && queue != null) {
                queue.add(key.sibling(type, Json.text(reference, "name")));
            }
            if (type != null && deleted) {
                garbage.add(key.sibling(type, Json.text(reference, "name")));
            }
        }
        if (deleted) {
            store.dependents(Json.uid(after)).forEach(garbage::add);
            emptied(key, after);
        } else if (Json.terminating(after) || (change.kind() == Kind.ADDED && !owners.isEmpty())) {
            garbage.add(key);
        }
        neighbours(change);
    }

    private void emptied(ObjectKey key, ObjectNode after) {
        if (!key.namespace().isEmpty()) {
            ObjectKey namespace = new ObjectKey(ResourceTypes.NAMESPACE, "", key.namespace());
            ObjectNode found = store.find(namespace);
            if (found != null && Json.terminating(found)) {
                wake(ResourceTypes.NAMESPACE, namespace);
            }
        }
        if (key.type().equals(ResourceTypes.POD)) {
            kubelet.forget(after);
            wakeGrandparents(key, after);
        } else if (key.type().equals(ResourceTypes.CLAIM)) {
            run(() -> claims.released(after));
        } else if (key.type().equals(ResourceTypes.DEFINITION)) {
            types.undefine(after);
        }
    }

    /** A Deployment that recreates waits for the last old pod, whose ReplicaSet does not change any more. */
    private void wakeGrandparents(ObjectKey key, ObjectNode pod) {
        for (JsonNode reference : Json.at(pod, "metadata", "ownerReferences")) {
            if (!Json.text(reference, "kind").equals("ReplicaSet")) {
                continue;
            }
            ObjectNode set = store.find(key.sibling(ResourceTypes.REPLICA_SET, Json.text(reference, "name")));
            if (set != null) {
                for (JsonNode owner : Json.at(set, "metadata", "ownerReferences")) {
                    wake(ResourceTypes.DEPLOYMENT, key.sibling(ResourceTypes.DEPLOYMENT, Json.text(owner, "name")));
                }
            }
        }
    }

    /** Objects that do not own one another, but look at one another. */
    private void neighbours(Change change) {
        ObjectKey key = change.key();
        switch (key.type().kind()) {
            case "Pod" -> {
                for (ResourceType type : List.of(ResourceTypes.SERVICE, ResourceTypes.BUDGET)) {
                    store.list(type, key.namespace())
                            .forEach(object -> wake(type, key.sibling(type, Json.name(object))));
                }
            }
            case "ConfigMap", "Secret", "PersistentVolumeClaim" -> {
                for (ObjectNode pod : store.list(ResourceTypes.POD, key.namespace())) {
                    if ("Pending".equals(Json.text(pod, "status", "phase"))) {
                        wake(ResourceTypes.POD, key.sibling(ResourceTypes.POD, Json.name(pod)));
                    }
                }
            }
            case "CustomResourceDefinition" -> {
                if (change.kind() != Kind.DELETED) {
                    types.define(change.after());
                    definitions.add(key);
                }
            }
            default -> {}
        }
    }

    private void wake(ResourceType type, ObjectKey key) {
        WorkQueue queue = byType.get(type);
        if (queue != null) {
            queue.add(key);
        }
    }

    private void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            // Closing: the volume goes with the next look at it.
        }
    }

    private void add(ResourceType type, Function<Timers, Controller> factory) {
        Timers timers = (key, delay) -> {
            WorkQueue queue = byType.get(type);
            if (queue != null) {
                queue.addAfter(key, delay);
            }
        };
        byType.put(type, queue(factory.apply(timers)));
    }

    private WorkQueue queue(Controller controller) {
        return new WorkQueue(threads, key -> {
            synchronized (store) {
                controller.reconcile(key);
            }
        });
    }
}
