package dev.slipway.web.embedded.kubernetes;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the one user of the simulated cluster may not do: nothing is forbidden, except what a ConfigMap {@value #NAME} in
 * {@code kube-system} says in its entry {@code denied}, a line {@code verb resource} for each ({@code create
 * deployments.apps}; {@code *} for any verb). So one can see what an account with fewer rights meets.
 */
final class AccessRules {
    static final String USER = "system:serviceaccount:slipway:slipway";
    private static final String NAME = "simulation-access";

    private final ObjectStore store;
    private final Map<String, Set<String>> used = new ConcurrentHashMap<>();

    AccessRules(ObjectStore store) {
        this.store = store;
    }

    boolean allows(String verb, String group, String resource) {
        Set<String> denied = denied();
        String kind = group.isEmpty() ? resource : resource + "." + group;
        return !denied.contains(verb + " " + kind) && !denied.contains("* " + kind);
    }

    private Set<String> denied() {
        ObjectNode rules = store.find(new ObjectKey(ResourceTypes.CONFIG_MAP, "kube-system", NAME));
        Set<String> denied = new TreeSet<>();
        if (rules != null) {
            Json.text(rules, "data", "denied").lines().map(String::strip).forEach(denied::add);
        }
        return denied;
    }

    /**
     * Lets a request through, and notes the right that it uses.
     *
     * @param client as it calls itself
     * @param resource {@code pods}, or {@code pods/log}
     * @throws ApiRefusal 403, in the words of RBAC
     */
    void check(String client, String verb, ResourceType type, String resource, String namespace, String name) {
        used.computeIfAbsent(client, one -> ConcurrentHashMap.newKeySet())
                .add(verb + " " + resource + (type.group().isEmpty() ? "" : "." + type.group()));
        if (!allows(verb, type.group(), resource)) {
            String scope = namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + "\"";
            throw ApiRefusal.denied(
                    type,
                    name,
                    "User \"" + USER + "\" cannot " + verb + " resource \"" + resource + "\" in API group \""
                            + type.group() + "\"" + scope);
        }
    }

    /** The rights that each client has used so far, asked for or denied: {@code create deployments.apps}. */
    Map<String, Set<String>> used() {
        return Map.copyOf(used);
    }

    /** The verb of a request to a resource. */
    static String verb(String method, boolean collection, boolean watch) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> watch ? "watch" : collection ? "list" : "get";
        };
    }

    /** Who asks. */
    static ObjectNode user(ObjectNode review) {
        ObjectNode answer = review.deepCopy();
        answer.putObject("status").putObject("userInfo").put("username", USER);
        return answer;
    }

    /** The answer to "may I?". */
    ObjectNode review(ObjectNode review) {
        ObjectNode answer = review.deepCopy();
        JsonNode asked = Json.at(review, "spec", "resourceAttributes");
        String part = Json.text(asked, "subresource");
        boolean allowed = allows(
                Json.text(asked, "verb"),
                Json.text(asked, "group"),
                Json.text(asked, "resource") + (part.isEmpty() ? "" : "/" + part));
        answer.putObject("status")
                .put("allowed", allowed)
                .put("reason", allowed ? "simulated cluster: everything is allowed" : "denied by " + NAME);
        return answer;
    }
}
