/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.activities.circle.one;

import org.jspecify.annotations.NullMarked;
