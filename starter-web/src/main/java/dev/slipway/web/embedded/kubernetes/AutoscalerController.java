package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * HorizontalPodAutoscalers: keep a workload's replicas between their bounds, by the workload's {@code /scale}. There is no load
 * where nothing runs, so within the bounds nothing is changed; as on a cluster without a metrics server, {@code
 * ScalingActive} says that there are no metrics.
 */
final class AutoscalerController implements Controller {
    private static final WriteOptions BY = WriteOptions.by("kube-controller-manager");
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;

    AutoscalerController(ClusterApi api, EventRecorder events, Timers timers) {
        this.api = api;
        this.events = events;
        this.timers = timers;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode autoscaler = api.store().find(key);
        if (autoscaler == null || Json.terminating(autoscaler)) {
            return;
        }
        // What it scales does not wake it: it looks, as a real one does every 15 seconds.
        timers.again(key, AGAIN);
        JsonNode spec = autoscaler.path("spec");
        String kind = Json.text(spec, "scaleTargetRef", "kind");
        ResourceType type = kind.equals("Deployment")
                ? ResourceTypes.DEPLOYMENT
                : kind.equals("StatefulSet") ? ResourceTypes.STATEFUL_SET : ResourceTypes.REPLICA_SET;
        ObjectKey target = key.sibling(type, Json.text(spec, "scaleTargetRef", "name"));
        ObjectNode workload = api.store().find(target);
        if (workload == null) {
            status(key, autoscaler, 0, 0, false, "FailedGetScale", "the target's scale could not be read");
            return;
        }
        int current = Json.number(workload, 1, "spec", "replicas");
        int least = Json.number(spec, 1, "minReplicas");
        int most = Json.number(spec, least, "maxReplicas");
        if (current == 0) {
            status(key, autoscaler, 0, 0, true, "SucceededGetScale", "scaling is disabled while there are no replicas");
            return;
        }
        int wanted = Math.max(least, Math.min(most, current));
        if (wanted != current) {
            ObjectNode scale = Json.object();
            Json.child(scale, "spec").put("replicas", wanted);
            new ScaleResource(api, target).write(scale, BY);
            String bound = wanted == least
                    ? "Current number of replicas below Spec.MinReplicas"
                    : "Current number of replicas above Spec.MaxReplicas";
            events.normal(
                    autoscaler,
                    "horizontal-pod-autoscaler",
                    "SuccessfulRescale",
                    "New size: " + wanted + "; reason: " + bound);
        }
        status(key, autoscaler, current, wanted, true, "SucceededGetScale", "the target's scale was read");
    }

    private void status(
            ObjectKey key,
            ObjectNode autoscaler,
            int current,
            int wanted,
            boolean able,
            String reason,
            String message) {
        api.change(key, BY.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            Workloads.count(status, "currentReplicas", current);
            status.put("desiredReplicas", wanted);
            status.put("observedGeneration", Json.number(autoscaler, 1, "metadata", "generation"));
            Workloads.condition(status, "AbleToScale", able, reason, message, false);
            if (able) {
                Workloads.condition(
                        status,
                        "ScalingActive",
                        false,
                        current == 0 ? "ScalingDisabled" : "FailedGetResourceMetric",
                        "simulated: pods are not run and have no load",
                        false);
            }
            return changed;
        });
    }
}
