package dev.slipway.web.embedded.kubernetes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives Services their cluster address (10.96.0.0/16) and node ports (30000-32767). Nothing listens there. */
final class ServiceAddresses {
    private static final int FIRST_NODE_PORT = 30000;
    private static final int LAST_NODE_PORT = 32767;

    private final ObjectStore store;
    private int nextAddress = 10;
    private int nextPort = FIRST_NODE_PORT;

    ServiceAddresses(ObjectStore store) {
        this.store = store;
    }

    /** Called inside the store's monitor. Keeps what the Service already has. */
    void assign(ObjectNode service) {
        ObjectNode spec = Json.child(service, "spec");
        String type = Json.text(spec, "type");
        if (type.equals("ExternalName")) {
            // What it may have had as another type.
            spec.remove(List.of("clusterIP", "clusterIPs", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy"));
            return;
        }
        if (Json.text(spec, "clusterIP").isEmpty()) {
            spec.put("clusterIP", freeAddress());
        }
        spec.putArray("clusterIPs").add(Json.text(spec, "clusterIP"));
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            Json.putDefault(spec, "externalTrafficPolicy", "Cluster");
            for (JsonNode port : spec.path("ports")) {
                if (Json.number(port, 0, "nodePort") == 0) {
                    ((ObjectNode) port).put("nodePort", freePort());
                }
            }
        }
    }

    private String freeAddress() {
        Set<String> used = new HashSet<>();
        store.list(ResourceTypes.SERVICE, "").forEach(service -> used.add(Json.text(service, "spec", "clusterIP")));
        String address;
        do {
            nextAddress = nextAddress % 65_000 + 1;
            address = "10.96." + nextAddress / 250 + "." + (nextAddress % 250 + 2);
        } while (used.contains(address));
        return address;
    }

    private int freePort() {
        Set<Integer> used = new HashSet<>();
        store.list(ResourceTypes.SERVICE, "")
                .forEach(service ->
                        Json.at(service, "spec", "ports").forEach(port -> used.add(Json.number(port, 0, "nodePort"))));
        do {
            nextPort = nextPort == LAST_NODE_PORT ? FIRST_NODE_PORT : nextPort + 1;
        } while (used.contains(nextPort));
        return nextPort;
    }
}
