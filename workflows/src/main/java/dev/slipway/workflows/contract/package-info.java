/** The doors to the world: activity interfaces, what they take and give, and every timeout and retry on one page. */
@NullMarked
package dev.slipway.workflows.contract;

import org.jspecify.annotations.NullMarked;
