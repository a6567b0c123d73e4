/** Threads of their own. */
@NullMarked
package dev.slipway.activities.threads;

import org.jspecify.annotations.NullMarked;
