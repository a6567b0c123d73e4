package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ObjectNode;

/** CustomResourceDefinitions: established as soon as they are there. */
final class DefinitionController implements Controller {
    private final ClusterApi api;

    DefinitionController(ClusterApi api) {
        this.api = api;
    }

    @Override
    public void reconcile(ObjectKey key) {
        if (api.store().find(key) == null) {
            return;
        }
        api.change(key, WriteOptions.by("kube-apiserver").onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            Workloads.condition(status, "NamesAccepted", true, "NoConflicts", "no conflicts found", false);
            Workloads.condition(
                    status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", false);
            status.set("acceptedNames", Json.at(current, "spec", "names").deepCopy());
            return changed;
        });
    }
}
