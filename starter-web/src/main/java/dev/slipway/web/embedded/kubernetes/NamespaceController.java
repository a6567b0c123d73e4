package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Namespaces: a service account and the cluster's certificate in each; emptied before they go. */
final class NamespaceController implements Controller {
    private final ClusterApi api;

    NamespaceController(ClusterApi api) {
        this.api = api;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode namespace = api.store().find(key);
        if (namespace == null) {
            return;
        }
        if (!Json.terminating(namespace)) {
            furnish(key.name());
            return;
        }
        List<ObjectKey> contents = api.store().inNamespace(key.name());
        for (ObjectKey content : contents) {
            ObjectNode object = api.store().find(content);
            if (object != null && !Json.terminating(object)) {
                api.delete(content, DeleteOptions.BACKGROUND);
            }
        }
        if (api.store().inNamespace(key.name()).isEmpty()) {
            api.finish(key, Json.uid(namespace));
        }
    }

    private void furnish(String namespace) {
        ObjectKey account = new ObjectKey(ResourceTypes.SERVICE_ACCOUNT, namespace, "default");
        if (api.store().find(account) == null) {
            ObjectNode object = Json.object();
            Json.metadata(object).put("name", "default");
            api.create(ResourceTypes.SERVICE_ACCOUNT, namespace, object, Workloads.CONTROLLER);
        }
        ObjectKey certificate = new ObjectKey(ResourceTypes.CONFIG_MAP, namespace, "kube-root-ca.crt");
        if (api.store().find(certificate) == null) {
            ObjectNode object = Json.object();
            Json.metadata(object).put("name", "kube-root-ca.crt");
            object.putObject("data").put("ca.crt", "simulated cluster: plain HTTP, no certificate\n");
            api.create(ResourceTypes.CONFIG_MAP, namespace, object, Workloads.CONTROLLER);
        }
    }
}
