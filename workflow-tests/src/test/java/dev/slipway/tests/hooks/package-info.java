/** Pushes that git providers tell of, from the provider's call to the run. */
@NullMarked
package dev.slipway.tests.hooks;

import org.jspecify.annotations.NullMarked;
