package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Services: one EndpointSlice with the addresses of the pods they select. */
final class ServiceController implements Controller {
    private static final WriteOptions BY = WriteOptions.by("endpointslice-controller");

    private final ClusterApi api;

    ServiceController(ClusterApi api) {
        this.api = api;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode service = api.store().find(key);
        if (service == null || Json.terminating(service)) {
            return;
        }
        JsonNode selector = Json.at(service, "spec", "selector");
        if (selector.isEmpty() || "ExternalName".equals(Json.text(service, "spec", "type"))) {
            return;
        }
        Predicate<JsonNode> selects = Selector.ofMap(selector);
        List<ObjectNode> pods = api.store().list(ResourceTypes.POD, key.namespace()).stream()
                .filter(pod -> selects.test(Json.at(pod, "metadata", "labels")))
                .filter(pod -> !Json.text(pod, "status", "podIP").isEmpty() && !Workloads.finished(pod))
                .toList();
        List<ObjectNode> slices = api.store().owned(Json.uid(service), ResourceTypes.ENDPOINT_SLICE);
        if (slices.isEmpty()) {
            ObjectNode slice = Json.object();
            ObjectNode metadata = Json.metadata(slice);
            metadata.put("generateName", key.name() + "-");
            metadata.putObject("labels")
                    .put("kubernetes.io/service-name", key.name())
                    .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
            metadata.putArray("ownerReferences").add(Workloads.ownerReference(service));
            slice.put("addressType", "IPv4");
            fill(slice, service, pods);
            api.create(ResourceTypes.ENDPOINT_SLICE, key.namespace(), slice, BY);
        } else {
            ObjectKey sliceKey = key.sibling(ResourceTypes.ENDPOINT_SLICE, Json.name(slices.get(0)));
            api.change(sliceKey, BY, current -> {
                ObjectNode changed = current.deepCopy();
                fill(changed, service, pods);
                return changed;
            });
        }
    }

    private static void fill(ObjectNode slice, ObjectNode service, List<ObjectNode> pods) {
        ArrayNode endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : pods) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(Json.text(pod, "status", "podIP"));
            boolean ends = Json.terminating(pod);
            endpoint.putObject("conditions")
                    .put("ready", Workloads.ready(pod) && !ends)
                    .put("serving", Workloads.ready(pod))
                    .put("terminating", ends);
            endpoint.put("nodeName", Json.text(pod, "spec", "nodeName"));
            endpoint.putObject("targetRef")
                    .put("kind", "Pod")
                    .put("name", Json.name(pod))
                    .put("namespace", Json.namespace(pod))
                    .put("uid", Json.uid(pod));
        }
        ArrayNode ports = slice.putArray("ports");
        for (JsonNode port : Json.at(service, "spec", "ports")) {
            int number = target(port, pods);
            if (number > 0) {
                ports.addObject()
                        .put("name", Json.text(port, "name"))
                        .put("port", number)
                        .put("protocol", Json.text(port, "protocol"));
            }
        }
    }

    /** A named target port is looked up in the pods; 0 when none has it. */
    private static int target(JsonNode port, List<ObjectNode> pods) {
        JsonNode target = port.path("targetPort");
        if (target.isNumber()) {
            return target.asInt(0);
        }
        for (ObjectNode pod : pods) {
            for (JsonNode container : Json.at(pod, "spec", "containers")) {
                for (JsonNode candidate : container.path("ports")) {
                    if (Json.text(candidate, "name").equals(target.asString(""))) {
                        return Json.number(candidate, 0, "containerPort");
                    }
                }
            }
        }
        return 0;
    }
}
