/** Clusters that come and go while Slipway runs. */
@NullMarked
package dev.slipway.tests.clusters;

import org.jspecify.annotations.NullMarked;
