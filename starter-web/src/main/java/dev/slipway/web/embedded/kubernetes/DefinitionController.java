package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ObjectNode;

/** CustomResourceDefinitions: established as soon as they are there, unless another one has their kind. */
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
            if (taken(current)) {
                String message = "\"" + Json.text(current, "spec", "names", "kind") + "\" is already in use";
                Workloads.condition(status, "NamesAccepted", false, "KindConflict", message, false);
                Workloads.condition(status, "Established", false, "NotAccepted", "not all names are accepted", false);
                return changed;
            }
            Workloads.condition(status, "NamesAccepted", true, "NoConflicts", "no conflicts found", false);
            Workloads.condition(
                    status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", false);
            status.set("acceptedNames", Json.at(current, "spec", "names").deepCopy());
            return changed;
        });
    }

    private boolean taken(ObjectNode definition) {
        return api.store().list(ResourceTypes.DEFINITION, "").stream()
                .filter(other -> !Json.name(other).equals(Json.name(definition)))
                .filter(other -> Json.text(other, "spec", "group").equals(Json.text(definition, "spec", "group")))
                .anyMatch(other -> Json.text(other, "status", "acceptedNames", "kind")
                        .equals(Json.text(definition, "spec", "names", "kind")));
    }
}
