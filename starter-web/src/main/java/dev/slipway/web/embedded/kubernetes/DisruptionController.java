package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** PodDisruptionBudgets: count their pods and how many may go. Evictions are not simulated, so nothing is ever held back. */
final class DisruptionController implements Controller {
    private final ClusterApi api;

    DisruptionController(ClusterApi api) {
        this.api = api;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode budget = api.store().find(key);
        if (budget == null || Json.terminating(budget)) {
            return;
        }
        Predicate<JsonNode> selects = Selector.ofLabelSelector(Json.at(budget, "spec", "selector"));
        List<ObjectNode> pods = api.store().list(ResourceTypes.POD, key.namespace()).stream()
                .filter(pod -> selects.test(Json.at(pod, "metadata", "labels")))
                .filter(pod -> !Json.terminating(pod) && !Workloads.finished(pod))
                .toList();
        int healthy = (int) pods.stream().filter(Workloads::ready).count();
        int expected = pods.size();
        JsonNode spec = budget.path("spec");
        int needed = spec.has("maxUnavailable")
                ? expected - Math.min(expected, amount(spec.path("maxUnavailable"), expected))
                : amount(spec.path("minAvailable"), expected);
        int allowed = Math.max(0, healthy - needed);
        api.change(key, Workloads.CONTROLLER.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("observedGeneration", Json.number(budget, 1, "metadata", "generation"));
            status.put("currentHealthy", healthy).put("desiredHealthy", needed).put("expectedPods", expected);
            status.put("disruptionsAllowed", allowed);
            Workloads.condition(
                    status,
                    "DisruptionAllowed",
                    allowed > 0,
                    allowed > 0 ? "SufficientPods" : "InsufficientPods",
                    "",
                    false);
            return changed;
        });
    }

    /** A number, or a part of the pods rounded up. */
    private static int amount(JsonNode value, int of) {
        String text = value.asString("");
        return text.endsWith("%")
                ? (Integer.parseInt(text.substring(0, text.length() - 1)) * of + 99) / 100
                : value.asInt(0);
    }
}
