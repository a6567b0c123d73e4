/** Which images a plan needs, and building those that no build has made yet: composed here, or by a Dockerfile in a cluster. */
@NullMarked
package dev.slipway.activities.build;

import org.jspecify.annotations.NullMarked;
