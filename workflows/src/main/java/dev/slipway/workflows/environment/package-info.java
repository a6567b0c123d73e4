/** The lane: one mutating run per environment at a time. */
@NullMarked
package dev.slipway.workflows.environment;

import org.jspecify.annotations.NullMarked;
