/** The audit: an append-only chain of who did what, its search and its proof. */
@NullMarked
package dev.slipway.activities.store.audit;

import org.jspecify.annotations.NullMarked;
