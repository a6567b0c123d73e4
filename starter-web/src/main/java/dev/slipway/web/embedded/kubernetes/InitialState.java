package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ObjectNode;

/** The status some kinds are born with. */
final class InitialState {
    private InitialState() {}

    static void apply(ResourceType type, ObjectNode object) {
        if (type.custom()) {
            return;
        }
        switch (type.kind()) {
            case "Namespace" -> {
                Json.child(object, "status").put("phase", "Active");
                Json.child(Json.metadata(object), "labels").put("kubernetes.io/metadata.name", Json.name(object));
                Json.child(object, "spec").putArray("finalizers").add("kubernetes");
            }
            case "Pod" -> Json.child(object, "status").put("phase", "Pending").put("qosClass", "BestEffort");
            case "PersistentVolumeClaim", "PersistentVolume" ->
                Json.child(object, "status").put("phase", "Pending");
            case "Service" -> Json.child(Json.child(object, "status"), "loadBalancer");
            case "Deployment", "StatefulSet", "Job", "Ingress", "DaemonSet" -> Json.child(object, "status");
            case "ReplicaSet" -> Json.child(object, "status").put("replicas", 0);
            default -> {}
        }
    }
}
