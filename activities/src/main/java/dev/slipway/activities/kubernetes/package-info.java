/** Kubernetes: rendered objects are compared, applied, watched and pruned. */
@NullMarked
package dev.slipway.activities.kubernetes;

import org.jspecify.annotations.NullMarked;
