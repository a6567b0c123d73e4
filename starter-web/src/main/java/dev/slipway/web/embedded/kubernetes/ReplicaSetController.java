package dev.slipway.web.embedded.kubernetes;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** ReplicaSets: as many pods as wished; those that are not ready go first. */
final class ReplicaSetController implements Controller {
    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;

    ReplicaSetController(ClusterApi api, EventRecorder events, Timers timers) {
        this.api = api;
        this.events = events;
        this.timers = timers;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode set = api.store().find(key);
        if (set == null) {
            return;
        }
        if (!Json.terminating(set)) {
            adjust(key, set);
        }
        status(key, set);
    }

    private void adjust(ObjectKey key, ObjectNode set) {
        int wanted = Json.number(set, 1, "spec", "replicas");
        List<ObjectNode> pods = pods(set);
        for (int i = pods.size(); i < wanted; i++) {
            ObjectNode pod = Workloads.pod(set, Json.at(set, "spec", "template"));
            Json.metadata(pod).put("generateName", key.name() + "-");
            ObjectNode created = api.create(ResourceTypes.POD, key.namespace(), pod, Workloads.CONTROLLER);
            events.normal(set, "replicaset-controller", "SuccessfulCreate", "Created pod: " + Json.name(created));
        }
        if (pods.size() > wanted) {
            pods.stream()
                    .sorted(Comparator.comparing(Workloads::ready))
                    .limit(pods.size() - wanted)
                    .forEach(pod -> api.delete(
                            new ObjectKey(ResourceTypes.POD, key.namespace(), Json.name(pod)),
                            DeleteOptions.BACKGROUND));
        }
    }

    private List<ObjectNode> pods(ObjectNode set) {
        return Workloads.activePods(api.store(), set).stream()
                .filter(pod -> !Workloads.finished(pod))
                .toList();
    }

    private void status(ObjectKey key, ObjectNode set) {
        List<ObjectNode> pods = pods(set);
        int minReady = Json.number(set, 0, "spec", "minReadySeconds");
        int ready = (int) pods.stream().filter(Workloads::ready).count();
        Instant now = Instant.now();
        int available = (int) pods.stream()
                .filter(pod -> Workloads.available(pod, minReady, now))
                .count();
        pods.stream()
                .filter(Workloads::ready)
                .filter(pod -> !Workloads.available(pod, minReady, now))
                .forEach(pod -> timers.again(key, Workloads.untilAvailable(pod, minReady, now)));
        api.change(key, Workloads.CONTROLLER.onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("replicas", pods.size());
            Workloads.count(status, "fullyLabeledReplicas", pods.size());
            Workloads.count(status, "readyReplicas", ready);
            Workloads.count(status, "availableReplicas", available);
            status.put("observedGeneration", Json.number(current, 1, "metadata", "generation"));
            return changed;
        });
    }
}
