/** PostgreSQL: what a run is, what it did, what environments run. */
@NullMarked
package dev.slipway.activities.store;

import org.jspecify.annotations.NullMarked;
