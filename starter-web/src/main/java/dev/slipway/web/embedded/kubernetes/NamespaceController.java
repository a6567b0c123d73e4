package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
        List<ObjectKey> left = api.store().inNamespace(key.name());
        if (left.isEmpty()) {
            api.finish(key, Json.uid(namespace));
        } else {
            tellWhatIsLeft(key, left);
        }
    }

    private void tellWhatIsLeft(ObjectKey key, List<ObjectKey> left) {
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        for (ObjectKey one : left) {
            kinds.merge(one.type().plural() + "." + one.type().group(), 1, Integer::sum);
            ObjectNode object = api.store().find(one);
            if (object != null) {
                Json.at(object, "metadata", "finalizers")
                        .forEach(name -> finalizers.merge(name.asText(), 1, Integer::sum));
            }
        }
        api.change(key, Workloads.CONTROLLER.onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            status.put("phase", "Terminating");
            Workloads.condition(
                    status,
                    "NamespaceContentRemaining",
                    true,
                    "SomeResourcesRemain",
                    "Some resources are remaining: " + listed(kinds, " has "),
                    false);
            Workloads.condition(
                    status,
                    "NamespaceFinalizersRemaining",
                    !finalizers.isEmpty(),
                    finalizers.isEmpty() ? "ContentHasNoFinalizers" : "SomeFinalizersRemain",
                    finalizers.isEmpty()
                            ? "All content-preserving finalizers finished"
                            : "Some content in the namespace has finalizers remaining: " + listed(finalizers, " in "),
                    false);
            return changed;
        });
    }

    private static String listed(Map<String, Integer> counts, String between) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + between + entry.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
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
