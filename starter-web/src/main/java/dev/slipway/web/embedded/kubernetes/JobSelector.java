package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ObjectNode;

/** The selector and the pod labels that the server generates for a new Job. */
final class JobSelector {
    private JobSelector() {}

    static void apply(ObjectNode job) {
        ObjectNode spec = Json.child(job, "spec");
        if (spec.path("manualSelector").asBoolean(false) || spec.has("selector")) {
            return;
        }
        String uid = Json.uid(job);
        ObjectNode labels = Json.child(Json.metadata(Json.child(spec, "template")), "labels");
        labels.put("batch.kubernetes.io/controller-uid", uid);
        labels.put("batch.kubernetes.io/job-name", Json.name(job));
        labels.put("controller-uid", uid);
        labels.put("job-name", Json.name(job));
        Json.child(Json.child(spec, "selector"), "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
    }
}
