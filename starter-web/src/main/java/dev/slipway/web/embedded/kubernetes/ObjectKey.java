package dev.slipway.web.embedded.kubernetes;

/**
 * Where an object lives.
 *
 * @param namespace empty for cluster-scoped kinds
 */
record ObjectKey(ResourceType type, String namespace, String name) {
    /** Sorts as lists are sorted: by namespace, then by name. */
    String path() {
        return namespace + "/" + name;
    }

    ObjectKey sibling(ResourceType otherType, String otherName) {
        return new ObjectKey(otherType, otherType.namespaced() ? namespace : "", otherName);
    }
}
