/** The clusters: page and API, adding and removing them while Slipway runs. */
@NullMarked
package dev.slipway.web.clusters;

import org.jspecify.annotations.NullMarked;
