/** Pushes that git providers tell of: their hooks, the rules that say which push deploys what, and every delivery. */
@NullMarked
package dev.slipway.web.hooks;

import org.jspecify.annotations.NullMarked;
