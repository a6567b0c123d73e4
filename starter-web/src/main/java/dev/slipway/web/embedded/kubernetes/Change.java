package dev.slipway.web.embedded.kubernetes;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of the event log.
 *
 * @param before the state before; null for a new object
 * @param after the state after; for a deleted object its last state, with the version of the deletion
 */
record Change(
        long version, Kind kind, ObjectKey key, @Nullable ObjectNode before, ObjectNode after) {
    enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }
}
