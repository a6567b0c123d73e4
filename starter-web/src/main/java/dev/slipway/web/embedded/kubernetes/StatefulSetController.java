package dev.slipway.web.embedded.kubernetes;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** StatefulSets: numbered pods, one after the other, each with its own claims; updated from the last to the first. */
final class StatefulSetController implements Controller {
    private static final String REVISION = "controller-revision-hash";

    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;

    StatefulSetController(ClusterApi api, EventRecorder events, Timers timers) {
        this.api = api;
        this.events = events;
        this.timers = timers;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode set = api.store().find(key);
        if (set == null || Json.terminating(set)) {
            return;
        }
        String update = key.name() + "-" + Workloads.hash(Json.at(set, "spec", "template"));
        String current = Json.text(set, "status", "currentRevision");
        if (current.isEmpty()) {
            current = update;
        }
        Instant now = Instant.now();
        adopt(key, set);
        adjust(key, set, current, update, now);
        status(key, set, current, update, now);
    }

    /** Pods without an owner that the selector fits: those of a set that was deleted without them. */
    private void adopt(ObjectKey key, ObjectNode set) {
        Predicate<JsonNode> selector = Selector.ofLabelSelector(Json.at(set, "spec", "selector"));
        Predicate<JsonNode> orphan =
                pod -> Json.at(pod, "metadata", "ownerReferences").isEmpty()
                        && !Json.terminating(pod)
                        && Json.name(pod).matches(Pattern.quote(key.name()) + "-\\d+")
                        && selector.test(Json.at(pod, "metadata", "labels"));
        for (ObjectNode pod :
                api.store().snapshot(ResourceTypes.POD, key.namespace(), orphan).objects()) {
            api.change(key.sibling(ResourceTypes.POD, Json.name(pod)), Workloads.CONTROLLER, live -> {
                ObjectNode changed = live.deepCopy();
                Json.metadata(changed).putArray("ownerReferences").add(Workloads.ownerReference(set));
                return changed;
            });
        }
    }

    private Map<Integer, ObjectNode> pods(ObjectNode set) {
        Map<Integer, ObjectNode> pods = new TreeMap<>();
        for (ObjectNode pod : api.store().owned(Json.uid(set), ResourceTypes.POD)) {
            pods.put(Json.number(pod, 0, "metadata", "labels", "apps.kubernetes.io/pod-index"), pod);
        }
        return pods;
    }

    private void adjust(ObjectKey key, ObjectNode set, String current, String update, Instant now) {
        int wanted = Json.number(set, 1, "spec", "replicas");
        int minReady = Json.number(set, 0, "spec", "minReadySeconds");
        boolean ordered = !"Parallel".equals(Json.text(set, "spec", "podManagementPolicy"));
        int partition = Json.number(set, 0, "spec", "updateStrategy", "rollingUpdate", "partition");
        Map<Integer, ObjectNode> pods = pods(set);
        for (int i = 0; i < wanted; i++) {
            ObjectNode pod = pods.get(i);
            if (pod == null) {
                create(key, set, i, i < partition ? current : update);
            } else if (Workloads.finished(pod) && !Json.terminating(pod)) {
                delete(key, pod);
            }
            if (ordered && (pod == null || !Workloads.available(pod, minReady, now) || Json.terminating(pod))) {
                // A later one has to wait. A broken pod of an old revision is replaced all the same.
                if (pod != null && i >= partition && !Workloads.ready(pod)) {
                    replaceOutdated(key, set, pod, update);
                }
                return;
            }
        }
        for (int i = pods.keySet().stream().mapToInt(n -> n).max().orElse(-1); i >= wanted; i--) {
            ObjectNode pod = pods.get(i);
            if (pod != null) {
                delete(key, pod);
                if (ordered) {
                    return;
                }
            }
        }
        for (int i = wanted - 1; i >= partition; i--) {
            ObjectNode pod = pods.get(i);
            if (pod == null || replaceOutdated(key, set, pod, update) || !Workloads.available(pod, minReady, now)) {
                return;
            }
        }
    }

    private boolean replaceOutdated(ObjectKey key, ObjectNode set, ObjectNode pod, String update) {
        boolean rolling = !"OnDelete".equals(Json.text(set, "spec", "updateStrategy", "type"));
        boolean outdated = !update.equals(Json.text(pod, "metadata", "labels", REVISION));
        if (rolling && outdated && !Json.terminating(pod)) {
            delete(key, pod);
            return true;
        }
        return rolling && outdated;
    }

    private void delete(ObjectKey key, ObjectNode pod) {
        if (!Json.terminating(pod)) {
            api.delete(key.sibling(ResourceTypes.POD, Json.name(pod)), DeleteOptions.BACKGROUND);
        }
    }

    private void create(ObjectKey key, ObjectNode set, int index, String revision) {
        String name = key.name() + "-" + index;
        ObjectNode pod = Workloads.pod(set, Json.at(set, "spec", "template"));
        ObjectNode metadata = Json.metadata(pod);
        metadata.put("name", name);
        Json.child(metadata, "labels")
                .put("apps.kubernetes.io/pod-index", Integer.toString(index))
                .put("statefulset.kubernetes.io/pod-name", name)
                .put(REVISION, revision);
        ObjectNode spec = Json.child(pod, "spec");
        spec.put("hostname", name);
        Json.putText(spec, "subdomain", Json.text(set, "spec", "serviceName"));
        for (JsonNode template : Json.at(set, "spec", "volumeClaimTemplates")) {
            String claim = Json.name(template) + "-" + name;
            claim(key, set, template, claim);
            ObjectNode volume = null;
            for (JsonNode entry : spec.path("volumes")) {
                if (Json.text(entry, "name").equals(Json.name(template))) {
                    volume = (ObjectNode) entry;
                }
            }
            if (volume == null) {
                volume = spec.withArrayProperty("volumes").addObject();
            }
            volume.removeAll();
            volume.put("name", Json.name(template));
            volume.putObject("persistentVolumeClaim").put("claimName", claim);
        }
        api.create(ResourceTypes.POD, key.namespace(), pod, Workloads.CONTROLLER);
        events.normal(
                set,
                "statefulset-controller",
                "SuccessfulCreate",
                "create Pod " + name + " in StatefulSet " + key.name() + " successful");
    }

    private void claim(ObjectKey key, ObjectNode set, JsonNode template, String name) {
        ObjectKey claimKey = key.sibling(ResourceTypes.CLAIM, name);
        if (api.store().find(claimKey) != null) {
            return;
        }
        ObjectNode claim = (ObjectNode) template.deepCopy();
        claim.remove("status");
        ObjectNode metadata = Json.metadata(claim);
        metadata.put("name", name);
        if (Json.at(set, "spec", "selector", "matchLabels") instanceof ObjectNode labels) {
            Json.child(metadata, "labels").setAll(labels.deepCopy());
        }
        api.create(ResourceTypes.CLAIM, key.namespace(), claim, Workloads.CONTROLLER);
    }

    private void status(ObjectKey key, ObjectNode set, String current, String update, Instant now) {
        int minReady = Json.number(set, 0, "spec", "minReadySeconds");
        int wanted = Json.number(set, 1, "spec", "replicas");
        Map<Integer, ObjectNode> pods = pods(set);
        int ready = 0;
        int available = 0;
        int updated = 0;
        int onCurrent = 0;
        for (ObjectNode pod : pods.values()) {
            boolean here = !Json.terminating(pod);
            String revision = Json.text(pod, "metadata", "labels", REVISION);
            ready += here && Workloads.ready(pod) ? 1 : 0;
            available += here && Workloads.available(pod, minReady, now) ? 1 : 0;
            if (here && Workloads.ready(pod) && !Workloads.available(pod, minReady, now)) {
                timers.again(key, Workloads.untilAvailable(pod, minReady, now));
            }
            updated += here && revision.equals(update) ? 1 : 0;
            onCurrent += here && revision.equals(current) ? 1 : 0;
        }
        boolean done = updated == wanted && ready == wanted && pods.size() == wanted;
        String settled = done ? update : current;
        int[] counts = {pods.size(), ready, available, updated, done ? updated : onCurrent};
        api.change(key, Workloads.CONTROLLER.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("observedGeneration", Json.number(live, 1, "metadata", "generation"));
            status.put("replicas", counts[0]);
            Workloads.count(status, "readyReplicas", counts[1]);
            status.put("availableReplicas", counts[2]);
            Workloads.count(status, "updatedReplicas", counts[3]);
            Workloads.count(status, "currentReplicas", counts[4]);
            status.put("currentRevision", settled).put("updateRevision", update);
            status.put("collisionCount", 0);
            return changed;
        });
    }
}
