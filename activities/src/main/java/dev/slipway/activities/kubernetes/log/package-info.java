/** What the containers of a component say: read from a cluster, bounded on the way, inert at the end. */
@NullMarked
package dev.slipway.activities.kubernetes.log;

import org.jspecify.annotations.NullMarked;
