package dev.slipway.web.embedded.kubernetes;

import java.util.List;

/**
 * A kind the server knows.
 *
 * @param group empty for the core group
 * @param status whether it has a status subresource, so that plain writes cannot touch the status
 * @param scale whether it has a scale subresource
 * @param custom whether a CustomResourceDefinition defined it: its lists are then atomic
 */
record ResourceType(
        String group,
        String version,
        String plural,
        String kind,
        boolean namespaced,
        boolean status,
        boolean scale,
        boolean custom,
        List<String> shortNames) {

    ResourceType {
        shortNames = List.copyOf(shortNames);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As messages name a collection: {@code deployments.apps}, {@code pods}. */
    String resource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** As messages name a kind: {@code Deployment.apps}, {@code Pod}. */
    String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    String id() {
        return apiVersion() + "/" + plural;
    }

    boolean is(String otherKind) {
        return !custom && kind.equals(otherKind);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceType type && type.id().equals(id());
    }

    @Override
    public int hashCode() {
        return 31 * plural.hashCode() + group.hashCode();
    }
}
