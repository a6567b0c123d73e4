package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;

/** Where a wait sees what it waits for. Asked often and on one thread for all waits: answers from memory. */
interface Views {
    View view(Key key);

    /** Whether all that was there at the start is known, and the cluster answers. */
    boolean synced();
}
