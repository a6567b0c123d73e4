/** What the stores promise, on a real PostgreSQL. */
@NullMarked
package dev.slipway.tests.store;

import org.jspecify.annotations.NullMarked;
