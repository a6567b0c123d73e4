package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** DaemonSets: one pod, for there is one node. */
final class DaemonSetController implements Controller {
    private static final String REVISION = "controller-revision-hash";

    private static final String COUNT = "deprecated.daemonset.template.generation";

    private final ClusterApi api;

    DaemonSetController(ClusterApi api) {
        this.api = api;
    }

    /**
     * Counts a DaemonSet's templates, as the API server does: pods say which of them they are from.
     *
     * @param before null for a new one
     */
    static void count(@Nullable ObjectNode before, ObjectNode after) {
        int count = 1;
        if (before != null) {
            String counted = Json.text(Json.at(before, "metadata", "annotations"), COUNT);
            boolean same = Json.at(before, "spec", "template").equals(Json.at(after, "spec", "template"));
            count = (counted.isEmpty() ? 1 : Integer.parseInt(counted)) + (same ? 0 : 1);
        }
        Json.child(Json.metadata(after), "annotations").put(COUNT, Integer.toString(count));
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode set = api.store().find(key);
        if (set == null || Json.terminating(set)) {
            return;
        }
        String revision = Workloads.hash(Json.at(set, "spec", "template"));
        List<ObjectNode> pods = api.store().owned(Json.uid(set), ResourceTypes.POD);
        if (pods.isEmpty()) {
            ObjectNode pod = Workloads.pod(set, Json.at(set, "spec", "template"));
            Json.metadata(pod).put("generateName", key.name() + "-");
            Json.child(Json.metadata(pod), "labels")
                    .put(REVISION, revision)
                    .put("pod-template-generation", Json.text(Json.at(set, "metadata", "annotations"), COUNT));
            api.create(ResourceTypes.POD, key.namespace(), pod, Workloads.CONTROLLER);
        }
        boolean rolling = !"OnDelete".equals(Json.text(set, "spec", "updateStrategy", "type"));
        for (ObjectNode pod : pods) {
            boolean outdated = !revision.equals(Json.text(pod, "metadata", "labels", REVISION));
            if (!Json.terminating(pod) && (Workloads.finished(pod) || (rolling && outdated))) {
                api.delete(key.sibling(ResourceTypes.POD, Json.name(pod)), DeleteOptions.BACKGROUND);
            }
        }
        List<ObjectNode> now = Workloads.activePods(api.store(), set);
        int ready = (int) now.stream().filter(Workloads::ready).count();
        int updated = (int) now.stream()
                .filter(pod -> revision.equals(Json.text(pod, "metadata", "labels", REVISION)))
                .count();
        api.change(key, Workloads.CONTROLLER.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("observedGeneration", Json.number(live, 1, "metadata", "generation"));
            status.put("desiredNumberScheduled", 1).put("currentNumberScheduled", Math.min(1, now.size()));
            status.put("numberMisscheduled", 0).put("numberReady", ready);
            Workloads.count(status, "updatedNumberScheduled", updated);
            Workloads.count(status, "numberAvailable", ready);
            Workloads.count(status, "numberUnavailable", 1 - Math.min(1, ready));
            return changed;
        });
    }
}
