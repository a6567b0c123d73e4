package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ObjectNode;

/** Claims: bound at once to a volume of their size. There is no storage behind it. */
final class VolumeClaimController implements Controller {
    static final String CLASS = "simulated";

    private final ClusterApi api;
    private final EventRecorder events;

    VolumeClaimController(ClusterApi api, EventRecorder events) {
        this.api = api;
        this.events = events;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode claim = api.store().find(key);
        if (claim == null || Json.terminating(claim) || "Bound".equals(Json.text(claim, "status", "phase"))) {
            return;
        }
        String wanted = Json.text(claim, "spec", "storageClassName");
        String storageClass = wanted.isEmpty() && !claim.path("spec").has("storageClassName") ? CLASS : wanted;
        if (api.store().find(new ObjectKey(ResourceTypes.STORAGE_CLASS, "", storageClass)) == null) {
            events.warning(
                    claim,
                    "persistentvolume-controller",
                    "ProvisioningFailed",
                    "storageclass.storage.k8s.io \"" + storageClass + "\" not found");
            return;
        }
        String volume = "pvc-" + Json.uid(claim);
        createVolume(claim, volume, storageClass);
        api.change(key, Workloads.CONTROLLER, current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode spec = Json.child(changed, "spec");
            spec.put("volumeName", volume).put("storageClassName", storageClass);
            Json.child(Json.metadata(changed), "annotations").put("pv.kubernetes.io/bind-completed", "yes");
            return changed;
        });
        api.change(key, Workloads.CONTROLLER.onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("phase", "Bound");
            status.set("accessModes", Json.at(current, "spec", "accessModes").deepCopy());
            Json.child(status, "capacity")
                    .put("storage", Json.text(current, "spec", "resources", "requests", "storage"));
            return changed;
        });
    }

    private void createVolume(ObjectNode claim, String name, String storageClass) {
        ObjectKey key = new ObjectKey(ResourceTypes.VOLUME, "", name);
        if (api.store().find(key) != null) {
            return;
        }
        ObjectNode volume = Json.object();
        Json.metadata(volume).put("name", name);
        ObjectNode spec = volume.putObject("spec");
        spec.putObject("capacity").put("storage", Json.text(claim, "spec", "resources", "requests", "storage"));
        spec.set("accessModes", Json.at(claim, "spec", "accessModes").deepCopy());
        spec.put("storageClassName", storageClass).put("persistentVolumeReclaimPolicy", "Delete");
        spec.put("volumeMode", Json.text(claim, "spec", "volumeMode"));
        spec.putObject("claimRef")
                .put("kind", "PersistentVolumeClaim")
                .put("namespace", Json.namespace(claim))
                .put("name", Json.name(claim))
                .put("uid", Json.uid(claim));
        api.create(ResourceTypes.VOLUME, "", volume, Workloads.CONTROLLER);
        api.change(key, Workloads.CONTROLLER.onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            Json.child(changed, "status").put("phase", "Bound");
            return changed;
        });
    }

    /** A deleted claim takes its volume along. */
    void released(ObjectNode claim) {
        String volume = Json.text(claim, "spec", "volumeName");
        if (!volume.isEmpty()) {
            api.store().remove(new ObjectKey(ResourceTypes.VOLUME, "", volume));
        }
    }
}
